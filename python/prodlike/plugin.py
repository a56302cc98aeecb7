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

from collections.abc import Callable, Mapping
from typing import Literal, ParamSpec, Protocol, TypeVar, cast, overload

from ._component import Checks, Component, Plugin, Verdict
from ._parameters import Option, option
from ._preview import Preview
from ._row import Rng, Row, row
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
    if outputs is not None and kind != "utf8":
        raise PluginError(
            f"a plugin has `kind` or `outputs`, and not both: {kind!r} and {dict(outputs)!r}",
            (),
            "Leave `kind` out: `outputs` says the types",
        )
    made = outputs if outputs is not None else {"value": kind}
    return _decorate(function, "generator", name, version, made, semantic, unique)


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
