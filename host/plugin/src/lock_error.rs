//! Why a lockfile is of no use.

use std::io;
use std::path::PathBuf;

use prodlike_core::error::Hint;

use crate::digest::Digest;
use crate::lock::FORMAT;

/// Why a lockfile is of no use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// The file could not be read or written.
    #[error("failed to {action} `{}`", path.display())]
    File {
        /// `read` or `write`.
        action: &'static str,
        /// The lockfile.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is something else.
    #[error("`{}` is no lockfile: {reason}", path.display())]
    Format {
        /// The lockfile.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The file is of a later prodlike.
    #[error("`{}` has format {version}, and this prodlike reads up to {FORMAT}", path.display())]
    Newer {
        /// The lockfile.
        path: PathBuf,
        /// Its format.
        version: u32,
    },
    /// Two plugins have one name.
    #[error("two plugins are called `{name}`: `{}` and `{}`", first.display(), second.display())]
    Twice {
        /// Their name.
        name: String,
        /// One component.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// The lockfile does not have a plugin.
    #[error("plugin `{name}` is not in the lockfile")]
    Missing {
        /// The plugin's name.
        name: String,
    },
    /// A component is not what it was.
    #[error("digest mismatch for `{}`\nexpected: {expected}\ncomputed: {computed}", path.display())]
    Digest {
        /// The plugin's name.
        name: String,
        /// Its component.
        path: PathBuf,
        /// What the lockfile says.
        expected: Digest,
        /// What the file has.
        computed: Digest,
    },
    /// The lockfile would have to change, and may not.
    #[error(
        "the lockfile at `{}` needs to be updated, but `{option}` was provided: {reason}",
        path.display()
    )]
    Locked {
        /// The lockfile.
        path: PathBuf,
        /// Who forbids it.
        option: &'static str,
        /// What would change.
        reason: String,
    },
    /// A component is not where it was kept.
    #[error("the component of plugin `{name}` is missing: `{}`", path.display())]
    NoComponent {
        /// The plugin's name.
        name: String,
        /// Where it should be.
        path: PathBuf,
    },
    /// A component calls itself otherwise than the lockfile does.
    #[error("`{}` is the component of plugin `{found}`, not of `{name}`", path.display())]
    OtherPlugin {
        /// The component.
        path: PathBuf,
        /// The name that is expected.
        name: String,
        /// The name that it has.
        found: String,
    },
}

impl Hint for LockError {
    fn hint(&self) -> Option<String> {
        match self {
            LockError::Missing { name } => {
                Some(format!("Add it: `prodlike plugin add {name}.wasm`"))
            }
            LockError::Digest { .. } => {
                Some("If the change is expected, run `prodlike plugin lock`".into())
            }
            LockError::Locked { .. } => {
                Some("To update the lockfile, run `prodlike plugin lock`".into())
            }
            LockError::Format { .. } => Some(
                "Mend what was edited, or remove the file and run `prodlike plugin lock`".into(),
            ),
            LockError::NoComponent { .. } => {
                Some("Bring the file back, or add the plugin again: `prodlike plugin add`".into())
            }
            LockError::OtherPlugin { .. } => {
                Some("Add a plugin of another name: `prodlike plugin add`".into())
            }
            LockError::Newer { .. } => Some("Use a later prodlike".into()),
            LockError::Twice { .. } => Some("Remove one of them from the lockfile".into()),
            LockError::File { .. } => None,
        }
    }
}
