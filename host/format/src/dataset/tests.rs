use prodlike_core::error::Hint;

use super::*;

const CHUNK: u64 = 4;

fn plan() -> Vec<TablePlan> {
    [("customer", 10), ("a/../\"b\"", 5), ("none", 0)]
        .map(|(table, rows)| TablePlan {
            table: table.into(),
            rows,
        })
        .to_vec()
}

/// Writes the chunks that a part takes, as text files, and describes them.
fn run(
    out: &Path,
    part: Option<(u32, u32)>,
    overwrite: bool,
    seed: u64,
) -> Result<Published, Error> {
    let sink = DirectorySink::create(out, part, overwrite)?;
    let info = fill(&sink, part, seed)?;
    sink.finish(&info)
}

fn fill(sink: &DirectorySink, part: Option<(u32, u32)>, seed: u64) -> Result<DatasetInfo, Error> {
    let mut tables = Vec::new();
    let mut number = 0;
    for planned in plan().into_iter().rev() {
        let mut files = Vec::new();
        for chunk in 0..planned.rows.div_ceil(CHUNK) {
            number += 1;
            if part.is_some_and(|(part, parts)| number % parts != part - 1) {
                continue;
            }
            let path = sink.chunk_path(&planned.table, chunk, FileFormat::Csv)?;
            let content = format!("{} {chunk} {seed}", planned.table);
            fs::write(&path, &content).map_err(Error::io("write", &path))?;
            files.push(FileInfo {
                file: chunk_names(&planned.table, chunk, FileFormat::Csv).1,
                first_row: chunk * CHUNK,
                rows: CHUNK.min(planned.rows - chunk * CHUNK),
                bytes: content.len() as u64,
                sha256: sha256(content.as_bytes()),
            });
        }
        let directory = directory_name(&planned.table);
        tables.push(TableInfo {
            table: planned.table,
            directory,
            files,
        });
    }
    Ok(DatasetInfo {
        product_version: "0.1.0".into(),
        model_digest: "sha256:00".into(),
        seed,
        format: "csv".into(),
        chunk_rows: CHUNK,
        part: None,
        plan: plan(),
        tables,
        undeclared: vec!["employee.reports_to".into()],
        notes: vec!["a note".into()],
    })
}

/// Returns every file below a directory, by its path, with its content.
fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.insert(
                    path.strip_prefix(root).unwrap().to_path_buf(),
                    fs::read(&path).unwrap(),
                );
            }
        }
    }
    files
}

fn siblings(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn parts_in_any_order_make_the_same_files_as_one_run() {
    let directory = tempfile::tempdir().unwrap();
    let whole = directory.path().join("whole");
    assert!(run(&whole, None, false, 7).unwrap().published);
    let expected = tree(&whole);
    assert_eq!(expected.len(), 6);
    assert!(!String::from_utf8_lossy(&expected[Path::new(DATASET_JSON)]).contains("part"));

    let parted = directory.path().join("parted");
    for part in [3, 1, 3, 2] {
        let published = run(&parted, Some((part, 3)), false, 7).unwrap();
        assert_eq!(published.published, part == 2, "{published:?}");
        assert_eq!(parted.exists(), part == 2);
    }
    assert!(tree(&parted) == expected);
    assert_eq!(siblings(directory.path()), ["parted", "whole"]);
    let info = read_dataset_json(&parted.join(DATASET_JSON)).unwrap();
    assert_eq!(info.tables[0].files.len(), 3);
    assert_eq!(info.part, None);
}

#[test]
fn more_parts_than_chunks_are_fine() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    for part in (1..=9).rev() {
        let published = run(&out, Some((part, 9)), false, 7).unwrap();
        assert_eq!(published.missing, (1..part).collect::<Vec<u32>>());
    }
    assert_eq!(tree(&out).len(), 6);
}

#[test]
fn a_part_of_another_run_is_refused_and_spoils_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    run(&out, Some((1, 2)), false, 7).unwrap();
    let error = run(&out, Some((2, 2)), false, 8).unwrap_err();
    assert!(
        matches!(
            error,
            Error::PartMismatch {
                part: 2,
                other: 1,
                what: "the seed",
                ..
            }
        ),
        "{error}"
    );
    assert!(run(&out, Some((2, 2)), false, 7).unwrap().published);
    let whole = directory.path().join("whole");
    run(&whole, None, false, 7).unwrap();
    assert!(tree(&out) == tree(&whole));
}

#[test]
fn parts_of_another_set_are_refused_and_spoil_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    // Begun before there is a part of another set, and finished after.
    let early = DirectorySink::create(&out, Some((3, 3)), false).unwrap();
    let info = fill(&early, Some((3, 3)), 7).unwrap();
    run(&out, Some((1, 2)), false, 7).unwrap();
    let before = tree(&directory.path().join(".out.parts"));
    for error in [
        early.finish(&info).unwrap_err(),
        run(&out, Some((1, 3)), false, 7).unwrap_err(),
    ] {
        assert!(
            matches!(
                error,
                Error::OtherParts {
                    parts: 3,
                    other: 1,
                    others: 2,
                    ..
                }
            ),
            "{error}"
        );
        let hint = error.hint().unwrap();
        assert!(
            hint.starts_with("Run the parts of 2 that are missing"),
            "{hint}"
        );
        assert!(hint.ends_with(".out.parts`"), "{hint}");
    }
    let temporary: Vec<PathBuf> = tree(&directory.path().join(".out.parts"))
        .into_keys()
        .filter(|path| !before.contains_key(path))
        .collect();
    assert!(temporary.is_empty(), "{temporary:?}");
    assert!(run(&out, Some((2, 2)), false, 7).unwrap().published);
    assert_eq!(siblings(directory.path()), ["out"]);
}

#[test]
fn rests_of_killed_parts_are_not_published() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    run(&out, Some((1, 2)), false, 7).unwrap();
    let parts = directory.path().join(".out.parts");
    fs::create_dir(parts.join("stranger")).unwrap();
    fs::write(parts.join("stranger").join("x"), "x").unwrap();
    fs::write(parts.join("customer").join("y"), "y").unwrap();
    run(&out, Some((2, 2)), false, 7).unwrap();
    let whole = directory.path().join("whole");
    run(&whole, None, false, 7).unwrap();
    assert!(tree(&out) == tree(&whole));
}

#[test]
fn concurrent_parts_publish_once() {
    let directory = tempfile::tempdir().unwrap();
    let whole = directory.path().join("whole");
    run(&whole, None, false, 7).unwrap();
    for round in 0..20 {
        let out = directory.path().join(format!("out{round}"));
        std::thread::scope(|scope| {
            let sinks: Vec<_> = (1..=4)
                .map(|part| DirectorySink::create(&out, Some((part, 4)), false).unwrap())
                .collect();
            for sink in sinks {
                scope.spawn(move || {
                    let info = fill(&sink, sink.part, 7).unwrap();
                    sink.finish(&info).unwrap()
                });
            }
        });
        assert!(tree(&out) == tree(&whole));
    }
    assert_eq!(siblings(directory.path()).len(), 21);
}

#[test]
fn what_is_there_is_replaced_only_when_asked_and_only_at_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    fs::create_dir(&out).unwrap();
    run(&out, None, false, 1).unwrap();
    let old = tree(&out);
    assert!(matches!(
        run(&out, None, false, 2),
        Err(Error::Exists { .. })
    ));
    assert!(tree(&out) == old);

    let sink = DirectorySink::create(&out, None, true).unwrap();
    let info = fill(&sink, None, 2).unwrap();
    assert!(tree(&out) == old);
    sink.finish(&info).unwrap();
    assert!(tree(&out) != old);
    assert_eq!(siblings(directory.path()), ["out"]);

    let precious = directory.path().join("precious");
    fs::create_dir(&precious).unwrap();
    fs::write(precious.join("thesis.tex"), "x").unwrap();
    assert!(matches!(
        run(&precious, None, true, 2),
        Err(Error::NotADataset { .. })
    ));
    assert!(matches!(
        run(&precious.join("thesis.tex"), None, true, 2),
        Err(Error::NotADataset { .. })
    ));
    assert!(matches!(
        run(Path::new(".."), None, true, 2),
        Err(Error::Unnamed { .. })
    ));
    assert!(matches!(
        run(&out, Some((8, 7)), true, 2),
        Err(Error::PartNumber { part: 8, parts: 7 })
    ));
    assert!(matches!(
        run(&out, Some((0, 7)), true, 2),
        Err(Error::PartNumber { .. })
    ));
    assert!(matches!(
        run(&directory.path().join("no/out"), None, true, 2),
        Err(Error::Io { .. })
    ));
    assert_eq!(siblings(directory.path()), ["out", "precious"]);
}

#[test]
fn an_abandoned_sink_leaves_nothing_of_its_own() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    let sink = DirectorySink::create(&out, None, false).unwrap();
    fill(&sink, None, 7).unwrap();
    drop(sink);
    assert!(siblings(directory.path()).is_empty());

    let sink = DirectorySink::create(&out, Some((1, 2)), false).unwrap();
    fill(&sink, Some((1, 2)), 7).unwrap();
    drop(sink);
    assert!(siblings(directory.path()).is_empty());

    run(&out, Some((1, 2)), false, 7).unwrap();
    let parts = directory.path().join(".out.parts");
    let before = tree(&parts);
    let sink = DirectorySink::create(&out, Some((2, 2)), false).unwrap();
    fill(&sink, Some((2, 2)), 7).unwrap();
    drop(sink);
    assert!(tree(&parts) == before);
}

#[test]
fn missing_rows_are_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    let sink = DirectorySink::create(&out, None, false).unwrap();
    let mut info = fill(&sink, None, 7).unwrap();
    info.tables[2].files.remove(1);
    let error = sink.finish(&info).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "`{}` is incomplete: table `customer` has rows 4 of 10 planned",
            out.display()
        )
    );
    assert!(siblings(directory.path()).is_empty());
}

#[test]
fn directory_names_are_safe_and_distinct() {
    let long = "é".repeat(120);
    let names = [
        ("customer", "customer"),
        ("Order Items", "Order Items"),
        ("a/b", "a%2Fb"),
        ("..", "%2E%2E"),
        (".hidden", "%2Ehidden"),
        ("a.b", "a.b"),
        ("a.", "a%2E"),
        ("100%", "100%25"),
        ("é", "%C3%A9"),
        ("CON", "%43ON"),
        ("com1.x", "%63om1.x"),
        ("comment", "comment"),
        ("dataset.json", "%64ataset.json"),
        ("\"q\"\n", "%22q%22%0A"),
        ("", "%"),
    ];
    for (table, expected) in names {
        assert_eq!(directory_name(table), expected);
    }
    let name = directory_name(&long);
    assert!(
        name.len() <= 200 && name != directory_name(&format!("{long}x")),
        "{name}"
    );
}

#[test]
fn a_dataset_json_of_a_newer_version_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("dataset.json");
    fs::write(&path, "{\"version\": 2}").unwrap();
    assert_eq!(
        read_dataset_json(&path).unwrap_err().to_string(),
        "`dataset.json` has format 2.0, but this version reads up to 1.0"
    );
    fs::write(&path, "{").unwrap();
    assert!(matches!(read_dataset_json(&path), Err(Error::Json { .. })));
}
