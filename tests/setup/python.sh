#!/usr/bin/env bash
# Makes target/python, a virtual environment with the wheel and what tests and benchmarks of it
# need, and tests the package in it; `python.sh setup` only makes it, `python.sh full` runs all
# notebooks too.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

MODE=${1:-test}
ENVIRONMENT=$TARGET/python

tests/setup/wheel.sh
tests/setup/data.sh chinook
if [ ! -x "$ENVIRONMENT/bin/python" ]; then
    python3 -m venv "$ENVIRONMENT"
fi
pip() { "$ENVIRONMENT/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; }
pip --requirement python/requirements.txt
pip --no-deps --requirement python/requirements-nodeps.txt
# shellcheck disable=SC2012 # names of wheels are plain
pip --force-reinstall --no-deps "$(ls -t "$TARGET"/wheels/*.whl | head -n 1)"
if [ "$MODE" = setup ]; then exit 0; fi

# The package is the one that was installed, as a user has it: not the sources beside it.
run() { (cd "$TARGET/python" && PYTHONDONTWRITEBYTECODE=1 "$@"); }
INSTALLED=$(run bin/python -c 'import os, prodlike; print(os.path.dirname(prodlike.__file__))')
export CHINOOK=$TARGET/data/chinook.duckdb PRODLIKE_PROGRAM=$TARGET/release/prodlike
export PRODLIKE_NOTEBOOKS=$([ "$MODE" = full ] && printf all || printf first)
run bin/python -X faulthandler -m pytest -q -p no:cacheprovider -n 2 \
    --doctest-modules "$INSTALLED" "$ROOT/python/tests"
run bin/mypy --config-file "$ROOT/python/pyproject.toml"
(cd python && PATH=$ENVIRONMENT/bin:$PATH "$ENVIRONMENT/bin/pyright" --pythonpath "$ENVIRONMENT/bin/python")
