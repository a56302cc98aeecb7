"""Rows that values are made for, as a function sees them."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar, cast

from . import _glue, _native
from .errors import PluginError

T = TypeVar("T")


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
    sdk: Any = _native.sdk()
    mixed = sdk.rows.mix(sdk.rows.mix(seed) ^ number)
    rows = sdk.rows.Rows(1, number, [], [mixed], number + 1, mixed)

    def unique(n: int, salt: int) -> object:
        try:
            return rows.unique(n, salt)
        except sdk.Unsupported as error:
            raise PluginError(
                str(error), (), "Draw from as many numbers as the table has rows, or more"
            ) from None

    return cast("Row", _class()((*next(iter(rows)), unique)))


@functools.cache
def _class() -> Any:
    """Return what a row of a component is."""
    return _native.run("import prodlike_sdk\n" + _glue.ROW, "<row>/plugin.py")["_Row"]
