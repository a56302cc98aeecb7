"""What a plugin makes, shown in this process and without building it."""

from __future__ import annotations

import datetime
import decimal
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from . import _native
from ._libraries import pyarrow
from ._names import unknown
from ._show import as_html, as_text
from .errors import PluginError

if TYPE_CHECKING:
    from ._component import Component

#: Types of values, and kinds of columns that hold them: the first that fits.
KINDS: dict[type, str] = {
    bool: "boolean",
    int: "int64",
    float: "float64",
    str: "utf8",
    bytes: "binary",
    decimal.Decimal: "decimal",
    datetime.datetime: "timestamp",
    datetime.date: "date",
}


class Preview(dict[str, list[Any]]):
    """Columns that were shown and made, as lists by their names; shows itself as a table."""

    def _rows(self) -> list[tuple[object, ...]]:
        return list(zip(*self.values(), strict=True))

    def __repr__(self) -> str:
        """Return the rows."""
        return as_text(list(self), self._rows())

    def _repr_html_(self) -> str:
        return as_html(list(self), self._rows())


def preview(
    component: Component,
    n: int,
    options: dict[str, object],
    seed: int,
    columns: Mapping[str, Iterable[object]],
) -> Preview:
    """Run a plugin's source here; :meth:`Component.preview` says of what."""
    for name in component.input:
        if name in ("n", "options", "seed"):
            raise PluginError(
                f"a preview of the plugin `{component.name}` cannot be given the column {name!r}",
                (),
                "Rename the function's parameter: the name means something else here",
            )
    if n < 0:
        raise PluginError(f"a preview cannot have {n} rows", (), "Say how many, from 0 on")
    _check_options(component, options)
    shown = _given(component, columns)
    n = min([n, *map(len, shown.values())])
    shown = {name: values[:n] for name, values in shown.items()}
    module = _native.run(component.source, f"<{component.name}>/plugin.py")
    sdk: Any = _native.sdk()
    given = [
        _column(sdk, module["_write"], component.name, name, values)
        for name, values in shown.items()
    ]
    makes = component.kind == "generator"
    wanted = [sdk.Field(name) for name in component.outputs] if makes else []
    try:
        job = sdk.testing.Job(
            module["_Plugin"], options, rows=n, input=given, wanted=wanted, seed=seed
        )
        made = job.generate() if makes else job.apply()
    except sdk.OptionError as error:
        raise _failed(component, f"option `{error.path}` {error.reason}") from None
    except sdk.Error as error:
        raise _failed(component, str(error)) from None
    except AssertionError as error:
        # Under pytest, what was compared follows.
        raise _failed(
            component,
            str(error).partition("\n")[0],
            "Draw at random from `row.rng()` alone, and keep nothing from one row to the next",
        ) from None
    except Exception as error:
        raise _failed(component, f"{type(error).__name__}: {error}") from error
    if makes:
        kinds = component._output_kinds
        fields = [sdk.Field(name, kinds[name][0], detail=kinds[name][1]) for name in kinds]
    else:
        fields = [field for field, _ in given]
    names = component.outputs if makes else ["returned"]
    returned: dict[str, list[Any]] = {}
    for name, field, values in zip(names, fields, made, strict=True):
        returned[name] = module["_read"](field, values)
        if field.kind == "decimal":
            _check_digits(component, name, field.detail[0], returned[name])
    return Preview({**shown, **returned})


def _given(
    component: Component, columns: Mapping[str, Iterable[object]]
) -> dict[str, list[object]]:
    """Return values of the columns that the function is shown, in its order."""
    for name in columns:
        if name not in component.input:
            raise PluginError(
                f"the plugin `{component.name}` is shown no column {name!r}",
                (),
                unknown("column", name, component.input).hint,
            )
    given: dict[str, list[object]] = {}
    for it in component._inputs:
        if it.name in columns:
            given[it.name] = _values(component.name, it.name, columns[it.name])
        elif it.needed or len(given) < len(columns):
            raise PluginError(
                f"the plugin `{component.name}` is to be shown a column {it.name!r}",
                (),
                f"Give some values: `preview({it.name}=[…])`",
            )
        else:
            break
    return given


def _failed(component: Component, message: str, hint: str | None = None) -> PluginError:
    return PluginError(f"the plugin `{component.name}` failed: {message}", (), hint)


def _check_digits(
    component: Component, name: str, precision: int, values: list[decimal.Decimal | None]
) -> None:
    """Refuse decimals with more digits than the type, as the engine does."""
    for at, value in enumerate(values):
        if value is not None and len(value.as_tuple().digits) > precision:
            raise _failed(component, f"row {at}: `{name}` has more than {precision} digits: {value}")


def _check_options(component: Component, options: Mapping[str, object]) -> None:
    """Refuse options that no schema could say."""
    for name, value in options.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise PluginError(
                f"the option {name!r} of the plugin `{component.name}` cannot be {value!r}",
                [str(error)],
                "Options are numbers, texts, truth values, lists and dictionaries",
            ) from None


def _values(plugin: str, name: str, column: Any) -> list[object]:
    """Return the values of a list or of a column of a data frame as Python has them."""
    if type(column).__module__.partition(".")[0] in ("numpy", "pandas"):
        arrow = pyarrow()
        try:
            # They have several things for NULL.
            column = arrow.array(column, from_pandas=True)
        except (arrow.ArrowException, TypeError) as error:
            raise PluginError(
                f"the column {name!r} of a preview of `{plugin}` cannot be read",
                [str(error)],
                "Give values of one type, or a list",
            ) from None
    if hasattr(column, "to_pylist"):
        return cast("list[object]", column.to_pylist())
    if not isinstance(column, Iterable) or isinstance(column, (str, bytes)):
        raise PluginError(
            f"the column {name!r} of a preview of `{plugin}` is no list of values, but {column!r}",
            (),
            f"Give some values: `preview({name}=[…])`",
        )
    return list(cast("Iterable[object]", column))


def _column(
    sdk: Any, write: Callable[[Any, object], object], plugin: str, name: str, values: list[object]
) -> tuple[Any, object]:
    """Return a column that is shown as the SDK has it: its field, and its values."""
    field = _field(sdk, plugin, name, values)
    try:
        written = write(field, values)
        sdk.columns.encode(field, written, [])
    except (TypeError, ValueError, ArithmeticError) as error:
        raise PluginError(
            f"the column {name!r} of a preview of `{plugin}` has a value that no column can hold",
            [str(error)],
            "Give whole numbers of 64 bits, decimals of 38 digits and times without a zone",
        ) from None
    return field, written


def _field(sdk: Any, plugin: str, name: str, values: list[object]) -> Any:
    """Return a column's field by its values."""
    there = [it for it in values if it is not None]
    kinds = {
        next((kind for python, kind in KINDS.items() if isinstance(it, python)), None)
        for it in there
    }
    if kinds == {"int64", "float64"}:
        kinds = {"float64"}
    kind = kinds.pop() if kinds else "utf8"
    if kind is None or kinds:
        told = ", ".join(sorted({type(it).__name__ for it in there}))
        raise PluginError(
            f"the column {name!r} of a preview of `{plugin}` cannot hold {told}",
            (),
            "Give texts, numbers, truth values, dates or times, of one type",
        )
    details: dict[str, object] = {"timestamp": ("microsecond", None)}
    if kind == "decimal":
        exponents = [cast("decimal.Decimal", it).as_tuple().exponent for it in there]
        details[kind] = (38, max(-it if isinstance(it, int) else 0 for it in (0, *exponents)))
    return sdk.Field(name, kind, len(there) < len(values), details.get(kind))
