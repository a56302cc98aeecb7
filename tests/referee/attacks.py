"""Anonymeter's three attacks on synthetic rows (Giomi et al. 2023), each beside held-out people.

A risk is how much better an attacker guesses about people of the training data than about
held-out ones, of what there is to gain: 0 where being in the data costs nothing. Figures carry
errors of some hundredths at so few attacks. The largest risk of the three legal notions counts.

- singling out: predicates over four columns that hold for exactly one person;
- linkability: of two halves of the columns, which belong to one person;
- inference: the target column from all others.
"""

import warnings

import numpy as np

ATTACKS = 500


def risks(candidate, train, holdout, columns, target, seed):
    """Returns the risk of every kind of attack; `None` where no predicate could be tried."""
    # Imported late: numba takes seconds to load.
    from anonymeter.evaluators import InferenceEvaluator, LinkabilityEvaluator, SinglingOutEvaluator

    sides = {"ori": train[columns], "syn": candidate[columns], "control": holdout[columns], "n_attacks": ATTACKS}
    known = [name for name in columns if name != target]
    evaluators = {
        "singling out": (SinglingOutEvaluator(**sides, n_cols=4), {"mode": "multivariate"}),
        "linkability": (
            LinkabilityEvaluator(**sides, aux_cols=(columns[: len(columns) // 2], columns[len(columns) // 2:])),
            {"n_jobs": 1},
        ),
        "inference": (InferenceEvaluator(**sides, aux_cols=known, secret=target), {"n_jobs": 1}),
    }
    out = {}
    for name, (evaluator, options) in evaluators.items():
        np.random.seed(seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                evaluator.evaluate(**options)
                out[name] = float(evaluator.risk().value)
            except RuntimeError:
                # Anonymeter's word for too few predicates that single anybody out.
                out[name] = None
    return out
