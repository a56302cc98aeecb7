//! Model files: their members are damaged and packed again, so that what is wrong is not the
//! zip around them.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use prodlike_core::progress::{Cancel, Silent};
use prodlike_engine::generate::{GenerateOptions, WriteOptions, generate};
use prodlike_engine::plugins::PluginOptions;
use prodlike_engine::{DatasetOptions, FileFormat, Size, plan, read_model};
use proptest::prelude::any;
use proptest::sample::Index;
use zip::write::SimpleFileOptions;

use super::mutation::{damaged, damages};
use super::run::run;
use crate::util::fitted;

/// The most rows that are worth generating from a damaged model.
const ROWS: u64 = 50_000;

fn members() -> Vec<(String, Vec<u8>)> {
    let file = std::fs::File::open(fitted().join("chinook.prodlike")).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    (0..archive.len())
        .map(|i| {
            let mut member = archive.by_index(i).unwrap();
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).unwrap();
            (member.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn pack(path: &Path, members: &[(String, Vec<u8>)], broken: usize, bytes: &[u8]) {
    let mut archive = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (i, (name, whole)) in members.iter().enumerate() {
        archive.start_file(name.as_str(), stored).unwrap();
        archive
            .write_all(if i == broken { bytes } else { whole })
            .unwrap();
    }
    archive.finish().unwrap();
}

#[test]
fn no_model_file_breaks_generate() {
    let members = members();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("m.prodlike");
    let out = directory.path().join("out");
    let inputs = (
        any::<Index>(),
        damages(&["Owner", "Reference", "Tree", "INTEGER", "lo", "hi"]),
    );
    run(300, &inputs, |(member, damages)| {
        let member = member.index(members.len());
        pack(
            &path,
            &members,
            member,
            &damaged(&members[member].1, &damages),
        );
        let Ok((model, info)) = read_model(&path) else {
            return;
        };
        for scale in [1.0, 0.01, 1e9] {
            let size = Size {
                scale,
                rows: Vec::new(),
            };
            let Ok(plan) = plan(&model, 1, &size) else {
                continue;
            };
            if plan
                .rows
                .iter()
                .fold(0u64, |sum, rows| sum.saturating_add(*rows))
                > ROWS
            {
                continue;
            }
            let options = GenerateOptions {
                dataset: DatasetOptions {
                    size,
                    seed: 1,
                    threads: 1,
                    plugins: PluginOptions::default(),
                },
                tables: Vec::new(),
                part: None,
                write: WriteOptions::new(out.clone(), FileFormat::Csv),
            };
            let made = generate(
                &Arc::new(model.clone()),
                &info.digest,
                &options,
                &Silent,
                &Cancel::default(),
            );
            assert_eq!(made.is_ok(), out.exists(), "{:?}", made.err());
            if made.is_ok() {
                std::fs::remove_dir_all(&out).unwrap();
            }
            let left = std::fs::read_dir(directory.path()).unwrap().count();
            assert_eq!(left, 1, "something half-written is left");
        }
    });
}
