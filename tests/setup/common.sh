# shellcheck shell=bash
# Sourced by every script here: where things lie, how they are said, what must be there.
#
# Whatever is fetched is pinned by its SHA-256 and checked before it is used,
# and appears under its final name only when whole (a temporary name beside it,
# then a rename), so that an interrupted or a concurrent run does no harm.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT"
# The documented paths (`target/release/prodlike`, `target/demo`) hold whatever the caller's
# environment says; `.cargo/config.toml` names `target/libduckdb` in the same way.
TARGET=$ROOT/target
export CARGO_TARGET_DIR=$TARGET
mkdir -p "$TARGET/setup"

say() { printf '%s\n' "$*" >&2; }

fail() {
    printf 'error: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '\nhint: %s\n' "$line" >&2; done
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# `need NAME PACKAGE TEST…`: runs TEST; where it fails, installs the Debian package.
need() {
    local name=$1 package=$2
    shift 2
    if "$@" >/dev/null 2>&1; then return; fi
    if have apt-get && [ "$(id -u)" = 0 ]; then
        say "Installing $package, because $name is missing"
        if [ ! -e "$TARGET/setup/apt-updated" ]; then
            apt-get update -q </dev/null >&2
            touch "$TARGET/setup/apt-updated"
        fi
        DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends "$package" </dev/null >&2
        if "$@" >/dev/null 2>&1; then return; fi
        fail "$name is still missing after installing the package $package"
    fi
    fail "$name is missing" \
        "Install it (on Debian and Ubuntu, as root: apt-get install $package) and run this again"
}

need_rust() {
    local wanted
    have cargo || fail "cargo, the build tool of Rust, is missing" \
        "Install Rust from https://rustup.rs, open a new shell, and run this again"
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    local found
    found=$(rustc --version | cut -d' ' -f2)
    if [ "$(printf '%s\n' "$wanted" "${found%%-*}" | sort -V | head -n 1)" != "$wanted" ]; then
        fail "Rust $wanted or later is needed, and this is $found" "Run \`rustup update stable\`"
    fi
    need "a C compiler" gcc have_cc
}

# Plugins are made for WebAssembly: by the toolchain that is there, where it has the target, else
# by Debian's, which brings the sources of the standard library.
need_wasm() {
    if [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null)" ]; then
        return
    fi
    need "a Rust compiler for WebAssembly" rustc-web test -x /usr/bin/rustc
    need "its cargo" cargo-web test -x /usr/bin/cargo
    need "the sources of its standard library" rust-web-src test -d /usr/lib/rustlib/src/rust/library
    need "a linker for WebAssembly" lld have wasm-ld
}

# Plugins in JavaScript are made by packages of npm, and tested.
need_node() {
    need "node" nodejs have node
    need "npm" npm have npm
}

have_cc() { have cc || have gcc || have clang; }

need_python() {
    need "python3" python3 have python3
    need "pip for python3" python3-pip python3 -m pip --version
}

digest_of() {
    if have sha256sum; then sha256sum "$1" | cut -d' ' -f1; else shasum -a 256 "$1" | cut -d' ' -f1; fi
}

# `check_digest FILE SHA256`: true, or says what was expected and what came.
check_digest() {
    local computed
    computed=$(digest_of "$1")
    if [ "$computed" = "$2" ]; then return; fi
    say "Digest mismatch for $(basename "$1")"
    say "  Expected: sha256:$2"
    say "  Computed: sha256:$computed"
    return 1
}

# A directory of our own under target/, removed however the script ends.
SCRATCH=
scratch() {
    SCRATCH=$(mktemp -d "$TARGET/setup/tmp.XXXXXX")
    trap 'rm -rf "$SCRATCH"' EXIT
}

# Cargo features this machine needs: empty, or `--features bundled` (see libduckdb.sh).
cargo_features() { cat "$TARGET/setup/cargo-features" 2>/dev/null || true; }

# One graph of features for everything that is built: dev-dependencies included (`--example`)
# and all of the workspace, the Python module (`--lib`) too. Any other selection would build Polars a second time.
build_programs() {
    # shellcheck disable=SC2046 # empty, or two words
    cargo build --locked --release --workspace --lib --bin prodlike --example sql "$@" $(cargo_features)
}

# The components of the standard set, in target/plugins: there the program looks for them by name.
build_plugins() {
    local project
    need_wasm
    need_python
    need_node
    for project in plugins/*/; do
        case $project in
        plugins/sdk/ | plugins/measure/) continue ;;
        esac
        target/release/prodlike --quiet plugin build "$project"
    done
    # Projects that are no crates have a target directory each.
    cp plugins/*/target/plugins/*.wasm "$TARGET/plugins/"
}
