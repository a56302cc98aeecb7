"""What is measured of a dataset: its tables, columns by kind, keys and relationships.

The manifest that `prodlike init` wrote is read as data, so that real and synthetic tables are
seen as the program declares them; a dataset overrules it where it is known better. A column is

- `numerical`, `datetime` or `categorical`: measured;
- `id`: a key, which stands for a row and has no values of its own to compare;
- `text`: filled by a generator, never learned, and so not compared.
"""

import tomllib
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

MEASURED = ("numerical", "datetime", "categorical")
KINDS = {
    "id": "id", "numerical": "numerical", "datetime": "datetime",
    "categorical": "categorical", "country": "categorical", "boolean": "categorical",
}
# Numbers of a generator that are values all the same (`latitude`) are not measured either.


@dataclass(frozen=True)
class Relationship:
    """A foreign key; `name` is how reports call it."""

    parent: str
    parent_key: tuple
    child: str
    child_key: tuple

    @property
    def name(self):
        return f"{self.parent} -> {self.child} ({', '.join(self.child_key)})"


@dataclass
class Schema:
    """Kinds of columns by table, primary keys and relationships."""

    columns: dict
    primary_key: dict
    relationships: list = field(default_factory=list)

    def measured(self, table):
        """Returns the columns of a table that are compared, with their kinds."""
        return {name: kind for name, kind in self.columns[table].items() if kind in MEASURED}


def from_manifest(text, overrides=None):
    """Reads a manifest; `overrides` maps `table.column` to a kind."""
    manifest = tomllib.loads(text)
    overrides = overrides or {}
    columns, primary_key = {}, {}
    for table, spec in manifest["tables"].items():
        if spec.get("mode") == "exclude":
            continue
        kinds = {}
        for column, about in spec["columns"].items():
            if about.get("exclude"):
                continue
            kind = "text" if "generator" in about else KINDS.get(about.get("semantic"), "text")
            kinds[column] = overrides.get(f"{table}.{column}", kind)
        columns[table] = kinds
        primary_key[table] = tuple(spec.get("primary_key", ()))
    relationships = [
        Relationship(item["parent_table"], tuple(item["parent_key"]), item["child_table"], tuple(item["child_key"]))
        for item in manifest.get("relationships", [])
        if item["parent_table"] in columns and item["child_table"] in columns
    ]
    # A key is a key on both of its ends, whatever its values mean: SDMetrics compares none.
    for item in relationships:
        for table, ends in ((item.parent, item.parent_key), (item.child, item.child_key)):
            for column in ends:
                if f"{table}.{column}" not in overrides and column in columns[table]:
                    columns[table][column] = "id"
    return Schema(columns, primary_key, relationships)


def as_kind(series, kind):
    """Converts a column to what its kind is measured as: float64, datetime64 or str/None."""
    if kind == "numerical":
        if series.dtype == object:
            series = series.map(lambda cell: None if cell is None else float(cell))
        return pd.to_numeric(series).astype("float64")
    if kind == "datetime":
        return pd.to_datetime(series).astype("datetime64[us]")
    present = series.notna()
    if series.dtype == object and pd.api.types.infer_dtype(series, skipna=True) == "string":
        return series.where(present, None)
    if pd.api.types.is_float_dtype(series.dtype):
        # 3.0 is the category 3: pandas has floats where an integer column has NULLs.
        whole = present & (series == np.floor(series.where(present, 0)))
        text = series.astype(object).where(~whole, series.where(whole, 0).astype("int64")).astype(str)
    else:
        text = series.astype(str)
    return text.astype(object).where(present, None)


def normalise(tables, schema):
    """Returns the tables with the schema's columns only, each as its kind."""
    out = {}
    for table, kinds in schema.columns.items():
        if table not in tables:
            raise SystemExit(f"error: a dataset has no table `{table}`, only {', '.join(sorted(tables))}")
        frame = tables[table]
        missing = [name for name in kinds if name not in frame.columns]
        if missing:
            raise SystemExit(f"error: table `{table}` has no column `{missing[0]}`")
        out[table] = pd.DataFrame({
            name: as_kind(frame[name], kind if kind in ("numerical", "datetime") else "categorical")
            for name, kind in kinds.items()
        }).reset_index(drop=True)
    return out


def key(frame, columns):
    """Returns the values of a key as one column of text; NULL where a part is NULL.

    Key columns may be numbers or times on one side of a comparison and not be measured; as text
    they are joined alike, because both ends of a key have one type.
    """
    parts = [as_kind(frame[name], "categorical") for name in columns]
    if len(parts) == 1:
        return parts[0]
    absent = np.logical_or.reduce([part.isna().to_numpy() for part in parts])
    joined = parts[0].astype(str)
    for part in parts[1:]:
        joined = joined + "\x1f" + part.astype(str)
    return joined.astype(object).where(~absent, None)
