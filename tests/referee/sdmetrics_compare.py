"""Compares a report of prodlike with SDMetrics over the same tables.

    python tests/referee/sdmetrics_compare.py REAL SYNTHETIC SCHEMA.json REPORT.json [--tolerance 1e-6]

REAL and SYNTHETIC are directories of CSV or Parquet tables; `referee.py` says what SCHEMA.json
holds. Exits 1 and names every score that differs.
"""

import argparse
import sys

import referee


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("real", "synthetic", "schema", "report"):
        parser.add_argument(name)
    parser.add_argument("--tolerance", type=float, default=1e-6)
    args = parser.parse_args()
    schema = referee.read_json(args.schema)
    real = referee.load(args.real, schema)
    synthetic = referee.load(args.synthetic, schema, synthetic=True)
    expected = referee.score(real, synthetic, schema)
    found = referee.differences(expected, referee.read_json(args.report), args.tolerance)
    if found:
        print("\n".join(found))
        sys.exit(1)
    count = sum(len(prop["details"]) for prop in expected["properties"])
    print(f"{count} scores are SDMetrics' to {args.tolerance:g}")


if __name__ == "__main__":
    main()
