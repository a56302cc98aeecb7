//! Projects in Rust. The SDK comes with them: whoever has the `prodlike` binary needs nothing
//! else from us.

use super::{Kind, project, values};

/// The SDK's sources and the contract.
const SDK: &[(&str, &str)] = &[
    (
        "src/append.rs",
        include_str!("../../../../plugins/sdk/src/append.rs"),
    ),
    (
        "src/builder.rs",
        include_str!("../../../../plugins/sdk/src/builder.rs"),
    ),
    (
        "src/calendar.rs",
        include_str!("../../../../plugins/sdk/src/calendar.rs"),
    ),
    (
        "src/column.rs",
        include_str!("../../../../plugins/sdk/src/column.rs"),
    ),
    (
        "src/country.rs",
        include_str!("../../../../plugins/sdk/src/country.rs"),
    ),
    (
        "src/error.rs",
        include_str!("../../../../plugins/sdk/src/error.rs"),
    ),
    (
        "src/guest/alloc.rs",
        include_str!("../../../../plugins/sdk/src/guest/alloc.rs"),
    ),
    (
        "src/guest/bindings.rs",
        include_str!("../../../../plugins/sdk/src/guest/bindings.rs"),
    ),
    (
        "src/guest/convert.rs",
        include_str!("../../../../plugins/sdk/src/guest/convert.rs"),
    ),
    (
        "src/guest/instance.rs",
        include_str!("../../../../plugins/sdk/src/guest/instance.rs"),
    ),
    (
        "src/guest/mod.rs",
        include_str!("../../../../plugins/sdk/src/guest/mod.rs"),
    ),
    (
        "src/latin.rs",
        include_str!("../../../../plugins/sdk/src/latin.rs"),
    ),
    (
        "src/lib.rs",
        include_str!("../../../../plugins/sdk/src/lib.rs"),
    ),
    (
        "src/log.rs",
        include_str!("../../../../plugins/sdk/src/log.rs"),
    ),
    (
        "src/map.rs",
        include_str!("../../../../plugins/sdk/src/map.rs"),
    ),
    (
        "src/native.rs",
        include_str!("../../../../plugins/sdk/src/native.rs"),
    ),
    (
        "src/plugin.rs",
        include_str!("../../../../plugins/sdk/src/plugin.rs"),
    ),
    (
        "src/random.rs",
        include_str!("../../../../plugins/sdk/src/random.rs"),
    ),
    (
        "src/rows.rs",
        include_str!("../../../../plugins/sdk/src/rows.rs"),
    ),
    (
        "src/schema.rs",
        include_str!("../../../../plugins/sdk/src/schema.rs"),
    ),
    (
        "src/testing.rs",
        include_str!("../../../../plugins/sdk/src/testing.rs"),
    ),
    (
        "src/text.rs",
        include_str!("../../../../plugins/sdk/src/text.rs"),
    ),
    (
        "src/utf8.rs",
        include_str!("../../../../plugins/sdk/src/utf8.rs"),
    ),
    (
        "src/view.rs",
        include_str!("../../../../plugins/sdk/src/view.rs"),
    ),
    ("wit/plugin.wit", include_str!("../../../../wit/plugin.wit")),
    ("wit/types.wit", include_str!("../../../../wit/types.wit")),
];

/// Returns the files of a project by path.
pub(super) fn files(name: &str, kind: Kind) -> Vec<(String, String)> {
    let source = match kind {
        Kind::Generator => include_str!("../../templates/rust/generator.rs.txt"),
        Kind::Transform => include_str!("../../templates/rust/transform.rs.txt"),
        Kind::Detector => include_str!("../../templates/rust/detector.rs.txt"),
        Kind::Rule => include_str!("../../templates/rust/rule.rs.txt"),
    };
    let values = values(name, kind);
    let templates = [
        (
            "Cargo.toml",
            include_str!("../../templates/rust/Cargo.toml.txt"),
        ),
        (
            ".gitignore",
            include_str!("../../templates/rust/gitignore.txt"),
        ),
        (
            "README.md",
            include_str!("../../templates/rust/README.md.txt"),
        ),
        ("src/lib.rs", source),
        (
            "sdk/Cargo.toml",
            include_str!("../../templates/rust/sdk-Cargo.toml.txt"),
        ),
    ];
    project(&templates, &values, "sdk", SDK)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::SDK;

    /// A file that the SDK has gained is missing from new projects until it stands here.
    #[test]
    fn all_of_the_sdk_is_there() {
        let sdk = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins/sdk"));
        let mut directories = vec![sdk.join("src"), sdk.join("wit")];
        let mut found = 0;
        while let Some(directory) = directories.pop() {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    directories.push(path);
                    continue;
                }
                let relative = path.strip_prefix(sdk).unwrap().to_str().unwrap();
                let embedded = SDK.iter().find(|(path, _)| *path == relative);
                assert!(embedded.is_some(), "{relative} is not embedded");
                found += 1;
            }
        }
        assert_eq!(found, SDK.len());
    }

    /// The SDK's dependencies in new projects are those of the workspace.
    #[test]
    fn dependencies_are_those_of_the_workspace() {
        let root = include_str!("../../../../Cargo.toml");
        let template = include_str!("../../templates/rust/sdk-Cargo.toml.txt");
        let sdk = include_str!("../../../../plugins/sdk/Cargo.toml");
        let (_, dependencies) = template.split_once("[dependencies]").unwrap();
        let lines = dependencies
            .lines()
            .filter(|line| line.contains(" = ") && !line.starts_with('['));
        let mut count = 0;
        for line in lines {
            assert!(root.lines().any(|known| known == line), "{line}");
            let (name, _) = line.split_once(' ').unwrap();
            assert!(sdk.contains(&format!("{name}.workspace = true")), "{name}");
            count += 1;
        }
        assert_eq!(
            count,
            sdk.matches(".workspace = true").count() - 4,
            "one is missing"
        );
    }
}
