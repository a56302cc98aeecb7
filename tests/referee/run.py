"""The referee: fits with the real program, generates, and measures with public packages.

    tests/referee/referee.sh [DATASET…] [--seeds 5] [--save]

Datasets: adult shoppers siblings0 siblings20 lahman nycflights13 chinook tpch tpcds sakila; all
where none is named. SEEDS=1 is a quick run, PRODLIKE_BIN another program, REFEREE_THREADS the
threads of the learners (2). Each dataset's results are printed as it finishes, and kept in
target/referee/results and, with --save, in tests/referee/results.
"""

import argparse
import hashlib
import importlib.metadata
import os
import pickle
import platform
import shlex
import shutil
import sys
import time
import traceback
from pathlib import Path

import data
import measures
import model_file
import program
import report
import schema as schemas

HERE = Path(__file__).resolve().parent
PACKAGES = ("numpy", "pandas", "scikit-learn", "sdmetrics", "syntherela", "xgboost")


def say(text):
    print(text, file=sys.stderr, flush=True)


def sources_digest():
    """What floors and peers depend on besides the data: the code that measures them."""
    digest = hashlib.sha256()
    for path in sorted(HERE.glob("*.py")):
        if path.stem not in ("run", "report", "goals", "program", "model_file"):
            digest.update(path.read_bytes())
    return digest


def cached(dataset, manifest, what, compute):
    """Keeps what does not depend on the program: real against real, and the peers."""
    digest = sources_digest()
    digest.update(repr((dataset.name, what, sorted(schema_lines(manifest)))).encode())
    path = program.WORK / "cache" / f"{dataset.name}-{what}-{digest.hexdigest()[:16]}.pickle"
    if path.exists():
        return pickle.loads(path.read_bytes())
    log = compute()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(log))
    return log


def schema_lines(schema):
    return [
        *(f"{table}.{column}={kind}" for table, kinds in schema.columns.items() for column, kind in kinds.items()),
        *(item.name for item in schema.relationships),
    ]


def real_against_real(dataset, schema, real):
    """Returns what a second real sample scores."""
    if dataset.holdout:
        holdout = schemas.normalise(dataset.holdout, schema)
        log = measures.measure(without_targets(dataset), schema, holdout, {"train": real}, 0, say)
        for table, target in dataset.target.items():
            auc = measures.utility.tstr_auc(real[table], holdout[table], schema.measured(table), target, 0)
            log.add(table, "TSTR AUC", auc)
            columns = list(schema.measured(table))
            copied = measures.privacy.copies(holdout[table], real[table], columns)
            log.add(table, "exact copies of train %", 100 * copied)
        return log
    sides, dealt, single = data.halves(real, schema, dataset.halved)
    return measures.measure(
        dataset, schema, sides[1], {"train": sides[0]}, 0, say, alone=dealt, single=(single[1], single[0]),
    )


def without_targets(dataset):
    """A holdout cannot be asked what it teaches about itself, nor its distance to itself."""
    return data.replaced(dataset, target={})


def check_rows(dataset, binary, directory):
    """Generates at every scale; returns how many totals of tables were right, and which were not."""
    right, wrong = 0, []
    for scale in dataset.scales:
        planned = program.planned_rows(binary, directory, scale)
        out = program.generate(binary, directory, 1, name=f"scale-{scale}", scale=scale)
        made = program.count_rows(out)
        shutil.rmtree(out)
        for table, rows in planned.items():
            if made.get(table, 0) == rows:
                right += 1
            else:
                wrong.append(f"{table} at {scale}: {made.get(table, 0)} for {rows}")
    return right, wrong


def judge(dataset, binary, seeds):
    """Runs the program on one dataset; returns its report and its lines of the summary."""
    directory = dataset.directory
    manifest = data.edited(program.init(binary, directory, [dataset.source]), dataset.edits)
    (directory / "prodlike.toml").write_text(manifest)
    schema = schemas.from_manifest(manifest, dataset.kinds)
    real = schemas.normalise(dataset.real, schema)
    references = {"train": real}
    if dataset.holdout:
        references["holdout"] = schemas.normalise(dataset.holdout, schema)
        dataset = data.replaced(dataset, holdout=references["holdout"])

    say("  real against real")
    floor = cached(dataset, schema, "real", lambda: real_against_real(dataset, schema, real))
    peers = {}
    for who, tables in dataset.peers.items():
        say(f"  {who}")
        candidate = schemas.normalise(tables, schema)
        peers[who] = cached(dataset, schema, who, lambda candidate=candidate: measures.measure(
            dataset, schema, candidate, references, 0, say, attacked=True,
        ))

    say("  fit")
    seconds, warnings = program.fit(binary, directory)
    ours = []
    for seed in range(1, seeds + 1):
        say(f"  seed {seed}")
        candidate = schemas.normalise(program.load(program.generate(binary, directory, seed)), schema)
        ours.append(measures.measure(dataset, schema, candidate, references, seed, say, attacked=seed == 1))
        shutil.rmtree(directory / f"synthetic-{seed}")
    notes = []
    if dataset.single:
        for table in dataset.target:
            model = directory / "model.prodlike"
            auc, skipped = model_file.membership_auc(model, table, real[table], references["holdout"][table])
            note = f"passed over: {', '.join(skipped)}" if skipped else None
            ours[0].add(table, "membership AUC of the model", auc, note)
    right, wrong = check_rows(dataset, binary, directory)
    scales = ", ".join(dataset.scales)
    notes.append(f"row totals at scales {scales}: {right} right, {len(wrong)} wrong {'; '.join(wrong)}".strip())
    if dataset.name == "adult":
        ours[0].add("(all)", "fit seconds, one thread", program.fit(binary, directory, threads=1)[0])
    unmeasured = [
        f"{table}: {', '.join(name for name in kinds if name not in schema.measured(table))}"
        for table, kinds in schema.columns.items() if len(schema.measured(table)) < len(kinds)
    ]
    edits = [str(new).strip().replace("\n", " ")[:120] for _, new in dataset.edits]
    model = directory / "model.prodlike"
    heading = [
        f"rows: {', '.join(f'{table} {len(frame):,}' for table, frame in real.items())}",
        f"real is {real_words(dataset)}",
        f"not measured (keys, generated): {'; '.join(unmeasured) or 'nothing'}",
        f"manifest edits: {'; '.join(edits) or 'none'}",
        f"fit took {seconds:.1f} s; model file {model.stat().st_size / 1024:.0f} KiB",
        *notes,
        *shortened(warnings),
    ]
    return report.dataset(dataset.name, floor, peers, ours, heading)


def shortened(warnings):
    """Returns the warnings of a fit, those about columns that are not learned as one."""
    unlearned = "no value is shared by"
    names = [line.split("`")[1] for line in warnings if unlearned in line]
    rest = [line for line in warnings if unlearned not in line]
    if names:
        rest.insert(0, f"not learned, too few entities share a value ({len(names)}): {', '.join(names)}")
    return rest


def real_words(dataset):
    if dataset.holdout:
        return "a held-out sample of the same size against the training data"
    return f"one half of `{dataset.halved}` and what depends on it against the other"


def header(binary, arguments):
    version = program.run(binary, ["--version"], program.WORK)[0].stdout
    digest = hashlib.sha256(Path(binary).read_bytes()).hexdigest()[:12]
    packages = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return "\n".join([
        f"$ tests/referee/referee.sh {shlex.join(arguments)}",
        f"{version.strip()} (sha256:{digest}…), Python {platform.python_version()}, {packages}",
        f"{platform.machine()}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC",
    ])


def keep(name, text, save):
    for directory in [program.WORK / "results", *([HERE / "results"] if save else [])]:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / f"{name}.txt").write_text(text + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="*", metavar="DATASET", help=", ".join(data.ALL))
    parser.add_argument("--seeds", type=int, default=int(os.environ.get("SEEDS", "5")))
    parser.add_argument("--save", action="store_true", help="keep the results in tests/referee/results")
    args = parser.parse_args()
    unknown = [name for name in args.datasets if name not in data.ALL]
    if unknown:
        parser.error(f"unknown dataset `{unknown[0]}`; known: {', '.join(data.ALL)}")
    if args.seeds < 1:
        parser.error("at least one seed")
    binary = program.binary()
    head = header(binary, sys.argv[1:])
    print(head, flush=True)
    lines, failed = [], False
    for name in args.datasets or data.ALL:
        say(f"{name}")
        started = time.monotonic()
        try:
            text, more = judge(data.ALL[name](), binary, args.seeds)
        except data.Missing as missing:
            print(f"\n== {name} ==\nskipped: {missing}", flush=True)
            continue
        except program.ProgramFailed as failure:
            failed = True
            print(f"\n== {name} ==\nfailed: {failure}", flush=True)
            continue
        except Exception:
            # One dataset's fault must not cost the figures of the others.
            failed = True
            print(f"\n== {name} ==\nfailed:\n{traceback.format_exc()}", flush=True)
            continue
        lines += more
        print(f"\n{text}\n({time.monotonic() - started:.0f} s)", flush=True)
        keep(name, f"{head}\n\n{text}", args.save)
    if lines:
        text = report.summary(lines)
        print(f"\n== goals ==\n{text}")
        keep("summary", f"{head}\n\n{text}", args.save)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
