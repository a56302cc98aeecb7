"""What the tests share: a small shop as frames, and a real database."""

import datetime
import os
from pathlib import Path

import polars
import pytest

import prodlike

ROOT = Path(__file__).resolve().parents[2]


def frames(n_users: int = 200) -> dict[str, polars.DataFrame]:
    """Return users and their orders, whose numbers are skewed and depend on the country."""
    countries = ["DE", "FR", "IT", "US"]
    users = polars.DataFrame(
        {
            "id": range(1, n_users + 1),
            "email": [f"user{i}@example.org" for i in range(n_users)],
            "country": [countries[i * i % 4] for i in range(n_users)],
            "born": [datetime.date(1950, 1, 1) + datetime.timedelta(97 * i) for i in range(n_users)],
        }
    )
    owners = [i for i in range(1, n_users + 1) for _ in range(i % 7)]
    orders = polars.DataFrame(
        {
            "id": range(1, len(owners) + 1),
            "user_id": owners,
            "total": [round(5.0 + (i * 37 % 1000) / 10, 2) for i in range(len(owners))],
            "paid": [i % 9 != 0 for i in range(len(owners))],
        }
    )
    return {"users": users, "orders": orders}


@pytest.fixture(scope="session")
def shop() -> dict[str, polars.DataFrame]:
    return frames()


@pytest.fixture(scope="session")
def source(shop) -> prodlike.Source:
    return prodlike.connect(shop)


@pytest.fixture(scope="session")
def schema(source) -> prodlike.Schema:
    return source.inspect()


@pytest.fixture(scope="session")
def model(source, schema) -> prodlike.Model:
    return prodlike.fit(source, schema)


@pytest.fixture(scope="session")
def chinook() -> Path:
    path = ROOT / "target/data/chinook.duckdb"
    assert path.exists(), "tests/setup/data.sh chinook makes it"
    return path


@pytest.fixture(scope="session")
def cli() -> str:
    path = os.environ.get("PRODLIKE_PROGRAM", str(ROOT / "target/release/prodlike"))
    assert Path(path).exists(), "make build builds it"
    return path
