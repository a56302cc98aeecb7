//! Keys, from where a manifest says that they are.

use prodlike_core::generator::GeneratorError;
use prodlike_core::schema::{SecretPlace, SecretSource};
use prodlike_plugin::Secret;

/// Bytes that a key must have: as many as cannot be tried, where they are random.
const LEAST: usize = 16;

/// Fetches keys.
///
/// # Errors
/// [`GeneratorError::Secret`] for one that is not there, [`GeneratorError::ShortSecret`] for one
/// that can be guessed.
pub(super) fn fetch(sources: &[SecretSource]) -> Result<Vec<Secret>, GeneratorError> {
    let fetch = |source: &SecretSource| {
        let missing = |error: Option<std::io::Error>| GeneratorError::Secret {
            name: source.name.clone(),
            from: source.from.clone(),
            source: error.map(Into::into),
        };
        let bytes = match &source.from {
            SecretPlace::Env(name) => std::env::var_os(name)
                .map(|value| value.into_encoded_bytes())
                .ok_or_else(|| missing(None))?,
            SecretPlace::File(path) => {
                let mut bytes = std::fs::read(path).map_err(|error| missing(Some(error)))?;
                for ending in [b'\n', b'\r'] {
                    if bytes.last() == Some(&ending) {
                        bytes.pop();
                    }
                }
                bytes
            }
        };
        match bytes.len() {
            0 => Err(missing(None)),
            length if length < LEAST => Err(GeneratorError::ShortSecret {
                name: source.name.clone(),
                from: source.from.clone(),
                bytes: length,
            }),
            _ => Ok(Secret {
                name: source.name.clone(),
                bytes,
            }),
        }
    };
    sources.iter().map(fetch).collect()
}
