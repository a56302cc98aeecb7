"""Real data: files of all kinds, or data frames."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from . import _engine
from ._numbers import threads_of
from ._progress import bars
from ._show import as_html, as_text
from .errors import SourceError

if TYPE_CHECKING:
    from ._schema import Schema

__all__ = ["Frame", "Source", "SourceLike", "connect"]


@runtime_checkable
class Frame(Protocol):
    """A data frame or table of any library with the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return a stream of batches."""
        ...


Pathlike: TypeAlias = "str | os.PathLike[str]"
SourceLike: TypeAlias = (
    "Source | Pathlike | Sequence[Pathlike] | Frame | Mapping[str, Frame | Pathlike]"
)


class Source:
    """Real data, which can only be read; :func:`connect` opens it."""

    def __init__(self, engine: _engine.Source, threads: int) -> None:
        self._engine = engine
        self._threads = threads
        # The schema that was proposed last: what fit and evaluate take where none is given.
        self._schema: Schema | None = None

    def inspect(
        self, *, infer: bool = True, progress: bool | None = None
    ) -> Schema:
        """Look at the data and propose a schema.

        Parameters
        ----------
        infer
            Whether keys and relationships that nobody declared are inferred from the data.
        progress
            Whether a bar is shown; where it is not said, on a terminal and in a notebook.

        Returns
        -------
        Schema
            Tables, keys, relationships and what each column means, to be looked through and
            changed before anything is learned.
        """
        from ._schema import Schema

        self._schema = Schema(self._engine.init(infer, self._threads, bars(progress)))
        return self._schema

    def _manifest(self) -> Schema:
        return self._schema if self._schema is not None else self.inspect()

    def close(self) -> None:
        """Close the files; they are opened again where they are needed."""
        self._engine.close()

    def __enter__(self) -> Source:
        """Return the source."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files."""
        self.close()

    def _rows(self) -> list[tuple[str, str, int]]:
        return [(name, f"{rows:,}", len(columns)) for name, rows, columns in self._engine.tables()]

    def __repr__(self) -> str:
        """Return the tables with their rows and numbers of columns."""
        return f"Source: {self._engine.shown}\n" + as_text(
            ("table", "rows", "columns"), self._rows()
        )

    def _repr_html_(self) -> str:
        return as_html(("table", "rows", "columns"), self._rows(), self._engine.shown)


def connect(
    source: SourceLike, /, *, skip_broken_rows: bool = False, threads: int | None = None
) -> Source:
    """Open real data.

    Parameters
    ----------
    source
        A DuckDB file; a Parquet, CSV, JSON or Arrow file; a directory of such; a list of
        them; a data frame of Polars, pandas, PyArrow, DuckDB or another library with the Arrow
        PyCapsule interface; or a dictionary of table names and data frames, or of names and
        files. Frames are read once, as streams, into a database of our own: what happens
        to them afterwards does not matter. Of pandas, an index is a column where it has a name,
        and floats that are whole numbers but for missing ones are whole numbers.
    skip_broken_rows
        Whether rows of text files that are no rows are counted and left out, instead of being an
        error.
    threads
        Threads that read; all of them where it is not said.

    Returns
    -------
    Source
        The data, of which nothing but its catalogue was looked at.

    Raises
    ------
    SourceError
        Where there is nothing to read, or it cannot be read.

    Examples
    --------
    >>> import polars, prodlike
    >>> users = polars.DataFrame({"id": [1, 2, 3], "name": ["Ada", "Grace", "Edsger"]})
    >>> prodlike.connect({"users": users})
    Source: (data frames)
    table  rows  columns
    users  3     2
    """
    count = threads_of(threads)
    if isinstance(source, Source):
        return source
    if isinstance(source, (str, os.PathLike)):
        source = [source]
    if isinstance(source, Mapping):
        named = dict(source.items())
        paths = [os.fspath(it) for it in named.values() if isinstance(it, (str, os.PathLike))]
        if named and len(paths) == len(named):
            return Source(_engine.open_paths(paths, list(named), skip_broken_rows, count), count)
        frames = [_table(name, frame) for name, frame in named.items()]
        return Source(_engine.open_streams(frames, count), count)
    if hasattr(source, "__arrow_c_stream__") or not isinstance(source, Sequence):
        return Source(_engine.open_streams([_table("data", source)], count), count)
    try:
        paths = [os.fspath(path) for path in source]
    except TypeError as error:
        raise SourceError(
            "a list of sources holds what is no path",
            [str(error)],
            'Give frames their names: `{"orders": orders, "users": users}`',
        ) from error
    return Source(_engine.open_paths(paths, None, skip_broken_rows, count), count)


def _table(name: object, frame: Any) -> tuple[str, object]:
    """Return a frame as it can be read, with its name."""
    if not isinstance(name, str):
        raise SourceError(f"{name!r} cannot be the name of a table", (), "A name is a text")
    if hasattr(frame, "to_frame") and not hasattr(frame, "columns"):
        raise SourceError(
            f"`{name}` is one column, and no table", (), "Give a frame: `series.to_frame()`"
        )
    if hasattr(frame, "collect") and not hasattr(frame, "__arrow_c_stream__"):
        raise SourceError(
            f"`{name}` is of {type(frame)}, which has no rows yet", (), "Give `frame.collect()`"
        )
    polars, pandas = sys.modules.get("polars"), sys.modules.get("pandas")
    if polars is not None and isinstance(frame, polars.DataFrame):
        return name, _of_polars(frame, polars)
    if pandas is not None and isinstance(frame, pandas.DataFrame):
        return name, _of_pandas(name, frame, pandas)
    return name, frame


def _of_polars(frame: Any, polars: Any) -> object:
    """Return a frame whose columns all have a type.

    Polars hands columns of NULLs alone over with a buffer more than Arrow has for them.
    """

    def typed(kind: Any) -> Any:
        if kind == polars.Null:
            return polars.String()
        if isinstance(kind, polars.List):
            return polars.List(typed(kind.inner))
        if isinstance(kind, polars.Array):
            return polars.Array(typed(kind.inner), kind.size)
        if isinstance(kind, polars.Struct):
            return polars.Struct({it.name: typed(it.dtype) for it in kind.fields})
        return kind

    kinds: dict[str, Any] = {name: typed(kind) for name, kind in frame.schema.items()}
    changed = {name: kind for name, kind in kinds.items() if kind != frame.schema[name]}
    return frame.cast(changed) if changed else frame


def _of_pandas(table: str, frame: Any, pandas: Any) -> object:
    """Return a frame whose index is a column where it has a name, and gone where it has none.

    Whole numbers that are floats because one is missing, as in every foreign key that may be
    NULL, are whole numbers again.
    """
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise SourceError(
            f"two columns of `{table}` are called {twice!r}", (), "Give each a name of its own"
        )
    if any(name is not None for name in frame.index.names):
        try:
            frame = frame.reset_index()
        except ValueError as error:
            raise SourceError(
                f"the index of `{table}` cannot become a column", [str(error)], "Rename it"
            ) from error
    elif not isinstance(frame.index, pandas.RangeIndex):
        frame = frame.set_axis(pandas.RangeIndex(len(frame)), axis="index")
    whole = {}
    for name, kind in frame.dtypes.items():
        if kind != "float64":
            continue
        values = frame[name].to_numpy()
        there = values[values == values]
        # Beyond 2^53, floats are whole for want of digits.
        if 0 < len(there) < len(values) and ((there % 1 == 0) & (abs(there) < 1 << 53)).all():
            whole[name] = "Int64"
    return frame.astype(whole) if whole else frame
