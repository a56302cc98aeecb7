"""What stands between a function and the SDK for plugins, as source of every component."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from . import _carry
from ._parameters import Setting, written
from .errors import PluginError

if TYPE_CHECKING:
    from ._component import Component

#: What both kinds have: values as Python has them, and errors with their place.
COMMON = '''
_EPOCH = _datetime.datetime(1970, 1, 1)
_MICROSECONDS = {"second": 10**6, "millisecond": 1000, "microsecond": 1}
_EXACT = _decimal.Context(prec=80)
_WHOLE = {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
# For each annotation: kinds of columns that it takes, any where it says none; what is made.
_HINTS = {
    "str": (None, str),
    "int": (_WHOLE, int),
    "float": (_WHOLE | {"float32", "float64", "decimal"}, float),
    "bool": ({"boolean"}, bool),
    "Decimal": (_WHOLE | {"decimal"}, _decimal.Decimal),
    "date": ({"date", "timestamp"}, lambda value: _datetime.date.fromordinal(value.toordinal())),
    "datetime": (
        {"date", "timestamp"},
        lambda value: value
        if hasattr(value, "hour")
        else _EPOCH + _datetime.timedelta(value.toordinal() - _EPOCH.toordinal()),
    ),
}


def _inner(field):
    return field.children[0] if field.kind == "dictionary" else field


def _read(field, values):
    """Values of a column as Python has them."""
    inner = _inner(field)
    if inner.kind == "date":
        days, of = _EPOCH.toordinal(), _datetime.date.fromordinal
        return [None if value is None else of(days + value) for value in values]
    if inner.kind == "timestamp":
        step = _MICROSECONDS.get(inner.detail[0])

        def read(value):
            ticks = value * step if step else value // 1000
            return _EPOCH + _datetime.timedelta(microseconds=ticks)

        return [None if value is None else read(value) for value in values]
    if inner.kind == "decimal":
        power = f"E-{inner.detail[1]}"
        return [None if value is None else _decimal.Decimal(f"{value}{power}") for value in values]
    return list(values)


def _write(field, values):
    """Values as Python has them, as the SDK has them."""
    inner = _inner(field)
    if inner.kind == "date":
        days = _EPOCH.toordinal()
        return [None if value is None else value.toordinal() - days for value in values]
    if inner.kind == "timestamp":
        step = _MICROSECONDS.get(inner.detail[0])

        def write(value):
            ticks = (value - _EPOCH) // _datetime.timedelta(microseconds=1)
            return ticks // step if step else ticks * 1000

        return [None if value is None else write(value) for value in values]
    if inner.kind == "decimal":
        scale = inner.detail[1]
        return [
            None if value is None else round(_EXACT.scaleb(_decimal.Decimal(value), scale))
            for value in values
        ]
    return values


def _written(field, values, name):
    try:
        return _write(field, values)
    except (AttributeError, TypeError, ValueError, ArithmeticError) as error:
        kind = _inner(field).kind
        raise prodlike_sdk.Error(f"`{name}` is to return a {kind}: {error}") from None


def _failed(error, row):
    """An exception of the function, with its place in it."""
    place, where = error.__traceback__, ""
    while place is not None:
        code = place.tb_frame.f_code
        if place.tb_frame.f_globals is globals() and not code.co_name.startswith("<"):
            where = f" (`{code.co_name}`, line {place.tb_lineno - code.co_firstlineno + 1})"
        place = place.tb_next
    if isinstance(error, prodlike_sdk.AmbientError):
        return prodlike_sdk.Error(f"{error}{where}")
    if isinstance(error, prodlike_sdk.Error):
        return error
    return prodlike_sdk.DataError(row, f"{type(error).__name__}: {error}{where}")
'''

#: What a row of a generator is.
ROW = '''
class _Row(prodlike_sdk.Row):
    """A row that can have a number of its own."""

    __slots__ = ()

    def unique(self, n, salt=0):
        """A number from 0 to n - 1 that no other row of the table has."""
        return self[3](n, salt)(self[1])
'''

#: What makes a generator of a function.
GENERATOR = '''
def _is_trial(rows):
    """Whether `fit` asks for one value that nobody will see, of a row whose columns are NULL."""
    return rows.total == 1 and all(row.number == row._seed() == 0 for row in rows)


class _Plugin(prodlike_sdk.Generator):
    __doc__ = _SUMMARY
    name = _NAME
    version = _VERSION
    Options = _Options
    outputs = _OUTPUTS
    context = [name for name, *_ in _COLUMNS]

    def configure(self):
        given, names = self.settings.input, [name for name, *_ in _COLUMNS]
        least = sum(1 for _, _, needed, _ in _COLUMNS if needed)
        if not least <= len(given) <= len(names):
            shown = ", ".join(f"`{name}`" for name in names) or "no column"
            raise prodlike_sdk.Unsupported(
                f"it is to be shown {shown}, and {len(given)} are given: `input` names them"
            )
        for field, (name, hint, _, _) in zip(given, _COLUMNS):
            takes = _HINTS[hint][0] if hint else None
            if takes and _inner(field).kind not in takes:
                raise prodlike_sdk.Unsupported(
                    f"`{name}` is to be {hint}, and the column `{field.name}` is "
                    f"{_inner(field).kind}"
                )
        wanted = [field.name for field in self.output()]
        if self.settings.unique and (not _UNIQUE or wanted != [_OUTPUTS[0].name]):
            raise prodlike_sdk.Unsupported(
                f"`{wanted[0]}` may repeat, and the column is a key: `row.unique(n)` draws without "
                "repetition, and `unique=True` of the decorator says that it does"
            )

    def generate(self, rows, batch):
        fields, columns = self.output(), []
        for column, (name, hint, _, may_be_none) in zip(batch, _COLUMNS):
            values = _read(column.field, column.values)
            if None in values and not may_be_none:
                if _is_trial(rows):
                    empty = {"utf8": "", "binary": b""}
                    return [[empty.get(field.kind, 0)] for field in fields]
                if hint:
                    raise prodlike_sdk.DataError(
                        values.index(None),
                        f"`{name}` is NULL: a parameter that may be is annotated `{hint} | None`",
                    )
            if hint:
                make = _HINTS[hint][1]
                values = [None if value is None else make(value) for value in values]
            columns.append(values)
        unique = _functools.cache(rows.unique)
        options = {it.name: getattr(self.options, it.name) for it in _dataclasses.fields(_Options)}
        shown = [_Row((*row, unique)) for row in rows]
        returned, row = [], None
        try:
            for row, *values in zip(shown, *columns):
                returned.append(_FUNCTION(row, *values, **options))
        except Exception as error:  # noqa: BLE001
            raise _failed(error, row.index) from None
        made = self.columns(returned)
        for name, values in made.items():
            if None in values:
                raise prodlike_sdk.DataError(
                    values.index(None), f"`{name}` is None, and every row must have a value"
                )
        return [_written(field, made[field.name], field.name) for field in fields]

    def columns(self, returned):
        """What the function returned for each row, as columns by name."""
        names = [output.name for output in _OUTPUTS]
        alone = len(names) == 1
        for index, value in enumerate(returned):
            if isinstance(value, dict):
                fits = set(value) == set(names)
            else:
                fits = alone or isinstance(value, (tuple, list)) and len(value) == len(names)
            if not fits:
                raise prodlike_sdk.DataError(
                    index, f"`{_FUNCTION.__name__}` is to return {', '.join(names)}, not {value!r}"
                )
        return {
            name: [
                it[name] if isinstance(it, dict) else it if alone else it[at] for it in returned
            ]
            for at, name in enumerate(names)
        }
'''

#: What makes a transform of a function.
TRANSFORM = '''
class _Plugin(prodlike_sdk.Transform):
    __doc__ = _SUMMARY
    name = _NAME
    version = _VERSION
    Options = _Options
    outputs = _OUTPUTS

    def configure(self):
        if not self.settings.input:
            raise prodlike_sdk.Unsupported("there is no column to change")
        (_, hint, *_), kind = _COLUMNS[0], _inner(self.settings.input[0]).kind
        takes = {"utf8"} if hint == "str" else _HINTS[hint][0] if hint else None
        if takes and kind not in takes:
            raise prodlike_sdk.Unsupported(f"it changes {hint}, and the column is {kind}")
        if self.settings.unique and not _UNIQUE:
            raise prodlike_sdk.Unsupported(
                "what it returns may repeat, and the column is a key: `unique=True` of the "
                "decorator says that different values stay different"
            )

    def output(self):
        return list(self.settings.input[:1])

    def apply(self, rows, batch):
        (field,), hint = self.output(), _COLUMNS[0][1]
        options = {it.name: getattr(self.options, it.name) for it in _dataclasses.fields(_Options)}
        make = _HINTS[hint][1] if hint else lambda value: value
        made = []
        for row, value in enumerate(_read(field, batch[0].values)):
            try:
                made.append(None if value is None else _FUNCTION(make(value), **options))
            except Exception as error:  # noqa: BLE001
                raise _failed(error, row) from None
        return [_written(field, made, _FUNCTION.__name__)]
'''

#: What is imported, under names that are no function's of a user.
IMPORTS = """import dataclasses as _dataclasses
import datetime as _datetime
import decimal as _decimal
import functools as _functools
from typing import Literal as _Literal

import prodlike_sdk
"""


def source(component: Component) -> str:
    """Return the source of a component: its function, what that uses, and what runs it.

    Parameters
    ----------
    component
        The plugin.

    Returns
    -------
    str
        What `plugin.py` of a project is.

    Raises
    ------
    PluginError
        Where the function uses what cannot be in a component.
    """
    imports = f"from __future__ import annotations\n\n{IMPORTS}"
    kind = (ROW, GENERATOR) if component.kind == "generator" else (TRANSFORM,)
    own = (_settings(component), COMMON, *kind)
    reserved = _defined("\n".join((imports, *own)))
    carried = _carry.carry(component.name, cast("Callable[..., object]", component), reserved)
    return "\n".join((f"{component.summary!r}\n", imports, carried, *own))


def _settings(component: Component) -> str:
    """Return what the decorator and the function's parameters say, as constants."""
    options = "".join(
        f"    ({it.name!r}, {written(it.hint, '_Literal')}, prodlike_sdk.option("
        f"{', '.join(_option(component.name, it))})),\n"
        for it in component._options
    )
    outputs = "".join(
        f"    prodlike_sdk.Output({', '.join(_output(component, name))}),\n"
        for name in component.outputs
    )
    columns = "".join(f"    {tuple(it)!r},\n" for it in component._inputs)
    return (
        f"\n_SUMMARY = {component.summary!r}\n_NAME = {component.name!r}\n"
        f"_VERSION = {component.version!r}\n"
        f"_Options = _dataclasses.make_dataclass(\"Options\", [{_block(options)}])\n"
        f"_OUTPUTS = [{_block(outputs)}]\n"
        "# Name and annotation of what it is shown, and whether it must be there and may be None.\n"
        f"_COLUMNS = [{_block(columns)}]\n"
        f"_UNIQUE = {component._unique!r}\n_FUNCTION = {component._function.__name__}\n"
    )


def _block(lines: str) -> str:
    return f"\n{lines}" if lines else ""


def _option(plugin: str, it: Setting) -> list[str]:
    default = _carry.literal(it.default)
    if default is None:
        raise PluginError(
            f"the default of option `{it.name}` of plugin `{plugin}` cannot be written down",
            (),
            "Give it a smaller one",
        )
    limits = (f"{key}={limit!r}" for key, limit in it.told.limits.items())
    return [default, repr(it.told.summary), *limits]


def _output(component: Component, name: str) -> list[str]:
    kind, detail = component._output_kinds[name]
    alone = len(component.outputs) == 1
    summary = component.summary if alone else name.replace("_", " ").capitalize()
    given = {"semantic": component._semantics.get(name), "kind": kind, "detail": detail}
    named = (f"{key}={value!r}" for key, value in given.items() if value is not None)
    return [repr(name), repr(summary), *named]


def _defined(source: str) -> frozenset[str]:
    """Return the names that source defines on its top level."""
    found: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found.update(it.id for it in node.targets if isinstance(it, ast.Name))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update(it.asname or it.name for it in node.names)
    return frozenset(found)
