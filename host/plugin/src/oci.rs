//! Components in an OCI image layout on disk, as `oras copy --to-oci-layout` or `skopeo copy`
//! leave one.
//!
//! The part of the specification that a component needs is small: an index names manifests and
//! other indexes, a manifest names one layer, and every file bears its digest as its name. A
//! layout is anybody's, so nothing in it is opened by a name that it makes up, and no byte is
//! used whose digest was not checked.
//!
//! A signature is an artifact of its own, as `oras attach` makes one: a manifest whose `subject`
//! is the component's manifest, with a layer `application/vnd.minisign.signature` that holds what
//! minisign wrote of the component. No registry of media types has one for minisign.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use prodlike_core::error::Hint;
use prodlike_core::limits::Limits;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::digest::Digest;
use crate::disk::{self, Unread};
use crate::log::shown;
use crate::signature;

const LAYOUT: &str = "oci-layout";
const INDEX: &str = "index.json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// What names manifests beside the layout's own index, by its own and by Docker's name.
const INDEXES: [&str; 2] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];
const CONFIG: &str = "application/vnd.wasm.config.v0+json";
const LAYER: &str = "application/wasm";
const SIGNATURE: &str = "application/vnd.minisign.signature";
/// What tags a manifest of an index.
const TAG: &str = "org.opencontainers.image.ref.name";
/// Bytes that an index, a manifest or a config may have, as registries have it.
const SIZE: u64 = 4 << 20;
/// How deep indexes may lie in each other. One in the layout's own is what there is.
const DEPTH: usize = 8;
/// Manifests and indexes that a layout may name: more than tags of one plugin.
const MANIFESTS: usize = 1_024;

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
    #[error("`{}` holds {found} components", directory.display())]
    Several {
        /// The layout.
        directory: PathBuf,
        /// How many.
        found: usize,
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
            OciError::Several { found: 0, .. } => {
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
    subject: Option<Descriptor>,
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

/// A component of a layout.
#[derive(Clone, Debug)]
pub struct Component {
    /// What it is.
    pub bytes: Vec<u8>,
    /// What names its manifest, which signatures have as their subject.
    pub manifest: Digest,
}

/// Returns a layout's component: its only one, or the one with a tag.
///
/// # Errors
/// A layout that is damaged, or whose artifact is no component.
pub fn component(
    directory: &Path,
    tag: Option<&str>,
    limits: &Limits,
) -> Result<Component, OciError> {
    let layout = Layout { directory };
    let path = directory.join(LAYOUT);
    let file: LayoutFile = json(&path, &read(&path, SIZE)?)?;
    if !file.image_layout_version.starts_with("1.") {
        return Err(OciError::Format {
            path,
            reason: format!("its version is {}", shown(&file.image_layout_version)),
        });
    }
    let Named { descriptor, by, .. } = layout.choose(tag)?;
    let (path, bytes) = layout.blob(&descriptor, &by, SIZE)?;
    if descriptor.media_type != MANIFEST {
        return Err(OciError::NoComponent {
            path,
            reason: format!("it is `{}`", shown(&descriptor.media_type)),
        });
    }
    let manifest: Manifest = json(&path, &bytes)?;
    let digest = Digest::of(&bytes);
    let layer = layout.layer(&path, &manifest)?;
    let (_, bytes) = layout.blob(layer, &path, limits.component as u64)?;
    Ok(Component {
        bytes,
        manifest: digest,
    })
}

/// Returns the signatures that a layout has of a component, with their files.
///
/// # Errors
/// A layout that is damaged.
pub fn signatures(
    directory: &Path,
    component: &Digest,
) -> Result<Vec<(PathBuf, Vec<u8>)>, OciError> {
    let layout = Layout { directory };
    let mut found = Vec::new();
    for Named { descriptor, by, .. } in layout.manifests()? {
        if descriptor.media_type != MANIFEST {
            continue;
        }
        let (path, bytes) = layout.blob(&descriptor, &by, SIZE)?;
        let Ok(manifest) = json::<Manifest>(&path, &bytes) else {
            continue;
        };
        let subject = manifest.subject.map(|it| it.digest);
        if subject.is_none_or(|subject| subject != component.to_string()) {
            continue;
        }
        for layer in manifest
            .layers
            .iter()
            .filter(|it| it.media_type == SIGNATURE)
        {
            found.push(layout.blob(layer, &path, signature::SIZE)?);
        }
    }
    Ok(found)
}

/// What an index names.
struct Named {
    descriptor: Descriptor,
    /// Its own tag, or that of the index around it; empty where there is none.
    tag: String,
    /// The index.
    by: PathBuf,
}

struct Layout<'a> {
    directory: &'a Path,
}

/// What was met on the way through a layout's indexes.
#[derive(Default)]
struct Walk {
    found: Vec<Named>,
    /// Manifests and indexes that were named.
    seen: usize,
    /// Indexes by digest and tag: they may name one another again and again.
    entered: BTreeSet<(String, String)>,
}

impl Layout<'_> {
    /// Returns what the layout's index names, and what the indexes name that it names.
    fn manifests(&self) -> Result<Vec<Named>, OciError> {
        let path = self.directory.join(INDEX);
        let mut walk = Walk::default();
        self.walk(&path, &read(&path, SIZE)?, "", 0, &mut walk)?;
        Ok(walk.found)
    }

    fn walk(
        &self,
        path: &Path,
        bytes: &[u8],
        tag: &str,
        depth: usize,
        walk: &mut Walk,
    ) -> Result<(), OciError> {
        let wrong = |reason: String| OciError::Format {
            path: path.to_owned(),
            reason,
        };
        if depth > DEPTH {
            return Err(wrong(format!("it lies in more than {DEPTH} indexes")));
        }
        let index: Index = json(path, bytes)?;
        for descriptor in index.manifests {
            walk.seen += 1;
            if walk.seen > MANIFESTS {
                return Err(wrong(format!(
                    "with it, more than {MANIFESTS} manifests are named"
                )));
            }
            let own = descriptor.annotations.get(TAG);
            let tag = own.map_or(tag, String::as_str).to_owned();
            if INDEXES.contains(&descriptor.media_type.as_str()) {
                let entered = (descriptor.digest.clone(), tag.clone());
                if walk.entered.insert(entered) {
                    let (inner, bytes) = self.blob(&descriptor, path, SIZE)?;
                    self.walk(&inner, &bytes, &tag, depth + 1, walk)?;
                }
                continue;
            }
            walk.found.push(Named {
                descriptor,
                tag,
                by: path.to_owned(),
            });
        }
        Ok(())
    }

    /// Chooses a manifest.
    fn choose(&self, tag: Option<&str>) -> Result<Named, OciError> {
        let manifests = self.manifests()?;
        let shown_tags = |manifests: &[Named]| -> Vec<String> {
            let tags: BTreeSet<&str> = manifests.iter().map(|it| it.tag.as_str()).collect();
            tags.into_iter().map(shown).collect()
        };
        let tags = shown_tags(&manifests);
        let mut meant = manifests;
        meant.retain(|it| tag.is_none_or(|tag| it.tag == tag));
        // One may have several tags.
        let mut seen = BTreeSet::new();
        meant.retain(|it| seen.insert(it.descriptor.digest.clone()));
        if meant.len() > 1 {
            // Signatures, attestations and the like lie beside it.
            let mut components = Vec::new();
            for named in meant {
                if self.is_component(&named)? {
                    components.push(named);
                }
            }
            meant = components;
        }
        match (meant.len(), tag) {
            (1, _) => Ok(meant.remove(0)),
            (found, Some(tag)) => Err(OciError::Tag {
                directory: self.directory.to_owned(),
                tag: tag.to_owned(),
                found,
                tags,
            }),
            (found, None) => Err(OciError::Several {
                directory: self.directory.to_owned(),
                found,
                tags: shown_tags(&meant),
            }),
        }
    }

    fn is_component(&self, named: &Named) -> Result<bool, OciError> {
        if named.descriptor.media_type != MANIFEST {
            return Ok(false);
        }
        let (path, bytes) = self.blob(&named.descriptor, &named.by, SIZE)?;
        let manifest = json::<Manifest>(&path, &bytes);
        Ok(manifest.is_ok_and(|manifest| manifest.config.media_type == CONFIG))
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
