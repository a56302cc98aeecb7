//! Plugins as a model file has them: which, and what a manifest tells them.

use std::collections::BTreeMap;

use prodlike_core::generator::PluginId;
use prodlike_core::limits::Limits;
use prodlike_core::model::PluginFile;
use prodlike_core::rule::{PluginRule, Rule};
use prodlike_core::schema::{SecretPlace, SecretSource, Transform};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
pub(super) struct WirePlugin {
    name: String,
    version: String,
    digest: String,
}

impl WirePlugin {
    pub(super) fn from_core(id: &PluginId) -> WirePlugin {
        WirePlugin {
            name: id.name.clone(),
            version: id.version.clone(),
            digest: id.digest.clone(),
        }
    }

    pub(super) fn into_core(self) -> PluginId {
        PluginId {
            name: self.name,
            version: self.version,
            digest: self.digest,
        }
    }
}

/// A plugin whose component the model brings.
#[derive(Deserialize, Serialize)]
pub(super) struct WireComponent {
    name: String,
    version: String,
    digest: String,
    /// Those that are others than all plugins have.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    limits: BTreeMap<String, u64>,
}

impl WireComponent {
    pub(super) fn from_core(file: &PluginFile) -> WireComponent {
        let usual = Limits::default().named();
        let limits = file.limits.named().into_iter().zip(usual);
        WireComponent {
            name: file.id.name.clone(),
            version: file.id.version.clone(),
            digest: file.id.digest.clone(),
            limits: limits
                .filter(|(limit, usual)| limit != usual)
                .map(|((name, value), _)| (name.to_string(), value))
                .collect(),
        }
    }

    pub(super) fn into_core(self) -> Result<(PluginId, Limits), String> {
        let mut limits = Limits::default();
        for (name, value) in &self.limits {
            limits.set(name, *value)?;
        }
        let id = PluginId {
            name: self.name,
            version: self.version,
            digest: self.digest,
        };
        Ok((id, limits))
    }
}

/// Where a key is to be had; never the key.
#[derive(Deserialize, Serialize)]
pub(super) struct WireSecret {
    name: String,
    from: WirePlace,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum WirePlace {
    Env(String),
    File(String),
}

impl WireSecret {
    pub(super) fn from_core(secrets: &[SecretSource]) -> Vec<WireSecret> {
        let wire = |secret: &SecretSource| WireSecret {
            name: secret.name.clone(),
            from: match &secret.from {
                SecretPlace::Env(name) => WirePlace::Env(name.clone()),
                SecretPlace::File(path) => WirePlace::File(path.clone()),
            },
        };
        secrets.iter().map(wire).collect()
    }

    pub(super) fn into_core(secrets: Vec<WireSecret>) -> Vec<SecretSource> {
        let core = |secret: WireSecret| SecretSource {
            name: secret.name,
            from: match secret.from {
                WirePlace::Env(name) => SecretPlace::Env(name),
                WirePlace::File(path) => SecretPlace::File(path),
            },
        };
        secrets.into_iter().map(core).collect()
    }
}

/// What the values of a column went through before they were learned or kept.
#[derive(Deserialize, Serialize)]
pub(super) struct WireTransform {
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    options: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    input: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    secrets: Vec<WireSecret>,
}

impl WireTransform {
    pub(super) fn from_core(transform: &Transform) -> WireTransform {
        WireTransform {
            name: transform.name.clone(),
            options: transform.options.clone(),
            input: transform.input.clone(),
            secrets: WireSecret::from_core(&transform.secrets),
        }
    }

    pub(super) fn into_core(self) -> Transform {
        Transform {
            name: self.name,
            options: self.options,
            input: self.input,
            secrets: WireSecret::into_core(self.secrets),
        }
    }
}

/// What rows of a table are held against.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WireRule {
    Expression(String),
    Plugin {
        name: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        options: String,
        input: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        secrets: Vec<WireSecret>,
    },
}

impl WireRule {
    pub(super) fn from_core(rule: &Rule) -> WireRule {
        match rule {
            Rule::Expression(sql) => WireRule::Expression(sql.clone()),
            Rule::Plugin(rule) => WireRule::Plugin {
                name: rule.name.clone(),
                options: rule.options.clone(),
                input: rule.input.clone(),
                secrets: WireSecret::from_core(&rule.secrets),
            },
        }
    }

    pub(super) fn into_core(self) -> Rule {
        match self {
            WireRule::Expression(sql) => Rule::Expression(sql),
            WireRule::Plugin {
                name,
                options,
                input,
                secrets,
            } => Rule::Plugin(PluginRule {
                name,
                options,
                input,
                secrets: WireSecret::into_core(secrets),
            }),
        }
    }
}
