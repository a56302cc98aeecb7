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

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

# Nothing is loaded before it is used: pytest imports the package for its plugin in every suite
# of an environment, and most suites have no use for a database engine.
_MODULES = {
    "_dataset": ("Batch", "Dataset", "Table"),
    "_engine": ("__version__",),
    "_model": ("Change", "Model", "fit", "load"),
    "_report": ("Report", "evaluate"),
    "_schema": ("Column", "Relationship", "Schema", "TableSchema"),
    "_snapshot": ("Snapshot", "snapshot"),
    "_source": ("Frame", "Source", "connect"),
}


def __getattr__(name: str) -> object:
    module = next((it for it, names in _MODULES.items() if name in names), "errors")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f".{module}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
