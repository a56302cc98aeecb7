"""Sequences: two-sample AUC over pairs of consecutive rows of an owner.

Rows of an owner are put in order; a pair is a row and the one before it. A learner sees the
columns of both and the differences of numbers and times, so that it tells steps that no real
career takes even where every single row is plausible. Folds are by owner.
"""

import pandas as pd

import detection
import schema as schemas


def pairs(frame, owner, order, kinds):
    """Returns the pairs of consecutive rows and the owner of each.

    Rows that the order leaves tied are put in order of all their other columns: the order of a
    file is no property of the data.
    """
    ties = [name for name in kinds if name not in order]
    frame = frame.assign(__owner=schemas.key(frame, [owner])).dropna(subset=["__owner"])
    frame = frame.sort_values(["__owner", *order, *ties], kind="stable").reset_index(drop=True)
    before = frame.shift(1)
    follows = (frame["__owner"] == before["__owner"]).to_numpy()
    now, before = frame[follows], before[follows]
    out, kinds_out = {}, {}
    for name, kind in kinds.items():
        out[name], out[f"{name} before"] = now[name], before[name].astype(now[name].dtype)
        kinds_out[name] = kinds_out[f"{name} before"] = kind
        if kind == "numerical":
            out[f"{name} step"] = now[name] - before[name]
        elif kind == "datetime":
            out[f"{name} step"] = (now[name] - before[name]).dt.total_seconds()
        else:
            out[f"{name} stays"] = (now[name].fillna("") == before[name].fillna("")).astype(float)
        kinds_out[next(reversed(out))] = "numerical"
    return pd.DataFrame(out).reset_index(drop=True), kinds_out, now["__owner"].to_numpy()


def sequence_auc(real, other, owner, order, kinds, seed):
    """Returns the AUC over pairs and the gains."""
    left, pair_kinds, left_owners = pairs(real, owner, order, kinds)
    right, _, right_owners = pairs(other, owner, order, kinds)
    return detection.xgboost_auc(left, right, pair_kinds, seed, (left_owners, right_owners))
