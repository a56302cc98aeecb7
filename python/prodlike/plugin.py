"""Plugins that are functions: a decorator makes a component of WebAssembly of one.

A component sees options, the row's number, its random source and other columns of the row, and
has no clock, no file and no network: so a dataset is the same wherever it is made, and a model
file that has the component in it generates without Python.

>>> from typing import Annotated
>>> from prodlike import plugin
>>> @plugin.generator(semantic="document_number")
... def policy(
...     row: plugin.Row,
...     country: str,
...     *,
...     digits: Annotated[int, plugin.option("Digits of a number", minimum=1, maximum=12)] = 7,
... ) -> str:
...     "Policy numbers of our shop."
...     return f"{country}-{row.rng().below(10**digits):0{digits}}"
>>> policy.name
'policy'
>>> policy(plugin.row(3), "DE", digits=2)
'DE-81'

`policy.preview` shows some values, `policy.build` makes the component, `policy.check` tries it as
`prodlike plugin check` does, and `prodlike.fit(source, schema, plugins=[policy])` takes it into a
model. Python is a hundred times slower than Rust: for tables of up to some million rows.
"""

from __future__ import annotations

import datetime
import decimal
import functools
import inspect
import linecache
import os
import re
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Generic, Literal, NamedTuple, ParamSpec, Protocol, TypeVar, cast, overload

from . import _build, _carry, _engine, _glue
from ._names import unknown
from ._parameters import Input, Option, Setting, option, parameters
from ._show import as_html, as_text
from .errors import PluginError

__all__ = [
    "Checks",
    "Component",
    "Option",
    "Plugin",
    "Preview",
    "Rng",
    "Row",
    "Verdict",
    "generator",
    "option",
    "row",
    "transform",
]

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

#: Types that a column may be made of, beside `decimal(PRECISION,SCALE)`.
KINDS = (
    *("utf8", "boolean", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float32", "float64", "date", "timestamp", "binary"),
)


class Rng(Protocol):
    """A row's source of random numbers."""

    def bits(self) -> int:
        """Return 64 random bits."""
        ...

    def below(self, n: int, /) -> int:
        """Return a number from 0 to n - 1."""
        ...

    def range(self, low: int, high: int, /) -> int:
        """Return a number from low to high, both included."""
        ...

    def unit(self) -> float:
        """Return a number from 0 to below 1."""
        ...

    def chance(self, numerator: int, denominator: int, /) -> bool:
        """Return true with a probability of numerator / denominator."""
        ...

    def pick(self, items: Sequence[T], /) -> T:
        """Return one of the items, each as likely."""
        ...


class Row(Protocol):
    """A row that a value is made for: its number, and the only randomness there is."""

    @property
    def number(self) -> int:
        """The row's number in its table, from 0."""
        ...

    def rng(self) -> Rng:
        """Return the row's source of random numbers, from its beginning."""
        ...

    def stream(self, stream: int, /) -> Rng:
        """Return another source of the same row, for what has nothing in common."""
        ...

    def unique(self, n: int, salt: int = 0, /) -> int:
        """Return a number from 0 to n - 1 that no other row of the table has.

        A table of more than n rows is refused.
        """
        ...


class Verdict(NamedTuple):
    """One check of a component."""

    #: Its name, as `prodlike plugin check` has it.
    check: str
    #: The kind of plugin that it was tried as; None for the whole component.
    kind: str | None
    #: `passed`, `failed` or `not applicable`.
    outcome: str
    #: Why, unless it passed.
    reason: str | None


class Checks(list[Verdict]):
    """What all checks of a component said; shows itself as a table."""

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return not self.failed

    @property
    def failed(self) -> list[Verdict]:
        """The checks that failed."""
        return [it for it in self if it.outcome == "failed"]

    _heading = ("check", "outcome", "reason")

    def _rows(self) -> list[tuple[str, str, str]]:
        # Lines after the first say how to do it again on the command line.
        return [(it.check, it.outcome, (it.reason or "").partition("\n")[0]) for it in self]

    def __repr__(self) -> str:
        """Return the checks, one a line."""
        return as_text(self._heading, self._rows())

    def _repr_html_(self) -> str:
        return as_html(self._heading, self._rows())


class Preview(dict[str, list[Any]]):
    """Columns that were shown and made, as lists by their names; shows itself as a table."""

    def _rows(self) -> list[tuple[object, ...]]:
        return list(zip(*self.values(), strict=True))

    def __repr__(self) -> str:
        """Return the rows."""
        return as_text(list(self), self._rows())

    def _repr_html_(self) -> str:
        return as_html(list(self), self._rows())


class Component:
    """A plugin, of which `prodlike.fit` and `prodlike.evaluate` take the component."""

    #: The plugin's name, which a schema says.
    name: str
    #: Its version.
    version: str
    #: What it does, in a sentence.
    summary: str
    #: `generator` or `transform`.
    kind: str
    #: The columns that it makes, and their types; for a transform the column that it changes.
    outputs: dict[str, str]

    def __init__(
        self,
        function: Callable[..., object],
        kind: Literal["generator", "transform"],
        *,
        name: str | None,
        version: str,
        outputs: Mapping[str, str],
        semantic: str | Mapping[str, str] | None,
        unique: bool,
    ) -> None:
        if not isinstance(function, types.FunctionType):
            raise PluginError(
                f"a plugin is a function, and {function!r} is none",
                (),
                "Put the decorator above a `def`",
            )
        functools.update_wrapper(cast("Any", self), function)
        self.name = name if name is not None else function.__name__.replace("_", "-")
        if not re.fullmatch("[a-z][a-z0-9]*(-[a-z0-9]+)*", self.name) or len(self.name) > 64:
            raise PluginError(
                f"{self.name!r} cannot be a plugin's name",
                (),
                "A name has lower-case letters, digits and single hyphens: `name=\"…\"` says one",
            )
        self.version = version
        doc = inspect.getdoc(function) or ""
        self.summary = " ".join(doc.partition("\n\n")[0].split()) or f"Plugin {self.name}"
        self.kind = kind
        self.outputs = dict(outputs)
        self._function = function
        self._unique = unique
        self._output_kinds = {it: _kind(self.name, text) for it, text in outputs.items()}
        if not outputs:
            raise PluginError(f"the plugin `{self.name}` has no output")
        self._semantics = _semantics(self.name, semantic, list(outputs))
        self._inputs, self._options = parameters(self.name, function, kind)

    @property
    def input(self) -> list[str]:
        """The names of the columns that it is shown, as the function calls them."""
        return [it.name for it in self._inputs]

    @property
    def options(self) -> dict[str, Any]:
        """The options and what they are where a schema says nothing."""
        return {it.name: it.default for it in self._options}

    @property
    def source(self) -> str:
        """The source of the component: `plugin.py` of a project, with all that it uses.

        Raises
        ------
        PluginError
            Where the function uses what cannot be in a component.
        """
        called = self._function.__name__
        plugin = cast("Callable[..., object]", self)
        options = "".join(
            f"    ({it.name!r}, {it.hint.replace('Literal[', '_Literal[')}, prodlike_sdk.option("
            f"{', '.join(_arguments(self.name, it))})),\n"
            for it in self._options
        )
        outputs = "".join(
            f"    prodlike_sdk.Output({', '.join(self._output(name))}),\n" for name in self.outputs
        )
        columns = "".join(f"    {tuple(it)!r},\n" for it in self._inputs)
        parts = (
            f"{self.summary!r}\n",
            f"from __future__ import annotations\n\n{_glue.IMPORTS}",
            _carry.carry(self.name, plugin, _glue.names() - {called}),
            f"\n_SUMMARY = {self.summary!r}\n_NAME = {self.name!r}\n_VERSION = {self.version!r}\n"
            f"_Options = _dataclasses.make_dataclass(\"Options\", [{_block(options)}])\n"
            f"_OUTPUTS = [{_block(outputs)}]\n"
            "# Name and annotation of what it is shown, and whether it must be there and may be None.\n"
            f"_COLUMNS = [{_block(columns)}]\n"
            f"_UNIQUE = {self._unique!r}\n_FUNCTION = {called}\n",
            _glue.COMMON,
            _glue.GENERATOR if self.kind == "generator" else _glue.TRANSFORM,
        )
        return "\n".join(parts)

    def _output(self, name: str) -> list[str]:
        kind, detail = self._output_kinds[name]
        summary = self.summary if len(self.outputs) == 1 else name.replace("_", " ").capitalize()
        given = {"semantic": self._semantics.get(name), "kind": kind, "detail": detail}
        named = (f"{key}={value!r}" for key, value in given.items() if value is not None)
        return [repr(name), repr(summary), *named]

    def preview(
        self,
        n: int = 5,
        options: Mapping[str, object] | None = None,
        seed: int = 0,
        **columns: Iterable[object],
    ) -> Preview:
        """Show what the plugin makes, in this process and without building it.

        The values are not those of a dataset with the same seed, which depend on the table too.

        Parameters
        ----------
        n
            Rows; fewer where the columns have fewer values.
        options
            Options as a schema would say them.
        seed
            Another one gives other values.
        columns
            Values of the columns that the function is shown, by their names: lists, or columns
            of data frames.

        Returns
        -------
        Preview
            Columns by their names, which `polars.DataFrame` and `pandas.DataFrame` take.

        Raises
        ------
        PluginError
            Where the function fails, or its values depend on more than their row.
        """
        shown = self._given(columns)
        n = min([n, *map(len, shown.values())])
        shown = {name: values[:n] for name, values in shown.items()}
        module, sdk = self._module(), cast("Any", _build.native_sdk())
        fields = [_field(sdk, self.name, name, values) for name, values in shown.items()]
        pairs = zip(fields, shown.values(), strict=True)
        given = [(field, module["_write"](field, values)) for field, values in pairs]
        wanted = [sdk.Field(name) for name in self.outputs] if self.kind == "generator" else []
        plugin = module["_Plugin"]
        try:
            job = sdk.testing.Job(
                plugin, dict(options or {}), rows=n, input=given, wanted=wanted, seed=seed
            )
            made = job.generate() if self.kind == "generator" else job.apply()
        except sdk.OptionError as error:
            raise self._failed(f"option `{error.path}` {error.reason}") from None
        except sdk.Error as error:
            raise self._failed(str(error)) from error
        except AssertionError as error:
            # Under pytest, what was compared follows.
            raise self._failed(
                str(error).partition("\n")[0],
                "Draw at random from `row.rng()` alone, and keep nothing from one row to the next",
            ) from None
        if self.kind == "generator":
            kinds = self._output_kinds
            fields = [sdk.Field(name, kinds[name][0], detail=kinds[name][1]) for name in kinds]
        names = self.outputs if self.kind == "generator" else ["returned"]
        columns_made = {
            name: module["_read"](field, values)
            for name, field, values in zip(names, fields, made, strict=False)
        }
        return Preview({**shown, **columns_made})

    def _given(self, columns: Mapping[str, Iterable[object]]) -> dict[str, list[object]]:
        for name in columns:
            if name not in self.input:
                raise PluginError(
                    f"the plugin `{self.name}` is shown no column {name!r}",
                    (),
                    unknown("column", name, self.input).hint,
                )
        given: dict[str, list[object]] = {}
        missing: str | None = None
        for it in self._inputs:
            if it.name not in columns:
                missing = missing or it.name
                if it.needed:
                    break
            elif missing is None:
                given[it.name] = list(columns[it.name])
        if missing is not None and (len(given) < len(columns) or self._needs(missing)):
            raise PluginError(
                f"the plugin `{self.name}` is to be shown a column {missing!r}",
                (),
                f"Give some values: `preview({missing}=[…])`",
            )
        return given

    def _needs(self, name: str) -> bool:
        return any(it.needed for it in self._inputs if it.name == name)

    def _failed(self, message: str, hint: str | None = None) -> PluginError:
        return PluginError(f"the plugin `{self.name}` failed: {message}", (), hint)

    def _module(self) -> dict[str, Any]:
        """Run the source here, on the SDK that a component would have."""
        source = self.source
        # The SDK knows a plugin's code by these two names.
        file = f"<{self.name} {next(_MODULES)}>/plugin.py"
        lines = source.splitlines(keepends=True)
        linecache.cache[file] = (len(source), None, lines, file)
        module: dict[str, Any] = {"__name__": "plugin", "__builtins__": _builtins()}
        exec(compile(source, file, "exec", dont_inherit=True), module)
        return module

    def build(self) -> Path:
        """Make the component.

        It is kept where the user's caches are, so that a source is built once: the first build
        of all installs componentize-py beside it, from the network, unless it came with
        `pip install prodlike[plugin]`.

        Returns
        -------
        Path
            The file, which `prodlike plugin add` takes too.

        Raises
        ------
        PluginError
            Where the function uses what cannot be in a component, or cannot be built.
        """
        return _build.component(self.name, self.source)

    def read_bytes(self) -> bytes:
        """Return the component's bytes."""
        return self.build().read_bytes()

    def check(self) -> Checks:
        """Try the component on what a job could ask of it, as `prodlike plugin check` does.

        Returns
        -------
        Checks
            What each check said, shown as a table; nothing is raised where one failed.
        """
        told = _engine.check_plugin(os.fspath(self.build()))
        return Checks(Verdict(*verdict) for verdict in told)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the component to a file.

        Parameters
        ----------
        path
            The file, usually `NAME.wasm`.
        overwrite
            Whether a file that is there is replaced.

        Returns
        -------
        Path
            The file.
        """
        held = self.read_bytes()
        try:
            with Path(path).open("wb" if overwrite else "xb") as file:
                file.write(held)
        except FileExistsError:
            raise PluginError(
                f"{os.fspath(path)!r} is there already", (), "Replace it with `overwrite=True`"
            ) from None
        return Path(path)

    _heading = ("", "name", "type", "unless said otherwise")

    def _rows(self) -> list[tuple[str, str, str, str]]:
        return [
            *(("shown", it.name, _shown(it), "") for it in self._inputs),
            *(("option", it.name, it.hint, repr(it.default)) for it in self._options),
            *(
                ("makes", name, kind, "")
                for name, kind in self.outputs.items()
                if self.kind == "generator"
            ),
        ]

    def _caption(self) -> str:
        return f"{self.name} {self.version}, a {self.kind}: {self.summary}"

    def __repr__(self) -> str:
        """Return what it is shown, its options and what it makes."""
        return f"{self._caption()}\n" + as_text(self._heading, self._rows())

    def _repr_html_(self) -> str:
        return as_html(self._heading, self._rows(), self._caption())


class Plugin(Component, Generic[P, R]):
    """A function that became a plugin, and can be called as before."""

    #: The function.
    function: Callable[P, R]

    def __init__(
        self,
        function: Callable[P, R],
        kind: Literal["generator", "transform"],
        *,
        name: str | None,
        version: str,
        outputs: Mapping[str, str],
        semantic: str | Mapping[str, str] | None,
        unique: bool,
    ) -> None:
        super().__init__(
            function,
            kind,
            name=name,
            version=version,
            outputs=outputs,
            semantic=semantic,
            unique=unique,
        )
        self.function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function."""
        return self.function(*args, **kwargs)


class _Decorator(Protocol):
    def __call__(self, function: Callable[P, R], /) -> Plugin[P, R]: ...


@overload
def generator(function: Callable[P, R], /) -> Plugin[P, R]: ...
@overload
def generator(
    *,
    name: str | None = None,
    version: str = "0.1.0",
    kind: str = "utf8",
    outputs: Mapping[str, str] | None = None,
    semantic: str | Mapping[str, str] | None = None,
    unique: bool = False,
) -> _Decorator: ...
def generator(
    function: Callable[P, R] | None = None,
    /,
    *,
    name: str | None = None,
    version: str = "0.1.0",
    kind: str = "utf8",
    outputs: Mapping[str, str] | None = None,
    semantic: str | Mapping[str, str] | None = None,
    unique: bool = False,
) -> Plugin[P, R] | _Decorator:
    """Make a generator of a function: a plugin that fills columns.

    The function's first parameter is the row: its number and its random source. Further
    positional parameters are columns that it is shown, in the order of the schema's `input`;
    where a schema has none, a parameter that is called as a meaning (`country`) is shown the
    column of that meaning. Dates, times and decimals are Python's; a parameter that is annotated
    `str` is shown any column as text. NULL is None, and an error where the annotation does not
    say `| None`. Parameters behind the `*` are options, with their defaults: numbers, texts,
    truth values, lists and dictionaries.

    What the function uses goes into the component: other functions, constants and the standard
    library. All else is refused, with its name.

    Parameters
    ----------
    function
        Where the decorator is used without arguments.
    name
        The plugin's name; the function's, with hyphens, where it is not said.
    version
        Its version.
    kind
        The type of what is made: `utf8`, `boolean`, `int32`, `float64`, `date`, `timestamp`,
        `decimal(12,2)`, and so on.
    outputs
        Names and types where it makes several columns that agree within a row. The function
        returns a tuple in their order, or a dictionary; a schema asks for `NAME.OUTPUT`.
    semantic
        What the values mean, such as `document_number`; for several outputs by their names.
    unique
        Whether the first output never repeats, as where it is made of `row.unique(n)`: then it
        can fill keys.

    Returns
    -------
    Plugin
        The component, which can be called as the function was.

    Raises
    ------
    PluginError
        Where a parameter cannot be a column or an option.
    """
    made = outputs if outputs is not None else {"value": kind}
    return _decorate(
        function, "generator", name, version, made, semantic, unique
    )


@overload
def transform(function: Callable[P, R], /) -> Plugin[P, R]: ...
@overload
def transform(
    *, name: str | None = None, version: str = "0.1.0", unique: bool = False
) -> _Decorator: ...
def transform(
    function: Callable[P, R] | None = None,
    /,
    *,
    name: str | None = None,
    version: str = "0.1.0",
    unique: bool = False,
) -> Plugin[P, R] | _Decorator:
    """Make a transform of a function: a plugin that changes real values as they are read.

    The function is given a value and returns one of the same type; NULL stays NULL. Parameters
    behind the `*` are options. See :func:`generator` for what it may use.

    Parameters
    ----------
    function
        Where the decorator is used without arguments.
    name
        The plugin's name; the function's, with hyphens, where it is not said.
    version
        Its version.
    unique
        Whether different values stay different: then it can change keys.

    Returns
    -------
    Plugin
        The component, which can be called as the function was.

    Raises
    ------
    PluginError
        Where the function takes more than a value and options.

    Examples
    --------
    >>> from prodlike import plugin
    >>> @plugin.transform
    ... def initial(name: str) -> str:
    ...     "The first letter of a name."
    ...     return name[:1] + "."
    >>> initial("Ada")
    'A.'
    """
    return _decorate(function, "transform", name, version, {"value": "utf8"}, None, unique)


def _decorate(
    function: Callable[P, R] | None,
    kind: Literal["generator", "transform"],
    name: str | None,
    version: str,
    outputs: Mapping[str, str],
    semantic: str | Mapping[str, str] | None,
    unique: bool,
) -> Plugin[P, R] | _Decorator:
    def decorate(function: Callable[P, R], /) -> Plugin[P, R]:
        return Plugin(
            function,
            kind,
            name=name,
            version=version,
            outputs=outputs,
            semantic=semantic,
            unique=unique,
        )

    return decorate(function) if function is not None else cast("_Decorator", decorate)


def row(number: int = 0, *, seed: int = 0) -> Row:
    """Return a row, to call a plugin's function with in a test.

    Parameters
    ----------
    number
        The row's number.
    seed
        Another one gives other values.

    Returns
    -------
    Row
        A row of a table that has no other.
    """
    sdk = cast("Any", _build.native_sdk())
    module: dict[str, Any] = {"__builtins__": _builtins()}
    exec(_ROW, module)
    mixed = sdk.rows.mix(sdk.rows.mix(seed) ^ number)
    rows = sdk.rows.Rows(1, number, [], [mixed], number + 1, mixed)
    return cast("Row", module["_Row"]((0, number, mixed, rows.unique)))


#: What a row of a component is.
_ROW = "import prodlike_sdk\n" + _glue.GENERATOR.partition("\n\n\ndef ")[0]
#: Numbers of the modules that were run here.
_MODULES = count(1)


def _builtins() -> dict[str, Any]:
    """Return what modules have without import, where the SDK is that of components."""
    import builtins

    def load(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "prodlike_sdk":
            return _build.native_sdk()
        return builtins.__import__(name, *arguments, **named)

    return {**vars(builtins), "__import__": load}


def _shown(it: Input) -> str:
    return f"{it.hint or 'any'}{' | None' if it.hint and it.may_be_none else ''}"


def _block(lines: str) -> str:
    return f"\n{lines}" if lines else ""


def _arguments(plugin: str, it: Setting) -> list[str]:
    default = _carry.literal(it.default)
    if default is None:
        raise PluginError(f"the default of option `{it.name}` of `{plugin}` cannot be written down")
    limits = (f"{key}={limit!r}" for key, limit in it.told.limits.items())
    return [default, repr(it.told.summary), *limits]


def _kind(plugin: str, text: str) -> tuple[str, object]:
    """Return a type's name and what belongs to it."""
    if text in KINDS:
        return text, ("microsecond", None) if text == "timestamp" else None
    found = re.fullmatch(r"decimal\((\d+), ?(\d+)\)", text)
    if found and 0 < int(found[1]) <= 38 and int(found[2]) <= int(found[1]):
        return "decimal", (int(found[1]), int(found[2]))
    known = unknown("type", text, [*KINDS, "decimal(12,2)"])
    raise PluginError(f"the plugin `{plugin}` cannot make values of type {text!r}", (), known.hint)


def _semantics(
    plugin: str, semantic: str | Mapping[str, str] | None, outputs: list[str]
) -> dict[str, str]:
    """Return what each output means."""
    if isinstance(semantic, str):
        return {outputs[0]: semantic}
    for name in semantic or {}:
        if name not in outputs:
            known = unknown("output", name, outputs)
            raise PluginError(f"the plugin `{plugin}` has no output {name!r}", (), known.hint)
    return dict(semantic or {})


def _field(sdk: Any, plugin: str, name: str, values: Sequence[object]) -> Any:
    """Return a column's field by its values."""
    kinds = {type(value) for value in values if value is not None}
    nullable = any(value is None for value in values)
    if kinds == {decimal.Decimal}:
        exponents = [
            cast("int", value.as_tuple().exponent)
            for value in values
            if isinstance(value, decimal.Decimal)
        ]
        return sdk.Field(name, "decimal", nullable, (38, max(0, -min(exponents))))
    known: dict[frozenset[type], tuple[str, object]] = {
        frozenset(): ("utf8", None),
        frozenset({str}): ("utf8", None),
        frozenset({bool}): ("boolean", None),
        frozenset({int}): ("int64", None),
        frozenset({float}): ("float64", None),
        frozenset({int, float}): ("float64", None),
        frozenset({bytes}): ("binary", None),
        frozenset({datetime.date}): ("date", None),
        frozenset({datetime.datetime}): ("timestamp", ("microsecond", None)),
    }
    found = known.get(frozenset(kinds))
    if found is None:
        told = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise PluginError(
            f"the column {name!r} of a preview of `{plugin}` cannot hold {told}",
            (),
            "Give texts, numbers, truth values, dates or times, of one type",
        )
    return sdk.Field(name, found[0], nullable, found[1])
