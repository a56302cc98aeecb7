"""Measures prodlike beside other makers of synthetic tables, on Adult: time, memory, and how real it looks.

    target/python/bin/python tests/bench/peers.py [--save NAME] [CONTENDER…]

Every contender has a virtual environment of its own under target/peers, with what
`peers/NAME.txt` pins; prodlike has the newest wheel of target/wheels and nothing else. Each is
one process (`peers/contender.py`), one at a time, measured as everything here is: wall time from
start to exit and the kernel's own high-water mark of its memory. It reads the training half of
Adult, fits, generates as many rows, and writes them. What it made is judged afterwards, outside
the measurement, by tests/referee's own definitions and with its versions (`peers/judge.py`).

The data are PRODLIKE_DATA/adult, as for the referee. Takes some ten minutes, most of them the peers'.
"""

import argparse
import datetime
import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from measure import ROOT, WORK, Run, lines, machine, say

HERE = Path(__file__).resolve().parent / "peers"
REFEREE = ROOT / "tests/referee"
ENVIRONMENTS = ROOT / "target/peers"
DATA = Path(os.environ.get("PRODLIKE_DATA", ROOT.parent / "shared/data")) / "adult"
# A contender that takes longer is ended, and said to be.
LIMIT = 600
TABLE = "adult"

# Name: environment, and what it is and how it was called.
CONTENDERS = {
    "prodlike": ("prodlike", "its defaults, k = 10, every row a person (`entities`)"),
    "prodlike-k1": ("prodlike", "the same with k = 1: no floor, which is what the others have"),
    "datasynthesizer": (
        "datasynthesizer",
        "Bayesian network of at most 2 parents, no privacy noise (epsilon 0), `native-country` said to be a category",
    ),
    "synthpop-py": ("synthpop-py", "CART column by column, its defaults; what R's synthpop does"),
    "mostlyai": (
        "mostlyai",
        "mostlyai-engine's TabularARGN, its defaults, but at most 8 minutes of training; torch on the CPU",
    ),
    "arfpy": ("arfpy", "adversarial random forests, its defaults, whole numbers rounded"),
}
ON_REQUEST = ("arfpy",)
# What was tried or looked at and is not in the table, and why.
LEFT_OUT = (
    "arfpy 0.1.1: fits in pandas, leaf by leaf: 2,000 rows took 243 s on this machine while it was busy "
    "(XGB AUC 0.953 against them). On request: `peers.py arfpy`.",
    "synthcity 0.2.12: not tried. It wants torch below 2.3 and some thirty packages more.",
    "mostlyai 6.2.0, the SDK: its local mode trains with mostlyai-engine, which is in the table without it.",
    "python-synthpop 0.1.2 needs copulas, and ctgan is of the same organisation as SDV: left out for their licence.",
    "py-synthpop 0.1.2: not tried. Last released in 2020; synthpop-py does the same and is kept.",
)

NOTES = """
seconds   from the start of the process to its exit: import, reading, fit, generation, writing.
          Files are in the cache, and packages compiled: each is imported once before.
fit       of these, reading and fitting, as the contender's own clock has it; import is in neither.
MiB       peak resident memory of the process; of the largest one where it starts others
          (DataSynthesizer does), so theirs is too low.
AUC       XGBoost two-sample AUC by tests/referee/detection.py: .5 where the rows cannot be told
          from real ones, 1 where each gives itself away. Against the training half, copies of
          training rows make it better, and below .5 means just that: look at holdout, and at
shape     Column Shapes error in %, against the training half,
copies    exact copies of training rows in %, and
DCR       the share of rows nearer to a training row than to any held-out one: .5 is right.
Last two lines: what R's synthpop made of the same half, elsewhere, so that its cost is not known;
and the held-out half as if it had been made: what real rows score.

What is unfair
- One run each, one seed, one table of a kind that everybody shows. The AUC of prodlike varies by
  some .005 from seed to seed (tests/referee/results); nobody else's was measured.
- prodlike keeps k = 10 people behind all that it learns, and has no rows in its model. None of the
  peers promises that as they were run; mostlyai protects rare values, DataSynthesizer's noise,
  which is on by default (epsilon 0.1), is off here, and would make it worse. prodlike-k1 is without floors.
- prodlike reads the CSV file itself and writes Parquet; the others read and write CSV by pandas.
- DataSynthesizer cuts numbers into 20 bins and draws evenly within one, so that the many zeros of
  `capital-gain` and `capital-loss` are not zeros any more: any classifier sees that, and its AUC
  says no more. Without these two columns it is .89 (6,000 rows, tried once).
- Nobody was tuned. Two cores and no GPU are what there is: torch is made for more. Forests and
  trees of scikit-learn use one core unless told otherwise, prodlike, DataSynthesizer and torch both.
- Import counts: some seconds of synthpop-py's and mostlyai's.
- Reading, fit and generation are one process here. Who fits once and generates often pays the fit
  once: compare `generate` too.
- We wrote this, and know our own program best.
"""

# Of the referee's packages, what its definitions of this table need.
JUDGING = {
    "cloudpickle", "copulas", "joblib", "narwhals", "numpy", "packaging", "pandas", "plotly", "pyarrow",
    "python-dateutil", "pytz", "scikit-learn", "scipy", "sdmetrics", "six", "threadpoolctl", "tqdm", "tzdata",
    "xgboost",
}  # fmt: skip


def environment(name):
    """Makes the environment where it is not made yet; returns its Python."""
    place = ENVIRONMENTS / name
    if name == "prodlike":
        wheel = max((ROOT / "target/wheels").glob("*.whl"), key=os.path.getmtime, default=None)
        if wheel is None:
            sys.exit("error: there is no wheel in target/wheels\n\nhint: Run `make wheel`")
        wanted, arguments = f"{wheel.name} {wheel.stat().st_mtime_ns}\n", [wheel]
    else:
        if name == "judge":
            texts = [(REFEREE / f"requirements-full{more}.txt").read_text() for more in ("", "-nodeps")]
            pins = [pin for pin in "".join(texts).splitlines() if pin.split("==")[0] in JUDGING]
            wanted = "\n".join(pins) + "\n"
        else:
            wanted = (HERE / f"{name}.txt").read_text()
        arguments = ["--requirement", f"{place}.txt"]
        ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
        Path(f"{place}.txt").write_text(wanted)
    installed = place / "installed.txt"
    if not installed.exists() or installed.read_text() != wanted:
        print(f"Installing {name} into target/peers", file=sys.stderr)
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        pip = [place / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--no-deps", *arguments], check=True)
        # Written last: an installation that was interrupted is begun again.
        installed.write_text(wanted)
    return place / "bin/python"


def unpack():
    """Adult's halves, and what R's synthpop made of the first, a directory each."""
    for part in ("train", "holdout", "synthpop"):
        file = DATA / f"{part}.csv.gz"
        if not file.exists():
            sys.exit(f"error: `{file}` is not there\n\nhint: PRODLIKE_DATA says where the data lie")
        (WORK / part).mkdir()
        with gzip.open(file) as packed, (WORK / part / f"{TABLE}.csv").open("wb") as plain:
            shutil.copyfileobj(packed, plain)


def judged(made):
    python = environment("judge")
    run = Run([python, "-W", "ignore", HERE / "judge.py", WORK / "prodlike.toml", WORK / "train", WORK / "holdout", made])
    return json.loads(run.stdout.splitlines()[-1])


HEADING = f"{'':<17}{'seconds':>8}{'fit':>7}{'generate':>9}{'MiB':>7}{'AUC train':>11}{'AUC holdout':>12}{'shape':>7}{'copies':>8}{'DCR':>7}"


def row(name, cost, score):
    cost = cost or ["-"] * 4
    form = {"auc_train": "11.3f", "auc_holdout": "12.3f", "shape": "7.2f", "copies": "8.2f", "dcr": "7.3f"}
    scores = "".join(f"{score[key]:>{how}}" if key in score else "-".rjust(int(how.split(".")[0])) for key, how in form.items())
    say(f"  {name:<15}{cost[0]:>8}{cost[1]:>7}{cost[2]:>9}{cost[3]:>7}{scores}")


def contend(name):
    """Runs one contender; returns its costs, or why there are none."""
    python = environment(CONTENDERS[name][0])
    out = WORK / name
    out.mkdir()
    train = WORK / "train" / f"{TABLE}.csv"
    manifest = [WORK / f"{name}.toml"] if name.startswith("prodlike") else []
    command = ["timeout", LIMIT, python, "-W", "ignore", HERE / "contender.py", name, train, out, *manifest]
    # Once for the cache of files and of compiled modules: nobody's first import is measured.
    subprocess.run([python, HERE / "contender.py", "warm", name], check=True, capture_output=True)
    try:
        run = Run(command)
    except SystemExit as failed:
        last = str(failed).strip().splitlines()
        return None, f"not done after {LIMIT} s" if "ended with 124" in last[0] else last[-1]
    inside = json.loads(run.stdout.splitlines()[-1])
    return (f"{run.seconds:.2f}", f"{inside['fit']:.2f}", f"{inside['generate']:.2f}", f"{run.peak_mib:.0f}"), out


def main():
    parser = argparse.ArgumentParser(description="Measures prodlike beside its peers, on Adult.")
    parser.add_argument("--save", metavar="NAME", help="keep the output as runs/DATE-NAME.txt")
    usual = [name for name in CONTENDERS if name not in ON_REQUEST]
    parser.add_argument("names", nargs="*", help=f"{', '.join(usual)} (default: all of these); {', '.join(ON_REQUEST)}")
    arguments = parser.parse_args()
    names = arguments.names or usual
    if unknown := set(names) - set(CONTENDERS):
        parser.error(f"unknown contenders: {', '.join(sorted(unknown))}")
    # Whose manifest says what the columns are.
    names = list(dict.fromkeys(["prodlike", *names]))

    for name in ["judge", *names]:
        environment("judge" if name == "judge" else CONTENDERS[name][0])
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    machine()
    try:
        unpack()
        rows = sum(1 for _ in open(WORK / "train" / f"{TABLE}.csv")) - 1
        say()
        say(f"Adult, {rows:,} × 15: fit on one half, as many rows made, one process each, one after the other")
        say()
        say(HEADING)
        failed, costs = [], {}
        for name in names:
            cost, out = contend(name)
            if cost is None:
                failed.append(f"{name}: {out}")
                say(f"  {name:<15} {out}")
                continue
            costs[name] = float(cost[0])
            row(name, cost, judged(out))
        row("R's synthpop", None, judged(WORK / "synthpop"))
        held = judged(WORK / "holdout")
        row("held-out rows", None, {key: held[key] for key in ("auc_train", "shape", "copies")})
        say()
        for name, seconds in costs.items():
            if not name.startswith("prodlike"):
                say(f"  {name} takes {seconds / costs['prodlike']:.1f} times prodlike's time")
        notes(names)
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
    if arguments.save:
        path = ROOT / "tests/bench/runs" / f"{datetime.date.today():%Y-%m-%d}-{arguments.save}.txt"
        path.write_text("\n".join(lines) + "\n")
        print(f"\nSaved to: {path.relative_to(ROOT)}")


def notes(names):
    for text in NOTES.splitlines():
        say(text)
    say()
    say("Contenders")
    for name in names:
        place, what = CONTENDERS[name]
        pins = (ENVIRONMENTS / place / "installed.txt").read_text().splitlines()
        version = next(pin for pin in pins if pin.lower().startswith(place)).split(" ")[0]
        say(f"  {name}: {version}; {what}")
    if LEFT_OUT:
        say()
        say("Tried or looked at, and left out")
        for text in LEFT_OUT:
            say(f"  {text}")


if __name__ == "__main__":
    main()
