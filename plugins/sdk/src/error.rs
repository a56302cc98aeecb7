//! Why a plugin gives up.

/// Texts are shown to the user, shortened and escaped: they must not quote a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// An option cannot be served.
    Options {
        /// Where it is: `cards[0].brand`.
        path: String,
        /// What is wrong with it.
        message: String,
    },
    /// The schema cannot be served.
    Unsupported(String),
    /// A row of the batch cannot be served.
    Data {
        /// Its position in the batch.
        row: u32,
        /// What is wrong with it.
        message: String,
    },
    /// Anything else.
    Other(String),
}

impl Error {
    /// Returns an error about an option.
    pub fn option(path: impl Into<String>, message: impl Into<String>) -> Error {
        Error::Options {
            path: path.into(),
            message: message.into(),
        }
    }

    /// Returns an error about the schema.
    pub fn unsupported(message: impl Into<String>) -> Error {
        Error::Unsupported(message.into())
    }

    /// Returns an error about a row of the batch.
    pub fn data(row: usize, message: impl Into<String>) -> Error {
        Error::Data {
            row: u32::try_from(row).unwrap_or(u32::MAX),
            message: message.into(),
        }
    }

    /// Returns any other error.
    pub fn other(message: impl Into<String>) -> Error {
        Error::Other(message.into())
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Options { path, message } => write!(f, "option `{path}`: {message}"),
            Error::Unsupported(message) | Error::Other(message) => f.write_str(message),
            Error::Data { row, message } => write!(f, "row {row} of the batch: {message}"),
        }
    }
}

impl std::error::Error for Error {}
