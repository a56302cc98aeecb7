//! Projects in JavaScript. The SDK comes with them.

use super::{Kind, project, values};

/// The SDK's sources.
const SDK: &[(&str, &str)] = &[
    (
        "ambient.js",
        include_str!("../../templates/javascript/prodlike-sdk/ambient.js"),
    ),
    (
        "columns.js",
        include_str!("../../templates/javascript/prodlike-sdk/columns.js"),
    ),
    (
        "describe.js",
        include_str!("../../templates/javascript/prodlike-sdk/describe.js"),
    ),
    (
        "errors.js",
        include_str!("../../templates/javascript/prodlike-sdk/errors.js"),
    ),
    (
        "guest.js",
        include_str!("../../templates/javascript/prodlike-sdk/guest.js"),
    ),
    (
        "index.js",
        include_str!("../../templates/javascript/prodlike-sdk/index.js"),
    ),
    (
        "log.js",
        include_str!("../../templates/javascript/prodlike-sdk/log.js"),
    ),
    (
        "options.js",
        include_str!("../../templates/javascript/prodlike-sdk/options.js"),
    ),
    (
        "plugin.js",
        include_str!("../../templates/javascript/prodlike-sdk/plugin.js"),
    ),
    (
        "rows.js",
        include_str!("../../templates/javascript/prodlike-sdk/rows.js"),
    ),
    (
        "testing.js",
        include_str!("../../templates/javascript/prodlike-sdk/testing.js"),
    ),
];

/// Returns the files of a project by path.
pub(super) fn files(name: &str, kind: Kind) -> Vec<(String, String)> {
    let (source, test) = match kind {
        Kind::Generator => (
            include_str!("../../templates/javascript/generator.js.txt"),
            include_str!("../../templates/javascript/generator_test.js.txt"),
        ),
        Kind::Transform => (
            include_str!("../../templates/javascript/transform.js.txt"),
            include_str!("../../templates/javascript/transform_test.js.txt"),
        ),
        Kind::Detector => (
            include_str!("../../templates/javascript/detector.js.txt"),
            include_str!("../../templates/javascript/detector_test.js.txt"),
        ),
        Kind::Rule => (
            include_str!("../../templates/javascript/rule.js.txt"),
            include_str!("../../templates/javascript/rule_test.js.txt"),
        ),
    };
    let templates = [
        ("plugin.js", source),
        ("plugin.test.js", test),
        (
            "package.json",
            include_str!("../../templates/javascript/package.json.txt"),
        ),
        (
            ".gitignore",
            include_str!("../../templates/javascript/gitignore.txt"),
        ),
        (
            "README.md",
            include_str!("../../templates/javascript/README.md.txt"),
        ),
    ];
    let values = values(name, kind);
    project(&templates, &values, "prodlike-sdk", SDK)
}
