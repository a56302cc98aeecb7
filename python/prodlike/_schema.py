"""Schemas: what a person looks through before anything is learned."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar, cast, overload

from . import _engine
from ._live import live
from ._names import meant, unknown
from ._show import as_html, as_text
from .errors import SchemaError

__all__ = ["Column", "Relationship", "Schema", "TableSchema"]

T = TypeVar("T")
#: What stands in a manifest: text, numbers, truth values, lists and dictionaries.
Value = Any


class _Named:
    """Something whose attributes are known: another one is an error, and says nothing silently."""

    def __setattr__(self, name: str, value: object) -> None:
        """Set an attribute that there is."""
        known = [it for it in dir(type(self)) if isinstance(getattr(type(self), it), _Key)]
        if not name.startswith("_") and name not in {*known, "name"}:
            told = "Set what tables, columns, `relationships` and `privacy` have"
            if known:
                told = meant(name, known)
            raise AttributeError(
                f"{type(self).__name__} has no attribute {name!r} that can be set\nhint: {told}"
            )
        super().__setattr__(name, value)


class _Owner(_Named):
    """Something that a place of the manifest describes."""

    _schema: Schema

    def _read(self) -> dict[str, Value]:
        raise NotImplementedError

    def _write(self, key: str, value: Value) -> None:
        raise NotImplementedError


class _Key(Generic[T]):
    """A key of a manifest as an attribute; None where it is not there, and to take it away.

    Lists and dictionaries write back what is changed in them; an empty one that is not there
    appears once it has something in it.
    """

    def __init__(self, doc: str, empty: Callable[[], T] | None = None) -> None:
        self.__doc__ = doc
        self._name = ""
        self._empty = empty

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, owner: None, kind: type) -> _Key[T]: ...
    @overload
    def __get__(self, owner: _Owner, kind: type) -> T | None: ...
    def __get__(self, owner: _Owner | None, kind: type) -> _Key[T] | T | None:
        if owner is None:
            return self
        held = owner._read().get(self._name)
        if held is None and self._empty is not None:
            held = self._empty()
        return cast("T | None", live(held, functools.partial(owner._write, self._name)))

    def __set__(self, owner: _Owner, value: T | None) -> None:
        owner._write(self._name, value)


class Column(_Owner):
    """A column of a schema: its attributes are the keys that a manifest has for it.

    An attribute that is set is checked at once; None takes a key away.

    Examples
    --------
    >>> import polars, prodlike
    >>> users = polars.DataFrame({"id": [1, 2, 3], "mail": ["a@x.org", "b@x.org", "c@y.org"]})
    >>> schema = prodlike.connect({"users": users}).inspect()
    >>> schema["users"]["mail"].generator
    'email'
    >>> schema["users"]["mail"].exclude = True
    """

    type = _Key[str]("DuckDB's name of the type.")
    nullable = _Key[bool]("Whether there may be NULLs; there may where nothing is said.")
    semantic = _Key[str]("What the values mean: `numerical`, `categorical`, `email`, and so on.")
    generator = _Key[str]("The generator or plugin that fills it; it is not learned then.")
    expression = _Key[str]("SQL over the row and the rows that it refers to, which fills it.")
    template = _Key[str]("A template that fills it, such as `{sku:AA-####}`.")
    locale = _Key[str]("The locale of what a generator makes, such as `de_DE`.")
    options = _Key["dict[str, Value]"]("Options of the generator.", dict)
    input = _Key["list[str]"]("Columns that the generator is shown.", list)
    secrets = _Key["dict[str, str]"](
        "Where the generator's keys are: `env:NAME`, `file:PATH`.", dict
    )
    transform = _Key["dict[str, Value]"](
        "A plugin that changes real values before anything else sees them: `name`, `options`, "
        "`input`, `secrets`."
    )
    exclude = _Key[bool]("Whether it is left out of everything.")

    def __init__(self, schema: Schema, table: str, name: str) -> None:
        self._schema = schema
        self._table = table
        self.name = name

    def _path(self) -> list[str]:
        return ["tables", self._table, "columns", self.name]

    def _read(self) -> dict[str, Value]:
        return cast("dict[str, Value]", self._schema._at(self._path()))

    def _write(self, key: str, value: Value) -> None:
        self._schema._put([*self._path(), key], value)

    def update(self, **keys: Value) -> Column:
        """Set several keys at once, where one needs the other; None takes one away.

        Returns
        -------
        Column
            The column.
        """
        merged = {**self._read(), **keys}
        self._schema._put(self._path(), merged)
        return self

    def __repr__(self) -> str:
        """Return the keys as they stand in the manifest."""
        keys = ", ".join(f"{key}={value!r}" for key, value in self._read().items())
        return f"Column({self._table}.{self.name}: {keys})"


class TableSchema(_Owner, Mapping[str, Column]):
    """A table of a schema: a mapping of its columns, with the keys of a manifest."""

    mode = _Key[str]("`generate`, `keep` (its real rows travel in the model), or `exclude`.")
    primary_key = _Key["list[str]"]("The columns of its primary key.", list)
    unique = _Key["list[list[str]]"]("Other keys, each a list of columns.", list)
    rules = _Key["list[Value]"]("What must hold of its rows: SQL, or plugins with options.", list)

    def __init__(self, schema: Schema, name: str) -> None:
        self._schema = schema
        self.name = name

    def _read(self) -> dict[str, Value]:
        return cast("dict[str, Value]", self._schema._at(["tables", self.name]))

    def _write(self, key: str, value: Value) -> None:
        self._schema._put(["tables", self.name, key], value)

    def _columns(self) -> dict[str, Value]:
        return cast("dict[str, Value]", self._read().get("columns", {}))

    @property
    def columns(self) -> list[Column]:
        """The columns, in the order of the source."""
        return list(self.values())

    def __getitem__(self, name: str) -> Column:
        """Return a column by its name."""
        columns = self._columns()
        if name not in columns:
            raise unknown(f"column of table {self.name!r} called", name, columns)
        return Column(self._schema, self.name, name)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the columns."""
        return iter(self._columns())

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._columns())

    def _rows(self) -> list[tuple[str, str, str, str, str]]:
        def filled(keys: dict[str, Value]) -> str:
            if keys.get("exclude"):
                return "excluded"
            for key in ("generator", "expression", "template"):
                if key in keys:
                    return f"{key} {keys[key]}"
            return "changed, then learned" if "transform" in keys else "learned"

        primary = self.primary_key or []
        return [
            (
                name,
                str(keys.get("type", "")),
                str(keys.get("semantic", "")),
                "primary" if name in primary else "",
                filled(keys),
            )
            for name, keys in self._columns().items()
        ]

    _heading = ("column", "type", "meaning", "key", "filled")

    def __repr__(self) -> str:
        """Return the columns, one a line."""
        return f"{self.name}: {self.mode}\n" + as_text(self._heading, self._rows())

    def _repr_html_(self) -> str:
        return as_html(self._heading, self._rows(), f"{self.name}: {self.mode}")


class Relationship(_Owner):
    """A relationship of a schema: the child's columns hold a key of the parent.

    It stays the same one whatever happens to the others.
    """

    parent_table = _Key[str]("The table that is referred to.")
    parent_key = _Key["list[str]"]("Its key.")
    child_table = _Key[str]("The table that refers.")
    child_key = _Key["list[str]"]("Its columns that hold the key.")
    orphans = _Key[str](
        "What becomes of rows without a parent: `keep` (they refer to nobody there is, as in the "
        "real rows), `null`, `drop`, or `refuse`."
    )
    owner = _Key[bool]("Whether the parent's rows own the child's.")

    def __init__(self, schema: Schema, at: int) -> None:
        self._schema = schema
        self._is = _identity(schema._relationships()[at])

    def _at(self) -> int:
        """Return where it stands now."""
        for at, found in enumerate(self._schema._relationships()):
            if _identity(found) == self._is:
                return at
        child, key, parent, _ = self._is
        raise SchemaError(
            f"the relationship of {child}({', '.join(key)}) to {parent} is not in the schema any more",
            (),
            "Take it from `schema.relationships` again, or add it: `schema.relate(…)`",
        )

    def _read(self) -> dict[str, Value]:
        return self._schema._relationships()[self._at()]

    def _write(self, key: str, value: Value) -> None:
        at = self._at()
        self._schema._put(["relationships", at, key], value)
        self._is = _identity(self._schema._relationships()[at])

    def remove(self) -> None:
        """Take the relationship out of the schema."""
        self._schema._put(["relationships", self._at()], None)

    def __repr__(self) -> str:
        """Return the columns that refer and those referred to."""
        child = f"{self.child_table}({', '.join(self.child_key or [])})"
        return f"Relationship({child} -> {self.parent_table}({', '.join(self.parent_key or [])}))"


def _identity(relationship: dict[str, Value]) -> tuple[str, tuple[str, ...], str, tuple[str, ...]]:
    """Return what there is one relationship of: who refers, and to what."""
    return (
        str(relationship["child_table"]),
        tuple(relationship["child_key"]),
        str(relationship["parent_table"]),
        tuple(relationship["parent_key"]),
    )


class Privacy(_Owner):
    """The floors of a schema."""

    k = _Key[int]("Distinct protected entities that stand behind every value at least.")
    entities = _Key["list[str]"]("Tables, or columns, whose rows or values are somebody.", list)

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def _read(self) -> dict[str, Value]:
        return cast("dict[str, Value]", self._schema._value().get("privacy", {}))

    def _write(self, key: str, value: Value) -> None:
        self._schema._put(["privacy", key], value)

    def __repr__(self) -> str:
        """Return the floor and the protected entities."""
        return f"Privacy(k={self.k}, entities={self.entities})"


class Schema(_Named, Mapping[str, TableSchema]):
    """Tables, keys, relationships and meanings: a manifest as an object.

    A mapping of table names. What is changed is checked at once, and the reasons that
    :meth:`Source.inspect` wrote beside its decisions stay.

    Examples
    --------
    >>> import polars, prodlike
    >>> users = polars.DataFrame({"id": [1, 2, 3], "country": ["DE", "DE", "FR"]})
    >>> schema = prodlike.connect({"users": users}).inspect()
    >>> list(schema["users"])
    ['id', 'country']
    >>> schema["users"]["contry"]
    Traceback (most recent call last):
        ...
    prodlike.errors.UnknownNameError: there is no column of table 'users' called 'contry'
    hint: Did you mean 'country'?
    """

    def __init__(self, manifest: _engine.Manifest, directory: Path | None = None) -> None:
        self._manifest = manifest
        # Where it was read from: its plugins lie there.
        self._directory = directory

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Schema:
        """Read a manifest, `prodlike.toml`, that this package or the command line wrote.

        Parameters
        ----------
        path
            The file.

        Raises
        ------
        SchemaError
            Where it is no manifest, with the line and what was probably meant.
        """
        path = Path(path)
        text = path.read_text(encoding="utf-8")
        return cls(_engine.Manifest.parse(text, str(path)), path.parent)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write the manifest, which the command line reads too.

        Parameters
        ----------
        path
            The file, usually `prodlike.toml`.
        overwrite
            Whether a file that is there is replaced.
        """
        _engine.write_manifest(os.fspath(path), self._manifest.text, overwrite)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle and copy the schema as its text."""
        return (_loads, (self.text, self._directory))

    @property
    def text(self) -> str:
        """The manifest, with the reason beside each decision."""
        return self._manifest.text

    @property
    def tables(self) -> list[TableSchema]:
        """The tables, in the order of the manifest."""
        return list(self.values())

    @property
    def relationships(self) -> list[Relationship]:
        """The relationships."""
        return [Relationship(self, at) for at in range(len(self._relationships()))]

    @property
    def privacy(self) -> Privacy:
        """The floors."""
        return Privacy(self)

    def relate(
        self,
        child_table: str,
        child_key: str | list[str],
        parent_table: str,
        parent_key: str | list[str],
        *,
        orphans: str | None = None,
    ) -> Relationship:
        """Add a relationship.

        Parameters
        ----------
        child_table, child_key
            The table that refers, and its columns that hold the key.
        parent_table, parent_key
            The table that is referred to, and its key.
        orphans
            What becomes of rows without a parent: `keep`, `null`, `drop` or `refuse`. Of one
            that is there already: `schema.relationships[i].orphans`.

        Returns
        -------
        Relationship
            What was added.
        """
        listed = [[key] if isinstance(key, str) else key for key in (parent_key, child_key)]
        self._manifest.append(
            "relationships",
            {
                "parent_table": parent_table,
                "parent_key": listed[0],
                "child_table": child_table,
                "child_key": listed[1],
                "orphans": orphans,
            },
        )
        return self.relationships[-1]

    def _value(self) -> dict[str, Value]:
        return self._manifest.value()

    def _relationships(self) -> list[dict[str, Value]]:
        return cast("list[dict[str, Value]]", self._value().get("relationships", []))

    def _at(self, path: list[str]) -> Value:
        value: Value = self._value()
        for step in path:
            value = value[step]
        return value

    def _put(self, path: Sequence[str | int], value: Value) -> None:
        self._manifest.set(list(path), value)

    def _tables(self) -> dict[str, Value]:
        return cast("dict[str, Value]", self._value()["tables"])

    def __getitem__(self, name: str) -> TableSchema:
        """Return a table by its name."""
        tables = self._tables()
        if name not in tables:
            raise unknown("table", name, tables)
        return TableSchema(self, name)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the tables."""
        return iter(self._tables())

    def __len__(self) -> int:
        """Return the number of tables."""
        return len(self._tables())

    def _rows(self) -> list[tuple[str, str, int, int, str, str]]:
        refers: dict[str, list[str]] = {}
        for it in self._relationships():
            refers.setdefault(it["child_table"], []).append(it["parent_table"])
        rows: list[tuple[str, str, int, int, str, str]] = []
        for name, table in self._tables().items():
            columns: dict[str, dict[str, Value]] = table.get("columns", {})
            fills = ("generator", "expression", "template")
            generated = sum(any(key in it for key in fills) for it in columns.values())
            rows.append(
                (
                    name,
                    str(table.get("mode", "generate")),
                    len(columns),
                    generated,
                    ", ".join(table.get("primary_key", [])),
                    ", ".join(refers.get(name, [])),
                )
            )
        return rows

    _heading = ("table", "mode", "columns", "generated", "primary key", "refers to")

    def __repr__(self) -> str:
        """Return the tables, one a line."""
        return as_text(self._heading, self._rows())

    def _repr_html_(self) -> str:
        return as_html(self._heading, self._rows())


def _loads(text: str, directory: Path | None) -> Schema:
    return Schema(_engine.Manifest.parse(text, "prodlike.toml"), directory)


def schema_of(schema: object) -> Schema:
    """Return a schema that was given; what is none is told apart."""
    if isinstance(schema, Schema):
        return schema
    hint = "Give what `Source.inspect()` returned, or what `Schema.load(path)` reads"
    if isinstance(schema, (str, Path)):
        hint = f"Read it: `prodlike.Schema.load({str(schema)!r})`"
    raise SchemaError(f"a schema cannot be of {type(schema)}", (), hint)
