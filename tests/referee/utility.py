"""Train on synthetic, test on real (TSTR): is the synthetic table as good to learn from?"""

import numpy as np
from sklearn.metrics import roc_auc_score

import detection


def tstr_auc(candidate, holdout, kinds, target, seed):
    """Trains XGBoost on the candidate to predict the target; returns its AUC on held-out rows.

    The target is a category of two values, the rarer of the held-out rows' being the positive.
    """
    inputs = {name: kind for name, kind in kinds.items() if name != target}
    matrix = detection.features([candidate, holdout], inputs)
    positive = holdout[target].value_counts().index[-1]
    labels = np.concatenate([candidate[target] == positive, holdout[target] == positive]).astype(int)
    n = len(candidate)
    model = detection.classifier(seed)
    model.fit(matrix.iloc[:n], labels[:n])
    return float(roc_auc_score(labels[n:], model.predict_proba(matrix.iloc[n:])[:, 1]))
