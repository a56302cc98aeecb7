//! Signatures of components, by minisign.
//!
//! A digest says that a component is what it was; a signature says whose it is, before it is
//! first trusted. What is remembered is the whole public key: its id is short, and anybody can
//! make a key that has it.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use minisign_verify::{PublicKey, Signature};
use prodlike_core::error::Hint;

use crate::disk::{self, Unread};

/// Bytes that a key's or a signature's file may have.
pub(crate) const SIZE: u64 = 16 << 10;

/// A public key, which is shown as minisign writes it: 56 letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    text: String,
    key: PublicKey,
}

/// Why a component is not known to be somebody's.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// A key or a signature could not be read.
    #[error("failed to read {what} `{}`", path.display())]
    Read {
        /// What it should have been.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file is something else.
    #[error("`{}` is no {what} of minisign: {reason}", path.display())]
    Format {
        /// What it should have been.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The signature is another key's, or of other bytes.
    #[error("`{}` does not sign `{origin}` by the key {key}: {reason}", path.display())]
    Wrong {
        /// The signature's file.
        path: PathBuf,
        /// The component.
        origin: String,
        /// The public key.
        key: String,
        /// What is wrong.
        reason: String,
    },
}

const KEY: &str = "public key";
const SIGNATURE: &str = "signature";

impl Hint for SignatureError {
    fn hint(&self) -> Option<String> {
        Some(match self {
            SignatureError::Read { what, .. } if *what == SIGNATURE => {
                "A plugin that must be signed needs its signature beside it: \
                 `minisign -Sm X.wasm` makes `X.wasm.minisig`"
                    .into()
            }
            SignatureError::Read { .. } | SignatureError::Format { .. } => {
                "Give the file that minisign wrote: `minisign.pub` holds a public key".into()
            }
            SignatureError::Wrong { .. } => {
                "Do not use the component before its author says that it is hers".into()
            }
        })
    }
}

impl Key {
    /// Reads a key from a file of minisign.
    ///
    /// # Errors
    /// A file that cannot be read, or holds no key.
    pub fn read(path: &Path) -> Result<Key, SignatureError> {
        let text = text(KEY, path)?;
        let line = text.lines().find(|line| !is_comment(line));
        let key = line.unwrap_or_default().trim().parse();
        key.map_err(|reason| SignatureError::Format {
            what: KEY,
            path: path.to_owned(),
            reason,
        })
    }

    /// Checks a component by the signature that lies beside it, and returns nothing but whether
    /// it is this key's.
    ///
    /// # Errors
    /// A signature that is missing, damaged, another key's or of other bytes.
    pub fn check(&self, component: &Path, bytes: &[u8]) -> Result<(), SignatureError> {
        let path = beside(component);
        let text = text(SIGNATURE, &path)?;
        self.check_text(&text, &path, &component.display().to_string(), bytes)
    }

    /// Checks a component, which `origin` names in errors, by a signature that was read from a
    /// path.
    ///
    /// # Errors
    /// As [`Key::check`].
    pub fn check_signature(
        &self,
        signature: &[u8],
        path: &Path,
        origin: &str,
        component: &[u8],
    ) -> Result<(), SignatureError> {
        let text = str::from_utf8(signature).map_err(|error| format_error(path, &error))?;
        self.check_text(text, path, origin, component)
    }

    fn check_text(
        &self,
        signature: &str,
        path: &Path,
        origin: &str,
        component: &[u8],
    ) -> Result<(), SignatureError> {
        let signature = Signature::decode(signature).map_err(|error| format_error(path, &error))?;
        // Signatures of bytes instead of their hash are of a time before 2021.
        let checked = self.key.verify(component, &signature, false);
        checked.map_err(|error| SignatureError::Wrong {
            origin: origin.to_owned(),
            key: self.text.clone(),
            reason: error.to_string(),
            path: path.to_owned(),
        })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let key = PublicKey::from_base64(text).map_err(|error| error.to_string())?;
        Ok(Key {
            text: text.to_owned(),
            key,
        })
    }
}

fn format_error(path: &Path, error: &dyn fmt::Display) -> SignatureError {
    SignatureError::Format {
        what: SIGNATURE,
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

/// Where a component's signature lies: `X.wasm.minisig`.
fn beside(component: &Path) -> PathBuf {
    let mut name = OsString::from(component);
    name.push(".minisig");
    name.into()
}

fn is_comment(line: &str) -> bool {
    line.starts_with("untrusted comment:")
}

fn text(what: &'static str, path: &Path) -> Result<String, SignatureError> {
    let wrong = |reason: String| SignatureError::Format {
        what,
        path: path.to_owned(),
        reason,
    };
    match disk::read(path, SIZE) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|error| wrong(error.to_string())),
        Err(Unread::TooLarge(bytes)) => {
            Err(wrong(format!("it has {bytes} bytes, and may have {SIZE}")))
        }
        Err(Unread::Io(source)) => Err(SignatureError::Read {
            what,
            path: path.to_owned(),
            source,
        }),
    }
}
