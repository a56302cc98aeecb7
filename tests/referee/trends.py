"""Shapes, trends, cardinality and k-hop trends, by the classes of SDMetrics.

- Column Shapes and Column Pair Trends of a table: the means of SDMetrics' scores over columns
  and over all pairs of columns. Errors are 100 - 100 times the score, as the tabular literature
  (TabSyn, TabDDPM) reports them. SDMetrics' report of late averages only the pairs that are
  associated in the real data (correlation above .5, Cramer's V above .3): "associated pairs".
  SDMetrics cuts the numbers of each side into ten bins of that side's own range, so that one
  extreme value of one side moves all bins; "bins of real" cuts both sides where real data are cut.
- Cardinality: `CardinalityShapeSimilarity`, the KS complement of children a parent.
- k-hop trends (ClavaDDPM, SyntheRela): scores of pairs of a column of a table and a column of a
  table k relationships above it, over rows joined along the path; 1 hop is SDMetrics'
  Intertable Trends, 0 hops Column Pair Trends. Means over all pairs of all paths.

Nothing is subsampled by SDMetrics; tables of more than `MOST_ROWS` rows are cut to so many
random rows here, with a seed, on both sides, the foot of a path to `MOST_ROWS_OF_PATH`. Of more
than `MOST_PATHS` paths of a length, so many are taken at random, always the same.
"""

import warnings

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp
from sdmetrics.reports.single_table._properties import ColumnPairTrends, ColumnShapes, base
from sdmetrics.reports.utils import DEFAULT_REAL_ASSOCIATION_THRESHOLD, DEFAULT_REAL_CORRELATION_THRESHOLD

import schema as schemas

# What the reports' own setting does not reach: every property takes this default.
base.DEFAULT_NUM_ROWS_SUBSAMPLE = None

MOST_ROWS = 50_000
MOST_ROWS_OF_PATH = 25_000
MOST_HOPS = 3
MOST_PATHS = 40


def cut(frame, most=MOST_ROWS):
    return frame if len(frame) <= most else frame.sample(most, random_state=0)


def coded(real, other, kinds):
    """Replaces categories by numbers, alike on both sides: the scores stay, groups are faster."""
    real, other = real.copy(), other.copy()
    for name, kind in kinds.items():
        if kind != "categorical":
            continue
        values = pd.concat([real[name], other[name]])
        codes = pd.Series(pd.factorize(values)[0].astype(float)).replace(-1.0, np.nan).to_numpy()
        real[name], other[name] = codes[:len(real)], codes[len(real):]
    return real, other


def metadata(kinds):
    return {"columns": {name: {"sdtype": kind} for name, kind in kinds.items()}}


def shapes(real, other, kinds):
    """Returns the shape error in % and the columns with their errors, worst first."""
    real, other = coded(cut(real[list(kinds)]), cut(other[list(kinds)]), kinds)
    prop = ColumnShapes()
    prop.num_rows_subsample = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = prop.get_score(real, other, metadata(kinds))
    scores = prop.details.set_index("Column")["Score"].dropna()
    return 100 - 100 * score, (100 - 100 * scores).sort_values(ascending=False).to_dict()


class BinsOfReal(ColumnPairTrends):
    """SDMetrics' property, but the bins of numbers are those of the real side."""

    edges = None

    def _get_processed_data(self, data, metadata):
        data = self._convert_datetime_columns_to_numeric(data.copy(), metadata)
        numbers = [name for name, about in metadata["columns"].items() if about["sdtype"] in ("numerical", "datetime")]
        # The real side comes first.
        self.edges = self.edges or {name: np.histogram_bin_edges(data[name].dropna()) for name in numbers}
        discrete = {name: np.digitize(data[name], self.edges[name]) for name in numbers}
        return data, pd.DataFrame(discrete, index=data.index)


def pair_scores(real, other, kinds, pairs=None, thresholds=False, kind=ColumnPairTrends):
    """Returns SDMetrics' details of pairs of columns."""
    prop = kind()
    prop.num_rows_subsample = None
    if thresholds:
        prop.real_correlation_threshold = DEFAULT_REAL_CORRELATION_THRESHOLD
        prop.real_association_threshold = DEFAULT_REAL_ASSOCIATION_THRESHOLD
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        details = prop._generate_details(real, other, metadata(kinds), column_pairs=pairs)
    if details.empty:
        return details
    if "Meets Threshold?" in details:
        details = details[details["Meets Threshold?"].astype("boolean").fillna(False)]
    return details.dropna(subset=["Score"])


def trends(real, other, kinds):
    """Returns the trend errors in %, by what they are the mean of, and the worst pairs."""
    if len(kinds) < 2:
        return {}, {}
    real, other = coded(cut(real[list(kinds)]), cut(other[list(kinds)]), kinds)
    details = pair_scores(real, other, kinds)
    if details.empty:
        return {}, {}
    kept = {
        "": details,
        ", associated pairs": pair_scores(real, other, kinds, thresholds=True),
        ", bins of real": pair_scores(real, other, kinds, kind=BinsOfReal),
    }
    worst = details.sort_values("Score").head(8)
    worst = {f"{row['Column 1']} ~ {row['Column 2']}": 100 - 100 * row["Score"] for _, row in worst.iterrows()}
    return {what: 100 - 100 * part["Score"].mean() for what, part in kept.items() if len(part)}, worst


def counts(tables, relationship):
    """Returns how many children every parent has."""
    parents = schemas.key(tables[relationship.parent], relationship.parent_key)
    children = schemas.key(tables[relationship.child], relationship.child_key)
    return parents.map(children.value_counts()).fillna(0).to_numpy()


def cardinality(real, other, relationship):
    """Returns the KS complement of fan-outs, and the means of both sides."""
    left, right = counts(real, relationship), counts(other, relationship)
    if not len(left) or not len(right):
        return None, None, None
    return 1 - ks_2samp(left, right, method="asymp").statistic, float(left.mean()), float(right.mean())


def paths(schema, hops):
    """Returns all paths of so many relationships from child to parent to its parent."""
    found = [[relationship] for relationship in schema.relationships]
    for _ in range(hops - 1):
        found = [
            [*path, above] for path in found for above in schema.relationships
            # A table met again says nothing new.
            if above.child == path[-1].parent and above.parent not in {path[0].child, *(step.parent for step in path)}
        ]
    found = [path for path in found if path[0].child != path[0].parent]
    if len(found) > MOST_PATHS:
        found = [found[at] for at in sorted(np.random.default_rng(0).choice(len(found), MOST_PATHS, replace=False))]
    return found


def joined(tables, path, schema):
    """Joins the rows of the child at the path's foot with those of the table at its head."""
    foot, head = path[0].child, path[-1].parent
    below, above = list(schema.measured(foot)), list(schema.measured(head))
    frame = cut(tables[foot], MOST_ROWS_OF_PATH)
    rows = frame[below].add_prefix("child.")
    rows["(key)"] = schemas.key(frame, path[0].child_key)
    for at, step in enumerate(path):
        # Only the parents that are referred to: a table of dates is longer than most others.
        rows = rows.dropna(subset=["(key)"])
        keys = schemas.key(tables[step.parent], step.parent_key)
        referred = keys.isin(set(rows["(key)"])).to_numpy()
        parent = tables[step.parent][referred]
        is_head = at == len(path) - 1
        carried = parent[above].add_prefix("parent.") if is_head else pd.DataFrame(index=parent.index)
        carried = carried.assign(**{"(pk)": keys[referred]})
        if not is_head:
            carried["(next)"] = schemas.key(parent, path[at + 1].child_key)
        rows = rows.merge(carried.drop_duplicates("(pk)"), left_on="(key)", right_on="(pk)")
        rows = rows.drop(columns=["(key)", "(pk)"])
        if not is_head:
            rows = rows.rename(columns={"(next)": "(key)"})
    return rows


def hop_scores(real, other, schema, path):
    """Returns the details of all pairs between the foot and the head of a path: by SDMetrics, and
    with the bins of real."""
    kinds = {f"child.{name}": kind for name, kind in schema.measured(path[0].child).items()}
    above = {f"parent.{name}": kind for name, kind in schema.measured(path[-1].parent).items()}
    pairs = [(upper, lower) for upper in above for lower in kinds]
    kinds |= above
    nothing = pd.DataFrame(), pd.DataFrame()
    if not pairs:
        return nothing
    left, right = joined(real, path, schema), joined(other, path, schema)
    if not len(left) or not len(right):
        return nothing
    left, right = coded(left, right, kinds)
    return tuple(pair_scores(left, right, kinds, pairs=pairs, kind=kind) for kind in (ColumnPairTrends, BinsOfReal))


def hops(real, other, schema, most=MOST_HOPS):
    """Returns the mean scores by number of hops and by path, and the worst pairs."""
    means, by_path, worst = {}, {}, {}
    for hop in range(1, most + 1):
        scores, of_real = [], []
        for path in paths(schema, hop):
            details, binned = hop_scores(real, other, schema, path)
            if details.empty:
                continue
            name = " < ".join([path[0].child, *(f"{step.parent} ({', '.join(step.child_key)})" for step in path)])
            by_path[name] = float(details["Score"].mean())
            scores.append(details["Score"])
            of_real.append(binned["Score"])
            for _, row in binned.sort_values("Score").head(3).iterrows():
                columns = f"{row['Column 1'].split('.', 1)[1]} ~ {row['Column 2'].split('.', 1)[1]}"
                worst[f"{name}: {columns}"] = float(row["Score"])
        if scores:
            means[hop] = {"": float(pd.concat(scores).mean()), ", bins of real": float(pd.concat(of_real).mean())}
    return means, by_path, dict(sorted(worst.items(), key=lambda item: item[1])[:12])
