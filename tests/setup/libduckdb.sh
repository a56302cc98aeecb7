#!/usr/bin/env bash
# Puts libduckdb 1.5.5 into target/libduckdb, once; .cargo/config.toml points there.
#
# Three ways, in order: the npm package of DuckDB's own Node binding, which
# carries the library of DuckDB's release unchanged; the release archive itself;
# and, where neither can be had, the cargo feature `bundled`, which compiles
# DuckDB. One digest of the library pins the first two.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

VERSION=1.5.5
LIBRARY_SHA256=fc23f12e376c47be520f75221288281906e7942e8fd6f6ce4849198ba60d0405
NPM_PACKAGE=@duckdb/node-bindings-linux-x64@1.5.5-r.5
NPM_SHA256=86d2bda909785550e8a14a57a8a4584827aff0e268d8f1a58c3fd48559f7020e
RELEASE_URL=https://github.com/duckdb/duckdb/releases/download/v$VERSION/libduckdb-linux-amd64.zip

LIBRARY=$TARGET/libduckdb/libduckdb.so
FEATURES=$TARGET/setup/cargo-features

# Only glibc on x86-64 has a digest we know; everything else compiles.
pinned_platform() {
    [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] && ! ldd --version 2>&1 | grep -qi musl
}

from_npm() {
    have npm || return 1
    say "Fetching libduckdb $VERSION with npm"
    (cd "$SCRATCH" && npm pack --silent --pack-destination "$SCRATCH" "$NPM_PACKAGE" </dev/null >/dev/null) || {
        say "npm could not fetch $NPM_PACKAGE"
        return 1
    }
    local archive
    archive=$(find "$SCRATCH" -maxdepth 1 -name '*.tgz')
    check_digest "$archive" "$NPM_SHA256" || return 1
    tar -xzmf "$archive" -C "$SCRATCH" --strip-components=1 package/libduckdb.so
}

from_release() {
    have curl && have python3 || return 1
    say "Fetching libduckdb $VERSION from DuckDB's releases"
    curl --fail --silent --show-error --location --retry 2 --connect-timeout 15 --max-time 600 \
        --output "$SCRATCH/libduckdb.zip" "$RELEASE_URL" || {
        say "curl could not fetch $RELEASE_URL"
        return 1
    }
    python3 - "$SCRATCH" <<'PYTHON'
import sys, zipfile
scratch = sys.argv[1]
with zipfile.ZipFile(f"{scratch}/libduckdb.zip") as archive:
    open(f"{scratch}/libduckdb.so", "wb").write(archive.read("libduckdb.so"))
PYTHON
}

install_library() {
    check_digest "$SCRATCH/libduckdb.so" "$LIBRARY_SHA256" || return 1
    mkdir -p "$(dirname "$LIBRARY")"
    mv -f "$SCRATCH/libduckdb.so" "$LIBRARY"
    : >"$FEATURES"
    say "Installed libduckdb $VERSION to: target/libduckdb/libduckdb.so"
}

bundle() {
    need "a C++ compiler" g++ have_cxx
    printf '%s' '--features bundled' >"$FEATURES"
    mkdir -p "$TARGET/libduckdb"
    say "warning: $1; DuckDB will be compiled from source, once, which takes about 20 minutes"
}

have_cxx() { have c++ || have g++ || have clang++; }

if ! pinned_platform; then
    [ -s "$FEATURES" ] || bundle "No prebuilt libduckdb is pinned for $(uname -s) on $(uname -m)"
    exit 0
fi
if [ -f "$LIBRARY" ] && [ "$(digest_of "$LIBRARY")" = "$LIBRARY_SHA256" ]; then
    : >"$FEATURES"
    exit 0
fi
# Compiled before: stays so, rather than knocking on the same doors each time.
if [ -s "$FEATURES" ]; then exit 0; fi
scratch
if from_npm && install_library; then exit 0; fi
if from_release && install_library; then exit 0; fi
if ! have npm && have apt-get && [ "$(id -u)" = 0 ]; then
    if (need npm npm have npm) && from_npm && install_library; then exit 0; fi
fi
bundle "libduckdb $VERSION could be had neither through npm nor from DuckDB's releases"
say "hint: To try again, remove target/setup/cargo-features"
