"""One table as an estimator of scikit-learn."""

from __future__ import annotations

import datetime
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import duckdb
import numpy
import pandas
import polars
import prodlike
import pyarrow
import pytest
from prodlike.sklearn import SingleTable
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

ROWS = 240


@parametrize_with_checks([SingleTable(threads=1)])
def test_scikit_learn_takes_it_for_an_estimator(
    estimator: SingleTable, check: Callable[[SingleTable], None]
) -> None:
    check(estimator)


def people() -> polars.DataFrame:
    days = [datetime.date(2024, 1, 1) + datetime.timedelta(days=at % 90) for at in range(ROWS)]
    return polars.DataFrame(
        {
            "age": [20 + at * 7 % 50 for at in range(ROWS)],
            "income": [None if at % 11 == 0 else 1000.5 + at * 37 % 900 for at in range(ROWS)],
            "country": ["DE", "FR", "IT", "DE"] * (ROWS // 4),
            "member": [at % 3 == 0 for at in range(ROWS)],
            "since": days,
        }
    )


def as_categories(frame: pandas.DataFrame) -> pandas.DataFrame:
    return frame.astype({"country": pandas.CategoricalDtype(["XX", "DE", "FR", "IT"])})


@pytest.mark.parametrize(
    "X",
    [
        people(),
        people().cast({"age": polars.UInt8, "country": polars.Categorical}),
        people().cast({"country": polars.Enum(["DE", "FR", "IT"]), "income": polars.Float32}),
        people().to_arrow(),
        people().to_pandas(),
        as_categories(people().to_pandas()),
        people().to_pandas().set_index(pandas.Index(range(ROWS, 0, -1), name="at")),
        people().to_pandas().set_axis(range(5), axis="columns"),
    ],
    ids=["polars", "categorical", "enum", "pyarrow", "pandas", "levels", "index", "numbers"],
)
def test_rows_come_as_the_frame_that_was_given(X: Any) -> None:
    made = SingleTable().fit(X).sample(50)
    assert type(made) is type(X)
    assert made.shape == (50, 5)
    if isinstance(X, pandas.DataFrame):
        assert list(made.columns) == list(X.columns)
        # A DATE is an object to pandas.
        assert made.dtypes.drop(X.columns[4]).equals(X.dtypes.drop(X.columns[4]))
        assert made.index.equals(pandas.RangeIndex(50))
    else:
        assert made.schema == X.schema


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int64", "uint8", "bool"])
def test_arrays_keep_their_type(dtype: str) -> None:
    X = numpy.stack([numpy.arange(ROWS) % 5, numpy.arange(ROWS) % 2], axis=1).astype(dtype)
    made = SingleTable().fit(X).sample(50)
    assert made.shape == (50, 2)
    assert made.dtype == X.dtype
    assert set(numpy.unique(made[:, 1])) <= {0, 1}


def test_arrays_of_text_and_objects() -> None:
    X = numpy.array([["yes", "no", "none"][at % 3] for at in range(ROWS)]).reshape(-1, 1)
    assert set(SingleTable().fit(X).sample().ravel()) <= {"yes", "no", "none"}
    mixed = numpy.empty((ROWS, 2), dtype=object)
    mixed[:, 0] = X.ravel()
    mixed[:, 1] = [None if at % 4 == 0 else at % 3 for at in range(ROWS)]
    made = SingleTable().fit(mixed).sample()
    assert made.dtype == object
    assert set(made[:, 1]) <= {None, 0, 1, 2}


def test_missing_numbers_stay_missing() -> None:
    X = numpy.where(numpy.arange(ROWS) % 4 == 0, numpy.nan, numpy.arange(ROWS) % 9)
    made = SingleTable().fit(X.reshape(-1, 1)).sample()
    assert 0.1 < numpy.isnan(made).mean() < 0.4


def test_a_reader_without_a_shape_comes_as_a_table() -> None:
    class Stream:
        def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
            return people().__arrow_c_stream__(requested_schema)

    estimator = SingleTable().fit(Stream())
    assert isinstance(estimator.sample(5), pyarrow.Table)
    assert estimator.n_features_in_ == 5


def test_a_relation_of_duckdb_comes_as_a_table() -> None:
    X = duckdb.sql("SELECT range % 7 AS age, range % 2 = 0 AS member FROM range(240)")
    made = SingleTable().fit(X).sample(5)
    assert isinstance(made, pyarrow.Table)
    assert made.column_names == ["age", "member"]


def test_values_that_cannot_have_their_type_again_are_told() -> None:
    X = people().with_columns(polars.duration(hours="age").alias("worked"))
    with pytest.raises(prodlike.ProdlikeError) as caught:
        SingleTable().fit(X).sample(5)
    assert caught.value.causes[0].startswith("InvalidOperationError: ")
    assert caught.value.hint == "Give `fit` columns of another type, or exclude them in `schema`"


def test_sizes_and_seeds_that_are_none_are_told() -> None:
    estimator = SingleTable().fit(people())
    with pytest.raises(prodlike.ProdlikeError, match="rows of table 'data' cannot be -1"):
        estimator.sample(-1)
    with pytest.raises(prodlike.ProdlikeError, match="seed cannot be -1"):
        estimator.sample(5, seed=-1)
    with pytest.raises(prodlike.ProdlikeError, match="threads cannot be -1"):
        SingleTable(threads=-1).fit(people())


def test_seed_and_size() -> None:
    estimator = SingleTable(seed=7).fit(people())
    assert len(estimator.sample()) == ROWS
    assert estimator.sample(9).equals(estimator.sample(9, seed=7))
    assert not estimator.sample(9).equals(estimator.sample(9, seed=8))
    assert len(estimator.sample(0)) == 0


def test_one_thread_or_more_make_the_same() -> None:
    one, more = (SingleTable(threads=threads).fit(people()) for threads in (1, 2))
    assert one.model_ == more.model_
    assert one.sample().equals(more.sample())


def test_it_is_what_the_package_makes() -> None:
    X = people()
    made = prodlike.fit({"data": X}).generate(seed=3)["data"].to_polars()
    assert SingleTable(seed=3).fit(X).sample().equals(made.cast(X.schema))


def test_names_of_columns() -> None:
    estimator = SingleTable().fit(people())
    assert list(estimator.feature_names_in_) == people().columns
    estimator.fit(numpy.zeros((ROWS, 2)))
    assert estimator.n_features_in_ == 2
    assert not hasattr(estimator, "feature_names_in_")


@pytest.mark.parametrize("convert", ["to_pandas", "to_arrow", "clone"])
def test_the_schema_overrules_what_is_proposed(convert: str) -> None:
    schema = {"age": {"semantic": "categorical"}, "country": {"exclude": True}}
    estimator = SingleTable(schema=schema).fit(getattr(people(), convert)())
    assert estimator.schema_["data"]["age"].semantic == "categorical"
    made = polars.DataFrame(estimator.sample())
    assert made.columns == ["age", "income", "member", "since"]
    assert set(made["age"]) <= set(people()["age"])


def test_a_wrong_name_in_the_schema_has_a_hint() -> None:
    with pytest.raises(prodlike.UnknownNameError, match="Did you mean 'age'"):
        SingleTable(schema={"agee": {"semantic": "categorical"}}).fit(people())


def test_a_schema_without_keys_has_a_hint() -> None:
    schema: Any = {"age": "categorical"}
    with pytest.raises(prodlike.SchemaError, match="is 'categorical', and no keys\nhint: Write a"):
        SingleTable(schema=schema).fit(people())


def test_parameters_copies_and_pickles() -> None:
    estimator = SingleTable(schema={"age": {"semantic": "categorical"}}, seed=7, threads=1)
    assert estimator.get_params() == {
        "schema": {"age": {"semantic": "categorical"}},
        "seed": 7,
        "threads": 1,
    }
    fitted = clone(estimator).set_params(seed=8).fit(people())
    again = pickle.loads(pickle.dumps(fitted))
    assert again.sample().equals(fitted.sample())
    assert again.schema_.text == fitted.schema_.text
    with pytest.raises(NotFittedError):
        clone(fitted).sample()


def test_the_end_of_a_pipeline() -> None:
    assert make_pipeline(SingleTable()).fit(people())[-1].sample(3).shape == (3, 5)


@pytest.mark.parametrize(
    "X",
    [
        numpy.array([[1.0, numpy.inf]] * 20),
        numpy.array([[1 + 1j]] * 20),
        numpy.zeros(20),
        polars.Series([1, 2, 3]),
        pandas.Series([1, 2, 3]),
        "people.csv",
        None,
    ],
)
def test_what_is_no_table_is_refused(X: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        SingleTable().fit(X)


@pytest.mark.parametrize("missing", ["sklearn", "numpy"])
def test_without_scikit_learn_the_import_says_what_to_install(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; import prodlike.sklearn"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'prodlike[sklearn]'" in done.stderr


def test_a_missing_library_of_frames_is_no_frame_and_pyarrow_has_a_hint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert SingleTable().fit(people()).sample(5).shape == (5, 5)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(prodlike.ProdlikeError, match="`pyarrow` .*\nCaused by: .*\nhint: Install"):
        SingleTable().fit(numpy.zeros((ROWS, 2)))
