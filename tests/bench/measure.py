"""How figures are measured: one finished process at a time, its wall time and peak memory."""

import datetime
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODLIKE = ROOT / "target/release/prodlike"
SQL = ROOT / "target/release/examples/sql"
DATA = ROOT / "target/data"
WORK = ROOT / "target/bench"

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


