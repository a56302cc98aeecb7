//! Compiled code: used again where nobody else could have written it, made anew elsewhere.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use prodlike_plugin::{Cache, Limits, Plugin};

use crate::guest::Guest;
use crate::{logged, runtime};

/// Loads a plugin, and returns what was said of the cache.
fn load(directory: &Path) -> String {
    let bytes = Guest::default().build();
    let cache = Cache::new(directory);
    let (plugin, log) = logged(|| {
        Plugin::load(
            runtime(),
            "test.wasm",
            &bytes,
            &Limits::default(),
            Some(&cache),
        )
    });
    assert_eq!(plugin.unwrap().id().name, "test");
    let directory = directory.display().to_string();
    log.replace(&directory, "DIR")
        .lines()
        .map(|line| {
            line.split_once(".cwasm`")
                .map_or(line, |(_, rest)| rest)
                .to_owned()
        })
        .collect()
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(directory)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files
}

fn code(directory: &Path) -> PathBuf {
    let code = files(directory)
        .into_iter()
        .find(|file| file.extension().is_some_and(|end| end == "cwasm"));
    code.unwrap()
}

#[test]
fn what_was_compiled_is_used_again() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path().join("cache");
    assert_eq!(load(&directory), "");
    assert_eq!(files(&directory).len(), 2);
    let made = fs::metadata(code(&directory)).unwrap();
    assert_eq!(made.permissions().mode() & 0o777, 0o600);
    assert_eq!(
        fs::metadata(&directory).unwrap().permissions().mode() & 0o777,
        0o700
    );
    assert_eq!(load(&directory), "");
    let kept = fs::metadata(code(&directory)).unwrap();
    assert_eq!(made.modified().unwrap(), kept.modified().unwrap());
}

/// Something happens to the cache, and is said; then all is well again, or still not.
fn after(change: impl FnOnce(&Path), said: &str, heals: bool) {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path().join("cache");
    assert_eq!(load(&directory), "");
    change(&directory);
    let log = load(&directory);
    assert!(log.starts_with(said), "{log}");
    assert_eq!(load(&directory).is_empty(), heals);
}

#[test]
fn damage_is_seen() {
    let damaged = " is not used, and made anew: it is damaged";
    after(
        |directory| {
            let mut bytes = fs::read(code(directory)).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(code(directory), bytes).unwrap();
        },
        damaged,
        true,
    );
    after(
        |directory| {
            let bytes = fs::read(code(directory)).unwrap();
            fs::write(code(directory), &bytes[..100]).unwrap();
        },
        damaged,
        true,
    );
    after(
        |directory| {
            let sum = code(directory).with_extension("crc32");
            fs::write(sum, "").unwrap();
        },
        damaged,
        true,
    );
}

#[test]
fn what_others_could_have_written_is_not_used() {
    after(
        |directory| fs::set_permissions(code(directory), Permissions::from_mode(0o666)).unwrap(),
        " is not used, and made anew: others can write it",
        true,
    );
    after(
        |directory| fs::set_permissions(directory, Permissions::from_mode(0o777)).unwrap(),
        " is not used, and made anew: others can write `DIR`",
        false,
    );
    after(
        |directory| {
            let file = code(directory);
            let elsewhere = directory.join("elsewhere");
            fs::rename(&file, &elsewhere).unwrap();
            symlink(&elsewhere, &file).unwrap();
        },
        " is not used, and made anew: it is a symbolic link",
        true,
    );
    after(
        |directory| {
            let elsewhere = directory.with_extension("elsewhere");
            fs::rename(directory, &elsewhere).unwrap();
            symlink(&elsewhere, directory).unwrap();
        },
        " is not used, and made anew: `DIR` is a symbolic link",
        false,
    );
}

#[test]
fn what_belongs_to_another_user_is_not_used() {
    if !rustix::process::geteuid().is_root() {
        // Only root can give a file away.
        return;
    }
    after(
        |directory| chown(code(directory), Some(12_345), None).unwrap(),
        " is not used, and made anew: it belongs to another user",
        true,
    );
}
