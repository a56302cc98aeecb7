"""What a component exports: the contract's types on one side, the SDK's on the other."""

import json

from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import log as host_log
from wit_world.imports import types as wit

from . import ambient, plugin as sdk
from .columns import Field, Node
from .errors import DataError, Error, OptionError, Unsupported
from .log import log
from .plugin import Count, Settings
from .rows import Rows

# Before the plugin is imported: what a module draws on its top level would be frozen.
ambient.forbid()

import plugin as module  # noqa: E402

PLUGIN = sdk.find(module)

_UNITS = {unit: unit.name.lower() for unit in wit.TimeUnit}
_WIT_UNITS = {name: unit for unit, name in _UNITS.items()}


def _camel(name):
    return "".join(word.capitalize() for word in name.split("_"))


_KINDS = [
    "null", "boolean", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float32", "float64", "decimal", "date", "time", "timestamp", "duration", "interval", "utf8",
    "binary", "fixed_binary", "list", "fixed_list", "struct", "map", "dictionary",
]  # fmt: skip
_TO_KIND = {kind: getattr(wit, f"Kind_{_camel(kind)}") for kind in _KINDS}
_OF_KIND = {made: kind for kind, made in _TO_KIND.items()}
_TAGS = [
    "bits", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32",
    "float64", "words", "fixed", "offsets", "keys",
]  # fmt: skip
_VALUES = {tag: getattr(wit, f"Values_{_camel(tag)}") for tag in _TAGS}


def _fields(flat):
    """Fields from their preorder list."""
    left = iter(flat)

    def one(field):
        detail = getattr(field.kind, "value", None)
        if isinstance(detail, wit.TimeUnit):
            detail = _UNITS[detail]
        elif isinstance(detail, tuple) and isinstance(detail[0], wit.TimeUnit):
            detail = (_UNITS[detail[0]], detail[1])
        children = tuple(one(next(left)) for _ in range(field.children))
        role = field.role.name.lower()
        kind = _OF_KIND[type(field.kind)]
        return Field(field.name, kind, field.nullable, detail, children, field.semantic, role)

    return tuple(one(field) for field in left)


def _flat(fields):
    """The preorder list of fields."""
    flat = []
    for field in fields:
        kind, detail = _TO_KIND[field.kind], field.detail
        if field.kind in ("time", "duration"):
            made = kind(_WIT_UNITS[detail])
        elif field.kind == "timestamp":
            made = kind((_WIT_UNITS[detail[0]], detail[1]))
        else:
            made = kind() if detail is None else kind(detail)
        role = wit.Role[field.role.upper()]
        children = len(field.children)
        flat.append(wit.Field(field.name, made, field.nullable, children, field.semantic, role))
        flat.extend(_flat(field.children))
    return flat


def _take(nodes):
    """The SDK's nodes of the contract's."""
    for node in nodes:
        values = getattr(node.values, "value", None)
        if isinstance(values, wit.Varlen):
            values = (values.offsets, values.data)
        yield Node(node.length, node.validity, "", values)


def _give(nodes):
    """The contract's nodes of the SDK's."""
    given = []
    for node in nodes:
        if node.tag == "varlen":
            values = wit.Values_Varlen(wit.Varlen(*node.values))
        elif node.tag == "none":
            values = wit.Values_None_()
        else:
            values = _VALUES[node.tag](node.values)
        given.append(wit.Node(node.length, node.validity, values))
    return given


def _wrap(error):
    """The contract's error of any exception."""
    if isinstance(error, OptionError):
        return Err(wit.Error_Options((error.path, error.reason)))
    if isinstance(error, Unsupported):
        return Err(wit.Error_Unsupported(str(error)))
    if isinstance(error, DataError):
        return Err(wit.Error_Data((error.index, error.reason)))
    if type(error) is Error:
        return Err(wit.Error_Other(str(error)))
    return Err(wit.Error_Other(sdk.reason(error)))


def _guarded(call):
    """A method whose exceptions are errors of the contract."""

    def guarded(*arguments):
        try:
            return call(*arguments)
        except Exception as error:  # noqa: BLE001
            raise _wrap(error) from None

    return guarded


def _write(level, message):
    host_log.write(host_log.Level[level.upper()], message)


log._write = _write


class Instance:
    """An instance of any kind: each interface calls what it knows."""

    serves = ""

    @classmethod
    @_guarded
    def configure(cls, settings):
        known = Settings(
            input=_fields(settings.input),
            wanted=_fields(settings.wanted),
            locale=settings.locale,
            unique=settings.unique,
            secrets={secret.name: secret.bytes for secret in settings.secrets},
            learned=tuple(Count(c.key, c.rows, c.entities) for c in settings.learned),
        )
        made = cls()
        made.plugin = plugin = sdk.configure(PLUGIN, settings.options, known, cls.serves)
        # Both have no error in the contract, so what they raise is told here.
        if cls.serves in ("generator", "transform"):
            made._output = _flat(plugin.output())
        if cls.serves == "rule":
            made._domains = [_domain(domain) for domain in plugin.domains()]
        return made

    def _batch(self, nodes):
        return sdk.batch_of(self.plugin.settings.input, _take(nodes))

    def _run(self, method, rows, nodes):
        given = Rows(rows.count, rows.first, rows.numbers, rows.seeds, rows.total, rows.key)
        return _give(sdk.run(self.plugin, method, given, self._batch(nodes)))

    def output(self):
        return self._output

    @_guarded
    def generate(self, rows, nodes):
        return self._run("generate", rows, nodes)

    @_guarded
    def apply(self, rows, nodes):
        return self._run("apply", rows, nodes)

    @_guarded
    def check(self, rows, nodes):
        return self._run("check", rows, nodes)

    def domains(self):
        return self._domains

    @_guarded
    def detect(self, nodes):
        found = self.plugin.detect(self._batch(nodes))
        return [exports.detector.Finding(f.semantic, f.matched, float(f.chance)) for f in found]

    @_guarded
    def keys(self, nodes):
        batch = self._batch(nodes)
        keys = self.plugin.keys(batch)
        return _give(sdk.nodes_of([sdk.KEYS], [keys], len(batch[0])))


def instance(kind):
    """The resource of an interface."""
    return type("Instance", (Instance,), {"serves": kind})


def _domain(domain):
    rule = exports.rule
    if domain is None:
        return rule.Domain_Any()
    if isinstance(domain, sdk.Range):
        return rule.Domain_Range((float(domain.low), float(domain.high)))
    return rule.Domain_OneOf(list(domain.values))


class About:
    def describe(self):
        about, said = exports.about, sdk.describe(PLUGIN)
        said["outputs"] = [about.Output(o.name, o.summary, o.semantic) for o in said["outputs"]]
        said["examples"] = [
            about.Example(e.summary, json.dumps(e.options)) for e in said["examples"]
        ]
        return about.Description(**said)


class Generator:
    """Interfaces export nothing but their resource."""


Transform = Detector = Rule = Learn = Generator
