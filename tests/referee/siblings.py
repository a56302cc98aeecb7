"""Made data whose rows have siblings that are alike to a known degree.

Groups of 2 to 4 members; a member's score is sqrt(r) times what its group shares plus
sqrt(1 - r) times its own, both standard normal, so that the correlation of siblings is r; its
grade is a second such number cut at two thresholds. The measure is the intraclass correlation
ICC(1) by analysis of variance (Fisher 1925; groups of unequal size as in Donner 1986).
"""

import numpy as np
import pandas as pd

GROUPS = 8_000
GRADES = np.array(["low", "middle", "high"], dtype=object)


def make(correlation, seed):
    """Returns the tables `groups` and `members`."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 5, GROUPS)
    group = np.repeat(np.arange(GROUPS), sizes)

    def component():
        shared, own = rng.standard_normal(GROUPS), rng.standard_normal(len(group))
        return np.sqrt(correlation) * shared[group] + np.sqrt(1 - correlation) * own

    score, grade = component(), component()
    regions = rng.choice(["north", "east", "south", "west"], GROUPS, p=[0.4, 0.3, 0.2, 0.1])
    return {
        "groups": pd.DataFrame({"group_id": np.arange(1, GROUPS + 1), "region": regions}),
        "members": pd.DataFrame({
            "member_id": np.arange(1, len(group) + 1),
            "group_id": group + 1,
            "score": np.round(50 + 10 * score, 2),
            "grade": GRADES[np.digitize(grade, [-0.5, 0.7])],
        }),
    }


def intraclass_correlation(values, groups):
    """Returns ICC(1) = (MSB - MSW) / (MSB + (n0 - 1) MSW)."""
    frame = pd.DataFrame({"value": np.asarray(values, float), "group": np.asarray(groups)}).dropna()
    sizes = frame.groupby("group")["value"].transform("size")
    means = frame.groupby("group")["value"].transform("mean")
    n, k = len(frame), frame["group"].nunique()
    between = ((means - frame["value"].mean()) ** 2).sum() / (k - 1)
    within = ((frame["value"] - means) ** 2).sum() / (n - k)
    # The sum over groups of size squared is the sum over rows of size.
    n0 = (n - sizes.sum() / n) / (k - 1)
    return float((between - within) / (between + (n0 - 1) * within))


def correlations(tables):
    """Returns the sibling correlation of the score and of the grade's rank."""
    members = tables["members"]
    ranks = members["grade"].map({grade: rank for rank, grade in enumerate(GRADES)})
    return {
        "score": intraclass_correlation(members["score"], members["group_id"]),
        "grade": intraclass_correlation(ranks, members["group_id"]),
    }
