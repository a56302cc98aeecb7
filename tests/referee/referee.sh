#!/bin/sh
# The referee: measures synthetic data with public packages. Makes the environment once, then
# hands its arguments to run.py: `referee.sh adult shoppers --seeds 5`.
#
# SyntheRela pins old packages and asks for SDV whole; it needs no more than SDV's metadata
# classes. Those four are installed without what they ask for.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv="$root/target/referee-full-venv"

mkdir -p "$root/target"
cat "$here/requirements-full.txt" "$here/requirements-full-nodeps.txt" >"$root/target/referee-wanted.txt"
if ! cmp -s "$root/target/referee-wanted.txt" "$venv/installed.txt"; then
    command -v python3 >/dev/null || {
        echo "error: the referee needs python3 (Debian: python3-venv)" >&2
        exit 1
    }
    echo "Installing the referee's packages into target/referee-full-venv" >&2
    python3 -m venv "$venv"
    for file in requirements-full requirements-full-nodeps; do
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
            --requirement "$here/$file.txt"
    done
    # Written last: an installation that was interrupted is begun again.
    cp "$root/target/referee-wanted.txt" "$venv/installed.txt"
fi
PYTHONDONTWRITEBYTECODE=1 exec "$venv/bin/python" "$here/run.py" "$@"
