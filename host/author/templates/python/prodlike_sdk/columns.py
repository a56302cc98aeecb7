"""Columns: plain lists, and the buffers that cross the boundary."""

import dataclasses
import typing
from array import array
from itertools import accumulate

from .errors import Unsupported


@dataclasses.dataclass(frozen=True)
class Field:
    """A column's shape. `kind` is the contract's name (`utf8`, `int64`, `timestamp`, ...) and
    `detail` what belongs to it: (precision, scale), a unit, (unit, time zone), a length."""

    name: str
    kind: str = "utf8"
    nullable: bool = False
    detail: typing.Any = None
    children: tuple = ()
    semantic: str | None = None
    role: str = "value"

    @staticmethod
    def dictionary(name, nullable=False, semantic=None):
        """Text of which few values differ: each is sent once."""
        child = (Field("values"),)
        return Field(name, "dictionary", nullable, children=child, semantic=semantic)

    @staticmethod
    def list(name, item, nullable=False):
        """Lists of the values of another field."""
        return Field(name, "list", nullable, children=(item,))


_CODES = {
    "int8": "b", "int16": "h", "int32": "i", "int64": "q",
    "uint8": "B", "uint16": "H", "uint32": "I", "uint64": "Q",
    "float32": "f", "float64": "d", "date": "i", "timestamp": "q", "duration": "q",
}  # fmt: skip
_TAGS = {code: kind for kind, code in reversed(_CODES.items())}


def _code(field):
    """The type code of a field's numbers, or None."""
    if field.kind == "time":
        return "i" if field.detail in ("second", "millisecond") else "q"
    return _CODES.get(field.kind)


@dataclasses.dataclass
class Node:
    """A node of the contract: `tag` names the variant of `values`."""

    length: int
    validity: bytes | None
    tag: str
    values: typing.Any = None


def _pack(bits):
    """A bitmap of true values, the lowest bit of a byte first."""
    digits = "".join(["1" if bit else "0" for bit in reversed(bits)])
    return int(digits or "0", 2).to_bytes((len(bits) + 7) // 8, "little")


def _unpack(data, length):
    bits = int.from_bytes(data, "little") & ((1 << length) - 1)
    return [digit == "1" for digit in f"{bits:0{length}b}"[::-1][:length]]


def encode(field, values, nodes):
    """Appends the nodes of a column of these values, in preorder."""
    kind, length, validity, zero = field.kind, len(values), None, values
    node = Node(length, None, "none")
    nodes.append(node)
    if kind == "null":
        return
    if kind == "dictionary":
        distinct = [value for value in dict.fromkeys(values) if value is not None]
        keys = {value: key for key, value in enumerate(distinct)}
        node.tag, node.values = "keys", [keys.get(value, 0) for value in values]
        if None in values:
            # A key must point at something, under a NULL too.
            node.validity = _pack([value is not None for value in values])
            keys = keys or {_zero(field.children[0]): 0}
        return encode(field.children[0], list(keys), nodes)
    if None in values:
        validity = _pack([value is not None for value in values])
        fill = _zero(field)
        zero = [fill if value is None else value for value in values]
    node.validity = validity
    code = _code(field)
    if code is not None:
        packed = zero if isinstance(zero, array) and zero.typecode == code else array(code, zero)
        node.tag = _TAGS[code]
        node.values = packed.tobytes() if code in "bB" else packed.tolist()
    elif kind == "utf8":
        text = "".join(zero)
        data = text.encode()
        pieces = zero if len(data) == len(text) else [value.encode() for value in zero]
        node.tag, node.values = "varlen", (list(accumulate(map(len, pieces), initial=0)), data)
    elif kind == "binary":
        node.tag = "varlen"
        node.values = (list(accumulate(map(len, zero), initial=0)), b"".join(zero))
    elif kind == "boolean":
        node.tag, node.values = "bits", _pack(zero)
    elif kind == "fixed_binary":
        if any(len(value) != field.detail for value in zero):
            raise ValueError(f"values must have {field.detail} bytes")
        node.tag, node.values = "fixed", b"".join(zero)
    elif kind == "decimal":
        node.tag, words = "words", array("Q")
        for value in zero:
            words.frombytes(value.to_bytes(16, "little", signed=True))
        node.values = words.tolist()
    elif kind == "interval":
        node.tag, words = "words", array("Q")
        for months, days, nanoseconds in zero:
            words.frombytes(array("i", (months, days)).tobytes())
            words.frombytes(array("q", (nanoseconds,)).tobytes())
        node.values = words.tolist()
    elif kind in ("list", "map", "fixed_list"):
        if kind == "map":
            names = [child.name for child in field.children[0].children]
            zero = [[dict(zip(names, pair)) for pair in value] for value in zero]
        if kind != "fixed_list":
            node.tag = "offsets"
            node.values = list(accumulate(map(len, zero), initial=0))
        elif any(len(value) != field.detail for value in zero):
            raise ValueError(f"lists must have {field.detail} values")
        encode(field.children[0], [item for value in zero for item in value], nodes)
    else:
        for child in field.children:
            encode(child, [value[child.name] for value in zero], nodes)


def _zero(field):
    """What lies under a NULL."""
    if field.kind == "fixed_list":
        return [None if field.children[0].nullable else _zero(field.children[0])] * field.detail
    if field.kind == "struct":
        return {
            child.name: None if child.nullable else _zero(child) for child in field.children
        }
    fills = {"utf8": "", "binary": b"", "list": (), "map": (), "interval": (0, 0, 0)}
    if field.kind == "fixed_binary":
        return bytes(field.detail)
    if field.kind == "dictionary":
        return _zero(field.children[0])
    return fills.get(field.kind, 0)


def decode(field, nodes):
    """Takes a column's nodes from an iterator and returns its values."""
    node = next(nodes)
    kind, length, code = field.kind, node.length, _code(field)
    if kind == "null":
        return [None] * length
    if code is not None:
        values = array(code, node.values).tolist() if code in "bB" else list(node.values)
    elif kind in ("utf8", "binary"):
        offsets, data = node.values
        if kind == "utf8" and data.isascii():
            data = data.decode()
            kind = "ascii"
        values = [data[start:end] for start, end in zip(offsets, offsets[1:])]
        if kind == "utf8":
            values = [value.decode() for value in values]
    elif kind == "boolean":
        values = _unpack(node.values, length)
    elif kind == "fixed_binary":
        size = field.detail
        values = [node.values[row * size : (row + 1) * size] for row in range(length)]
    elif kind == "decimal":
        low, high = node.values[::2], node.values[1::2]
        values = [
            (upper - (upper >> 63 << 64)) << 64 | lower for lower, upper in zip(low, high)
        ]
    elif kind == "interval":
        data = array("Q", node.values).tobytes()
        short, long = array("i", data), array("q", data)
        values = list(zip(short[::4], short[1::4], long[1::2]))
    elif kind == "dictionary":
        child = decode(field.children[0], nodes)
        values = [child[key] if key < len(child) else None for key in node.values]
    elif kind in ("list", "map", "fixed_list"):
        child = decode(field.children[0], nodes)
        if kind == "map":
            child = [tuple(pair.values()) for pair in child]
        if kind == "fixed_list":
            offsets = range(0, (length + 1) * field.detail, field.detail)
        else:
            offsets = node.values
        values = [child[start:end] for start, end in zip(offsets, offsets[1:])]
    else:
        names = [child.name for child in field.children]
        columns = [decode(child, nodes) for child in field.children]
        values = [dict(zip(names, row)) for row in zip(*columns)] or [{}] * length
    if node.validity is None:
        return values
    there = _unpack(node.validity, length)
    return [value if bit else None for value, bit in zip(values, there)]


@dataclasses.dataclass(frozen=True)
class Column:
    """A column of a batch: its field, and its values as a list."""

    field: Field
    values: list

    def __iter__(self):
        return iter(self.values)

    def __len__(self):
        return len(self.values)

    def __getitem__(self, index):
        return self.values[index]


class Batch:
    """The columns of some rows: by position, by name (`batch["city"]`) or by `meaning`."""

    def __init__(self, columns):
        self.columns = tuple(columns)

    def __len__(self):
        return len(self.columns)

    def __iter__(self):
        return iter(self.columns)

    def __getitem__(self, key):
        if isinstance(key, int):
            if key < len(self.columns):
                return self.columns[key]
            raise Unsupported(f"column {key + 1} is missing")
        for column in self.columns:
            if column.field.name == key:
                return column
        raise Unsupported(f"there is no column `{key}`")

    def meaning(self, semantic):
        """The first column of that meaning, or None."""
        return next((c for c in self.columns if c.field.semantic == semantic), None)
