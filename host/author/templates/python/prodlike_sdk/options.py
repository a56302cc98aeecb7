"""Options: a dataclass, its JSON Schema, and its values from JSON."""

import dataclasses
import re
import types
import typing

from .errors import OptionError


def option(default, summary, *, minimum=None, maximum=None, pattern=None):
    """An option of a dataclass: what it is unless a manifest says so, and what it does."""
    limits = {"minimum": minimum, "maximum": maximum, "pattern": pattern}
    meta = {"description": summary}
    meta |= {name: limit for name, limit in limits.items() if limit is not None}
    if isinstance(default, (list, dict)):
        return dataclasses.field(default_factory=default.copy, metadata=meta)
    return dataclasses.field(default=default, metadata=meta)


_JSON = {bool: "boolean", int: "integer", float: "number", str: "string"}


def schema_of(hint):
    """The JSON Schema of a type."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint in _JSON:
        return {"type": _JSON[hint]}
    if origin is typing.Literal:
        return {"enum": list(inner)}
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [schema_of(part) for part in inner]}
    if hint is type(None):
        return {"type": "null"}
    if origin is list:
        return {"type": "array", "items": schema_of(inner[0])}
    if origin is dict and inner[0] is str:
        return {"type": "object", "additionalProperties": schema_of(inner[1])}
    if not dataclasses.is_dataclass(hint):
        raise TypeError(f"options cannot hold {hint}")
    hints, schema = typing.get_type_hints(hint), {"type": "object", "properties": {}}
    for field in dataclasses.fields(hint):
        entry = schema_of(hints[field.name]) | dict(field.metadata)
        if field.default is not dataclasses.MISSING:
            default = field.default
            entry["default"] = dataclasses.asdict(default) if _is_data(default) else default
        elif field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
            entry["default"] = dataclasses.asdict(default) if _is_data(default) else default
        else:
            schema.setdefault("required", []).append(field.name)
        schema["properties"][field.name] = entry
    return schema | {"additionalProperties": False}


def _is_data(value):
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def parse(hint, value, path, limits=types.MappingProxyType({})):
    """A value of a type from JSON."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        for part in inner:
            try:
                return parse(part, value, path, limits)
            except OptionError as error:
                last = error
        raise last
    if origin is typing.Literal:
        if value not in inner:
            raise OptionError(path, f"is none of {', '.join(map(str, inner))}")
        return value
    if origin is list and isinstance(value, list):
        return [parse(inner[0], item, f"{path}[{at}]") for at, item in enumerate(value)]
    if origin is dict and isinstance(value, dict):
        return {key: parse(inner[1], item, f"{path}.{key}") for key, item in value.items()}
    if dataclasses.is_dataclass(hint) and isinstance(value, dict):
        hints = typing.get_type_hints(hint)
        fields = {field.name: field for field in dataclasses.fields(hint)}
        for name in value:
            if name not in fields:
                raise OptionError(f"{path}.{name}".lstrip("."), "is no option")
        parsed = {
            name: parse(hints[name], item, f"{path}.{name}".lstrip("."), fields[name].metadata)
            for name, item in value.items()
        }
        try:
            return hint(**parsed)
        except TypeError as error:
            raise OptionError(path, str(error)) from None
    if hint is float and type(value) is int:
        value = float(value)
    if hint is type(None) and value is None:
        return None
    if hint not in _JSON or type(value) is not hint:
        raise OptionError(path, f"is no {_JSON.get(hint, getattr(hint, '__name__', hint))}")
    if value < limits.get("minimum", value) or value > limits.get("maximum", value):
        raise OptionError(path, "is out of range")
    if "pattern" in limits and not re.search(limits["pattern"], value):
        raise OptionError(path, f"does not match {limits['pattern']}")
    return value
