"""Handing over to the benchmarks of others."""

from __future__ import annotations

import datetime
import pickle
import subprocess
import sys
import warnings
from decimal import Decimal
from typing import Any

import numpy
import pandas
import polars
import prodlike
import pytest
from prodlike.benchmarks import SynthcityPlugin, sdmetrics_metadata, sdmetrics_tables

DAY = datetime.date(2024, 1, 1)


@pytest.fixture(scope="module")
def real() -> dict[str, polars.DataFrame]:
    users = polars.DataFrame(
        {
            "id": range(200),
            "email": [f"user{at}@example.org" for at in range(200)],
            "country": ["DE", "FR", "IT", "DE"] * 50,
            "since": [DAY + datetime.timedelta(days=at % 90) for at in range(200)],
        }
    )
    orders = polars.DataFrame(
        {
            "id": range(600),
            "user_id": [at * 7 % 200 for at in range(600)],
            "amount": [Decimal(at * 37 % 900) / 100 for at in range(600)],
            "paid": [at % 3 > 0 for at in range(600)],
        },
        schema_overrides={"amount": polars.Decimal(10, 2)},
    )
    return {"users": users, "orders": orders}


@pytest.fixture(scope="module")
def schema(real: dict[str, polars.DataFrame]) -> prodlike.Schema:
    proposed = prodlike.connect(real).inspect()
    if not proposed.relationships:
        proposed.relate("orders", "user_id", "users", "id")
    return proposed


def test_metadata(schema: prodlike.Schema) -> None:
    assert sdmetrics_metadata(schema) == {
        "METADATA_SPEC_VERSION": "V1",
        "tables": {
            "users": {
                "primary_key": "id",
                "columns": {
                    "id": {"sdtype": "id"},
                    "email": {"sdtype": "email", "pii": True},
                    "country": {"sdtype": "categorical"},
                    "since": {"sdtype": "datetime"},
                },
            },
            "orders": {
                "primary_key": "id",
                "columns": {
                    "id": {"sdtype": "id"},
                    "user_id": {"sdtype": "id"},
                    "amount": {"sdtype": "numerical"},
                    "paid": {"sdtype": "boolean"},
                },
            },
        },
        "relationships": [
            {
                "parent_table_name": "users",
                "parent_primary_key": "id",
                "child_table_name": "orders",
                "child_foreign_key": "user_id",
            }
        ],
    }


def test_what_is_excluded_is_left_out(real: dict[str, polars.DataFrame]) -> None:
    schema = prodlike.connect(real).inspect(infer=False)
    schema["users"]["country"].exclude = True
    schema["orders"].mode = "exclude"
    metadata = sdmetrics_metadata(schema)
    assert list(metadata["tables"]) == ["users"]
    assert "country" not in metadata["tables"]["users"]["columns"]
    assert metadata["relationships"] == []
    tables = sdmetrics_tables(real, schema)
    assert list(tables) == ["users"]
    assert "country" not in tables["users"].columns


def test_keys_of_excluded_columns_are_left_out(schema: prodlike.Schema) -> None:
    reference, key = (pickle.loads(pickle.dumps(schema)) for _ in range(2))
    reference["orders"]["user_id"].exclude = True
    key["users"]["id"].exclude = True
    for changed in (reference, key):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert sdmetrics_metadata(changed)["relationships"] == []
    assert sdmetrics_metadata(reference)["tables"]["users"]["primary_key"] == "id"
    assert "primary_key" not in sdmetrics_metadata(key)["tables"]["users"]


def test_what_cannot_be_said_is_left_out_with_a_warning() -> None:
    people = polars.DataFrame({"id": range(50), "boss": [at // 7 for at in range(50)]})
    schema = prodlike.connect({"people": people}).inspect(infer=False)
    schema["people"].primary_key = ["id"]
    schema.relate("people", "boss", "people", "id")
    with pytest.warns(UserWarning, match=r"people\(boss\) -> people\(id\)"):
        metadata = sdmetrics_metadata(schema)
    assert metadata["relationships"] == []
    assert metadata["tables"]["people"]["columns"]["boss"] == {"sdtype": "id"}


def test_tables_are_numbers_and_times(
    real: dict[str, polars.DataFrame], schema: prodlike.Schema
) -> None:
    frames = sdmetrics_tables(real, schema)
    assert frames["orders"]["amount"].dtype == "float64"
    assert pandas.api.types.is_datetime64_any_dtype(frames["users"]["since"])
    with pytest.raises(prodlike.UnknownNameError, match="'orders'"):
        sdmetrics_tables({"users": real["users"]}, schema)
    with pytest.raises(prodlike.UnknownNameError, match="'country'"):
        sdmetrics_tables({**real, "users": real["users"].drop("country")}, schema)


def test_sdmetrics_takes_it_and_says_what_we_say(
    real: dict[str, polars.DataFrame], schema: prodlike.Schema
) -> None:
    reports = pytest.importorskip("sdmetrics.reports")
    data = prodlike.fit(real, schema).generate(seed=7)
    ours = prodlike.evaluate(real, data, schema)
    sides = sdmetrics_tables(real, schema), sdmetrics_tables(data, schema)
    metadata = sdmetrics_metadata(schema)
    measured = 0
    for report in (reports.QualityReport(), reports.DiagnosticReport()):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            report.generate(*sides, metadata, verbose=False)
        for name, score in report.get_properties().itertuples(index=False):
            if not numpy.isnan(score):
                assert ours.score(name.lower().replace(" ", "_")) == pytest.approx(score), name
                measured += 1
    assert measured >= 5


def test_nothing_is_imported_for_it() -> None:
    code = (
        "import sys, prodlike.benchmarks\n"
        "assert not {'sdmetrics', 'synthcity', 'pandas', 'sklearn'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


class Loader:
    """What a `DataLoader` of synthcity has that matters here."""

    def __init__(self, frame: pandas.DataFrame, target: str) -> None:
        self._frame = frame
        self.target = target

    def dataframe(self) -> pandas.DataFrame:
        return self._frame

    def decorate(self, data: pandas.DataFrame) -> Loader:
        return Loader(data, self.target)


def test_a_plugin_of_synthcity(real: dict[str, polars.DataFrame]) -> None:
    frame = real["orders"].select("user_id", "paid").to_pandas()
    assert SynthcityPlugin.fqdn() == "generic.prodlike"
    plugin = SynthcityPlugin(random_state=3, workspace="anywhere").fit(frame)
    first, second = plugin.generate(), plugin.generate()
    assert len(first) == len(frame)
    assert list(first.columns) == list(frame.columns)
    assert not first.equals(second)
    assert plugin.generate(random_state=3).equals(first)
    assert pickle.loads(pickle.dumps(plugin)).generate(random_state=4).equals(second)


def test_a_plugin_of_synthcity_with_a_loader(real: dict[str, polars.DataFrame]) -> None:
    loader = Loader(real["orders"].select("user_id", "paid").to_pandas(), "paid")
    made: Any = SynthcityPlugin().fit(loader).generate(count=20)
    assert isinstance(made, Loader)
    assert made.target == "paid"
    assert made.dataframe().shape == (20, 2)


def test_a_plugin_of_synthcity_makes_no_conditions(real: dict[str, polars.DataFrame]) -> None:
    plugin = SynthcityPlugin().fit(real["orders"].select("user_id", "paid").to_pandas())
    with pytest.raises(prodlike.ProdlikeError, match="constraints"):
        plugin.generate(count=20, constraints=object())
