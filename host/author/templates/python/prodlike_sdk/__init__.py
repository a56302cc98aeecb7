"""Writes plugins for prodlike in Python.

A plugin is one class in `plugin.py` that extends `Generator`, `Transform`, `Detector` or `Rule`,
or several of them. Columns are plain lists, with `None` for NULL. Whole numbers, ticks of times
and decimals without their point are `int`; dates are days since 1970-01-01; an interval is
`(months, days, nanoseconds)`; lists are lists, structs are dicts, maps are lists of pairs.

A value must be a function of the options, the row's number, its random source (`row.rng()`) and
its input alone. In a component, `random`, `time` and their like raise `AmbientError`.
"""

from .columns import Batch, Column, Field
from .errors import AmbientError, DataError, Error, OptionError, Unsupported
from .log import log
from .options import option
from .plugin import (
    Count,
    Detector,
    Example,
    Finding,
    Generator,
    OneOf,
    Output,
    Plugin,
    Range,
    Rule,
    Settings,
    Transform,
)
from .rows import Rng, Row, Rows

__all__ = [
    "AmbientError", "Batch", "Column", "Count", "DataError", "Detector", "Error", "Example",
    "Field", "Finding", "Generator", "OneOf", "OptionError", "Output", "Plugin", "Range", "Rng",
    "Row", "Rows", "Rule", "Settings", "Transform", "Unsupported", "log", "option",
]  # fmt: skip
