"""Parameters of functions: columns that they are shown, and options with their types."""

from __future__ import annotations

import datetime
import decimal
import inspect
import re
import types
import typing
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, Literal, NamedTuple, cast

from ._carry import visible
from .errors import PluginError

#: How parameters may be annotated that are columns.
HINTS = (str, int, float, bool, decimal.Decimal, datetime.date, datetime.datetime)

#: Flags of the code of what returns no value: generators and coroutines.
NO_VALUE = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR

#: What options are made of.
SCALARS = (int, float, str, bool)


class Option(NamedTuple):
    """What :func:`option` says."""

    summary: str
    limits: dict[str, object]


def option(
    summary: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    pattern: str | None = None,
) -> Option:
    """Describe an option: `digits: Annotated[int, option("Digits", minimum=1)] = 7`.

    Parameters
    ----------
    summary
        What it does.
    minimum, maximum
        The least and the greatest number that a schema may say.
    pattern
        A regular expression that a text must match.

    Returns
    -------
    Option
        What stands in the annotation.

    Raises
    ------
    PluginError
        Where a limit is none.
    """
    for limit in (minimum, maximum):
        if limit is not None and not isfinite(limit):
            raise PluginError(
                f"a limit of an option cannot be {limit}", (), "Leave out what is no limit"
            )
    if pattern is not None:
        try:
            re.compile(pattern)
        except re.error as error:
            raise PluginError(
                f"the pattern {pattern!r} of an option is no regular expression",
                [str(error)],
                "A `\\` before a character takes its meaning away",
            ) from None
    limits = {"minimum": minimum, "maximum": maximum, "pattern": pattern}
    return Option(summary, {key: limit for key, limit in limits.items() if limit is not None})


class Setting(NamedTuple):
    """An option of a function."""

    name: str
    #: Its type, as annotations have it.
    hint: object
    default: object
    told: Option


class Input(NamedTuple):
    """A column that a function is shown."""

    name: str
    #: What it is annotated as; nothing where any value will do.
    hint: str | None
    needed: bool
    #: Whether it is annotated as what may be None.
    may_be_none: bool


def parameters(
    plugin: str, function: types.FunctionType, kind: str
) -> tuple[list[Input], list[Setting]]:
    """Return what a function is shown and its options."""
    if function.__code__.co_flags & NO_VALUE:
        raise PluginError(
            f"the plugin `{plugin}` does not return a value",
            (),
            "It is called for each row: write a plain `def` that returns",
        )
    try:
        signature = inspect.signature(function, eval_str=False)
    except NameError as error:
        raise PluginError(
            f"an annotation of the plugin `{plugin}` cannot be read",
            [str(error)],
            "Import what it names before the decorator",
        ) from None
    positional: list[inspect.Parameter] = []
    options: list[Setting] = []
    for it in signature.parameters.values():
        if it.kind in (it.VAR_POSITIONAL, it.VAR_KEYWORD):
            raise PluginError(
                f"the plugin `{plugin}` has a parameter `{it}`",
                (),
                "Name every column and every option",
            )
        if it.kind is it.KEYWORD_ONLY:
            options.append(_option(plugin, function, it))
        else:
            positional.append(it)
    if not positional:
        what = "the row" if kind == "generator" else "the value"
        raise PluginError(
            f"the function of plugin `{plugin}` takes no parameter",
            (),
            f"Its first parameter is {what}: `def {function.__name__}({what.split()[1]}, …)`",
        )
    if kind == "generator":
        positional = positional[1:]
    elif len(positional) != 1:
        raise PluginError(
            f"the transform `{plugin}` takes {len(positional)} values",
            (),
            "It takes one; options stand behind a `*`",
        )
    return [_input(function, it) for it in positional], options


def _evaluated(function: types.FunctionType, annotation: object) -> object:
    """Return an annotation that may be text; empty where it names what is not there."""
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(annotation, visible(function))
    except PluginError:
        raise
    except Exception:
        return inspect.Parameter.empty


def _input(function: types.FunctionType, it: inspect.Parameter) -> Input:
    hint = _evaluated(function, it.annotation)
    may_be_none = False
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        parts = typing.get_args(hint)
        left = [part for part in parts if part is not types.NoneType]
        may_be_none = len(left) < len(parts)
        hint = left[0] if len(left) == 1 else None
    name = hint.__name__ if isinstance(hint, type) and hint in HINTS else None
    return Input(it.name, name, it.default is it.empty, may_be_none)


def _option(plugin: str, function: types.FunctionType, it: inspect.Parameter) -> Setting:
    where = f"option `{it.name}` of plugin `{plugin}`"
    if it.default is it.empty:
        raise PluginError(
            f"{where} has no default", (), "Say what it is where a schema says nothing"
        )
    default: object = it.default
    hint = _evaluated(function, it.annotation)
    if isinstance(it.annotation, str) and hint is it.empty:
        raise PluginError(
            f"{where} has an annotation that cannot be read: {it.annotation}",
            (),
            "Import what it names before the decorator, and not for type checkers alone",
        )
    told = Option(it.name.replace("_", " ").capitalize(), {})
    if typing.get_origin(hint) is typing.Annotated:
        hint, *more = typing.get_args(hint)
        for said in more:
            told = said if isinstance(said, Option) else told
            told = Option(said, told.limits) if isinstance(said, str) else told
    if hint is it.empty or (hint in (list, dict) and _fits(hint, default)):
        hint = _of_default(default)
    text = written(hint)
    if text is None:
        raise PluginError(
            f"{where} cannot be of type {getattr(hint, '__name__', hint)}",
            (),
            "Options are `int`, `float`, `str`, `bool`, `Literal`, and lists and dictionaries "
            "that say what they hold: `list[str]`, `dict[str, int]`",
        )
    if hint is float and type(default) is int:
        default = float(default)
    if not _fits(hint, default):
        raise PluginError(
            f"{where} is {text}, and its default is {default!r}",
            (),
            "Give it a default of its type, or annotate it as what its default is",
        )
    if not _within(told.limits, default):
        limits = ", ".join(f"{key} {limit!r}" for key, limit in told.limits.items())
        raise PluginError(
            f"{where} has the default {default!r}, which its limits exclude: {limits}",
            (),
            "Change the default or the limits",
        )
    return Setting(it.name, hint, default, told)


def _of_default(default: object) -> object:
    """Return the type of a default."""
    if isinstance(default, (list, dict)):
        held = cast("Iterable[object]", default.values() if isinstance(default, dict) else default)
        kinds = list(dict.fromkeys(map(_of_default, held)))
        if len(kinds) != 1:
            return type(cast("object", default))
        if isinstance(default, list):
            return types.GenericAlias(list, (kinds[0],))
        return types.GenericAlias(dict, (str, kinds[0]))
    return type(default)


def written(hint: object, literal: str = "Literal") -> str | None:
    """Return the type of an option as source; None where options cannot be of it.

    Parameters
    ----------
    hint
        The type.
    literal
        What `typing.Literal` is called in the source.
    """
    if isinstance(hint, type) and hint in SCALARS:
        return hint.__name__
    if hint is None or hint is types.NoneType:
        return "None"
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        plain = all(it is None or type(it) in SCALARS for it in inner)
        return f"{literal}[{', '.join(map(repr, inner))}]" if plain else None
    parts = [written(part, literal) for part in inner]
    if None in parts or not parts:
        return None
    said = cast("list[str]", parts)
    if origin in (typing.Union, types.UnionType):
        return " | ".join(said)
    if origin is list:
        return f"list[{said[0]}]"
    if origin is dict and inner[0] is str:
        return f"dict[str, {said[1]}]"
    return None


def _within(limits: Mapping[str, Any], value: object) -> bool:
    """Whether a default is within an option's limits, as the SDK takes them."""
    if isinstance(value, str):
        return "pattern" not in limits or bool(re.search(limits["pattern"], value))
    if isinstance(value, (int, float)):
        return bool(limits.get("minimum", value) <= value <= limits.get("maximum", value))
    return True


def _fits(hint: object, value: object) -> bool:
    """Whether a default is of an option's type."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is None or hint is types.NoneType:
        return value is None
    if origin is Literal:
        return value in inner
    if origin in (typing.Union, types.UnionType):
        return any(_fits(part, value) for part in inner)
    if origin is list:
        held = cast("list[object]", value)
        return isinstance(value, list) and all(_fits(inner[0], it) for it in held)
    if origin is dict:
        pairs = cast("dict[object, object]", value)
        return isinstance(value, dict) and all(
            isinstance(key, str) and _fits(inner[1], it) for key, it in pairs.items()
        )
    if type(value) is float and not isfinite(value):
        # JSON has no such number.
        return False
    return isinstance(hint, type) and type(value) is hint
