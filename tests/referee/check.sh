#!/bin/sh
# Computes the scores of the fixture in host/frame with the real sdmetrics package and
# compares them with the committed ones, to 1e-9. The environment is made once.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv="$root/target/referee-venv"
wanted="$here/requirements.txt"

if ! cmp -s "$wanted" "$venv/installed.txt"; then
    command -v python3 >/dev/null || {
        echo "error: the comparison with SDMetrics needs python3 (Debian: python3-venv)" >&2
        exit 1
    }
    mkdir -p "$root/target"
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted"
    # Written last: an installation that was interrupted is begun again.
    cp "$wanted" "$venv/installed.txt"
fi
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$here/sdmetrics_expected.py" --check
echo "The committed scores are those of $("$venv/bin/python" -m pip list --disable-pip-version-check 2>/dev/null | awk '$1 == "sdmetrics" {print $1, $2}')"
