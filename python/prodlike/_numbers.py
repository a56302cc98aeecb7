"""Numbers, as the engine takes them."""

from __future__ import annotations

from collections.abc import Mapping
from operator import index
from typing import Any, cast

from . import _engine
from .errors import ProdlikeError


# All of it is looked at, whatever its type says: who calls it in a notebook checks no types.


def whole(what: str, value: object) -> int:
    """Return a number of 64 bits without a sign; an error says what it was to be."""
    hint = "It is a whole number from 0 to 2^64 - 1"
    try:
        number = index(cast("Any", value))
    except TypeError as error:
        raise ProdlikeError(f"{what} cannot be {value!r}", (), hint) from error
    if not 0 <= number < 1 << 64:
        raise ProdlikeError(f"{what} cannot be {number}", (), hint)
    return number


def threads_of(threads: object) -> int:
    """Return a number of threads; 0 where it is not said, which are the machine's."""
    number = whole("threads", threads or 0)
    if number > _engine.MAX_THREADS:
        most = f"{_engine.MAX_THREADS:,}"
        hint = f"There may be {most}; where it is not said, there are as many as cores"
        raise ProdlikeError(f"threads cannot be {number}", (), hint)
    return number


def rows_of(rows: object) -> list[tuple[str, int]]:
    """Return numbers of rows by the names of their tables."""
    hint = 'Say of which table: `rows={"orders": 1000}`'
    return [
        (name, whole(f"rows of table {name!r}", count))
        for name, count in _entries("rows", rows, hint)
    ]


def floors_of(floors: object) -> list[tuple[str, float]]:
    """Return the least that scores may be, by their names."""
    told = _entries("a floor", floors, 'Say of which score: `{"quality": 0.85}`')
    for name, floor in told:
        if not isinstance(floor, (int, float)) or not 0 <= floor <= 1:
            raise ProdlikeError(
                f"the floor of {name!r} cannot be {floor!r}", (), "Scores lie from 0 to 1"
            )
    return told


def part_of(part: object) -> tuple[int, int] | None:
    """Return a part and the number of parts."""
    if part is None:
        return None
    try:
        number, parts = cast("Any", part)
        return index(number), index(parts)
    except (TypeError, ValueError) as error:
        raise ProdlikeError(
            f"a part cannot be {part!r}", (), "`part=(1, 4)` is the first quarter"
        ) from error


def _entries(what: str, told: object, hint: str) -> list[tuple[str, Any]]:
    if told is None:
        return []
    if not isinstance(told, Mapping):
        raise ProdlikeError(f"{what} cannot be {told!r}", (), hint)
    return list(cast("Mapping[str, Any]", told).items())
