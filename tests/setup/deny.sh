#!/usr/bin/env bash
# Checks licences and duplicate versions of all dependencies, with a pinned cargo-deny.
#
# There is no prebuilt one in a package registry that understands today's cargo,
# so it is compiled once, unoptimised, into target/tools.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

VERSION=0.20.2
DENY=$TARGET/tools/bin/cargo-deny

if have cargo-deny && [ "$(cargo-deny --version)" = "cargo-deny $VERSION" ]; then
    DENY=cargo-deny
elif [ ! -x "$DENY" ] || [ "$("$DENY" --version)" != "cargo-deny $VERSION" ]; then
    say "Installing cargo-deny $VERSION to: target/tools"
    scratch
    # From another directory: this workspace's .cargo/config.toml is no business of the tool's.
    (
        cd "$SCRATCH"
        export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=false
        export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG=false
        export CARGO_PROFILE_RELEASE_INCREMENTAL=false
        CARGO_TARGET_DIR=$SCRATCH/build cargo install cargo-deny --version "$VERSION" --locked \
            --quiet --no-default-features --force --root "$TARGET/tools"
    )
fi

# Everything the lockfile names must be on disk before the check, which then works offline.
cargo fetch --locked --quiet
"$DENY" --offline --locked --workspace --config .deny.toml check --hide-inclusion-graph bans licenses
