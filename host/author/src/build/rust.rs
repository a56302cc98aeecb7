//! Projects in Rust: cargo makes a core module.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::{Built, command, component};
use crate::error::Error;

/// What components are compiled for: no system interface is there to be called.
const TARGET: &str = "wasm32-unknown-unknown";
const INSTALL: &str = "Install Rust, by rustup or by the system's packages";
/// Dependencies of the SDK that no batch waits for.
const COLD: [&str; 4] = ["schemars", "serde_json", "serde_path_to_error", "zmij"];
/// Where the system's own toolchain is, if rustup's comes first.
const SYSTEM: &str = "/usr/bin";

/// Builds a project.
pub(super) fn build(project: &Path, progress: &mut dyn FnMut(&str)) -> Result<Built, Error> {
    let package = package(project)?;
    let toolchain = Toolchain::find(project)?;
    command::run(toolchain.build(project, &package), INSTALL, progress)?;
    let module = package
        .guest_dir()
        .join(TARGET)
        .join("release")
        .join(format!("{}.wasm", package.library));
    let component = component::encode(&module)?;
    let path = package.component();
    let plugins = package.plugins();
    std::fs::create_dir_all(&plugins).map_err(Error::io(&plugins))?;
    std::fs::write(&path, &component).map_err(Error::io(&path))?;
    Ok(Built {
        name: package.name,
        path,
        size: component.len() as u64,
    })
}

/// Builds a program that measures a project's plugin as native code: one that calls what
/// `export!` made.
pub(super) fn native(project: &Path, progress: &mut dyn FnMut(&str)) -> Result<PathBuf, Error> {
    let package = package(project)?;
    let directory = package.target_dir.join("native").join(&package.name);
    let source = directory.join("src");
    let program = format!("native-{}", package.name);
    std::fs::create_dir_all(&source).map_err(Error::io(&source))?;
    let write = |path: PathBuf, text: String| std::fs::write(&path, text).map_err(Error::io(&path));
    let path = package.manifest.parent().unwrap_or(project);
    write(
        directory.join("Cargo.toml"),
        format!(
            "[package]\nname = {program:?}\nedition = \"2024\"\n\n[dependencies.plugin]\n\
             package = {:?}\npath = {path:?}\n\n[workspace]\n",
            package.package
        ),
    )?;
    write(
        source.join("main.rs"),
        "fn main() {\n    match plugin::__prodlike_native() {\n        \
         Ok(call) => println!(\"{}\", call.as_nanos()),\n        Err(error) => {\n            \
         eprintln!(\"{error}\");\n            std::process::exit(1);\n        }\n    }\n}\n"
            .into(),
    )?;
    // The versions that the component is made of.
    let lock = package.workspace.join("Cargo.lock");
    if lock.is_file() {
        std::fs::copy(&lock, directory.join("Cargo.lock")).map_err(Error::io(&lock))?;
    }
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--release", "--manifest-path"])
        .arg(directory.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(package.target_dir.join("native"));
    as_released(&mut cargo);
    // Every processor's code, as the component's is.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", "");
    command::run(cargo, INSTALL, progress)?;
    Ok(package.target_dir.join("native/release").join(program))
}

/// Sets the profile. Profiles of a workspace belong to its other crates.
fn as_released(cargo: &mut Command) {
    for (key, value) in [
        ("OPT_LEVEL", "3"),
        ("LTO", "fat"),
        ("CODEGEN_UNITS", "1"),
        ("PANIC", "abort"),
        ("DEBUG", "false"),
        ("STRIP", "symbols"),
        ("INCREMENTAL", "false"),
    ] {
        cargo.env(format!("CARGO_PROFILE_RELEASE_{key}"), value);
    }
    cargo.env("CARGO_TERM_COLOR", "never");
}

/// Returns where a project's component is, once it is built.
pub(super) fn built(project: &Path) -> Result<PathBuf, Error> {
    Ok(package(project)?.component())
}

/// What cargo knows of a project.
struct Package {
    /// The plugin's name: the package's without `prodlike-`.
    name: String,
    /// The package's, as cargo knows it.
    package: String,
    /// The library's, as in file names.
    library: String,
    manifest: PathBuf,
    /// Where the lock file is.
    workspace: PathBuf,
    target_dir: PathBuf,
}

impl Package {
    /// Returns where cargo builds for WebAssembly: apart, so that no other build is waited for.
    fn guest_dir(&self) -> PathBuf {
        self.target_dir.join("guest")
    }

    fn plugins(&self) -> PathBuf {
        self.target_dir.join("plugins")
    }

    fn component(&self) -> PathBuf {
        self.plugins().join(format!("{}.wasm", self.name))
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<MetadataPackage>,
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct MetadataPackage {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<MetadataTarget>,
}

#[derive(Deserialize)]
struct MetadataTarget {
    name: String,
    crate_types: Vec<String>,
}

fn package(project: &Path) -> Result<Package, Error> {
    let manifest = project.join("Cargo.toml");
    let manifest = manifest.canonicalize().map_err(Error::io(manifest))?;
    let mut cargo = Command::new("cargo");
    cargo
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .arg("--manifest-path")
        .arg(&manifest);
    let shown = command::shown(&cargo);
    let answer = command::run(cargo, INSTALL, &mut |_| ())?;
    let metadata: Metadata = serde_json::from_slice(&answer).map_err(|source| Error::Answer {
        command: shown,
        source,
    })?;
    let package = metadata
        .packages
        .into_iter()
        .find(|package| package.manifest_path == manifest)
        .ok_or_else(|| Error::NoProject(project.to_owned()))?;
    let library = package
        .targets
        .iter()
        .find(|target| target.crate_types.iter().any(|kind| kind == "cdylib"))
        .ok_or_else(|| Error::NoLibrary {
            package: package.name.clone(),
        })?;
    Ok(Package {
        library: library.name.replace('-', "_"),
        name: package
            .name
            .strip_prefix("prodlike-")
            .unwrap_or(&package.name)
            .to_owned(),
        package: package.name,
        manifest,
        workspace: metadata.workspace_root,
        target_dir: metadata.target_directory,
    })
}

/// A compiler, and how it comes by a standard library for WebAssembly.
#[derive(Debug)]
struct Toolchain {
    /// The directory of `cargo` and `rustc`; those of the path where there is none.
    programs: Option<PathBuf>,
    /// Whether the standard library is compiled from its sources.
    from_source: bool,
    /// Whether the toolchain brings no linker, so that LLVM's is named.
    wasm_ld: bool,
}

impl Toolchain {
    /// Returns the first toolchain that will do: one with the target installed before one
    /// that has the standard library's sources.
    fn find(project: &Path) -> Result<Toolchain, Error> {
        let candidates: Vec<(Option<PathBuf>, PathBuf)> = [None, Some(PathBuf::from(SYSTEM))]
            .into_iter()
            .filter_map(|programs| {
                let sysroot = sysroot(programs.as_deref(), project)?;
                Some((programs, sysroot))
            })
            .collect();
        for from_source in [false, true] {
            for (programs, sysroot) in &candidates {
                let rustlib = sysroot.join("lib/rustlib");
                let there = if from_source {
                    rustlib.join("src/rust/library/std").is_dir()
                } else {
                    rustlib.join(TARGET).join("lib").is_dir()
                };
                let own_linker = has_own_linker(&rustlib);
                if there && (own_linker || on_path("wasm-ld")) {
                    return Ok(Toolchain {
                        programs: programs.clone(),
                        from_source,
                        wasm_ld: !own_linker,
                    });
                }
            }
        }
        Err(Error::NoToolchain)
    }

    fn program(&self, name: &str) -> PathBuf {
        match &self.programs {
            Some(directory) => directory.join(name),
            None => name.into(),
        }
    }

    /// Returns the command that builds a project.
    fn build(&self, project: &Path, package: &Package) -> Command {
        let mut cargo = Command::new(self.program("cargo"));
        cargo
            .args(["build", "--lib", "--release", "--target", TARGET])
            .arg("--manifest-path")
            .arg(project.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(package.guest_dir());
        as_released(&mut cargo);
        // What runs once an instance is built for size: options and their schema.
        for package in COLD {
            cargo.args([
                "--config".to_owned(),
                format!("profile.release.package.{package}.opt-level = \"s\""),
            ]);
        }
        cargo.env("CARGO_ENCODED_RUSTFLAGS", self.flags().join("\x1f"));
        if self.programs.is_some() {
            cargo
                .env("RUSTC", self.program("rustc"))
                .env_remove("RUSTUP_TOOLCHAIN");
        }
        if self.from_source {
            // `build-std` is not stable; the components that it makes are the same.
            cargo
                .arg("-Zbuild-std=std,panic_abort")
                .env("RUSTC_BOOTSTRAP", "1");
        }
        cargo
    }
}

impl Toolchain {
    /// Returns the compiler's flags: all there are, whatever the environment says.
    fn flags(&self) -> Vec<String> {
        let mut flags = vec!["-Ctarget-feature=+simd128".to_owned()];
        if self.wasm_ld {
            flags.push("-Clinker=wasm-ld".into());
        }
        // Places of panics name files: a component is the same wherever it was built. Those of
        // the project itself are relative already.
        let home = std::env::var_os("CARGO_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(std::env::home_dir()?.join(".cargo")));
        if let Some(home) = home.as_deref().and_then(Path::to_str) {
            flags.push(format!("--remap-path-prefix={home}=cargo"));
        }
        flags
    }
}

/// Returns where a compiler keeps its libraries, if there is one.
fn sysroot(programs: Option<&Path>, project: &Path) -> Option<PathBuf> {
    let rustc = programs.map_or("rustc".into(), |directory| directory.join("rustc"));
    let mut rustc = Command::new(rustc);
    rustc.args(["--print", "sysroot"]).current_dir(project);
    let answer = command::run(rustc, INSTALL, &mut |_| ()).ok()?;
    Some(String::from_utf8(answer).ok()?.trim().into())
}

/// Whether the toolchain brings LLVM's linker.
fn has_own_linker(rustlib: &Path) -> bool {
    let Ok(hosts) = std::fs::read_dir(rustlib) else {
        return false;
    };
    hosts
        .flatten()
        .any(|host| host.path().join("bin/rust-lld").is_file())
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
}
