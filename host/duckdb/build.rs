//! Lets the crate's own tests find libduckdb; the program's rpath is set where it is linked.

fn main() {
    println!("cargo:rerun-if-env-changed=DUCKDB_LIB_DIR");
    if let (Ok(directory), Err(_)) = (
        std::env::var("DUCKDB_LIB_DIR"),
        std::env::var("CARGO_FEATURE_BUNDLED"),
    ) {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{directory}");
    }
}
