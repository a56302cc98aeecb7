//! Lets the module find libduckdb beside itself, as in a wheel, or where the build has it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=DUCKDB_LIB_DIR");
    let Ok(system) = std::env::var("CARGO_CFG_TARGET_OS") else {
        return;
    };
    let origin = match system.as_str() {
        "linux" | "freebsd" => "$ORIGIN",
        "macos" => "@loader_path",
        _ => return,
    };
    println!("cargo::rustc-link-arg-cdylib=-Wl,-rpath,{origin}");
}
