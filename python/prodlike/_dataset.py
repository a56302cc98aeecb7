"""Synthetic data, made while it is read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

from . import _engine
from ._libraries import needed
from ._names import unknown
from ._progress import bars
from ._show import as_html, as_text
from .errors import ProdlikeError

if TYPE_CHECKING:
    import duckdb
    import pandas
    import polars
    import pyarrow

    from ._model import Model

__all__ = ["Batch", "Dataset", "Table"]

#: Rows that a notebook shows.
SHOWN = 5


def no_array() -> ProdlikeError:
    """Return what to tell who takes columns of several types for an array of one."""
    return ProdlikeError(
        "a table is no array", (), "Make a frame of it: `to_pandas()`, `to_polars()` or `to_arrow()`"
    )


class Batch:
    """Rows that are in memory: a data frame to every library that reads Arrow."""

    def __init__(self, engine: _engine.Batches) -> None:
        self._engine = engine

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand over the rows, without a copy, as often as wanted."""
        return self._engine.__arrow_c_stream__(requested_schema)

    def __array__(self, *_: object, **__: object) -> NoReturn:
        # NumPy's, and the constructor's of pandas, which does not read Arrow.
        raise no_array()

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._engine.rows

    @property
    def nbytes(self) -> int:
        """Bytes of the rows in memory."""
        return self._engine.nbytes

    def to_polars(self) -> polars.DataFrame:
        """Return the rows as a frame of Polars."""
        frame: polars.DataFrame = needed("polars").DataFrame(self)
        return frame

    def to_arrow(self) -> pyarrow.Table:
        """Return the rows as a table of PyArrow."""
        table: pyarrow.Table = needed("pyarrow").table(self)
        return table

    def to_pandas(self) -> pandas.DataFrame:
        """Return the rows as a frame of pandas, through PyArrow."""
        needed("pandas")
        frame: pandas.DataFrame = self.to_arrow().to_pandas()
        return frame


class Table:
    """One table of a synthetic dataset, whose rows are made when they are read.

    Every library that reads Arrow's PyCapsule interface takes it as it is, batch by batch: a
    table may be larger than memory. Whoever reads twice makes the rows twice, and gets the same;
    :meth:`collect` keeps them.
    """

    def __init__(self, dataset: Dataset, name: str) -> None:
        self._dataset = dataset
        self.name = name

    def _batches(self) -> _engine.Batches:
        return self._dataset._engine.batches(self.name)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand over a stream of the rows, which are made as it is read."""
        return self._batches().__arrow_c_stream__(requested_schema)

    def __array__(self, *_: object, **__: object) -> NoReturn:
        # NumPy's, and the constructor's of pandas, which does not read Arrow.
        raise no_array()

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._batches().rows

    def __iter__(self) -> Iterator[Batch]:
        """Iterate over the rows, batch by batch."""
        return (Batch(batch) for batch in self._batches())

    @property
    def columns(self) -> dict[str, str]:
        """The columns: DuckDB's names of their types, by their names."""
        return dict(self._dataset._engine.columns(self.name))

    def collect(self, *, progress: bool | None = None) -> Batch:
        """Make all rows, and keep them.

        Parameters
        ----------
        progress
            Whether a bar is shown; where it is not said, on a terminal and in a notebook.

        Returns
        -------
        Batch
            The rows, in memory.
        """
        return Batch(self._batches().collect(bars(progress), self.name))

    def to_polars(self) -> polars.DataFrame:
        """Return all rows as a frame of Polars."""
        return self.collect().to_polars()

    def to_arrow(self) -> pyarrow.Table:
        """Return all rows as a table of PyArrow."""
        return self.collect().to_arrow()

    def to_pandas(self) -> pandas.DataFrame:
        """Return all rows as a frame of pandas, through PyArrow."""
        return self.collect().to_pandas()

    def __repr__(self) -> str:
        """Return the name, the number of rows and the first of them."""
        heading, rows = self._dataset._engine.preview(self.name, SHOWN)
        return f"{self.name}: {len(self):,} rows\n" + as_text(heading, rows)

    def _repr_html_(self) -> str:
        heading, rows = self._dataset._engine.preview(self.name, SHOWN)
        return as_html(heading, rows, f"{self.name}: {len(self):,} rows")


class Dataset(Mapping[str, Table]):
    """A synthetic dataset of a model, a seed and a size: a mapping of its tables.

    :meth:`Model.generate` makes one. Nothing is made before it is read or written.
    """

    def __init__(self, engine: _engine.Dataset, model: Model) -> None:
        self._engine = engine
        self.model = model
        self._names = engine.names()

    @property
    def seed(self) -> int:
        """The root of all randomness."""
        return self._engine.seed

    @property
    def recipe(self) -> dict[str, object]:
        """What makes the dataset again: the model's digest, the seed and the rows of tables."""
        return {
            "model": self._engine.digest,
            "seed": self.seed,
            "rows": dict(self._engine.tables()),
        }

    def __getitem__(self, name: str) -> Table:
        """Return a table by its name."""
        if name not in self._names:
            raise unknown("table", name, self._names)
        return Table(self, name)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the tables."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return the number of tables."""
        return len(self._names)

    def to_polars(self) -> dict[str, polars.DataFrame]:
        """Return all tables as frames of Polars, by their names."""
        return {name: table.to_polars() for name, table in self.items()}

    def to_pandas(self) -> dict[str, pandas.DataFrame]:
        """Return all tables as frames of pandas, by their names."""
        return {name: table.to_pandas() for name, table in self.items()}

    def to_arrow(self) -> dict[str, pyarrow.Table]:
        """Return all tables as tables of PyArrow, by their names."""
        return {name: table.to_arrow() for name, table in self.items()}

    def to_duckdb(self) -> duckdb.DuckDBPyConnection:
        """Return a DuckDB in memory that has all tables; see also :meth:`write_duckdb`."""
        connection: duckdb.DuckDBPyConnection = needed("pyarrow", "duckdb").connect()
        for name, table in self.items():
            quoted = '"' + name.replace('"', '""') + '"'
            rows = table.collect()
            connection.register("_prodlike_rows", rows.to_arrow())
            connection.execute(f"CREATE TABLE {quoted} AS FROM _prodlike_rows")
            connection.unregister("_prodlike_rows")
        return connection

    def write_parquet(
        self,
        directory: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        progress: bool | None = None,
    ) -> Path:
        """Write a directory of Parquet files, whole or not at all, as the command line does.

        Parameters
        ----------
        directory
            Where to; each table is a directory in it.
        overwrite
            Whether a dataset that is there is replaced.
        progress
            Whether a bar is shown; where it is not said, on a terminal and in a notebook.

        Returns
        -------
        Path
            The directory. Of a part, nothing is there before the last part is written.
        """
        return self._write(directory, "parquet", overwrite, progress)

    def write_csv(
        self,
        directory: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        progress: bool | None = None,
    ) -> Path:
        """Write a directory of CSV files, as :meth:`write_parquet` does of Parquet.

        Parameters
        ----------
        directory
            Where to; each table is a directory in it.
        overwrite
            Whether a dataset that is there is replaced.
        progress
            Whether a bar is shown; where it is not said, on a terminal and in a notebook.

        Returns
        -------
        Path
            The directory.
        """
        return self._write(directory, "csv", overwrite, progress)

    def write_duckdb(
        self,
        path: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        progress: bool | None = None,
    ) -> Path:
        """Write a DuckDB file with all keys declared, whole or not at all.

        Parameters
        ----------
        path
            Where to: a path that ends in `.duckdb`.
        overwrite
            Whether a file that is there is replaced.
        progress
            Whether a bar is shown; where it is not said, on a terminal and in a notebook.

        Returns
        -------
        Path
            The file.
        """
        if Path(path).suffix not in (".duckdb", ".db"):
            raise ProdlikeError(
                f"{os.fspath(path)!r} does not end in `.duckdb`", (), "Give it that ending"
            )
        return self._write(path, "duckdb", overwrite, progress)

    def _write(
        self,
        out: str | os.PathLike[str],
        form: Literal["parquet", "csv", "duckdb"],
        overwrite: bool,
        progress: bool | None,
    ) -> Path:
        if form != "duckdb" and Path(out).suffix in (".duckdb", ".db"):
            raise ProdlikeError(
                f"{os.fspath(out)!r} names a DuckDB file, and no directory",
                (),
                "Use `write_duckdb`, or give a directory",
            )
        self._engine.write(os.fspath(out), form, overwrite, bars(progress))
        return Path(out)

    _heading = ("table", "rows")

    def _rows(self) -> list[tuple[str, str]]:
        return [(name, f"{len(table):,}") for name, table in self.items()]

    def __repr__(self) -> str:
        """Return the tables and their rows."""
        return f"Dataset, seed {self.seed}\n" + as_text(self._heading, self._rows())

    def _repr_html_(self) -> str:
        return as_html(self._heading, self._rows(), f"Dataset, seed {self.seed}")
