"""Names that are not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from .errors import UnknownNameError


def unknown(what: str, name: object, known: Iterable[str]) -> UnknownNameError:
    """Return the error for a name that is not there, with the nearest one as its hint."""
    return UnknownNameError(f"there is no {what} {name!r}", (), meant(name, known))


def meant(name: object, known: Iterable[str]) -> str:
    """Return a hint: the nearest of the names that there are, or all of them."""
    names = list(known)
    near = get_close_matches(str(name), names, n=1, cutoff=0.5)
    return f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(names) or 'none'}"
