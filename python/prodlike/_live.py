"""Lists and dictionaries of a schema, which write back what is changed in them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, cast

__all__ = ["live"]

#: Writes the whole value.
Write = Callable[[Any], None]


def _written(name: str, base: Any) -> Callable[..., Any]:
    """Return a method that changes a value and writes it; what is refused is taken back."""
    method = getattr(base, name)

    @functools.wraps(method)
    def changed(self: Any, *arguments: Any, **keys: Any) -> Any:
        before = base(self)
        result = method(self, *arguments, **keys)
        try:
            self._write(base(self))
        except Exception:
            base.clear(self)
            (dict.update if base is dict else list.extend)(self, before)
            raise
        return result

    return changed


class _List(list[Any]):
    _write: Write


class _Dict(dict[str, Any]):
    _write: Write


for _name in (
    *("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"),
    *("__setitem__", "__delitem__", "__iadd__", "__imul__"),
):
    setattr(_List, _name, _written(_name, list))
for _name in (
    *("update", "pop", "popitem", "clear", "setdefault"),
    *("__setitem__", "__delitem__", "__ior__"),
):
    setattr(_Dict, _name, _written(_name, dict))


def live(value: object, write: Write) -> object:
    """Return a list or dictionary whose changes are written; what is neither stays."""
    if isinstance(value, list):
        entries = cast("list[Any]", value)  # type: ignore[redundant-cast]
        items = _List()
        list.extend(items, [live(it, _into(items, at)) for at, it in enumerate(entries)])
        items._write = write
        return items
    if isinstance(value, dict):
        keys = cast("dict[str, Any]", value)
        table = _Dict()
        dict.update(table, {key: live(it, _into(table, key)) for key, it in keys.items()})
        table._write = write
        return table
    return value


def _into(held: Any, key: object) -> Write:
    """Return what writes a value that lies within another."""

    def put(new: object) -> None:
        held[key] = new

    return put
