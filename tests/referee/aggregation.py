"""C2ST-Agg: SyntheRela's own `AggregationDetection` with XGBoost, accuracy as it reports it.

Rows of a parent table get, for every relationship to a child: the number of children, the mean
of every numerical column and the number of distinct values of every categorical one. A
classifier then tells real parents from synthetic ones (Hudovernik, Jurkovic and Strumbelj 2024).
"""

import warnings

import numpy as np
from xgboost import XGBClassifier

import detection
import schema as schemas

FEWEST_PARENTS = 50
MOST_PARENTS = 20_000
MOST_RELATIONSHIPS = 25


def prepare(tables, schema, parent, relationships):
    """Returns SyntheRela's tables: keys as single columns, unmeasured columns left out."""
    out = {}
    names = {parent, *(relationship.child for relationship in relationships)}
    for name in names:
        frame = tables[name][list(schema.measured(name))].copy()
        for column, kind in schema.measured(name).items():
            if kind == "categorical":
                frame[column] = frame[column].fillna("(null)").astype(object)
        out[name] = frame
    for at, relationship in enumerate(relationships):
        out[parent][f"(key {at})"] = schemas.key(tables[parent], relationship.parent_key)
        out[relationship.child][f"(fk {at})"] = schemas.key(tables[relationship.child], relationship.child_key)
    return out


def sampled(prepared, parent, seed):
    """Keeps at most so many parents; children of others do not matter."""
    rows = detection.sample_rows(prepared[parent], MOST_PARENTS, seed)
    prepared = dict(prepared)
    prepared[parent] = prepared[parent].iloc[rows].reset_index(drop=True)
    return prepared


def c2st_agg(real, other, schema, parent, relationships, seed):
    """Returns the accuracy and the importance of every feature; None for too few parents."""
    # Imported late: SDV's metadata classes take seconds to load.
    from syntherela.metadata import Metadata
    from syntherela.metrics.multi_table.detection import AggregationDetection

    relationships = [item for item in relationships if item.child != item.parent]
    if not relationships or min(len(real[parent]), len(other[parent])) < FEWEST_PARENTS:
        return None, {}
    keys = {item.parent_key for item in relationships}
    sides = [sampled(prepare(side, schema, parent, relationships), parent, seed) for side in (real, other)]
    tables = {
        name: {"columns": {
            column: column_metadata(schema.columns[name].get(column, "id")) for column in sides[0][name].columns
        }}
        for name in sides[0]
    }
    tables[parent]["primary_key"] = "(key 0)"
    links = [
        {
            "parent_table_name": parent,
            # Relationships to one key of the parent share it in SyntheRela's metadata.
            "parent_primary_key": "(key 0)",
            "child_table_name": item.child,
            "child_foreign_key": f"(fk {at})",
        }
        for at, item in enumerate(relationships)
    ]
    if len(keys) > 1:
        raise ValueError(f"relationships of `{parent}` refer to different keys: measure them one by one")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metadata = Metadata.load_from_dict({"tables": tables, "relationships": links})
        metric = AggregationDetection(
            XGBClassifier, classifier_args={"seed": 0, "n_jobs": detection.THREADS, "tree_method": "hist"},
            random_state=seed + 1,
        )
        result = metric.run(sides[0], sides[1], metadata, target_table=parent)
        gains = metric.feature_importance(combine_categorical=True)
    total = sum(float(np.sum(gain)) for gain in gains.values()) or 1.0
    names = {f"{item.child}_(fk {at})_": f"{item.child} " for at, item in enumerate(relationships)}
    readable = {}
    for name, gain in gains.items():
        for long, short in names.items():
            name = name.replace(long, short)
        readable[name] = float(np.sum(gain)) / total
    return float(result["accuracy"]), readable


def column_metadata(kind):
    if kind == "datetime":
        return {"sdtype": "datetime", "datetime_format": "%Y-%m-%d %H:%M:%S"}
    return {"sdtype": kind if kind in ("numerical", "categorical") else "id"}


def by_parent(real, other, schema, among, seed):
    """Yields (name, accuracy, gains) for every parent table among those with all its children.

    And for each of its relationships where it has several, in schemas that are not too large.
    """
    parents = {}
    for relationship in schema.relationships:
        if relationship.parent in among:
            parents.setdefault((relationship.parent, relationship.parent_key), []).append(relationship)
    for (parent, _), relationships in parents.items():
        accuracy, gains = c2st_agg(real, other, schema, parent, relationships, seed)
        if accuracy is not None:
            yield f"{parent} (all children)", accuracy, gains
        if len(relationships) > 1 and len(schema.relationships) <= MOST_RELATIONSHIPS:
            for relationship in relationships:
                accuracy, gains = c2st_agg(real, other, schema, parent, [relationship], seed)
                if accuracy is not None:
                    yield relationship.name, accuracy, gains
