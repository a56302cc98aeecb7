"""Reads a model file by itself, and asks how likely it makes a row.

A model file is a zip of JSON (`tables/N-<table>.json`) and Arrow IPC (`arrays/N-<table>.arrow`).
Every drawn variable has a codec, from values to symbols, and a tree over the symbols of the
features whose leaves hold weights that sum to 2^24. The log-likelihood of a row is the sum over
drawn columns of log p(symbol | features) - log(width of the symbol's bin): within a bin values
are uniform. Whoever has the file can compute it for anybody's row; if rows that were learned from
come out likelier than others, the file says who was in the data (membership attack).

What is not understood is passed over by name and told (`skipped`), not guessed at.
"""

import io
import json
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.metrics import roc_auc_score

TOTAL = float(1 << 24)
# What a symbol that a leaf does not have is worth: less than one part of its weights.
NEVER = 0.5 / TOTAL


def read_table(path, table):
    """Returns the JSON of a table and its trees."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not (name.startswith("tables/") and name.endswith(".json")):
                continue
            about = json.loads(archive.read(name))
            if about.get("table") != table:
                continue
            arrays = name.replace("tables/", "arrays/").replace(".json", ".arrow")
            return about, pa.ipc.open_file(io.BytesIO(archive.read(arrays))).read_all()
    raise SystemExit(f"error: `{path}` has no table `{table}`")


def codec_of(drawn):
    """Returns the name of the codec and its fields."""
    codec = drawn["codec"]
    (name, fields), = codec.items() if isinstance(codec, dict) else ((codec, {}),)
    return name, fields


def encode(series, codec):
    """Returns the symbols of a column and the log of the widths of their bins.

    `None` for a codec that is not understood. What a codec cannot hold (a level that was
    suppressed) has symbol -1.
    """
    name, fields = codec
    first = int(bool(fields.get("nullable"))) if isinstance(fields, dict) else 0
    null = series.isna().to_numpy()
    if name == "levels":
        places = {level: first + at for at, level in enumerate(fields["levels"])}
        symbols = series.map(places).fillna(-1).astype(int).to_numpy()
        widths = np.zeros(len(series))
    elif name == "integer" and not fields.get("unit"):
        los = np.array([bin[0] for bin in fields["bins"]], dtype=np.int64)
        ticks = ticks_of(series, int(fields.get("decimals", 0)))
        place = np.clip(np.searchsorted(los, ticks, side="right") - 1, 0, None)
        symbols = first + place
        widths = np.log(np.array([bin[1] for bin in fields["bins"]], dtype=float))[place]
    elif name == "float":
        los = np.array([float(bin[0]) for bin in fields["bins"]])
        spans = np.array([float(bin[1]) - float(bin[0]) for bin in fields["bins"]])
        values = series.fillna(0).to_numpy(float)
        place = np.clip(np.searchsorted(los, values, side="right") - 1, 0, None)
        symbols = first + place
        widths = np.where(spans > 0, np.log(np.where(spans > 0, spans, 1.0)), 0.0)[place]
    else:
        return None
    symbols = np.where(null, 0 if first else -1, symbols)
    return symbols, np.where(null, 0.0, widths)


def ticks_of(series, decimals):
    """Returns the ticks of numbers, dates, times and truth values."""
    if series.dtype.kind == "M":
        return series.fillna(pd.Timestamp(0)).astype("datetime64[us]").astype("int64").to_numpy()
    if series.dtype == object:
        series = series.map({"True": 1, "False": 0, "true": 1, "false": 0}).fillna(0)
    return np.rint(series.fillna(0).to_numpy(float) * 10.0**decimals).astype(np.int64)


def leaf_probabilities(tree, features, symbols):
    """Returns p(symbol | features) of every row under one tree."""
    child, feature, cut = (np.asarray(tree[name]) for name in ("child", "feature", "cut"))
    offsets, leaf_symbols, weights = (np.asarray(tree[name]) for name in ("offsets", "symbols", "weights"))
    nodes = np.arange(len(child))
    is_leaf = child == nodes
    at = np.zeros(len(symbols), dtype=np.int64)
    open_rows = np.flatnonzero(~is_leaf[at])
    while len(open_rows):
        node = at[open_rows]
        # A suppressed level has no symbol; a tree takes it for the rarest it knows.
        above = features[feature[node], open_rows] > cut[node]
        at[open_rows] = child[node] + above
        open_rows = open_rows[~is_leaf[at[open_rows]]]
    leaf = (np.cumsum(is_leaf) - 1)[at]
    dense = np.zeros((len(offsets) - 1, 256))
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    dense[owner, leaf_symbols] = weights / TOTAL
    known = symbols >= 0
    return np.where(known, dense[leaf, np.where(known, symbols, 0)], 0.0)


def log_likelihoods(path, table, frame):
    """Returns the log-likelihood of every row, and the names of what could not be read."""
    about, trees = read_table(path, table)
    drawn = about["drawn"]
    symbols, widths, skipped = {}, {}, []
    for at, variable in enumerate(drawn):
        target = variable["target"]
        name = target.get("column") if isinstance(target, dict) else None
        encoded = encode(frame[name], codec_of(variable)) if name in frame else None
        if encoded is None:
            skipped.append(str(name or target))
            continue
        symbols[at], widths[at] = encoded
    features = np.zeros((max(len(about["features"]), 1), len(frame)), dtype=np.int64)
    for at, feature in enumerate(about["features"]):
        (kind, which), = feature.items() if isinstance(feature, dict) else ((feature, None),)
        if kind == "drawn" and which in symbols:
            features[at] = np.where(symbols[which] >= 0, symbols[which], 255)
        elif f"feature {kind}" not in skipped:
            skipped.append(f"feature {kind}")
    total = np.zeros(len(frame))
    for at in symbols:
        tree = {name: trees[name][at].as_py() for name in ("child", "feature", "cut", "offsets", "symbols", "weights")}
        p = leaf_probabilities(tree, features, symbols[at])
        total += np.log(np.maximum(p, NEVER)) - widths[at]
    return total, skipped


def membership_auc(path, table, train, holdout):
    """Returns the AUC of the log-likelihood as a test of membership, and what was passed over."""
    members, skipped = log_likelihoods(path, table, train)
    others, _ = log_likelihoods(path, table, holdout)
    labels = np.repeat([1, 0], [len(members), len(others)])
    return float(roc_auc_score(labels, np.concatenate([members, others]))), skipped
