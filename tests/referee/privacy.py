"""Does the synthetic data repeat the rows it was made from?

- Exact copies: the share of synthetic rows that are rows of the training data, in every measured
  column. Held-out rows coincide with training rows too; that share is what chance gives.
- DCR share (TabSyn): the share of synthetic rows that are closer to a training row than to any
  row of a held-out set of the same size; .5 where training rows are no closer than others. The
  distance of two rows is the sum over columns: numbers differ by their difference over the range
  of the training data (1 where one is NULL), categories by 0 or 1. A tie counts half. Exact.
"""

import numpy as np
import pandas as pd

CHUNK = 512


def copies(candidate, train, columns):
    """Returns the share of the candidate's rows that are rows of the training data."""
    known = set(pd.util.hash_pandas_object(train[columns], index=False))
    return float(pd.util.hash_pandas_object(candidate[columns], index=False).isin(known).mean())


def encode(frames, kinds):
    """Returns, for every frame, scaled numbers and one-hot categories as float32."""
    numbers = [[] for _ in frames]
    onehot = [[] for _ in frames]
    for name, kind in kinds.items():
        if kind == "categorical":
            codes, unique = pd.factorize(pd.concat([frame[name] for frame in frames]), use_na_sentinel=False)
            blocks = np.eye(len(unique), dtype=np.float32)[codes]
            for at, block in enumerate(np.split(blocks, np.cumsum([len(frame) for frame in frames])[:-1])):
                onehot[at].append(block)
            continue
        columns = [frame[name] for frame in frames]
        if kind == "datetime":
            columns = [column.astype("int64").where(column.notna()).astype(float) for column in columns]
        lo, hi = columns[0].min(), columns[0].max()
        span = (hi - lo) or 1.0
        for at, column in enumerate(columns):
            numbers[at].append(((column - lo) / span).to_numpy(np.float32))
    out = []
    for at, frame in enumerate(frames):
        left = np.stack(numbers[at]) if numbers[at] else np.zeros((0, len(frame)), np.float32)
        right = np.concatenate(onehot[at], axis=1) if onehot[at] else np.zeros((len(frame), 0), np.float32)
        out.append((left, right))
    return out


def nearest(queries, points, n_categories):
    """Returns the distance of every query to its nearest point, by brute force in chunks."""
    numbers, onehot = queries
    best = np.empty(onehot.shape[0], np.float32)
    for start in range(0, len(best), CHUNK):
        rows = slice(start, start + CHUNK)
        distance = n_categories - onehot[rows] @ points[1].T
        for query, point in zip(numbers, points[0], strict=True):
            apart = np.abs(query[rows, None] - point[None, :])
            if np.isnan(query).any() or np.isnan(point).any():
                # NULL is as far from a number as can be, and no distance from NULL.
                both = np.isnan(query[rows, None]) & np.isnan(point[None, :])
                apart = np.where(both, 0.0, np.nan_to_num(apart, nan=1.0))
            distance += apart
        best[rows] = distance.min(axis=1)
    return best


def dcr_share(candidate, train, holdout, kinds):
    """Returns the share of the candidate's rows closer to the training data, ties counting half."""
    n = min(len(train), len(holdout))
    train, holdout = train.iloc[:n], holdout.iloc[:n]
    encoded_train, encoded_holdout, encoded = encode([train, holdout, candidate], kinds)
    n_categories = sum(kind == "categorical" for kind in kinds.values())
    to_train = nearest(encoded, encoded_train, n_categories)
    to_holdout = nearest(encoded, encoded_holdout, n_categories)
    # Sums of float32 in one order: what is equal is equal to the last bits but a few.
    tied = np.abs(to_train - to_holdout) <= 1e-6
    return float(np.where(tied, 0.5, to_train < to_holdout).mean())
