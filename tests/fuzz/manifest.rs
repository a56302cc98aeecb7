//! Manifests.

use std::path::Path;

use prodlike_core::error::Hint;
use prodlike_format::{Notes, parse_manifest, render_manifest};

use super::mutation::{damaged, damages};
use super::run::run;
use crate::util::fitted;

const TOKENS: &[&str] = &[
    "[source]",
    "[sources.a]",
    "[tables.album]",
    "[[relationships]]",
    "path",
    "mode",
    "keep",
    "exclude",
    "orphans",
    "semantic",
    "generator",
    "primary_key",
    "unique",
    "DECIMAL(38,2)",
    "ENUM('a')",
    "HUGEINT",
    "email",
    "[privacy]",
    "k",
];

#[test]
fn no_manifest_breaks_the_reader() {
    let text = std::fs::read(fitted().join("prodlike.toml")).unwrap();
    run(2_000, &damages(TOKENS), |damages| {
        let broken = String::from_utf8_lossy(&damaged(&text, &damages)).into_owned();
        match parse_manifest(&broken, Path::new("prodlike.toml")) {
            // What was understood means the same when it is written down again.
            Ok(manifest) => {
                let rendered = render_manifest(&manifest, &Notes::default());
                let again = parse_manifest(&rendered, Path::new("prodlike.toml"));
                assert_eq!(again.unwrap(), manifest, "{rendered}");
            }
            Err(error) => {
                assert!(error.to_string().contains("prodlike.toml"), "{error}");
                assert!(error.hint().is_none_or(|hint| !hint.is_empty()));
            }
        }
    });
}
