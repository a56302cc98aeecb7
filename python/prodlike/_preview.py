"""What a plugin makes, shown in this process and without building it."""

from __future__ import annotations

import datetime
import decimal
import linecache
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from . import _native
from ._names import unknown
from ._show import as_html, as_text
from .errors import PluginError

if TYPE_CHECKING:
    from ._component import Component

#: Numbers of the modules that were run here.
_MODULES = count(1)


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
    shown = _given(component, columns)
    n = min([n, *map(len, shown.values())])
    shown = {name: values[:n] for name, values in shown.items()}
    module, sdk = _module(component), cast("Any", _native.sdk())
    fields = [_field(sdk, component.name, name, values) for name, values in shown.items()]
    pairs = zip(fields, shown.values(), strict=True)
    given = [(field, module["_write"](field, values)) for field, values in pairs]
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
        raise _failed(component, str(error)) from error
    except AssertionError as error:
        # Under pytest, what was compared follows.
        raise _failed(
            component,
            str(error).partition("\n")[0],
            "Draw at random from `row.rng()` alone, and keep nothing from one row to the next",
        ) from None
    if makes:
        kinds = component._output_kinds
        fields = [sdk.Field(name, kinds[name][0], detail=kinds[name][1]) for name in kinds]
    names = component.outputs if makes else ["returned"]
    returned = {
        name: module["_read"](field, values)
        for name, field, values in zip(names, fields, made, strict=True)
    }
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
            given[it.name] = list(columns[it.name])
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


def _module(component: Component) -> dict[str, Any]:
    """Run the source of a component, and return the names that it defines."""
    source = component.source
    # The SDK knows a plugin's code by the end of this name.
    file = f"<{component.name} {next(_MODULES)}>/plugin.py"
    lines = source.splitlines(keepends=True)
    linecache.cache[file] = (len(source), None, lines, file)
    return _native.run(source, file)


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
