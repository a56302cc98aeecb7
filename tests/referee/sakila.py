"""Reads Sakila's dump for PostgreSQL into tables, and declares its keys.

The dump is `COPY table (columns) FROM stdin;`, rows of text between tabs, `\\N` for NULL, `\\.` at
the end. Types are those that all values of a column have: whole numbers, numbers, times, truth
values, text. Left out: `film.special_features` (an array), `film.fulltext` (a tsvector),
`staff.picture` (bytes). The partitions of `payment` are one table.
"""

import gzip
import re

import pandas as pd

LEFT_OUT = {"film": ["special_features", "fulltext"], "staff": ["picture"]}
# Child, key, parent. Store and staff refer to each other: `store.manager_staff_id` is cut.
REFERENCES = [
    ("city", "country_id", "country"), ("address", "city_id", "city"), ("store", "address_id", "address"),
    ("staff", "address_id", "address"), ("staff", "store_id", "store"),
    ("customer", "address_id", "address"), ("customer", "store_id", "store"),
    ("film", "language_id", "language"),
    ("film_actor", "film_id", "film"), ("film_actor", "actor_id", "actor"),
    ("film_category", "film_id", "film"), ("film_category", "category_id", "category"),
    ("inventory", "film_id", "film"), ("inventory", "store_id", "store"),
    ("rental", "customer_id", "customer"), ("rental", "inventory_id", "inventory"), ("rental", "staff_id", "staff"),
    ("payment", "rental_id", "rental"), ("payment", "customer_id", "customer"), ("payment", "staff_id", "staff"),
]


def declared():
    """Returns the relationships as the manifest has them."""
    return "\n" + "\n".join(
        f'[[relationships]]\nparent_table = "{parent}"\nparent_key = ["{parent}_id"]\n'
        f'child_table = "{child}"\nchild_key = ["{key}"]\n'
        for child, key, parent in REFERENCES
    )


# What was inferred of relationships gives way to what PostgreSQL's schema declares. Customers are
# the entities: with the two members of staff as entities besides, no value of a rental or payment
# has ten of them behind it.
EDITS = [
    (re.compile(r"^entities = \[.*\]$", re.M), 'entities = ["customer"]'),
    (re.compile(r"(\n#[^\n]*)*\n\[\[relationships\]\].*", re.S), declared()),
]


def tables(dump):
    """Returns the tables of the dump."""
    parts = {}
    with gzip.open(dump, "rt", encoding="utf-8") as lines:
        for line in lines:
            head = re.match(r"COPY (?:public\.)?(\w+) \((.*)\) FROM stdin;", line)
            if not head:
                continue
            names = [name.strip(' "') for name in head[2].split(",")]
            rows = []
            for row in lines:
                if row.startswith("\\."):
                    break
                rows.append([None if cell == "\\N" else cell for cell in row.rstrip("\n").split("\t")])
            table = "payment" if head[1].startswith("payment") else head[1]
            if rows:
                parts.setdefault(table, []).append(pd.DataFrame(rows, columns=names, dtype=object))
    out = {}
    for table, frames in parts.items():
        frame = pd.concat(frames, ignore_index=True).drop(columns=LEFT_OUT.get(table, []))
        out[table] = pd.DataFrame({name: typed(frame[name]) for name in frame.columns})
    return out


def typed(column):
    """Returns a column of text as what all of its values are."""
    present = column.dropna()
    if present.empty:
        return column.astype("string")
    if present.isin(["t", "f"]).all():
        return column.map({"t": True, "f": False}).astype("boolean")
    if present.str.fullmatch(r"-?(0|[1-9]\d*)").all():
        return pd.to_numeric(column).astype("Int64")
    if present.str.fullmatch(r"-?\d+\.\d+").all():
        return pd.to_numeric(column)
    if present.str.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d+)?)?").all():
        return pd.to_datetime(column, format="ISO8601").astype("datetime64[us]")
    return column
