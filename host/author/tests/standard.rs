//! Every plugin of the standard set conforms.
//!
//! Needs a toolchain that can build for WebAssembly.

use prodlike_author::{Options, build, check};

#[test]
fn standard_plugins_conform() {
    let plugins = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins");
    let mut projects: Vec<_> = std::fs::read_dir(plugins)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() && !path.ends_with("sdk"))
        .collect();
    projects.sort();
    assert!(projects.len() >= 22, "{projects:?}");
    let mut faults = Vec::new();
    for project in projects {
        let built = build(&project, &mut |_| ()).unwrap();
        let report = check(&built.path, &Options::default(), &mut |_| ()).unwrap();
        for (verdict, fault) in report.failed() {
            faults.push(format!("{} {}: {fault}", built.name, verdict.check));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
