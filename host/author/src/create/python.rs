//! Projects in Python. The SDK comes with them.

use super::{Kind, project, values};

/// The SDK's sources.
const SDK: &[(&str, &str)] = &[
    (
        "__init__.py",
        include_str!("../../templates/python/prodlike_sdk/__init__.py"),
    ),
    (
        "__main__.py",
        include_str!("../../templates/python/prodlike_sdk/__main__.py"),
    ),
    (
        "ambient.py",
        include_str!("../../templates/python/prodlike_sdk/ambient.py"),
    ),
    (
        "columns.py",
        include_str!("../../templates/python/prodlike_sdk/columns.py"),
    ),
    (
        "errors.py",
        include_str!("../../templates/python/prodlike_sdk/errors.py"),
    ),
    (
        "guest.py",
        include_str!("../../templates/python/prodlike_sdk/guest.py"),
    ),
    (
        "lanes.py",
        include_str!("../../templates/python/prodlike_sdk/lanes.py"),
    ),
    (
        "log.py",
        include_str!("../../templates/python/prodlike_sdk/log.py"),
    ),
    (
        "options.py",
        include_str!("../../templates/python/prodlike_sdk/options.py"),
    ),
    (
        "plugin.py",
        include_str!("../../templates/python/prodlike_sdk/plugin.py"),
    ),
    (
        "rows.py",
        include_str!("../../templates/python/prodlike_sdk/rows.py"),
    ),
    (
        "testing.py",
        include_str!("../../templates/python/prodlike_sdk/testing.py"),
    ),
];

/// Returns the files of a project by path.
pub(super) fn files(name: &str, kind: Kind) -> Vec<(String, String)> {
    let (source, test) = match kind {
        Kind::Generator => (
            include_str!("../../templates/python/generator.py.txt"),
            include_str!("../../templates/python/generator_test.py.txt"),
        ),
        Kind::Transform => (
            include_str!("../../templates/python/transform.py.txt"),
            include_str!("../../templates/python/transform_test.py.txt"),
        ),
        Kind::Detector => (
            include_str!("../../templates/python/detector.py.txt"),
            include_str!("../../templates/python/detector_test.py.txt"),
        ),
        Kind::Rule => (
            include_str!("../../templates/python/rule.py.txt"),
            include_str!("../../templates/python/rule_test.py.txt"),
        ),
    };
    let templates = [
        ("plugin.py", source),
        ("test_plugin.py", test),
        (
            ".gitignore",
            include_str!("../../templates/python/gitignore.txt"),
        ),
        (
            "README.md",
            include_str!("../../templates/python/README.md.txt"),
        ),
    ];
    let values = values(name, kind);
    project(&templates, &values, "prodlike_sdk", SDK)
}
