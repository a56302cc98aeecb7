//! Runs the program, makes databases, judges what came out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A directory of its own, where the program runs.
pub(crate) struct Sandbox {
    directory: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Sandbox {
        Sandbox {
            directory: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    /// Replaces text that must be there.
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "`{from}` is not in {name}:\n{text}");
        self.write(name, text.replace(from, to));
    }

    /// The program, about to run here; arguments are parted by spaces.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = prodlike();
        command
            .args(arguments.split_whitespace())
            .current_dir(self.directory.path());
        command
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &str) -> Ran {
        let output = self.command(arguments).output().unwrap();
        let ran = Ran {
            arguments: arguments.to_string(),
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!ran.stderr.contains("panicked"), "{ran}");
        assert!(!ran.stderr.to_lowercase().contains("internal"), "{ran}");
        ran
    }

    /// Runs the program, which must succeed.
    pub(crate) fn ok(&self, arguments: &str) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{ran}");
        ran
    }

    /// Runs the program, which must refuse with these words and a hint, and leave nothing.
    pub(crate) fn refused(&self, arguments: &str, words: &[&str]) -> Ran {
        self.fails(arguments, 1, words)
    }

    /// As [`Sandbox::refused`], with an exit code.
    pub(crate) fn fails(&self, arguments: &str, code: i32, words: &[&str]) -> Ran {
        let before = self.listing();
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(code), "{ran}");
        assert_eq!(ran.stdout, "", "{ran}");
        for word in words {
            assert!(ran.stderr.contains(word), "no `{word}` in {ran}");
        }
        if code == 1 {
            assert!(ran.stderr.starts_with("error: "), "{ran}");
            assert!(ran.stderr.contains("\nhint: "), "{ran}");
        }
        assert_eq!(self.listing(), before, "left behind by {ran}");
        ran
    }

    /// Everything below, with sizes.
    pub(crate) fn listing(&self) -> BTreeMap<String, u64> {
        let mut found = BTreeMap::new();
        let mut pending = vec![self.directory.path().to_path_buf()];
        while let Some(directory) = pending.pop() {
            // What the program removes meanwhile is no error.
            for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
                let path = entry.path();
                let name = path.strip_prefix(self.directory.path()).unwrap();
                let is_directory = path.is_dir();
                let size = match is_directory {
                    true => 0,
                    false => entry.metadata().map_or(0, |metadata| metadata.len()),
                };
                found.insert(name.to_string_lossy().into_owned(), size);
                if is_directory {
                    pending.push(path);
                }
            }
        }
        found
    }

    /// The bytes of every file below a directory.
    pub(crate) fn files(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let prefix = format!("{name}/");
        self.listing()
            .into_keys()
            .filter(|path| path.starts_with(&prefix) && self.path(path).is_file())
            .map(|path| {
                let bytes = fs::read(self.path(&path)).unwrap();
                (path[prefix.len()..].to_string(), bytes)
            })
            .collect()
    }

    /// Makes or changes a database.
    pub(crate) fn sql(&self, database: &str, script: &str) {
        prodlike_duckdb::execute(&self.path(database), script).unwrap();
    }

    /// Asks a database.
    pub(crate) fn ask(&self, database: &str, query: &str) -> Vec<Vec<String>> {
        prodlike_duckdb::query(&self.path(database), query).unwrap()
    }

    /// Asks a database for one value.
    pub(crate) fn value(&self, database: &str, query: &str) -> String {
        let rows = self.ask(database, query);
        assert_eq!((rows.len(), rows[0].len()), (1, 1), "{query}: {rows:?}");
        rows[0][0].clone()
    }

    /// Expects 0 from each query.
    pub(crate) fn none(&self, database: &str, queries: &[&str]) {
        for query in queries {
            assert_eq!(self.value(database, query), "0", "{query}");
        }
    }
}

/// What the program did.
pub(crate) struct Ran {
    arguments: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "`prodlike {}`, which ended with {:?}\nstdout:\n{}\nstderr:\n{}",
            self.arguments, self.code, self.stdout, self.stderr
        )
    }
}

/// The program, free of what the environment says.
pub(crate) fn prodlike() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prodlike"));
    command
        .env_remove("RUST_BACKTRACE")
        .env_remove("RUST_LOG")
        .env_remove("PRODLIKE_SEED")
        .env_remove("PRODLIKE_THREADS")
        .env_remove("PRODLIKE_NO_PROGRESS")
        .env_remove("PRODLIKE_PLUGINS")
        // `make test` sets it, and a project of a plugin would be looked for there.
        .env_remove("CARGO_TARGET_DIR")
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .stdin(Stdio::null());
    command
}

fn data(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("target/data")
        .join(name);
    assert!(
        path.exists(),
        "`{}` is missing: run `tests/setup/data.sh chinook nycflights13`",
        path.display()
    );
    path
}

/// The component of the `payment` plugin, built once: where the program looks for it by name.
pub(crate) fn payment() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/payment");
        prodlike_author::build(&project, &mut |_| ()).unwrap().path
    })
}

/// The real music store.
pub(crate) fn chinook() -> PathBuf {
    data("chinook.duckdb")
}

/// The directory of the five real tables of flights from New York.
pub(crate) fn nycflights() -> PathBuf {
    data("nycflights13")
}

/// Chinook, looked at and fitted once for all tests: `prodlike.toml` and `chinook.prodlike`.
pub(crate) fn fitted() -> &'static Path {
    static FITTED: OnceLock<PathBuf> = OnceLock::new();
    FITTED.get_or_init(|| {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chinook");
        if directory.exists() {
            fs::remove_dir_all(&directory).unwrap();
        }
        fs::create_dir(&directory).unwrap();
        for arguments in [
            vec!["init", chinook().to_str().unwrap()],
            vec!["fit", "-o", "chinook.prodlike"],
        ] {
            let output = prodlike()
                .args(&arguments)
                .current_dir(&directory)
                .output()
                .unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{arguments:?}: {stderr}");
        }
        directory
    })
}

/// The path of Chinook's model file, as text.
pub(crate) fn model() -> String {
    fitted().join("chinook.prodlike").display().to_string()
}

/// The path of Chinook's manifest, as text.
pub(crate) fn manifest() -> String {
    fitted().join("prodlike.toml").display().to_string()
}

/// The tables of a plan, and its notes.
pub(crate) fn plan(sandbox: &Sandbox, arguments: &str) -> (Vec<(String, u64)>, Vec<String>) {
    let ran = sandbox.ok(&format!(
        "generate {arguments} --dry-run --output-format json"
    ));
    let plan: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let tables = plan["tables"].as_array().unwrap().iter();
    let notes = plan["notes"].as_array().unwrap().iter();
    (
        tables
            .map(|table| {
                (
                    table["table"].as_str().unwrap().to_string(),
                    table["rows"].as_u64().unwrap(),
                )
            })
            .collect(),
        notes
            .map(|note| note.as_str().unwrap().to_string())
            .collect(),
    )
}

/// Waits until a condition holds, or fails.
pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}: never");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits for a program that should end soon, and returns its exit code.
pub(crate) fn ends(mut child: Child) -> Option<i32> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if start.elapsed() > Duration::from_secs(30) {
            child.kill().unwrap();
            panic!("the program did not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
