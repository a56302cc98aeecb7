"""Writes the rows of models/tests/fixtures/classify.csv and prints what XGBoost says of them.

Made once, with xgboost 1.7.6, numpy 2.2.6 and scikit-learn 1.7.2:

    python3 -m venv target/xgboost
    target/xgboost/bin/pip install xgboost==1.7.6 numpy==2.2.6 scikit-learn==1.7.2
    target/xgboost/bin/python tests/referee/xgboost_expected.py models/tests/fixtures/classify.csv

`models/tests/classify.rs` holds the numbers that it prints.
"""

import csv
import sys

import numpy
import xgboost
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

ROWS = 1500
FOLDS = 5


def side(rng, real):
    """Numbers that are related on one side, a spike, missing values and levels."""
    rows = ROWS
    first = rng.normal(0, 1, rows)
    noise = rng.normal(0, 1, rows)
    second = (0.8 * first + 0.6 * noise) if real else noise
    price = numpy.exp(rng.normal(0, 1, rows))
    price[rng.random(rows) < 0.2] = 0.0
    if not real:
        price = numpy.round(price, 1)
    level = rng.choice(12, rows, p=numpy.arange(12, 0, -1) / 78)
    missing = rng.random(rows) < (0.10 if real else 0.14)
    first = numpy.where(missing, numpy.nan, first)
    noise = rng.random(rows)
    return numpy.column_stack([first, second, price, level, noise])


def main():
    rng = numpy.random.default_rng(20261128)
    rows = numpy.round(numpy.vstack([side(rng, True), side(rng, False)]), 4)
    labels = numpy.repeat([0, 1], ROWS)
    folds = rng.permutation(2 * ROWS) % FOLDS
    with open(sys.argv[1], "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["synthetic", "fold", "first", "second", "price", "level", "noise"])
        for label, fold, row in zip(labels, folds, rows):
            values = ["" if numpy.isnan(value) else f"{value:g}" for value in row]
            writer.writerow([label, fold, *values])
    with open(sys.argv[1], encoding="utf-8") as file:
        table = [line.rstrip("\n").split(",") for line in file][1:]
    rows = numpy.array([[float(value or "nan") for value in row[2:]] for row in table])

    def judge(name, fit):
        aucs = []
        for fold in range(FOLDS):
            held = folds == fold
            scores = fit(rows[~held], labels[~held], rows[held])
            aucs.append(roc_auc_score(labels[held], scores))
        print(f"{name}: {numpy.mean(aucs):.4f}", " ".join(f"{auc:.4f}" for auc in aucs))

    def boosted(columns, method="exact"):
        def fit(train, train_labels, test):
            model = xgboost.XGBClassifier(tree_method=method, n_jobs=1)
            model.fit(train[:, columns], train_labels)
            return model.predict_proba(test[:, columns])[:, 1]

        return fit

    def logistic(train, train_labels, test):
        mean, deviation = numpy.nanmean(rows[:, :3], axis=0), numpy.nanstd(rows[:, :3], axis=0)
        levels = numpy.arange(12)

        def predictors(rows):
            numbers = numpy.nan_to_num((rows[:, :3] - mean) / deviation)
            return numpy.hstack([numbers, rows[:, 3:4] == levels])

        model = LogisticRegression().fit(predictors(train), train_labels)
        return model.predict_proba(predictors(test))[:, 1]

    judge("boosted", boosted([0, 1, 2, 3, 4]))
    judge("boosted without price", boosted([0, 1, 3, 4]))
    judge("boosted, noise and level", boosted([3, 4]))
    judge("logistic", logistic)
    # So coarse that no column has more values than there are bins.
    rows = numpy.floor(10 * rows)
    judge("boosted, coarse", boosted([0, 1, 2, 3, 4], "hist"))
    judge("boosted without price, coarse", boosted([0, 1, 3, 4], "hist"))


if __name__ == "__main__":
    main()
