"""Takes all measures of one candidate against the real tables of a dataset."""

import time

import aggregation
import attacks
import detection
import privacy
import schema as schemas
import sequence
import siblings
import trends
import utility


class Log:
    """What was measured of one candidate: (table, measure) to a number, and notes.

    A note says what a classifier looked at, or which columns are worst.
    """

    def __init__(self):
        self.values = {}
        self.notes = {}

    def add(self, table, measure, value, note=None):
        if value is not None:
            self.values[table, measure] = float(value)
        if note:
            self.notes[table, measure] = note


def top(gains, most=6):
    ranked = sorted(gains.items(), key=lambda item: -item[1])[:most]
    return ", ".join(f"{name} {gain:.0%}" for name, gain in ranked)


def worst(errors, most=6, form="{:.2f}"):
    return ", ".join(f"{name} {form.format(error)}" for name, error in list(errors.items())[:most])


def table_measures(log, schema, table, candidate, reference, against, seed, owner):
    """Two-sample AUCs, shapes and trends of one table."""
    kinds = schema.measured(table)
    if not kinds or not len(candidate[table]) or not len(reference[table]):
        return
    left, right = reference[table], candidate[table]
    auc, gains = detection.xgboost_auc(left, right, kinds, seed)
    log.add(table, f"XGB AUC vs {against}", auc, top(gains))
    if owner:
        owners = schemas.key(left, [owner]), schemas.key(right, [owner])
        auc, _ = detection.xgboost_auc(left, right, kinds, seed, owners)
        log.add(table, f"XGB AUC vs {against}, folds by owner", auc)
    log.add(table, f"logistic AUC vs {against}", detection.logistic_auc(left, right, kinds, seed))


def quality_measures(log, schema, table, candidate, reference, against):
    kinds = schema.measured(table)
    if not kinds or not len(candidate[table]) or not len(reference[table]):
        return
    error, columns = trends.shapes(reference[table], candidate[table], kinds)
    log.add(table, f"shape error % vs {against}", error, worst(columns))
    errors, pairs = trends.trends(reference[table], candidate[table], kinds)
    for what, error in errors.items():
        log.add(table, f"trend error % vs {against}{what}", error, None if what else worst(pairs))


def relationship_measures(log, schema, candidate, reference, against):
    """Cardinality and k-hop trends."""
    for relationship in schema.relationships:
        similarity, left, right = trends.cardinality(reference, candidate, relationship)
        log.add(relationship.name, f"cardinality vs {against}", similarity)
        if similarity is not None:
            log.add(relationship.name, f"mean fan-out % of {against}'s", 100 * right / left if left else None)
    means, by_path, pairs = trends.hops(reference, candidate, schema)
    scores = [
        1 - log.values[table, f"trend error % vs {against}"] / 100
        for table in schema.columns if (table, f"trend error % vs {against}") in log.values
    ]
    if scores and schema.relationships:
        log.add("(all)", f"0-hop trends vs {against}", sum(scores) / len(scores))
    for hop, kinds in means.items():
        for what, mean in kinds.items():
            log.add("(all)", f"{hop}-hop trends vs {against}{what}", mean)
    if pairs:
        log.notes["(all)", f"k-hop trends vs {against}, bins of real"] = worst(pairs, 12, "{:.3f}")
    for path, mean in by_path.items():
        log.add(path, f"trends along the path vs {against}", mean)


def aggregation_measures(log, schema, candidate, reference, against, seed, alone):
    """C2ST-Agg of parents in which both sides share no rows."""
    for name, accuracy, gains in aggregation.by_parent(reference, candidate, schema, alone, seed):
        log.add(name, f"C2ST-Agg accuracy vs {against}", accuracy, top(gains))


def sequence_measures(log, dataset, schema, candidate, reference, against, seed):
    for table, order in dataset.order.items():
        auc, gains = sequence.sequence_auc(
            reference[table], candidate[table], dataset.owner[table], order, schema.measured(table), seed,
        )
        log.add(table, f"sequence AUC vs {against}", auc, top(gains))


def privacy_measures(log, dataset, schema, candidate, reference, seed, attacked):
    """Copies and DCR of the tables of a single-table dataset, and attacks where asked for."""
    for table, target in dataset.target.items():
        kinds = schema.measured(table)
        rows, train, holdout = candidate[table], reference[table], dataset.holdout[table]
        log.add(table, "exact copies of train %", 100 * privacy.copies(rows, train, list(kinds)))
        log.add(table, "DCR share", privacy.dcr_share(rows, train, holdout, kinds))
        if attacked:
            for name, risk in attacks.risks(rows, train, holdout, list(kinds), target, seed).items():
                log.add(table, f"anonymeter risk, {name}", risk)


def measure(dataset, schema, candidate, references, seed, say, alone=None, single=None, attacked=False):
    """Takes all measures of a candidate; `references` maps "train" and "holdout" to tables.

    `alone` names the tables in which the candidate and the reference share no rows: of others
    parents are not told apart by classifiers. All of them where left out. `single` are other
    samples of the candidate and the reference, for what is measured of single tables. Attacks
    take a minute, and are made where `attacked`.
    """
    alone = set(schema.columns) if alone is None else alone
    log = Log()
    for against, reference in references.items():
        started = time.monotonic()
        left, right = single or (candidate, reference)
        for table in schema.columns:
            table_measures(log, schema, table, left, right, against, seed, dataset.owner.get(table))
            # A database against held-out rows: can they be told apart, and no more.
            if against == "train" or dataset.single:
                quality_measures(log, schema, table, left, right, against)
        sequence_measures(log, dataset, schema, candidate, reference, against, seed)
        if schema.relationships and against == "train":
            relationship_measures(log, schema, candidate, reference, against)
        aggregation_measures(log, schema, candidate, reference, against, seed, alone)
        say(f"    against {against}: {time.monotonic() - started:.0f} s")
    if dataset.single:
        privacy_measures(log, dataset, schema, candidate, references["train"], seed, attacked)
    for table, target in dataset.target.items():
        auc = utility.tstr_auc(candidate[table], dataset.holdout[table], schema.measured(table), target, seed)
        log.add(table, "TSTR AUC", auc)
    if dataset.sibling is not None:
        for column, value in siblings.correlations(candidate).items():
            log.add("members", f"sibling correlation of {column}", value)
    return log
