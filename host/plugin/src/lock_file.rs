//! The lockfile's fields as TOML has them.
//!
//! A lockfile may be anybody's: names become parts of messages, and paths are opened.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use prodlike_core::limits::Limits;
use semver::Version as Semver;
use serde::{Deserialize, Serialize};

use crate::contract::Kind;
use crate::describe;
use crate::lock::Locked;
use crate::signature::Key;

#[derive(Deserialize)]
pub(crate) struct Version {
    pub(crate) version: u32,
}

/// The file as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) version: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) plugin: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    name: String,
    version: String,
    path: String,
    digest: String,
    contract: String,
    kinds: Vec<String>,
    #[serde(default)]
    capabilities: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signed_by: Option<String>,
    /// A limit that is not said is the one that all plugins have.
    #[serde(default)]
    limits: BTreeMap<String, u64>,
}

impl Entry {
    pub(crate) fn of(plugin: &Locked) -> Self {
        let limits = plugin.limits.named();
        Entry {
            name: plugin.name.clone(),
            version: plugin.version.clone(),
            path: plugin.path.to_string_lossy().into_owned(),
            digest: plugin.digest.to_string(),
            contract: plugin.contract.clone(),
            kinds: plugin.kinds.clone(),
            capabilities: plugin.capabilities.clone(),
            signed_by: plugin.signed_by.as_ref().map(Key::to_string),
            limits: limits.map(|(name, value)| (name.to_owned(), value)).into(),
        }
    }

    pub(crate) fn read(self) -> Result<Locked, String> {
        describe::name("name", &self.name, '-')?;
        let name = self.name.clone();
        self.checked()
            .map_err(|reason| format!("plugin `{name}`: {reason}"))
    }

    fn checked(self) -> Result<Locked, String> {
        check_version("version", &self.version)?;
        check_version("contract", &self.contract)?;
        check_path(&self.path)?;
        if let Some(kind) = (self.kinds.iter()).find(|kind| kind.parse::<Kind>().is_err()) {
            return Err(format!("`{kind}` is no kind of plugin"));
        }
        if let Some(capability) = self.capabilities.first() {
            return Err(format!(
                "it asks for `{capability}`, which no plugin is granted"
            ));
        }
        let mut limits = Limits::default();
        for (name, value) in &self.limits {
            limits.set(name, *value)?;
        }
        Ok(Locked {
            digest: self.digest.parse()?,
            name: self.name,
            version: self.version,
            path: self.path.into(),
            contract: self.contract,
            kinds: self.kinds,
            capabilities: self.capabilities,
            signed_by: self.signed_by.as_deref().map(str::parse).transpose()?,
            limits,
        })
    }
}

fn check_version(what: &str, version: &str) -> Result<(), String> {
    match Semver::parse(version) {
        Ok(_) => Ok(()),
        Err(_) => Err(format!(
            "its {what} `{version}` is not one of Semantic Versioning (1.2.3)"
        )),
    }
}

/// A component is kept below the lockfile, wherever that is put.
fn check_path(path: &str) -> Result<(), String> {
    let is_plain = |part| matches!(part, Component::Normal(_));
    if path.is_empty() || !Path::new(path).components().all(is_plain) {
        return Err(format!(
            "its path `{path}` leads out of the lockfile's directory"
        ));
    }
    match path.chars().any(char::is_control) {
        true => Err(format!("its path `{path}` has control characters")),
        false => Ok(()),
    }
}
