//! The house rules, read off `cargo metadata` and the sources (host/ARCHITECTURE.md has the reasons).
//!
//! Every rule is a function from text to complaints, so that beside the test
//! that holds the tree to it there is one that shows it would complain.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Which floor a crate of the workspace lives on; arrows point to lower floors only.
const FLOORS: &[(&str, u8)] = &[
    ("prodlike-models", 0),
    ("prodlike-core", 1),
    ("prodlike-duckdb", 2),
    ("prodlike-format", 2),
    ("prodlike-frame", 2),
    ("prodlike-generators", 2),
    ("prodlike-plugin", 2),
    ("prodlike-engine", 3),
    ("prodlike-author", 3),
    ("prodlike", 4),
    ("prodlike-python", 4),
];

/// What runs in the sandbox, or by itself in tests of its own: none of it is linked into the
/// program. Plugins see the SDK, and the SDK nothing of the house.
const GUESTS: &[&str] = &[
    "prodlike-sdk",
    "prodlike-address",
    "prodlike-check-digit",
    "prodlike-company",
    "prodlike-date-shift",
    "prodlike-generalise",
    "prodlike-hash",
    "prodlike-internet",
    "prodlike-mask",
    "prodlike-measure",
    "prodlike-medical",
    "prodlike-national-id",
    "prodlike-noise",
    "prodlike-payment",
    "prodlike-person",
    "prodlike-phone",
    "prodlike-product",
    "prodlike-prose",
    "prodlike-pseudonym",
    "prodlike-redact",
    "prodlike-suppress",
    "prodlike-vehicle",
];

/// Heavy dependencies and their one owner; a name that ends in `*` is a prefix.
const OWNERS: &[(&str, &str)] = &[
    ("duckdb", "prodlike-duckdb"),
    ("libduckdb-sys", "prodlike-duckdb"),
    ("polars*", "prodlike-frame"),
    ("wasmparser", "prodlike-plugin"),
    ("wasmtime*", "prodlike-plugin"),
    ("parquet", "prodlike-format"),
    ("zip", "prodlike-format"),
    ("toml_edit", "prodlike-format"),
    ("serde", "prodlike-format"),
    ("serde_json", "prodlike-format"),
    ("minijinja", "prodlike-format"),
    ("fake", "prodlike-generators"),
    ("statrs", "prodlike-models"),
    ("rayon", "prodlike-engine"),
    ("clap", "prodlike"),
    ("indicatif", "prodlike"),
    ("tracing-subscriber", "prodlike"),
    ("anyhow", "prodlike"),
    ("ctrlc", "prodlike"),
];

/// What the owner's table does not cover: `--output-format json` is written by the program,
/// and what plugins say about themselves and their lockfile are formats of their own.
const SHARED: &[(&str, &str)] = &[
    ("serde_json", "prodlike"),
    ("serde", "prodlike-author"),
    ("serde_json", "prodlike-author"),
    // An inspection as JSON is for whoever shows a model.
    ("serde_json", "prodlike-engine"),
    // A manifest is edited as the dictionaries of Python; events become its log records.
    ("toml_edit", "prodlike-python"),
    ("tracing-subscriber", "prodlike-python"),
    // What DuckDB's parser makes of an expression is JSON.
    ("serde_json", "prodlike-duckdb"),
    ("serde", "prodlike-plugin"),
    ("serde_json", "prodlike-plugin"),
    ("toml_edit", "prodlike-plugin"),
];

/// The audited modules (DESIGN §9).
const UNSAFE: &[&str] = &[
    "host/frame/src/convert.rs",
    "host/plugin/src/cache.rs",
    "host/plugin/src/varlen.rs",
    "plugins/sdk/src/append.rs",
    "plugins/sdk/src/utf8.rs",
    "plugins/sdk/src/guest/",
    "python/src/streams.rs",
];

/// The owner's list of what may lie at the top.
const TOP_LEVEL: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "LICENSE",
    "Makefile",
    "README.md",
    "host",
    "models",
    "plugins",
    "python",
    "tests",
    "wit",
];

/// Paths that mean I/O, a clock, the environment or entropy.
const IMPURE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::time::*",
    "rand::random",
    "rand::rng",
    "getrandom",
];

/// Names that mean entropy wherever they stand in a path.
const ENTROPY: &[&str] = &[
    "OsRng",
    "SysRng",
    "ThreadRng",
    "from_entropy",
    "from_os_rng",
    "make_rng",
    "thread_rng",
    "try_from_os_rng",
];

const PRINTING_MACROS: &[&str] = &["dbg", "eprint", "eprintln", "print", "println"];

const PRINTING_FUNCTIONS: &[&str] = &["stderr", "stdout"];

struct Arrow {
    from: String,
    to: String,
    dev: bool,
}

fn arrows() -> Vec<Arrow> {
    let metadata = MetadataCommand::new()
        .current_dir(root())
        .no_deps()
        .other_options(vec!["--offline".to_owned()])
        .exec()
        .expect("`cargo metadata` reads this workspace");
    let mut arrows = Vec::new();
    for package in &metadata.packages {
        for dependency in &package.dependencies {
            arrows.push(Arrow {
                from: package.name.to_string(),
                to: dependency.name.clone(),
                dev: dependency.kind == DependencyKind::Development,
            });
        }
    }
    assert!(!arrows.is_empty(), "the workspace has dependencies");
    arrows
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files of the tree: tracked or not yet, but not ignored.
fn listing() -> BTreeSet<String> {
    let output = Command::new("git")
        .current_dir(root())
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ])
        .output()
        .expect("git lists the files of the tree");
    assert!(
        output.status.success(),
        "git failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let listed = String::from_utf8(output.stdout).expect("file names are UTF-8");
    let paths: BTreeSet<_> = listed
        .split('\0')
        .filter(|path| !path.is_empty() && root().join(path).exists())
        .map(str::to_owned)
        .collect();
    assert!(paths.len() > 20, "the tree was found");
    paths
}

/// The files of the tree as (path, text), binary ones left out.
fn files() -> Vec<(String, String)> {
    listing()
        .into_iter()
        .filter_map(|path| {
            let text = fs::read_to_string(root().join(&path)).ok()?;
            Some((path, text))
        })
        .collect()
}

fn sources() -> Vec<(String, String)> {
    let mut sources = files();
    sources.retain(|(path, _)| has_extension(path, "rs"));
    sources
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| found == extension)
}

fn complain(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn arrows_point_down() {
    complain(&check_floors(&arrows()));
}

#[test]
fn heavy_dependencies_have_one_owner() {
    complain(&check_owners(&arrows()));
}

#[test]
fn models_and_core_are_pure() {
    let complaints: Vec<_> = sources()
        .iter()
        .filter(|(path, _)| path.starts_with("models/src/") || path.starts_with("host/core/src/"))
        .flat_map(|(path, text)| check_purity(path, text))
        .collect();
    complain(&complaints);
}

#[test]
fn only_the_command_line_prints() {
    let complaints: Vec<_> = sources()
        .iter()
        .flat_map(|(path, text)| check_printing(path, text))
        .collect();
    complain(&complaints);
}

#[test]
fn unsafe_stays_in_the_audited_modules() {
    let complaints: Vec<_> = sources()
        .iter()
        .flat_map(|(path, text)| check_unsafe(path, text))
        .collect();
    complain(&complaints);
}

#[test]
fn the_top_level_is_the_owners_list() {
    complain(&check_top_level(listing().iter().map(String::as_str)));
}

#[test]
fn nothing_is_promised_for_later() {
    let complaints: Vec<_> = files()
        .iter()
        .filter(|(path, _)| path != "Cargo.lock")
        .flat_map(|(path, text)| check_promises(path, text))
        .collect();
    complain(&complaints);
}

fn floor(package: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(name, _)| *name == package)
        .map(|(_, floor)| *floor)
}

/// Dev-dependencies count too: a test that needs a neighbour belongs a floor higher.
fn check_floors(arrows: &[Arrow]) -> Vec<String> {
    let mut complaints = Vec::new();
    for Arrow { from, to, dev } in arrows {
        let is_ours = to.starts_with("prodlike");
        if GUESTS.contains(&from.as_str()) {
            if is_ours && (to != "prodlike-sdk" || from == to) {
                complaints.push(format!(
                    "`{from}` depends on `{to}`: plugins see the SDK alone"
                ));
            }
            continue;
        }
        if GUESTS.contains(&to.as_str()) {
            if !dev {
                complaints.push(format!("`{from}` depends on `{to}`, which is sandboxed"));
            }
            continue;
        }
        let Some(upper) = floor(from) else {
            complaints.push(format!("`{from}` has no floor in tests/tidy.rs"));
            continue;
        };
        match floor(to) {
            Some(lower) if lower >= upper => complaints.push(format!(
                "`{from}` (floor {upper}) depends on `{to}` (floor {lower}): arrows point down only"
            )),
            None if is_ours => {
                complaints.push(format!("`{to}` has no floor in tests/tidy.rs"));
            }
            _ => {}
        }
    }
    complaints.sort();
    complaints.dedup();
    complaints
}

fn check_owners(arrows: &[Arrow]) -> Vec<String> {
    let owner = |dependency: &str| {
        OWNERS
            .iter()
            .find(|(name, _)| match name.strip_suffix('*') {
                Some(prefix) => dependency.starts_with(prefix),
                None => dependency == *name,
            })
            .map(|(_, owner)| *owner)
    };
    arrows
        .iter()
        .filter(|arrow| !arrow.dev && !GUESTS.contains(&arrow.from.as_str()))
        .filter(|arrow| !SHARED.contains(&(arrow.to.as_str(), arrow.from.as_str())))
        .filter_map(|Arrow { from, to, .. }| {
            let owner = owner(to)?;
            (from != owner).then(|| format!("`{from}` depends on `{to}`, which `{owner}` owns"))
        })
        .collect()
}

fn check_purity(path: &str, text: &str) -> Vec<String> {
    let code = product_code(text);
    let mut complaints: Vec<_> = paths(&code)
        .into_iter()
        .filter(|found| {
            let impure = IMPURE.iter().any(|banned| {
                found
                    .strip_prefix(banned)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            });
            impure || found.split("::").any(|name| ENTROPY.contains(&name))
        })
        .map(|found| {
            format!("{path}: `{found}`: models and core do no I/O, read no clock, environment or entropy")
        })
        .collect();
    complaints.extend(check_output(path, &code));
    complaints
}

fn check_printing(path: &str, text: &str) -> Vec<String> {
    let exempt = path.starts_with("host/cli/")
        || path.starts_with("tests/")
        || path.contains("/tests/")
        || path.contains("/benches/")
        || path.contains("/examples/")
        || path.ends_with("build.rs");
    if exempt {
        return Vec::new();
    }
    check_output(path, &product_code(text))
}

fn check_output(path: &str, code: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for name in macros(code) {
        if PRINTING_MACROS.contains(&name.as_str()) {
            complaints.push(format!("{path}: `{name}!`: only host/cli prints"));
        }
    }
    for found in paths(code) {
        if found
            .rsplit("::")
            .next()
            .is_some_and(|name| PRINTING_FUNCTIONS.contains(&name))
            && found.contains("io::")
        {
            complaints.push(format!("{path}: `{found}`: only host/cli prints"));
        }
    }
    complaints
}

fn check_unsafe(path: &str, text: &str) -> Vec<String> {
    if UNSAFE.iter().any(|audited| path.starts_with(audited)) {
        return Vec::new();
    }
    let code = without_comments_and_strings(text);
    words(&code)
        .filter(|(word, _)| *word == "unsafe")
        .map(|(_, position)| {
            format!(
                "{path}:{}: `unsafe` outside the audited modules",
                line(&code, position)
            )
        })
        .collect()
}

fn check_top_level<'a>(paths: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let entries: BTreeSet<&str> = paths
        .into_iter()
        .filter_map(|path| path.split('/').next())
        .collect();
    entries
        .into_iter()
        .filter(|entry| !entry.starts_with('.') && !TOP_LEVEL.contains(entry))
        .map(|entry| format!("`{entry}` is not on the owner's list of top-level entries"))
        .collect()
}

fn check_promises(path: &str, text: &str) -> Vec<String> {
    // Put together here, so that this file does not complain about itself.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
    ];
    let macros = [concat!("to", "do!"), concat!("unimple", "mented!")];
    let ignored = concat!("#[", "ignore");
    let mut complaints = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mark = words(line).find(|(word, position)| {
            marks.contains(word)
                || macros.iter().any(|name| {
                    name[..name.len() - 1] == **word && line[*position..].starts_with(name)
                })
        });
        if mark.is_some() || line.contains(ignored) {
            complaints.push(format!("{path}:{}: {}", number + 1, line.trim()));
        }
    }
    complaints
}

fn line(text: &str, position: usize) -> usize {
    text[..position].matches('\n').count() + 1
}

/// The identifiers and keywords of a text with their positions.
fn words(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(is_word)?;
        let end = text[start..]
            .find(|c| !is_word(c))
            .map_or(text.len(), |length| start + length);
        rest = end;
        Some((&text[start..end], start))
    })
}

/// The names of the macros that are called.
fn macros(code: &str) -> Vec<String> {
    words(code)
        .filter(|(word, position)| {
            let rest = code[position + word.len()..].trim_start();
            rest.starts_with('!') && !rest.starts_with("!=")
        })
        .map(|(word, _)| word.to_owned())
        .collect()
}

/// The paths that are named: those of `use` with their groups written out, and those in the code.
fn paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut covered = 0;
    for (word, position) in words(code) {
        if position < covered {
            continue;
        }
        let tail = &code[position..];
        if word == "use" {
            let end = tail.find(';').unwrap_or(tail.len());
            expand("", &tail["use".len()..end], &mut paths);
            covered = position + end;
        } else {
            let end = tail
                .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
                .unwrap_or(tail.len());
            paths.push(tail[..end].trim_end_matches(':').to_owned());
            covered = position + end;
        }
    }
    paths
}

/// Writes out `a::{b, c::{d, e as f}}` as `a::b`, `a::c::d`, `a::c::e`.
fn expand(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    if let Some(open) = tree.find('{') {
        let head = format!("{prefix}{}", tree[..open].trim());
        let inner = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
        let mut depth = 0;
        let mut start = 0;
        for (position, c) in inner.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    expand(&head, &inner[start..position], paths);
                    start = position + 1;
                }
                _ => {}
            }
        }
        expand(&head, &inner[start..], paths);
    } else if let Some(name) = tree.split_whitespace().next() {
        let path = format!("{prefix}{name}");
        paths.push(
            path.trim_end_matches("::self")
                .trim_start_matches("::")
                .to_owned(),
        );
    }
}

/// What is compiled into the product: without comments, strings and `#[cfg(test)]` items.
fn product_code(text: &str) -> String {
    let mut code = without_comments_and_strings(text);
    let mark = "#[cfg(test)]";
    while let Some(start) = code.find(mark) {
        let end = start + mark.len() + item_length(&code[start + mark.len()..]);
        code.replace_range(start..end, "");
    }
    code
}

/// The length of the item that a text begins with, its attributes included.
fn item_length(text: &str) -> usize {
    let mut braces = 0;
    let mut brackets = 0;
    for (position, c) in text.char_indices() {
        match c {
            '[' | '(' => brackets += 1,
            ']' | ')' => brackets -= 1,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces <= 0 && brackets <= 0 {
                    return position + 1;
                }
            }
            ';' if braces == 0 && brackets == 0 => return position + 1,
            _ => {}
        }
    }
    text.len()
}

/// Blanks out comments and the contents of string and character literals, line by line.
fn without_comments_and_strings(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let end = if chars[i..].starts_with(&['/', '/']) {
            line_end(&chars, i)
        } else if chars[i..].starts_with(&['/', '*']) {
            block_comment_end(&chars, i)
        } else if let Some(end) = raw_string_end(&chars, i) {
            end
        } else if chars[i] == '"' {
            quoted_end(&chars, i, '"')
        } else if chars[i] == '\'' && is_character(&chars, i) {
            quoted_end(&chars, i, '\'')
        } else {
            code.push(chars[i]);
            i += 1;
            continue;
        };
        code.extend(
            chars[i..end]
                .iter()
                .map(|c| if *c == '\n' { '\n' } else { ' ' }),
        );
        i = end;
    }
    code
}

fn line_end(chars: &[char], start: usize) -> usize {
    chars[start..]
        .iter()
        .position(|c| *c == '\n')
        .map_or(chars.len(), |length| start + length)
}

fn block_comment_end(chars: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut i = start;
    while i < chars.len() {
        if chars[i..].starts_with(&['/', '*']) {
            depth += 1;
            i += 2;
        } else if chars[i..].starts_with(&['*', '/']) {
            depth -= 1;
            i += 2;
            if depth == 0 {
                return i;
            }
        } else {
            i += 1;
        }
    }
    chars.len()
}

/// The end of `r"…"`, `r#"…"#`, `br"…"` or `cr"…"`, if one begins at `start`.
fn raw_string_end(chars: &[char], start: usize) -> Option<usize> {
    let in_word = start > 0 && (chars[start - 1].is_alphanumeric() || chars[start - 1] == '_');
    let mut i = start + usize::from(matches!(chars[start], 'b' | 'c'));
    if in_word || chars.get(i) != Some(&'r') {
        return None;
    }
    i += 1;
    let hashes = chars[i..].iter().take_while(|c| **c == '#').count();
    i += hashes;
    if chars.get(i) != Some(&'"') {
        return None;
    }
    let mut close = vec!['"'];
    close.extend(std::iter::repeat_n('#', hashes));
    let length = chars[i + 1..]
        .windows(close.len())
        .position(|window| window == close);
    Some(length.map_or(chars.len(), |length| i + 1 + length + close.len()))
}

fn quoted_end(chars: &[char], start: usize, quote: char) -> usize {
    let mut i = start + 1;
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            c if c == quote => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

/// Whether the quote at `start` opens a character, and not a lifetime.
fn is_character(chars: &[char], start: usize) -> bool {
    chars.get(start + 1) == Some(&'\\') || chars.get(start + 2) == Some(&'\'')
}

mod would_complain {
    use super::*;

    fn arrow(from: &str, to: &str) -> Arrow {
        Arrow {
            from: from.to_owned(),
            to: to.to_owned(),
            dev: false,
        }
    }

    #[test]
    fn about_arrows_up_and_sideways() {
        assert_eq!(
            check_floors(&[arrow("prodlike-core", "prodlike-engine")]).len(),
            1
        );
        assert_eq!(
            check_floors(&[arrow("prodlike-format", "prodlike-duckdb")]).len(),
            1
        );
        assert_eq!(check_floors(&[arrow("prodlike-extra", "serde")]).len(), 1);
        assert_eq!(
            check_floors(&[arrow("prodlike", "prodlike-extra")]).len(),
            1
        );
        assert!(check_floors(&[arrow("prodlike-engine", "prodlike-core")]).is_empty());
    }

    #[test]
    fn about_second_owners() {
        assert_eq!(check_owners(&[arrow("prodlike-engine", "duckdb")]).len(), 1);
        assert_eq!(
            check_owners(&[arrow("prodlike-engine", "polars-core")]).len(),
            1
        );
        assert_eq!(check_owners(&[arrow("prodlike-core", "serde")]).len(), 1);
        assert!(check_owners(&[arrow("prodlike-frame", "polars")]).is_empty());
        assert!(check_owners(&[arrow("prodlike", "serde_json")]).is_empty());
        let dev = Arrow {
            dev: true,
            ..arrow("prodlike-engine", "serde_json")
        };
        assert!(check_owners(&[dev]).is_empty());
    }

    #[test]
    fn about_impure_models() {
        for text in [
            "use std::fs;",
            "use std::{collections::BTreeMap, fs::File};",
            "pub use ::std::{time::{Duration, Instant as Clock}};",
            "use std::env::{self, VarError};",
            "fn f() { let now = std::time::SystemTime::now(); }",
            "fn f() -> u64 { rand::rng().random() }",
            "fn f() { let x: u64 = rand::random(); }",
            "use rand::rngs::{SmallRng, OsRng};",
            "fn f() { println!(\"x\"); }",
            "#[cfg(test)]\nmod tests { fn f() {} }\nuse std::net::TcpStream;",
        ] {
            assert!(!check_purity("models/src/x.rs", text).is_empty(), "{text}");
        }
        for text in [
            "use std::{collections::BTreeMap, fmt, time::Duration};",
            "//! Unlike std::fs this does nothing.\n/* std::env /* nested */ std::net */",
            "fn f() -> &'static str { \"std::process\" }",
            "fn f() -> char { '\"' } // std::fs\nfn g<'a>(x: &'a str) -> &'a str { x }",
            "const S: &str = r#\"\"std::fs\"#;",
            "#[cfg(test)]\n#[allow(clippy::print_stdout, reason = \"x\")]\nmod tests { use std::fs; fn f() { dbg!(1); } }",
            "use rand::{Rng, RngCore};",
        ] {
            assert_eq!(check_purity("models/src/x.rs", text), Vec::<String>::new());
        }
    }

    #[test]
    fn about_printing() {
        for text in [
            "fn f() { eprintln!(\"x\") }",
            "fn f() { dbg!(1); }",
            "use std::io::{Write, stdout};",
            "fn f() { io::stderr().lock(); }",
        ] {
            assert_eq!(
                check_printing("host/engine/src/x.rs", text).len(),
                1,
                "{text}"
            );
            assert!(check_printing("host/cli/x.rs", text).is_empty());
        }
        assert!(
            check_printing(
                "host/engine/src/x.rs",
                "fn f(print: bool) { assert!(print != true) }"
            )
            .is_empty()
        );
    }

    #[test]
    fn about_unsafe() {
        let text = "// unsafe\nfn f() { unsafe { g() } }";
        assert_eq!(
            check_unsafe("host/engine/src/x.rs", text),
            ["host/engine/src/x.rs:2: `unsafe` outside the audited modules"]
        );
        assert!(check_unsafe("host/frame/src/convert.rs", text).is_empty());
        assert!(check_unsafe("models/src/lib.rs", "#![forbid(unsafe_code)] // unsafe").is_empty());
    }

    #[test]
    fn about_strangers_at_the_top() {
        assert_eq!(
            check_top_level(["src/lib.rs", "src/a.rs", "host/cli/main.rs"]).len(),
            1
        );
        assert!(check_top_level(["Cargo.toml", ".ci/run", "models/src/lib.rs"]).is_empty());
    }

    #[test]
    fn about_promises() {
        for text in [
            concat!("// TO", "DO: later"),
            concat!("fn f() { to", "do!() }"),
            concat!("fn f() { unimple", "mented!(\"x\") }"),
            concat!("#[", "ignore = \"slow\"]"),
            concat!("# FIX", "ME"),
        ] {
            assert_eq!(check_promises("x.rs", text).len(), 1, "{text}");
        }
        for text in [
            "todo = \"warn\"",
            "mktemp -d tmp.XXXXXX",
            "#[expect(unused)]",
        ] {
            assert!(check_promises("x.rs", text).is_empty(), "{text}");
        }
    }
}
