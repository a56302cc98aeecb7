"""Judges what a contender of `peers.py` made, by the definitions of tests/referee: one line of JSON.

`judge.py MANIFEST TRAIN HOLDOUT MADE`: the manifest that `prodlike` proposed, which says what a
column is, and three directories with one table `adult` each.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "referee"))
import detection
import privacy
import program
import schema as schemas
import trends

TABLE = "adult"
SEED = 1


def main():
    manifest, *directories = sys.argv[1:]
    schema = schemas.from_manifest(Path(manifest).read_text())
    kinds = schema.measured(TABLE)
    train, holdout, made = (
        schemas.normalise(program.load(directory), schema)[TABLE] for directory in directories
    )
    print(json.dumps({
        "rows": len(made),
        "auc_train": detection.xgboost_auc(train, made, kinds, SEED)[0],
        "auc_holdout": detection.xgboost_auc(holdout, made, kinds, SEED)[0],
        "shape": trends.shapes(train, made, kinds)[0],
        "copies": 100 * privacy.copies(made, train, list(kinds)),
        "dcr": privacy.dcr_share(made, train, holdout, kinds),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
