//! The contract's version, and what a component imports and exports of it.

use std::fmt;
use std::str::FromStr;

use semver::Version;
use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;

use crate::error::Error;

/// The version of `wit/` that is spoken.
pub const CONTRACT: Version = Version::new(0, 1, 0);

const PACKAGE: &str = "prodlike:plugin/";

/// What a plugin is good for; it may be several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Fills columns.
    Generator,
    /// Changes columns.
    Transform,
    /// Learns for a generator or a transform.
    Learn,
    /// Tells what a column means.
    Detector,
    /// Says which rows can be.
    Rule,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] = [
        Kind::Generator,
        Kind::Transform,
        Kind::Learn,
        Kind::Detector,
        Kind::Rule,
    ];

    /// Returns the name of the kind, which is that of its interface.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Generator => "generator",
            Kind::Transform => "transform",
            Kind::Learn => "learn",
            Kind::Detector => "detector",
            Kind::Rule => "rule",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Kind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or(())
    }
}

/// What a component shares with the contract.
pub(crate) struct Surface {
    /// The version that it was built for: the latest that it names.
    pub(crate) version: Version,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) imports: Vec<String>,
}

/// Reads a component's imports and exports, before anything of it runs.
pub(crate) fn surface(
    origin: &str,
    component: &wasmtime::component::types::Component,
    engine: &Engine,
) -> Result<Surface, Error> {
    let mut latest = Version::new(0, 0, 0);
    let mut imports = Vec::new();
    for (name, _) in component.imports(engine) {
        match interface(origin, name)? {
            // Types without functions: nothing is granted by them.
            Some(("log" | "types", version)) => {
                latest = latest.max(version);
                imports.push(name.to_owned());
            }
            _ => {
                return Err(Error::Import {
                    origin: origin.to_owned(),
                    import: crate::log::shown(name),
                });
            }
        }
    }
    let mut kinds = Vec::new();
    let mut about = false;
    for (name, item) in component.exports(engine) {
        let ComponentItem::ComponentInstance(_) = item.ty else {
            continue;
        };
        let Some((interface, version)) = interface(origin, name)? else {
            continue;
        };
        latest = latest.max(version);
        match interface.parse() {
            Ok(kind) => kinds.push(kind),
            Err(()) => about |= interface == "about",
        }
    }
    let missing = |reason: &str| Error::NotPlugin {
        origin: origin.to_owned(),
        reason: reason.to_owned(),
    };
    if !about {
        return Err(missing("it does not export `prodlike:plugin/about`"));
    }
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        return Err(missing(
            "it exports neither a generator, a transform, a detector nor a rule",
        ));
    }
    if kinds == [Kind::Learn] {
        return Err(missing(
            "`learn` is of use beside a generator or a transform only",
        ));
    }
    Ok(Surface {
        version: latest,
        kinds,
        imports,
    })
}

/// Splits `prodlike:plugin/log@0.1.0`; other packages' interfaces are none of the contract.
fn interface<'a>(origin: &str, name: &'a str) -> Result<Option<(&'a str, Version)>, Error> {
    let Some(rest) = name.strip_prefix(PACKAGE) else {
        return Ok(None);
    };
    let parts = rest
        .split_once('@')
        .and_then(|(interface, version)| Some((interface, Version::parse(version).ok()?)));
    let Some((interface, version)) = parts else {
        return Err(Error::NotPlugin {
            origin: origin.to_owned(),
            reason: format!("`{}` has no version", crate::log::shown(name)),
        });
    };
    // Within 0.1 a contract only gains; what is gone or changed gets another minor version.
    if version > CONTRACT || version.minor != CONTRACT.minor || !version.pre.is_empty() {
        return Err(Error::Contract {
            origin: origin.to_owned(),
            newer: version > CONTRACT,
            version: version.to_string(),
        });
    }
    Ok(Some((interface, version)))
}
