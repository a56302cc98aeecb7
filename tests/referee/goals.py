"""What is to be reached, beside what was measured. Figures are means over seeds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """A bound for a measure; `relative` adds the floor (real against real) to it."""

    dataset: str
    measure: str
    bound: float
    side: str = "most"
    table: str | None = None
    tolerance: float = 0.0
    relative: bool = False

    def words(self):
        sign = {"most": "<=", "least": ">=", "within": ""}[self.side]
        if self.side == "within":
            return f"{self.bound:.3g}+-{self.tolerance:.3g}"
        return f"{sign}real{self.bound:+.3g}" if self.relative else f"{sign}{self.bound:.4g}"

    def met(self, value, floor):
        bound = self.bound + ((floor or 0.0) if self.relative else 0.0)
        if self.side == "within":
            return abs(value - bound) <= self.tolerance
        return value <= bound if self.side == "most" else value >= bound


GOALS = [
    Goal("adult", "XGB AUC vs train", 0.58),
    Goal("adult", "XGB AUC vs holdout", 0.60),
    Goal("adult", "shape error % vs train", 0.35),
    Goal("adult", "trend error % vs train", 1.2),
    Goal("adult", "DCR share", 0.525),
    Goal("adult", "membership AUC of the model", 0.54),
    Goal("adult", "TSTR AUC", 0.914, "least"),
    Goal("adult", "fit seconds, one thread", 5.0),
    Goal("shoppers", "XGB AUC vs holdout", 0.66),
    Goal("siblings0", "sibling correlation of score", 0.0, "within", tolerance=0.03),
    Goal("siblings20", "sibling correlation of score", 0.2, "within", tolerance=0.03),
    Goal("siblings20", "sibling correlation of grade", -0.03, "least", relative=True),
    Goal("lahman", "C2ST-Agg accuracy vs train", 0.60),
    Goal("lahman", "sequence AUC vs train", 0.65),
    Goal("nycflights13", "1-hop trends vs train", -0.02, "least", relative=True),
    Goal("nycflights13", "XGB AUC vs train", 0.65, table="flights"),
]


def goal_of(dataset, table, measure):
    for goal in GOALS:
        if goal.dataset == dataset and goal.measure == measure and goal.table in (None, table):
            return goal
    return None
