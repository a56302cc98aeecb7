//! Lets the program find libduckdb at run time, from wherever it is started.
//!
//! `.cargo/config.toml` tells the linker where libduckdb lies (`DUCKDB_LIB_DIR`);
//! here the same place goes into the program as its rpath: first relative to the
//! program, so that a checkout can be moved, then absolute, so that the program can.

use std::env;
use std::fs;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=host/cli/build.rs");
    println!("cargo::rerun-if-env-changed=DUCKDB_LIB_DIR");
    if env::var_os("CARGO_FEATURE_BUNDLED").is_some() {
        return;
    }
    let Ok(system) = env::var("CARGO_CFG_TARGET_OS") else {
        return;
    };
    let origin = match system.as_str() {
        "linux" | "freebsd" => "$ORIGIN",
        "macos" => "@loader_path",
        _ => return,
    };
    // target/release/prodlike, but target/release/deps/… and target/release/examples/….
    rpath("bins", &format!("{origin}/../libduckdb"));
    rpath("tests", &format!("{origin}/../../libduckdb"));
    rpath("examples", &format!("{origin}/../../libduckdb"));
    if let Ok(directory) = env::var("DUCKDB_LIB_DIR") {
        if !holds_libduckdb(Path::new(&directory)) {
            println!("cargo::rerun-if-changed={directory}");
            println!(
                "cargo::error=there is no libduckdb in `{directory}`; `make setup` puts it there"
            );
        }
        rpath("bins", &directory);
        rpath("tests", &directory);
        rpath("examples", &directory);
    }
}

fn rpath(targets: &str, directory: &str) {
    println!("cargo::rustc-link-arg-{targets}=-Wl,-rpath,{directory}");
}

/// A hint now is worth more than the linker's words at the end of a long build.
fn holds_libduckdb(directory: &Path) -> bool {
    fs::read_dir(directory).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with("libduckdb.")
        })
    })
}
