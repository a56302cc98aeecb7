//! The lockfile's fields as TOML has them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::limits::Limits;
use crate::lock::Locked;

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
    capabilities: Vec<String>,
    limits: Bounds,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    component: u64,
    memory: u64,
    table: u64,
    fuel: u64,
    fuel_per_row: u64,
    fuel_to_configure: u64,
    output: u64,
    seconds: u64,
    log_lines: u32,
}

impl Entry {
    pub(crate) fn of(plugin: &Locked) -> Self {
        let limits = &plugin.limits;
        Entry {
            name: plugin.name.clone(),
            version: plugin.version.clone(),
            path: plugin.path.to_string_lossy().into_owned(),
            digest: plugin.digest.to_string(),
            contract: plugin.contract.clone(),
            kinds: plugin.kinds.clone(),
            capabilities: plugin.capabilities.clone(),
            limits: Bounds {
                component: limits.component as u64,
                memory: limits.memory as u64,
                table: limits.table as u64,
                fuel: limits.fuel,
                fuel_per_row: limits.fuel_per_row,
                fuel_to_configure: limits.fuel_to_configure,
                output: limits.output as u64,
                seconds: limits.time.as_secs(),
                log_lines: limits.log_lines,
            },
        }
    }

    pub(crate) fn read(self) -> Result<Locked, String> {
        let limits = self.limits;
        let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        Ok(Locked {
            digest: self.digest.parse()?,
            name: self.name,
            version: self.version,
            path: self.path.into(),
            contract: self.contract,
            kinds: self.kinds,
            capabilities: self.capabilities,
            limits: Limits {
                component: size(limits.component),
                memory: size(limits.memory),
                table: size(limits.table),
                fuel: limits.fuel,
                fuel_per_row: limits.fuel_per_row,
                fuel_to_configure: limits.fuel_to_configure,
                output: size(limits.output),
                time: Duration::from_secs(limits.seconds),
                log_lines: limits.log_lines,
            },
        })
    }
}
