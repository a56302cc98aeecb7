"""Production-like data without production data.

>>> import polars, prodlike
>>> users = polars.DataFrame({"id": range(100), "country": ["DE", "FR"] * 50})
>>> source = prodlike.connect({"users": users})     # or a DuckDB file, a directory, …
>>> schema = source.inspect()                       # tables, keys, meanings: to look through
>>> model = prodlike.fit(source, schema)
>>> data = model.generate(scale=0.1, seed=7)
>>> report = prodlike.evaluate(source, data, schema)
>>> report.diagnostic
1.0
"""

from ._dataset import Batch, Dataset, Table
from ._engine import __version__
from ._model import Change, Model, fit, load
from ._report import Report, evaluate
from ._schema import Column, Relationship, Schema, TableSchema
from ._snapshot import Snapshot, snapshot
from ._source import Frame, Source, connect
from .errors import (
    GateError,
    ModelError,
    PluginError,
    ProdlikeError,
    SchemaError,
    SourceError,
    UnknownNameError,
)

__all__ = [
    "Batch",
    "Change",
    "Column",
    "Dataset",
    "Frame",
    "GateError",
    "Model",
    "ModelError",
    "PluginError",
    "ProdlikeError",
    "Relationship",
    "Report",
    "Schema",
    "SchemaError",
    "Snapshot",
    "Source",
    "SourceError",
    "Table",
    "TableSchema",
    "UnknownNameError",
    "__version__",
    "connect",
    "evaluate",
    "fit",
    "load",
    "snapshot",
]
