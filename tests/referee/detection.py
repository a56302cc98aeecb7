"""Two-sample classifiers: how well can a learner tell the rows of two samples apart?

The AUC over held-out folds is .5 where the samples have one distribution, and 1 where any row
gives itself away (C2ST, Lopez-Paz and Oquab 2017).

Protocol: equal numbers of rows of both sides, 5 folds, the mean AUC of the held-out folds.
XGBoost with its defaults, 100 trees of depth 6 by histogram, categories as such. Where rows
have owners, folds are also made by owner, so that no owner is on both sides of a fold: rows of
one owner are alike, and a learner that has seen some of them knows the others.
"""

import os
import warnings

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier

warnings.filterwarnings("ignore", category=FutureWarning, module="xgboost")

THREADS = int(os.environ.get("REFEREE_THREADS", "2"))
FOLDS = 5
# Rows of a side, at most: more cost time and change no verdict.
MOST_ROWS = 40_000
MOST_ROWS_OF_OWNERS = 20_000
MOST_ROWS_LOGISTIC = 10_000


def classifier(seed):
    """Returns the learner of all two-sample tests and of TSTR."""
    return XGBClassifier(
        n_estimators=100, max_depth=6, tree_method="hist", enable_categorical=True,
        n_jobs=THREADS, random_state=seed,
    )


def features(frames, kinds):
    """Stacks frames as features: numbers as floats, times as seconds, categories as such."""
    out = {}
    for name, kind in kinds.items():
        column = pd.concat([frame[name] for frame in frames], ignore_index=True)
        if kind == "datetime":
            seconds = column.astype("int64") / 1e6
            out[name] = seconds.where(column.notna())
        elif kind == "numerical":
            out[name] = column
        else:
            out[name] = pd.Categorical(column, categories=sorted(column.dropna().unique()))
    return pd.DataFrame(out)


def sample_rows(frame, most, seed):
    """Returns the positions of at most so many rows, at random."""
    if len(frame) <= most:
        return np.arange(len(frame))
    return np.sort(np.random.default_rng(seed).choice(len(frame), most, replace=False))


def sample_owners(owners, most, seed):
    """Returns the positions of all rows of random owners, at most so many rows."""
    codes, _ = pd.factorize(owners, use_na_sentinel=False)
    if len(codes) <= most:
        return np.arange(len(codes))
    order = np.random.default_rng(seed).permutation(codes.max() + 1)
    sizes = np.bincount(codes)[order]
    chosen = order[np.cumsum(sizes) <= most]
    return np.flatnonzero(np.isin(codes, chosen))


def owner_folds(owners, labels, seed):
    """Assigns every owner of each side to a fold at random; returns the folds of the rows."""
    rng = np.random.default_rng(seed)
    folds = np.empty(len(labels), dtype=int)
    for side in (0, 1):
        rows = labels == side
        codes, unique = pd.factorize(owners[rows], use_na_sentinel=False)
        folds[rows] = (rng.permutation(len(unique)) % FOLDS)[codes]
    return [(np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)) for fold in range(FOLDS)]


def plain_folds(labels, seed):
    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(labels, labels))


def cross_validate(matrix, labels, folds, seed):
    """Returns the mean AUC of the held-out folds, and the share of gain of every feature."""
    aucs, gains = [], {}
    for train, test in folds:
        model = classifier(seed)
        model.fit(matrix.iloc[train], labels[train])
        aucs.append(roc_auc_score(labels[test], model.predict_proba(matrix.iloc[test])[:, 1]))
        for name, gain in model.get_booster().get_score(importance_type="total_gain").items():
            gains[name] = gains.get(name, 0.0) + gain
    total = sum(gains.values()) or 1.0
    return float(np.mean(aucs)), {name: gain / total for name, gain in gains.items()}


def balanced(one, other, seed, owners=None):
    """Returns positions in both sides: as many rows of each, whole owners where given."""
    if owners is None:
        most = min(MOST_ROWS, len(one), len(other))
        return sample_rows(one, most, seed), sample_rows(other, most, seed + 1)
    most = min(MOST_ROWS_OF_OWNERS, len(one), len(other))
    return sample_owners(owners[0], most, seed), sample_owners(owners[1], most, seed + 1)


def xgboost_auc(real, other, kinds, seed, owners=None):
    """Returns the XGBoost two-sample AUC and the gains.

    `owners` are the owners of the rows of both sides, for folds by owner.
    """
    if not kinds or min(len(real), len(other)) < 100:
        return None, {}
    left, right = balanced(real, other, seed, owners)
    matrix = features([real.iloc[left], other.iloc[right]], kinds)
    labels = np.repeat([0, 1], [len(left), len(right)])
    if owners is None:
        folds = plain_folds(labels, seed)
    else:
        who = np.concatenate([np.asarray(owners[0])[left], np.asarray(owners[1])[right]])
        folds = owner_folds(who, labels, seed)
    return cross_validate(matrix, labels, folds, seed)


def logistic_auc(real, other, kinds, seed):
    """Returns the two-sample AUC of a logistic regression.

    On one-hot categories and standardised numbers, with an indicator of every NULL; SDMetrics'
    `LogisticDetection` is of this kind.
    """
    if not kinds or min(len(real), len(other)) < 100:
        return None
    most = min(MOST_ROWS_LOGISTIC, len(real), len(other))
    sides = [frame.iloc[sample_rows(frame, most, seed + at)] for at, frame in enumerate((real, other))]
    matrix = features(sides, kinds)
    labels = np.repeat([0, 1], [len(side) for side in sides])
    categories = [name for name, kind in kinds.items() if kind == "categorical"]
    numbers = [name for name, kind in kinds.items() if kind != "categorical" and matrix[name].notna().any()]
    matrix[categories] = matrix[categories].astype(object).where(matrix[categories].notna(), "(null)")
    aucs = []
    for train, test in plain_folds(labels, seed):
        model = make_pipeline(
            make_column_transformer(
                (OneHotEncoder(handle_unknown="ignore", min_frequency=5), categories),
                (make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()), numbers),
            ),
            LogisticRegression(max_iter=300),
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(matrix.iloc[train], labels[train])
        aucs.append(roc_auc_score(labels[test], model.predict_proba(matrix.iloc[test])[:, 1]))
    return float(np.mean(aucs))
