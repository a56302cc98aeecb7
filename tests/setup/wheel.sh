#!/usr/bin/env bash
# Builds the Python package: one wheel for all versions of Python from 3.10 on, with libduckdb
# and the standard plugins inside, in target/wheels; tests/setup/build.sh goes before it.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

MATURIN=1.16.0
TOOLS=$TARGET/setup/maturin-$MATURIN

need_python
need "venv for python3" python3-venv python3 -c 'import ensurepip, venv'

if [ ! -x "$TOOLS/bin/maturin" ]; then
    python3 -m venv "$TOOLS"
    "$TOOLS/bin/pip" install --quiet --disable-pip-version-check "maturin==$MATURIN"
fi

# What lies beside the module: it finds libduckdb there, and the package its plugins.
PACKAGE=$ROOT/python/prodlike
mkdir -p "$PACKAGE/plugins"
rm -f "$PACKAGE"/plugins/*.wasm
cp "$TARGET"/plugins/*.wasm "$PACKAGE/plugins/"
if [ -f "$TARGET/libduckdb/libduckdb.so" ]; then
    # Not written over: a process may have it loaded.
    cp --remove-destination "$TARGET/libduckdb/libduckdb.so" "$PACKAGE/"
fi

# Maturin would build the module alone, with features of its own, and Polars a second time: its
# cargo is one that hands over what was built.
# shellcheck disable=SC2046 # empty, or two words
PATH=$ROOT/tests/setup/maturin:$PATH "$TOOLS/bin/maturin" build --quiet --release \
    --manifest-path python/Cargo.toml --out "$TARGET/wheels" --auditwheel skip \
    $(cargo_features)
say "Built: $(ls -t "$TARGET"/wheels/*.whl | head -n 1)"
