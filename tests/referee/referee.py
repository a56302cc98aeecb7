"""SDMetrics' scores of two datasets, in the form of our report.

The reports of SDMetrics are run as they are, with four differences:

- no sampling: SDMetrics would draw 50,000 rows without a seed before it compares contingencies;
- relationships it cannot take (composite keys, self references) become datasets of two
  tables of their own, the key a single column, and go through the same property classes;
- alternate keys it passes over go through its own `KeyUniqueness`;
- so do those that real rows lack, over the rows that have them, as SQL's UNIQUE has it.

A dataset is a directory of `<table>.csv` or `<table>.parquet`. A schema is a JSON object:

    {"tables": {"<table>": {"primary_key": ["<column>"], "unique": [["<column>"]],
                            "columns": {"<column>": {"type": "<DuckDB type>",
                                                     "semantic": "<semantic type>",
                                                     "generator": "<name>"}}}},
     "relationships": [{"parent_table": "", "parent_key": [""],
                        "child_table": "", "child_key": [""]}]}

`primary_key`, `unique`, `generator` and `relationships` may be left out. `synthetic_type`
beside `type` is the type on the synthetic side of a CSV dataset, if it differs.
"""

import json
import math
import warnings
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from sdmetrics.reports import DiagnosticReport, QualityReport
from sdmetrics.reports.multi_table._properties import Cardinality, InterTableTrends, RelationshipValidity, Structure
from sdmetrics.reports.single_table._properties import base, column_pair_trends
from sdmetrics.single_column import KeyUniqueness

# What the reports' own setting does not reach: every table's property takes this default.
base.DEFAULT_NUM_ROWS_SUBSAMPLE = None

MEASURED = {
    "numerical": "numerical",
    "datetime": "datetime",
    "categorical": "categorical",
    "country": "categorical",
    "boolean": "boolean",
}
ARROW = {
    "BOOLEAN": pa.bool_(),
    "TINYINT": pa.int8(),
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "UTINYINT": pa.uint8(),
    "USMALLINT": pa.uint16(),
    "UINTEGER": pa.uint32(),
    "FLOAT": pa.float32(),
    "DOUBLE": pa.float64(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "TIMESTAMP_S": pa.timestamp("s"),
    "TIMESTAMP_MS": pa.timestamp("ms"),
    "TIMESTAMP_NS": pa.timestamp("ns"),
}
METRICS = {"KSComplement": "KsComplement", "TVComplement": "TvComplement"}
RELATIONAL = {
    "Relationship Validity": RelationshipValidity,
    "Cardinality": Cardinality,
    "Intertable Trends": InterTableTrends,
}


def arrow_type(name):
    if name.startswith("DECIMAL("):
        return pa.decimal128(*map(int, name[8:-1].split(",")))
    return ARROW[name]


def load(directory, schema, synthetic=False):
    """Reads the tables of a dataset as Arrow tables."""
    tables = {}
    for name, table in schema["tables"].items():
        parquet = sorted(Path(directory).glob(f"{name}.parquet")) or sorted(Path(directory, name).glob("*.parquet"))
        if parquet:
            tables[name] = pa.concat_tables([pa.parquet.read_table(path) for path in parquet])
            tables[name] = tables[name].select([c for c in table["columns"] if c in tables[name].column_names])
            continue
        csvs = sorted(Path(directory).glob(f"{name}.csv")) or sorted(Path(directory, name).glob("*.csv"))
        if not csvs:
            raise SystemExit(f"`{directory}` has no table `{name}`")
        types = {
            column: arrow_type(spec.get("synthetic_type", spec["type"]) if synthetic else spec["type"])
            for column, spec in table["columns"].items()
        }
        options = pa.csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""])
        tables[name] = pa.concat_tables([pa.csv.read_csv(path, convert_options=options) for path in csvs])
    return tables


def to_pandas(table):
    """Converts by value: pandas' own types, NULL as pandas has it."""
    frame = {}
    for name in table.column_names:
        column = table[name]
        kind = column.type
        if pa.types.is_decimal(kind):
            column = column.cast(pa.float64())
        if pa.types.is_float32(kind):
            column = column.cast(pa.float64())
        if pa.types.is_temporal(kind):
            column = column.cast(pa.timestamp("ns"))
        series = column.to_pandas()
        if pa.types.is_integer(kind) and column.null_count > 0:
            series = series.astype("float64")
        frame[name] = series
    return pd.DataFrame(frame)


def sdtypes(name, table, relationships):
    keys = set(table.get("primary_key", []))
    for relationship in relationships:
        if relationship["child_table"] == name:
            keys.update(relationship["child_key"])
    types = {}
    for column, spec in table["columns"].items():
        if column in keys or spec["semantic"] == "id":
            types[column] = "id"
        elif "generator" in spec or spec["semantic"] not in MEASURED:
            types[column] = "unknown"
        else:
            types[column] = MEASURED[spec["semantic"]]
    return types


def score(real, synthetic, schema):
    """Returns properties and details as our report has them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _score(real, synthetic, schema)


def _score(real_arrow, synthetic_arrow, schema):
    real = {name: to_pandas(table) for name, table in real_arrow.items()}
    synthetic = {name: to_pandas(table) for name, table in synthetic_arrow.items()}
    relationships = schema.get("relationships", [])
    metadata = {"tables": {}, "relationships": []}
    extra_keys = []
    for name, table in schema["tables"].items():
        types = sdtypes(name, table, relationships)
        meta = {"columns": {column: {"sdtype": sdtype} for column, sdtype in types.items()}}
        primary = table.get("primary_key", [])
        if primary:
            meta["primary_key"] = primary if len(primary) > 1 else primary[0]
        for key in table.get("unique", []):
            optional = real[name][key].isna().any(axis=None)
            if not optional and len(key) == 1 and types[key[0]] in ("id", "unknown") and key != primary:
                meta.setdefault("alternate_keys", []).append(key[0])
            elif key != primary:
                extra_keys.append((name, key))
        metadata["tables"][name] = meta
    special = []
    for relationship in relationships:
        if len(relationship["child_key"]) > 1 or relationship["parent_table"] == relationship["child_table"]:
            special.append(relationship)
        else:
            metadata["relationships"].append({
                "parent_table_name": relationship["parent_table"],
                "parent_primary_key": relationship["parent_key"][0],
                "child_table_name": relationship["child_table"],
                "child_foreign_key": relationship["child_key"][0],
            })

    details, scores = {}, {}
    for report in (DiagnosticReport(), QualityReport()):
        report.num_rows_subsample = None
        report.generate(real, synthetic, metadata, verbose=False)
        thresholds = {
            name: getattr(report, name, None) for name in ("real_correlation_threshold", "real_association_threshold")
        }
        for name, prop in report._properties.items():
            if name == "Constraint Validity":
                continue
            if name == "Data Structure":
                # Arrow's types, not those that pandas makes of a column with NULLs in it.
                prop = Structure()
                prop.get_score(empty(real_arrow), empty(synthetic_arrow), metadata)
            frames = [prop.details] if len(prop.details) else []
            if name == "Data Validity":
                for table, key in extra_keys:
                    sides = real[table][key], synthetic[table][key]
                    if sides[0].isna().any(axis=None):
                        sides = [side.dropna() for side in sides]
                    value = KeyUniqueness.compute(*sides)
                    frames.append(pd.DataFrame({
                        "Table": [table], "Column": [key], "Metric": ["KeyUniqueness"], "Score": [value],
                    }))
            if name in RELATIONAL:
                for relationship in special:
                    frames.append(apart(RELATIONAL[name], real, synthetic, metadata, relationship, thresholds))
            if frames:
                prop.details = pd.concat(frames, ignore_index=True)
            scores[name] = prop._compute_average() if len(prop.details) else math.nan
            details[name] = to_details(name, prop.details)
    return {
        "properties": [
            {"name": name, "score": number(scores[name]), "details": details[name]} for name in scores
        ]
    }


def empty(tables):
    """Returns frames without rows whose types are Arrow's."""
    types = {pa.large_string(): pa.string(), pa.string_view(): pa.string()}
    return {
        name: pd.DataFrame({
            field.name: pd.Series([], dtype=pd.ArrowDtype(types.get(field.type, field.type))) for field in table.schema
        })
        for name, table in tables.items()
    }


def apart(kind, real, synthetic, metadata, relationship, thresholds):
    """Scores one relationship in a dataset of two tables, its key a single column."""
    parent, child = relationship["parent_table"], relationship["child_table"]
    # A self reference refers to a copy.
    alias = f"{parent} (parent)" if parent == child else parent

    def key(frame, columns):
        rows = frame[columns].astype(object).where(frame[columns].notna(), None)
        return pd.Series(
            [None if None in row else "\x1f".join(plain(cell) for cell in row) for row in rows.itertuples(index=False)],
            index=frame.index, dtype=object,
        )

    def pair(tables):
        with_key = tables[parent].copy(), tables[child].copy()
        with_key[0]["(key)"] = key(tables[parent], relationship["parent_key"])
        with_key[1]["(key)"] = key(tables[child], relationship["child_key"])
        return {alias: with_key[0], child: with_key[1]}

    def meta(table):
        columns = metadata["tables"][table]["columns"]
        return {"columns": {**columns, "(key)": {"sdtype": "id"}}, "primary_key": "(key)"}

    mini = {
        "tables": {alias: meta(parent), child: meta(child)},
        "relationships": [{
            "parent_table_name": alias, "parent_primary_key": "(key)",
            "child_table_name": child, "child_foreign_key": "(key)",
        }],
    }
    prop = kind()
    for name, value in thresholds.items():
        if value is not None and hasattr(prop, name):
            setattr(prop, name, value)
    prop.get_score(pair(real), pair(synthetic), mini)
    prop.details["Parent Table"] = parent
    prop.details["Foreign Key"] = [relationship["child_key"]] * len(prop.details)
    return prop.details


def plain(cell):
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def number(value):
    return None if value is None or pd.isna(value) else float(value)


def to_details(name, frame):
    details = []
    for row in frame.to_dict("records"):
        if "Column 1" in row:
            columns = [row["Column 1"], row["Column 2"]]
        elif "Column" in row:
            columns = row["Column"] if isinstance(row["Column"], list) else [row["Column"]]
        elif "Foreign Key" in row:
            columns = row["Foreign Key"] if isinstance(row["Foreign Key"], list) else [row["Foreign Key"]]
        else:
            columns = []
        real = number(row.get("Real Correlation"))
        if real is None:
            real = number(row.get("Real Association"))
        details.append({
            "table": row["Child Table"] if "Child Table" in row else row["Table"],
            "parent_table": row.get("Parent Table"),
            "columns": columns,
            "metric": METRICS.get(row["Metric"], row["Metric"]),
            "score": number(row["Score"]),
            "real": real,
            "synthetic": number(row.get("Synthetic Correlation")),
        })
    return details


def differences(expected, actual, tolerance):
    """Returns a sentence for everything in which two reports differ."""

    def close(left, right):
        if left is None or right is None:
            return left is None and right is None
        return abs(left - right) <= tolerance

    def identify(detail, seen):
        key = (detail["table"], detail.get("parent_table"), tuple(detail["columns"]), detail["metric"])
        # Two foreign keys between the same tables have pairs of the same name, in order.
        seen[key] = seen.get(key, 0) + 1
        return (*key, seen[key])

    found = []
    # `report.json` has stable names: `column_pair_trends`.
    actual_by_name = {prop["name"].replace("_", " ").title(): prop for prop in actual["properties"]}
    for prop in expected["properties"]:
        name = prop["name"]
        other = actual_by_name.get(name, {"score": None, "details": []})
        seen_left, seen_right = {}, {}
        left = {identify(detail, seen_left): detail for detail in prop["details"]}
        right = {identify(detail, seen_right): detail for detail in other["details"]}
        for key in {**left, **right}:
            label = f"{name}: {key[3]} of {key[0]}"
            label += f" -> {key[1]}" if key[1] else ""
            label += f" ({', '.join(key[2])})" if key[2] else ""
            if key not in right or key not in left:
                found.append(f"{label}: {'missing' if key in left else 'unexpected'}")
                continue
            for field in ("score", "real", "synthetic"):
                expect, got = left[key].get(field), right[key].get(field)
                if not close(expect, got):
                    note = right[key].get("note")
                    found.append(f"{label}: {field} is {got}, SDMetrics has {expect}" + (f" ({note})" if note else ""))
        if not close(prop["score"], other["score"]):
            found.append(f"{name}: score is {other['score']}, SDMetrics has {prop['score']}")
    return found


def read_json(path):
    return json.loads(Path(path).read_text())
