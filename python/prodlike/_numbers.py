"""Whole numbers, as the engine takes them."""

from __future__ import annotations

from collections.abc import Mapping
from operator import index
from typing import SupportsIndex

from .errors import ProdlikeError


def whole(what: str, value: SupportsIndex) -> int:
    """Return a number of 64 bits without a sign; an error says what it was to be."""
    number = index(value)
    if not 0 <= number < 1 << 64:
        raise ProdlikeError(
            f"{what} cannot be {number}", (), "It is a whole number from 0 to 2^64 - 1"
        )
    return number


def rows_of(rows: Mapping[str, SupportsIndex] | None) -> list[tuple[str, int]]:
    """Return numbers of rows by the names of their tables."""
    return [(name, whole(f"rows of table {name!r}", count)) for name, count in (rows or {}).items()]
