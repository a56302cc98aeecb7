//! A plugin, from bytes to something that can be configured.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use semver::Version;
use wasmtime::component::{Component, InstancePre};

use crate::bindings::exports::prodlike::plugin::about;
use crate::cache::Cache;
use crate::call;
use crate::code;
use crate::contract::{self, Kind};
use crate::describe::{self, Description};
use crate::digest::Digest;
use crate::disk::{self, Unread};
use crate::error::{Error, Failure, Id, Place};
use crate::log::{Log, shown};
use crate::options::Options;
use crate::runtime::{Runtime, State, arm};
use crate::settings::Secret;
use prodlike_core::limits::Limits;

/// A compiled component that holds to the contract, and what it says about itself.
///
/// Cloning is cheap; clones share what was compiled and how many lines of log are left.
#[derive(Clone)]
pub struct Plugin {
    inner: Arc<Inner>,
}

struct Inner {
    runtime: Runtime,
    limits: Limits,
    digest: Digest,
    bytes: usize,
    version: Version,
    kinds: Vec<Kind>,
    imports: Vec<String>,
    description: Description,
    options: Options,
    log: Log,
    instance: InstancePre<State>,
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plugin({}, {})", self.id(), self.digest())
    }
}

impl Plugin {
    /// Reads a component from a file and loads it.
    ///
    /// # Errors
    /// As [`Plugin::load`], and where the file cannot be read.
    pub fn open(
        runtime: &Runtime,
        path: &Path,
        limits: &Limits,
        cache: Option<&Cache>,
    ) -> Result<Plugin, Error> {
        let bytes = Plugin::read(path, limits)?;
        Plugin::load(runtime, &path.display().to_string(), &bytes, limits, cache)
    }

    /// Reads the bytes of a component, no more than it may have.
    ///
    /// # Errors
    /// A file that cannot be read, or is too large.
    pub fn read(path: &Path, limits: &Limits) -> Result<Vec<u8>, Error> {
        disk::read(path, limits.component as u64).map_err(|error| match error {
            Unread::Io(source) => Error::Read {
                path: path.to_owned(),
                source,
            },
            Unread::TooLarge(bytes) => Error::TooLarge {
                origin: path.display().to_string(),
                bytes,
                limit: limits.component,
            },
        })
    }

    /// Loads a component: checks what it imports and exports, compiles it or takes what was
    /// compiled before, and asks it to describe itself. `origin` names it in errors.
    ///
    /// # Errors
    /// Where the bytes are no component, or one that wants more than a plugin is given, does
    /// not hold to the contract or to the limits.
    pub fn load(
        runtime: &Runtime,
        origin: &str,
        bytes: &[u8],
        limits: &Limits,
        cache: Option<&Cache>,
    ) -> Result<Plugin, Error> {
        check_size(origin, bytes.len() as u64, limits)?;
        let digest = Digest::of(bytes);
        let component = compile(runtime, origin, bytes, &digest, cache)?;
        let surface = contract::surface(origin, &component.component_type(), runtime.engine())?;
        let not_plugin = |reason: String| Error::NotPlugin {
            origin: origin.to_owned(),
            reason,
        };
        let instance = runtime
            .linker()
            .instantiate_pre(&component)
            .map_err(|error| not_plugin(shown(&format!("{error:#}"))))?;
        for kind in &surface.kinds {
            call::probe(*kind, &instance).map_err(|error| {
                not_plugin(format!(
                    "its {kind} differs from the contract's: {}",
                    shown(&format!("{error:#}"))
                ))
            })?;
        }
        let description = describe(runtime, origin, limits, &instance)?;
        let wrong = |reason| Error::Description {
            origin: origin.to_owned(),
            reason,
        };
        let description = describe::read(description).map_err(wrong)?;
        if surface.kinds.contains(&Kind::Detector) && description.finds.is_empty() {
            return Err(wrong("it is a detector that finds nothing".to_owned()));
        }
        let options = Options::new(&description.options).map_err(wrong)?;
        for example in &description.examples {
            if let Err(mismatch) = options.check(&example.options) {
                return Err(wrong(format!(
                    "an example does not match the schema of the options: `{}`: {}",
                    mismatch.path, mismatch.message
                )));
            }
        }
        let log = Log::new(&description.id.to_string(), limits.log_lines, false);
        Ok(Plugin {
            inner: Arc::new(Inner {
                runtime: runtime.clone(),
                limits: *limits,
                digest,
                bytes: bytes.len(),
                version: surface.version,
                kinds: surface.kinds,
                imports: surface.imports,
                description,
                options,
                log,
                instance,
            }),
        })
    }

    /// Returns name and version.
    pub fn id(&self) -> &Id {
        &self.inner.description.id
    }

    /// Returns what the plugin says about itself.
    pub fn description(&self) -> &Description {
        &self.inner.description
    }

    /// Returns what the plugin is good for, in the order of [`Kind::ALL`].
    pub fn kinds(&self) -> &[Kind] {
        &self.inner.kinds
    }

    /// Returns the interfaces that the component imports.
    pub fn imports(&self) -> &[String] {
        &self.inner.imports
    }

    /// Returns the version of the contract that the plugin was built for.
    pub fn contract(&self) -> &Version {
        &self.inner.version
    }

    /// Returns what names the component's bytes.
    pub fn digest(&self) -> &Digest {
        &self.inner.digest
    }

    /// Returns the component's size in bytes.
    pub fn size(&self) -> usize {
        self.inner.bytes
    }

    /// Returns what the plugin may use up.
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        &self.inner.runtime
    }

    pub(crate) fn instance(&self) -> &InstancePre<State> {
        &self.inner.instance
    }

    pub(crate) fn options(&self) -> &Options {
        &self.inner.options
    }

    /// The plugin's log, in which no secret is shown, and nothing where rows are real.
    pub(crate) fn log(&self, real: bool, secrets: &[Secret]) -> Log {
        self.inner.log.with(real, secrets)
    }

    /// Fails where the plugin is not of that kind.
    pub(crate) fn require(&self, kind: Kind) -> Result<(), Error> {
        if self.kinds().contains(&kind) {
            return Ok(());
        }
        Err(Error::Kind {
            plugin: Box::new(self.id().clone()),
            kind,
            kinds: self.kinds().to_owned(),
        })
    }
}

fn check_size(origin: &str, bytes: u64, limits: &Limits) -> Result<(), Error> {
    if bytes <= limits.component as u64 {
        return Ok(());
    }
    Err(Error::TooLarge {
        origin: origin.to_owned(),
        bytes,
        limit: limits.component,
    })
}

fn compile(
    runtime: &Runtime,
    origin: &str,
    bytes: &[u8],
    digest: &Digest,
    cache: Option<&Cache>,
) -> Result<Component, Error> {
    if let Some(component) = cache.and_then(|cache| cache.load(runtime, digest)) {
        return Ok(component);
    }
    let wrong = |reason: &str| Error::NotComponent {
        origin: origin.to_owned(),
        reason: reason.to_owned(),
    };
    // The version of a module is 1, that of a component 13, of layer 1.
    match bytes.get(..8) {
        Some([0, b'a', b's', b'm', 1, 0, 0, 0]) => {
            return Err(wrong("it is a core module"));
        }
        Some([0, b'a', b's', b'm', ..]) => {}
        _ => return Err(wrong("it does not begin as WebAssembly does")),
    }
    code::check(origin, bytes)?;
    let component = Component::from_binary(runtime.engine(), bytes)
        .map_err(|error| wrong(&shown(&format!("{error:#}"))))?;
    if let Some(cache) = cache {
        cache.store(runtime, digest, &component);
    }
    Ok(component)
}

/// Asks the plugin who it is. What it logs meanwhile is not shown: it has no name yet.
fn describe(
    runtime: &Runtime,
    origin: &str,
    limits: &Limits,
    instance: &InstancePre<State>,
) -> Result<about::Description, Error> {
    let indices = about::GuestIndices::new(instance).map_err(|error| Error::NotPlugin {
        origin: origin.to_owned(),
        reason: shown(&format!(
            "its `about` differs from the contract's: {error:#}"
        )),
    })?;
    let mut store = runtime.store(limits, Log::new("", 0, true));
    arm(&mut store, limits.fuel_to_configure, limits.time)?;
    let said = instance
        .instantiate(&mut store)
        .and_then(|instance| indices.load(&mut store, &instance))
        .and_then(|guest| guest.call_describe(&mut store));
    said.map_err(|error| Error::Call {
        plugin: Box::new(Id {
            name: origin.to_owned(),
            version: String::new(),
        }),
        place: Place::default(),
        failure: Failure::of(&error, &store, limits, limits.fuel_to_configure),
    })
}
