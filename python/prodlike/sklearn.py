"""One table as an estimator of scikit-learn, which this module needs.

>>> import polars
>>> from prodlike.sklearn import SingleTable
>>> users = polars.DataFrame({"id": range(100), "country": ["DE", "FR"] * 50})
>>> SingleTable().fit(users).sample(3, seed=7).columns
['id', 'country']
"""

# scikit-learn and PyArrow have no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import sys
from collections.abc import Mapping
from operator import index
from typing import TYPE_CHECKING, Any, cast

try:
    import numpy
    from sklearn.base import BaseEstimator  # type: ignore[import-untyped, unused-ignore]
    from sklearn.utils.validation import (  # type: ignore[import-untyped, unused-ignore]
        check_is_fitted,
        validate_data,
    )
except ImportError as error:
    raise ImportError(
        "`prodlike.sklearn` needs scikit-learn 1.6 or newer: `pip install 'prodlike[sklearn]'`"
    ) from error

from ._libraries import pyarrow
from ._model import Model, fit
from ._source import Frame, connect
from .errors import ProdlikeError, SchemaError

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._dataset import Batch
    from ._schema import Schema

__all__ = ["SingleTable"]

#: What the table is called in schema and model.
TABLE = "data"


class SingleTable(BaseEstimator):  # type: ignore[misc, unused-ignore]
    """Learns one table, and makes rows like those of it.

    Parameters
    ----------
    schema
        Keys of the schema by column, which overrule what is proposed of the data: what
        :class:`prodlike.Column` has as attributes, such as
        `{"age": {"semantic": "numerical"}, "mail": {"generator": "email"}}`. None as a key's
        value takes it away. Columns of an array are called `x0`, `x1` and so on.
    seed
        The root of all randomness of :meth:`sample`.
    threads
        Threads that learn and make rows; all of them where it is None. They change no result.

    Attributes
    ----------
    model_ : prodlike.Model
        What was learned.
    schema_ : prodlike.Schema
        What was proposed and overruled.
    n_features_in_ : int
        The number of columns.
    feature_names_in_ : ndarray of str
        The names of the columns, where all of them have a name.

    Notes
    -----
    Every value that is learned has `k` rows behind it, 10 by default: of a table that is much
    smaller than that little is learned. Columns that identify people are made and not learned.

    Examples
    --------
    >>> import numpy
    >>> from prodlike.sklearn import SingleTable
    >>> rows = numpy.column_stack([numpy.arange(200) % 7, numpy.arange(200) % 2])
    >>> made = SingleTable(seed=7).fit(rows).sample(1000)
    >>> made.shape, made.dtype == rows.dtype
    ((1000, 2), True)
    """

    def __init__(
        self,
        *,
        schema: Mapping[str, Mapping[str, object]] | None = None,
        seed: int = 0,
        threads: int | None = None,
    ) -> None:
        self.schema = schema
        self.seed = seed
        self.threads = threads

    def fit(self, X: object, y: object = None) -> Self:
        """Learn a table.

        Parameters
        ----------
        X
            A frame of pandas or Polars, a table of PyArrow or another library with the Arrow
            PyCapsule interface, or an array of two dimensions; an array needs PyArrow.
        y
            Nothing, for what calls every estimator with two arguments.

        Returns
        -------
        SingleTable
            The estimator.

        Raises
        ------
        SourceError
            Where the data cannot be read.
        SchemaError
            Where `schema` says what cannot be done.
        UnknownNameError
            Where `schema` has a column that is not there.
        TypeError, ValueError
            Where `X` is no table, as scikit-learn has it.
        """
        table: Any = X
        if not (_is(X, "pandas", "DataFrame") or _is(X, "polars", "DataFrame")):
            if hasattr(X, "__arrow_c_stream__") and len(getattr(X, "shape", (0, 0))) == 2:
                # Of all others it is known only that they can be read.
                table = pyarrow().table(X)
            else:
                table = validate_data(self, table, dtype=None, ensure_all_finite="allow-nan")
        validate_data(self, table, skip_check_array=True)
        kind = _kind(table)
        with connect({TABLE: kind.take(table)}, threads=self.threads) as source:
            schema = source.inspect(progress=False)
            for column, keys in (self.schema or {}).items():
                if not isinstance(keys, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
                    raise SchemaError(
                        f"the schema of column {column!r} is {keys!r}, and no keys",
                        (),
                        'Write a dictionary: `{"semantic": "categorical"}`',
                    )
                schema[TABLE][column].update(**keys)
            self.model_: Model = fit(source, schema, threads=self.threads, progress=False)
        self.schema_: Schema = schema
        self._kind = kind
        return self

    def sample(self, n_samples: int | None = None, seed: int | None = None) -> Any:
        """Make rows.

        Parameters
        ----------
        n_samples
            How many; as many as were learned where it is not said.
        seed
            The root of all randomness; the parameter of the estimator where it is not said.

        Returns
        -------
        pandas.DataFrame, polars.DataFrame, pyarrow.Table or numpy.ndarray
            What :meth:`fit` was given, with the same columns and types, but for columns that
            `schema` excludes. Where that was a frame of another library, a table of PyArrow.

        Raises
        ------
        ProdlikeError
            Where there is no such size or seed, or the values that were learned cannot have the
            type that they had.
        sklearn.exceptions.NotFittedError
            Where nothing was learned.
        """
        check_is_fitted(self, "model_")
        made = self.model_.generate(
            rows=None if n_samples is None else {TABLE: index(n_samples)},
            seed=self.seed if seed is None else seed,
            threads=self.threads,
        )
        batch = made[TABLE].collect(progress=False)
        try:
            return self._kind.give(batch)
        except Exception as error:
            # Every library has errors of its own.
            raise ProdlikeError(
                "rows cannot be made into what was learned",
                [f"{type(error).__name__}: {error}".partition("\n")[0]],
                "Give `fit` columns of another type, or exclude them in `schema`",
            ) from error

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags


class _Kind:
    """A kind of frame: takes one apart, and makes another one like it."""

    def take(self, table: Any) -> Frame:
        """Return the frame as the engine reads it."""
        return cast("Frame", table)

    def give(self, made: Batch) -> Any:
        """Return rows as a frame of the kind."""
        raise NotImplementedError


class _Polars(_Kind):
    def __init__(self, table: Any) -> None:
        self._schema = table.schema

    def give(self, made: Batch) -> Any:
        frame = made.to_polars()
        return frame.cast({name: self._schema[name] for name in frame.columns})


class _Arrow(_Kind):
    def __init__(self, table: Any) -> None:
        self._schema = table.schema.remove_metadata()

    def give(self, made: Batch) -> Any:
        table = made.to_arrow()
        fields = [self._schema.field(name) for name in table.column_names]
        return table.cast(pyarrow().schema(fields))


class _Pandas(_Kind):
    def __init__(self, table: Any) -> None:
        # A frame without rows has all there is to know of the columns, and no data.
        self._empty = table.iloc[:0].reset_index(drop=True)

    def take(self, table: Any) -> Frame:
        # Its index is no column.
        return cast("Frame", table.reset_index(drop=True).set_axis(self._names(), axis="columns"))

    def give(self, made: Batch) -> Any:
        frame = made.to_pandas()
        empty = self._empty.loc[:, [name in frame.columns for name in self._names()]]
        types = dict(zip(frame.columns, empty.dtypes, strict=True))
        return frame.astype(types).set_axis(empty.columns, axis="columns")

    def _names(self) -> list[str]:
        return [str(name) for name in self._empty.columns]


class _Array(_Kind):
    def __init__(self, table: Any) -> None:
        # Text is as long as it is.
        self._type = numpy.dtype("U") if table.dtype.kind == "U" else table.dtype

    def take(self, table: Any) -> Frame:
        arrow = pyarrow()
        if table.dtype.kind == "f" and table.dtype.itemsize not in (4, 8):
            table = table.astype("float64")
        columns = [numpy.ascontiguousarray(column) for column in table.T]
        arrays = [arrow.array(column, from_pandas=True) for column in columns]
        return cast("Frame", arrow.table(arrays, names=[f"x{at}" for at in range(len(arrays))]))

    def give(self, made: Batch) -> Any:
        columns = made.to_arrow().columns
        if self._type.kind not in "OU":
            return numpy.column_stack([it.to_numpy() for it in columns]).astype(self._type)
        array = numpy.empty((len(made), len(columns)), dtype=object)
        for at, column in enumerate(columns):
            array[:, at] = column.to_pylist()
        return array.astype(self._type)


def _kind(table: Any) -> _Kind:
    if _is(table, "pandas", "DataFrame"):
        return _Pandas(table)
    if _is(table, "polars", "DataFrame"):
        return _Polars(table)
    return _Array(table) if isinstance(table, numpy.ndarray) else _Arrow(table)


def _is(table: object, module: str, name: str) -> bool:
    """Whether something is of a class, whose module is not imported for that."""
    kind = getattr(sys.modules.get(module), name, None)
    return isinstance(kind, type) and isinstance(table, kind)
