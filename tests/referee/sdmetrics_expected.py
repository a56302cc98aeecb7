"""Writes the scores that SDMetrics gives the fixture of `host/frame`.

    python tests/referee/sdmetrics_expected.py [--check]

With `--check` nothing is written: the committed scores must be those of today, to 1e-9.
"""

import json
import sys
from pathlib import Path

import referee

FIXTURES = Path(__file__).resolve().parents[2] / "host/frame/tests/fixtures"


def main():
    schema = referee.read_json(FIXTURES / "schema.json")
    real = referee.load(FIXTURES / "real", schema)
    synthetic = referee.load(FIXTURES / "synthetic", schema, synthetic=True)
    scores = referee.score(real, synthetic, schema)
    path = FIXTURES / "expected.json"
    if "--check" not in sys.argv[1:]:
        properties = []
        for prop in scores["properties"]:
            # One detail a line: a changed score is a changed line.
            details = ",\n".join("   " + json.dumps(detail) for detail in prop["details"])
            head = f'  {{"name": {json.dumps(prop["name"])}, "score": {json.dumps(prop["score"])}, "details": ['
            properties.append(f"{head}\n{details}\n  ]}}")
        path.write_text('{"properties": [\n' + ",\n".join(properties) + "\n]}\n")
        return
    found = referee.differences(scores, referee.read_json(path), 1e-9)
    if found:
        print("\n".join(found))
        sys.exit(f"error: `{path}` is not what SDMetrics computes today ({len(found)} differences)")


if __name__ == "__main__":
    main()
