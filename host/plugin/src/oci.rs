//! Components in an OCI image layout on disk, as `oras copy --to-oci-layout` or `skopeo copy`
//! leave one.
//!
//! The part of the specification that a component needs is small: an index names manifests, a
//! manifest names one layer, and every file bears its digest as its name. A layout is anybody's,
//! so nothing in it is opened by a name that it makes up, and no byte is used whose digest was
//! not checked.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use prodlike_core::error::Hint;
use prodlike_core::limits::Limits;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::digest::Digest;
use crate::disk::{self, Unread};
use crate::log::shown;

const LAYOUT: &str = "oci-layout";
const INDEX: &str = "index.json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.wasm.config.v0+json";
const LAYER: &str = "application/wasm";
/// What tags a manifest of an index.
const TAG: &str = "org.opencontainers.image.ref.name";
/// Bytes that an index, a manifest or a config may have, as registries have it.
const SIZE: u64 = 4 << 20;

/// Why a layout gives no component.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OciError {
    /// A file could not be read.
    #[error("failed to read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file has more bytes than it may.
    #[error("`{}` has {bytes} bytes, and may have {limit}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// What it may have.
        limit: u64,
    },
    /// A file does not say what the specification has it say.
    #[error("`{}` is not as OCI layouts are: {reason}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A file is not what its name says.
    #[error("digest mismatch for `{}`\nexpected: {expected}\ncomputed: {computed}", path.display())]
    Digest {
        /// The file.
        path: PathBuf,
        /// What names it.
        expected: Digest,
        /// What it has.
        computed: Digest,
    },
    /// The layout has none, or several.
    #[error("`{}` holds {} components", directory.display(), tags.len())]
    Several {
        /// The layout.
        directory: PathBuf,
        /// What they are tagged with; empty where one is not.
        tags: Vec<String>,
    },
    /// The layout has none of that tag, or several.
    #[error("`{}` holds {found} components with the tag `{tag}`", directory.display())]
    Tag {
        /// The layout.
        directory: PathBuf,
        /// What was asked for.
        tag: String,
        /// How many have it.
        found: usize,
        /// What there is.
        tags: Vec<String>,
    },
    /// An artifact is no component.
    #[error("`{}` holds no component: {reason}", path.display())]
    NoComponent {
        /// The manifest.
        path: PathBuf,
        /// What it holds instead.
        reason: String,
    },
}

impl Hint for OciError {
    fn hint(&self) -> Option<String> {
        Some(match self {
            OciError::Several { tags, .. } if tags.is_empty() => {
                "Copy a plugin into it: `oras copy --to-oci-layout`".into()
            }
            OciError::Several { tags, .. } | OciError::Tag { tags, .. } => {
                format!("Choose one by `--tag`: {}", named(tags))
            }
            OciError::NoComponent { .. } => format!(
                "A plugin's artifact has one layer, `{LAYER}`, and the config `{CONFIG}`: `wkg` \
                 and `oras` make one"
            ),
            OciError::TooLarge { .. } => {
                "If it is a plugin, let it have more: `--limit component=BYTES`".into()
            }
            OciError::Read { .. } | OciError::Format { .. } | OciError::Digest { .. } => {
                "Copy the layout again".into()
            }
        })
    }
}

fn named(tags: &[String]) -> String {
    let tags = tags.iter().filter(|tag| !tag.is_empty());
    tags.cloned().collect::<Vec<_>>().join(", ")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LayoutFile {
    image_layout_version: String,
}

#[derive(Deserialize)]
struct Index {
    #[serde(default)]
    manifests: Vec<Descriptor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    media_type: String,
    digest: String,
    size: u64,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Manifest {
    config: Descriptor,
    layers: Vec<Descriptor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    #[serde(default)]
    layer_digests: Vec<String>,
}

/// Whether a directory is an OCI image layout.
pub fn is_layout(directory: &Path) -> bool {
    directory.join(LAYOUT).is_file()
}

/// Returns the bytes of a layout's component: of its only one, or of the one with a tag.
///
/// # Errors
/// A layout that is damaged, or whose artifact is no component.
pub fn component(
    directory: &Path,
    tag: Option<&str>,
    limits: &Limits,
) -> Result<Vec<u8>, OciError> {
    let layout = Layout { directory };
    let path = directory.join(LAYOUT);
    let file: LayoutFile = json(&path, &read(&path, SIZE)?)?;
    if !file.image_layout_version.starts_with("1.") {
        return Err(OciError::Format {
            path,
            reason: format!("its version is {}", shown(&file.image_layout_version)),
        });
    }
    let manifest = layout.choose(tag)?;
    let (path, bytes) = layout.blob(&manifest, &directory.join(INDEX), SIZE)?;
    if manifest.media_type != MANIFEST {
        return Err(OciError::NoComponent {
            path,
            reason: format!("it is `{}`", shown(&manifest.media_type)),
        });
    }
    let manifest: Manifest = json(&path, &bytes)?;
    let layer = layout.layer(&path, &manifest)?;
    let (_, bytes) = layout.blob(layer, &path, limits.component as u64)?;
    Ok(bytes)
}

struct Layout<'a> {
    directory: &'a Path,
}

impl Layout<'_> {
    /// Chooses a manifest of the index.
    fn choose(&self, tag: Option<&str>) -> Result<Descriptor, OciError> {
        let path = self.directory.join(INDEX);
        let index: Index = json(&path, &read(&path, SIZE)?)?;
        let tag_of = |it: &Descriptor| it.annotations.get(TAG).cloned().unwrap_or_default();
        let tags: Vec<String> = (index.manifests.iter())
            .map(|it| shown(&tag_of(it)))
            .collect();
        let mut meant: Vec<Descriptor> = (index.manifests.into_iter())
            .filter(|it| tag.is_none_or(|tag| tag_of(it) == tag))
            .collect();
        match (meant.pop(), meant.len(), tag) {
            (Some(only), 0, _) => Ok(only),
            (last, others, Some(tag)) => Err(OciError::Tag {
                directory: self.directory.to_owned(),
                tag: tag.to_owned(),
                found: others + usize::from(last.is_some()),
                tags,
            }),
            (_, _, None) => Err(OciError::Several {
                directory: self.directory.to_owned(),
                tags,
            }),
        }
    }

    /// Returns the layer that is the component, as manifest and config agree.
    fn layer<'m>(&self, path: &Path, manifest: &'m Manifest) -> Result<&'m Descriptor, OciError> {
        let wrong = |reason: String| OciError::NoComponent {
            path: path.to_owned(),
            reason,
        };
        if manifest.config.media_type != CONFIG {
            let config = shown(&manifest.config.media_type);
            return Err(wrong(format!("its config is `{config}`")));
        }
        let [layer] = manifest.layers.as_slice() else {
            return Err(wrong(format!("it has {} layers", manifest.layers.len())));
        };
        if layer.media_type != LAYER {
            return Err(wrong(format!(
                "its layer is `{}`",
                shown(&layer.media_type)
            )));
        }
        let (config, bytes) = self.blob(&manifest.config, path, SIZE)?;
        let config: Config = json(&config, &bytes)?;
        match config.layer_digests.as_slice() {
            [] => Ok(layer),
            [digest] if *digest == layer.digest => Ok(layer),
            _ => Err(wrong("its config is of other layers".into())),
        }
    }

    /// Reads what a descriptor of a file means, and checks that it is that.
    fn blob(
        &self,
        descriptor: &Descriptor,
        said: &Path,
        most: u64,
    ) -> Result<(PathBuf, Vec<u8>), OciError> {
        let expected: Digest =
            descriptor
                .digest
                .parse()
                .map_err(|reason: String| OciError::Format {
                    path: said.to_owned(),
                    reason: shown(&reason),
                })?;
        // Of digits only: what the layout says is no path.
        let path = self.directory.join("blobs/sha256").join(expected.hex());
        let bytes = read(&path, most)?;
        let computed = Digest::of(&bytes);
        if computed != expected {
            return Err(OciError::Digest {
                path,
                expected,
                computed,
            });
        }
        match descriptor.size == bytes.len() as u64 {
            true => Ok((path, bytes)),
            false => Err(OciError::Format {
                reason: format!(
                    "it has {} bytes where {} are said",
                    bytes.len(),
                    descriptor.size
                ),
                path,
            }),
        }
    }
}

fn read(path: &Path, most: u64) -> Result<Vec<u8>, OciError> {
    disk::read(path, most).map_err(|error| match error {
        Unread::Io(source) => OciError::Read {
            path: path.to_owned(),
            source,
        },
        Unread::TooLarge(bytes) => OciError::TooLarge {
            path: path.to_owned(),
            bytes,
            limit: most,
        },
    })
}

fn json<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, OciError> {
    serde_json::from_slice(bytes).map_err(|error| OciError::Format {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}
