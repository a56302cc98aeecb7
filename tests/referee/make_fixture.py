"""Writes the made-up dataset that our metrics and SDMetrics' are compared on.

    python tests/referee/make_fixture.py

Everything is invented and drawn from a fixed seed. The synthetic side differs on purpose:
shifted distributions, unknown categories, numbers out of bounds, repeated keys, orphans,
NULLs where the real data has none, and a column of another type.
"""

import csv
import json
import random
from datetime import date, datetime, timedelta
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "host/frame/tests/fixtures"


def column(data_type, semantic, **more):
    return {"type": data_type, "semantic": semantic, **more}


SCHEMA = {
    "tables": {
        "region": {
            "primary_key": ["code"],
            "columns": {
                "code": column("VARCHAR", "id"),
                "climate": column("VARCHAR", "categorical"),
                "area": column("DOUBLE", "numerical"),
            },
        },
        "customer": {
            "primary_key": ["id"],
            "unique": [["email"], ["number"]],
            "columns": {
                "id": column("BIGINT", "id"),
                "region_code": column("VARCHAR", "categorical"),
                "referrer_id": column("BIGINT", "id"),
                "name": column("VARCHAR", "full_name", generator="full_name"),
                "email": column("VARCHAR", "email", generator="email"),
                "number": column("INTEGER", "numerical"),
                "age": column("SMALLINT", "numerical"),
                "income": column("DOUBLE", "numerical"),
                "tier": column("VARCHAR", "categorical"),
                "active": column("BOOLEAN", "boolean"),
                "country": column("VARCHAR", "country"),
                "joined": column("DATE", "datetime"),
                "left": column("DATE", "datetime"),
                "rating": column("TINYINT", "categorical"),
                "constant": column("INTEGER", "numerical"),
                "unknown": column("DOUBLE", "numerical"),
                "remark": column("VARCHAR", "text", generator="text"),
            },
        },
        "order": {
            "primary_key": ["id"],
            "unique": [["customer_id", "placed"]],
            "columns": {
                "id": column("INTEGER", "id"),
                "customer_id": column("BIGINT", "id"),
                "reviewer_id": column("BIGINT", "id"),
                "placed": column("TIMESTAMP", "datetime"),
                "shipped": column("TIMESTAMP_S", "datetime"),
                "total": column("DECIMAL(10,2)", "numerical"),
                "items": column("INTEGER", "numerical", synthetic_type="BIGINT"),
                "channel": column("VARCHAR", "categorical"),
                "gift": column("BOOLEAN", "boolean"),
            },
        },
        "order_line": {
            "primary_key": ["order_id", "line"],
            "columns": {
                "order_id": column("INTEGER", "id"),
                "line": column("TINYINT", "numerical"),
                "quantity": column("UTINYINT", "numerical"),
                "price": column("DOUBLE", "numerical"),
                "kind": column("VARCHAR", "categorical"),
            },
        },
        "parcel": {
            "primary_key": ["id"],
            "columns": {
                "id": column("INTEGER", "id"),
                "order_id": column("INTEGER", "id"),
                "line": column("TINYINT", "id"),
                "weight": column("DOUBLE", "numerical"),
                "fragile": column("BOOLEAN", "boolean"),
            },
        },
        "nothing": {
            "primary_key": ["id"],
            "columns": {
                "id": column("INTEGER", "id"),
                "order_id": column("INTEGER", "id"),
                "amount": column("DOUBLE", "numerical"),
                "sum": column("DOUBLE", "numerical"),
                "colour": column("VARCHAR", "categorical"),
            },
        },
        "one": {
            "columns": {
                "amount": column("DOUBLE", "numerical"),
                "sum": column("BIGINT", "numerical"),
                "colour": column("VARCHAR", "categorical"),
                "size": column("VARCHAR", "categorical"),
            },
        },
    },
    "relationships": [
        {"parent_table": "region", "parent_key": ["code"], "child_table": "customer", "child_key": ["region_code"]},
        {"parent_table": "customer", "parent_key": ["id"], "child_table": "customer", "child_key": ["referrer_id"]},
        {"parent_table": "customer", "parent_key": ["id"], "child_table": "order", "child_key": ["customer_id"]},
        {"parent_table": "customer", "parent_key": ["id"], "child_table": "order", "child_key": ["reviewer_id"]},
        {"parent_table": "order", "parent_key": ["id"], "child_table": "order_line", "child_key": ["order_id"]},
        {
            "parent_table": "order_line", "parent_key": ["order_id", "line"],
            "child_table": "parcel", "child_key": ["order_id", "line"],
        },
        {"parent_table": "order", "parent_key": ["id"], "child_table": "nothing", "child_key": ["order_id"]},
    ],
}


def side(seed, synthetic):
    """Draws the tables of one side; probabilities differ between the two."""
    rng = random.Random(seed)

    def maybe(value, null):
        return None if rng.random() < null else value

    tables = {name: [] for name in SCHEMA["tables"]}
    codes = ["N", "E", "S", "W", "C", "Æ"]
    for idx, code in enumerate(codes):
        area = 100.0 * (idx + 1) + (rng.uniform(-80, 80) if synthetic else 0)
        climate = ["cold", "mild", "hot"][idx // 2]
        tables["region"].append([code, climate, round(area, 3)])

    customers = 110 if synthetic else 120
    for key in range(1, customers + 1):
        region = rng.choices(codes, [6, 5, 4, 3, 2, 1] if synthetic else [1, 2, 3, 4, 5, 6])[0]
        age = min(max(round(rng.gauss(48 if synthetic else 42, 14)), 18), 95 if synthetic else 80)
        income = age * 900 + codes.index(region) * 4000 + rng.gauss(0, 12000 if synthetic else 6000)
        tier = "gold" if income > 60000 else "silver" if income > 40000 else "bronze"
        if rng.random() < (0.25 if synthetic else 0.1):
            tier = rng.choice(["gold", "silver", "bronze", "tin"] if synthetic else ["gold", "silver", "bronze"])
        joined = date(2015, 1, 1) + timedelta(days=rng.randrange(3000)) - timedelta(days=300 * synthetic)
        left = joined + timedelta(days=rng.randrange(30, 400))
        tables["customer"].append([
            key if not (synthetic and key % 40 == 0) else key - 1,
            maybe(region, 0.05),
            maybe(rng.randrange(1, key), 0.3) if key > 1 else None,
            f"Person {key}",
            maybe(f"p{key if not (synthetic and key % 17 == 0) else 1}@example.com", 0.05),
            key * 7 % 1000 if not (synthetic and key % 23 == 0) else 7,
            maybe(age, 0.08),
            maybe(round(income, 2), 0.1),
            maybe(tier, 0.07),
            maybe(income > 50000 if rng.random() < 0.9 else rng.random() < 0.5, 0.1),
            rng.choice(["Chile", "Kenya", "Norway"] + (["Atlantis"] if synthetic else [])),
            joined.isoformat(),
            maybe(left.isoformat(), 0.4),
            maybe(rng.choice([1, 2, 3, 4, 5]) if region != "N" else 1, 0.1),
            5,
            None,
            maybe("some words, and a comma", 0.5),
        ])

    orders = 160 if synthetic else 150
    starts = {}
    for key in range(1, orders + 1):
        customer = rng.randrange(1, customers + 1) if rng.random() < 0.5 else 1 + int(rng.expovariate(0.1)) % customers
        if synthetic and key % 20 == 0:
            customer = 900 + key
        placed = datetime(2023, 1, 1) + timedelta(seconds=rng.randrange(40_000_000), microseconds=rng.randrange(10**6))
        shipped = placed.replace(microsecond=0) + timedelta(hours=rng.randrange(2, 3000 if synthetic else 500))
        items = rng.choices([1, 2, 3, 4], [2, 2, 1, 1] if synthetic else [4, 3, 2, 1])[0]
        total = items * rng.uniform(5, 25 if synthetic else 15)
        channel = rng.choices(["web", "shop", "phone"], [6, 1, 1] if items < 3 else [1, 4, 2])[0]
        starts[key] = items
        tables["order"].append([
            key,
            None if synthetic and key % 33 == 0 else customer,
            maybe(rng.randrange(1, customers + 1), 0.4),
            placed.isoformat(),
            maybe(shipped.isoformat(), 0.15),
            f"{total:.2f}",
            items,
            maybe(channel, 0.0 if not synthetic else 0.05),
            items > 2 if rng.random() < 0.85 else rng.random() < 0.5,
        ])
        for line in range(1, items + 1):
            price = total / items * rng.uniform(0.8, 1.2)
            tables["order_line"].append([
                key if not (synthetic and key % 50 == 0) else orders + key,
                line if not (synthetic and key % 29 == 0) else 1,
                rng.randrange(1, 6) + (250 if synthetic and key % 60 == 0 else 0),
                round(price, 4),
                maybe("big" if price > 11 else "small", 0.1),
            ])
            if rng.random() < 0.5:
                keyed = rng.random()
                tables["parcel"].append([
                    len(tables["parcel"]) + 1,
                    None if keyed < 0.1 else key,
                    None if 0.05 < keyed < 0.15 else (line + 5 if synthetic and key % 15 == 0 else line),
                    round(price * rng.uniform(0.5, 0.7), 3),
                    maybe(price > 11, 0.1),
                ])
    tables["one"].append([1.5 + synthetic, 3, "red", None if synthetic else "L"])
    return tables


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "schema.json").write_text(json.dumps(SCHEMA, indent=1) + "\n")
    for name, seed in [("real", 1), ("synthetic", 2)]:
        for table, rows in side(seed, name == "synthetic").items():
            path = OUT / name / f"{table}.csv"
            path.parent.mkdir(exist_ok=True)
            with path.open("w", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(SCHEMA["tables"][table]["columns"])
                writer.writerows([str(cell).lower() if isinstance(cell, bool) else cell for cell in row] for row in rows)


if __name__ == "__main__":
    main()
