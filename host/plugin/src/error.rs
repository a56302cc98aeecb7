//! What can go wrong with a plugin: errors as data.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use arrow::datatypes::DataType;
use prodlike_core::error::Hint;

use crate::contract::{CONTRACT, Kind};
use crate::counts::CountsError;

/// A plugin's name and version, as an error names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    /// As the plugin describes itself.
    pub name: String,
    /// By Semantic Versioning; empty where it is not known yet.
    pub version: String,
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version.as_str() {
            "" => write!(f, "`{}`", self.name),
            version => write!(f, "`{}` (v{version})", self.name),
        }
    }
}

/// Where a plugin was at work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// What the caller calls it: `tickets.body`.
    pub column: String,
    /// The first and the last row, where there are any.
    pub rows: Option<(u64, u64)>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((first, last)) = self.rows {
            write!(f, " on rows {first}–{last}")?;
        }
        match self.column.as_str() {
            "" => Ok(()),
            column if self.rows.is_some() => write!(f, " of `{column}`"),
            column => write!(f, " for `{column}`"),
        }
    }
}

/// Why a plugin could not be loaded or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The machine lacks what the engine needs.
    #[error("plugins cannot be run here: {reason}")]
    Runtime {
        /// As the engine says it.
        reason: String,
    },
    /// The file could not be read.
    #[error("failed to read `{}`", path.display())]
    Read {
        /// The component's file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The component is too large.
    #[error("`{origin}` has {bytes} bytes, and a plugin may have {limit}")]
    TooLarge {
        /// Where the component is from.
        origin: String,
        /// Its size.
        bytes: u64,
        /// [`prodlike_core::limits::Limits::component`].
        limit: usize,
    },
    /// The component has more code than is compiled.
    #[error("`{origin}` has too much code to be compiled: {reason}")]
    TooMuchCode {
        /// Where the component is from.
        origin: String,
        /// How much of what, and how much there may be.
        reason: String,
    },
    /// The bytes are something else.
    #[error("`{origin}` is not a WebAssembly component: {reason}")]
    NotComponent {
        /// Where the bytes are from.
        origin: String,
        /// What they lack.
        reason: String,
    },
    /// The plugin wants more than it is given.
    #[error("`{origin}` asks for `{import}`: not granted")]
    Import {
        /// Where the component is from.
        origin: String,
        /// The interface.
        import: String,
    },
    /// The plugin was built for another version of the contract.
    #[error(
        "`{origin}` is built for `prodlike:plugin@{version}`, and this prodlike has {CONTRACT}"
    )]
    Contract {
        /// Where the component is from.
        origin: String,
        /// The contract's version.
        version: String,
        /// Whether a later prodlike has it.
        newer: bool,
    },
    /// The component does not hold to the contract.
    #[error("`{origin}` is not a plugin: {reason}")]
    NotPlugin {
        /// Where the component is from.
        origin: String,
        /// What it lacks.
        reason: String,
    },
    /// What the plugin says about itself is wrong.
    #[error("`{origin}` describes itself wrongly: {reason}")]
    Description {
        /// Where the component is from.
        origin: String,
        /// What is wrong.
        reason: String,
    },
    /// The plugin is of other kinds.
    #[error("plugin {plugin} is not a {kind}")]
    Kind {
        /// The plugin.
        plugin: Box<Id>,
        /// What was wanted.
        kind: Kind,
        /// What it is.
        kinds: Vec<Kind>,
    },
    /// An option does not match the schema that the plugin describes.
    #[error("plugin {plugin}{place}: option `{path}`: {message}")]
    Option {
        /// The plugin.
        plugin: Box<Id>,
        /// What it was to fill.
        place: Place,
        /// As a JSON pointer.
        path: String,
        /// What is expected.
        message: String,
    },
    /// A column's type cannot cross the boundary.
    #[error(
        "plugin {plugin}{place}: column `{column}` has type {data_type}, which plugins cannot be given"
    )]
    Type {
        /// The plugin.
        plugin: Box<Id>,
        /// What it was to fill.
        place: Place,
        /// The column's name.
        column: String,
        /// Its type.
        data_type: String,
    },
    /// What the host was to give does not fit what it said before.
    #[error("plugin {plugin}{place} cannot be called: {reason}")]
    Input {
        /// The plugin.
        plugin: Box<Id>,
        /// What it was to fill.
        place: Place,
        /// What does not fit.
        reason: String,
    },
    /// A call did not succeed.
    #[error("plugin {plugin}{place} {failure}")]
    Call {
        /// The plugin.
        plugin: Box<Id>,
        /// Where.
        place: Place,
        /// How.
        failure: Failure,
    },
    /// The same rows did not give the same values again.
    #[error(
        "plugin {plugin}{place} is not a function of row and seed: \
         column `{column}` differs at row {row}"
    )]
    NotFunction {
        /// The plugin.
        plugin: Box<Id>,
        /// The batch.
        place: Place,
        /// The column's name.
        column: String,
        /// The row's number within its table.
        row: u64,
        /// Whether a new instance differed; else the one that had made the batch.
        fresh: bool,
    },
    /// What the plugin names cannot be counted.
    #[error("plugin {plugin}{place} names what cannot be counted: {source}")]
    Counts {
        /// The plugin.
        plugin: Box<Id>,
        /// What it learns.
        place: Place,
        /// Why not.
        source: CountsError,
    },
}

/// How a call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// Every operation costs, and there were too many.
    #[error("ran out of fuel: more than {limit} operations")]
    Fuel {
        /// What the call was given.
        limit: u64,
    },
    /// The call took too long.
    #[error("took longer than {limit:?}")]
    Time {
        /// [`prodlike_core::limits::Limits::time`].
        limit: Duration,
    },
    /// The instance wanted more memory and stopped when it was not given.
    #[error("ran out of memory: more than {limit} bytes")]
    Memory {
        /// [`prodlike_core::limits::Limits::memory`].
        limit: usize,
    },
    /// The instance wanted larger tables of functions and stopped when it got none.
    #[error("ran out of table elements: more than {limit}")]
    Table {
        /// [`prodlike_core::limits::Limits::table`].
        limit: usize,
    },
    /// More came back than may.
    #[error("returned more than {limit} bytes")]
    Output {
        /// [`prodlike_core::limits::Limits::output`].
        limit: usize,
    },
    /// Calls were nested too deeply.
    #[error("ran out of stack")]
    Stack,
    /// The plugin stopped: a panic in its language, say.
    #[error("stopped: {reason}")]
    Trap {
        /// As the engine says it.
        reason: String,
    },
    /// What came back is not what the contract says.
    #[error("returned what is no value of the contract: {reason}")]
    Malformed {
        /// As the engine says it.
        reason: String,
    },
    /// The plugin refused an option.
    #[error("refused option `{path}`: {message}")]
    Option {
        /// As the plugin writes it.
        path: String,
        /// In the plugin's words, shortened and escaped.
        message: String,
    },
    /// The plugin cannot serve the schema.
    #[error("cannot serve these columns: {message}")]
    Unsupported {
        /// In the plugin's words, shortened and escaped.
        message: String,
    },
    /// The plugin cannot serve a row.
    #[error("gave up at row {row}: {message}")]
    Data {
        /// The row's number within its table.
        row: u64,
        /// In the plugin's words, shortened and escaped.
        message: String,
    },
    /// The plugin gave up.
    #[error("gave up: {message}")]
    Other {
        /// In the plugin's words, shortened and escaped.
        message: String,
    },
    /// What came back is wrong.
    #[error("returned a wrong result: {0}")]
    Result(Box<Flaw>),
}

/// What is wrong with a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The column's name, and those of nested fields after points; empty where it is about
    /// all columns.
    pub column: String,
    /// The position in the column (of a nested one: in the child), where there is one.
    pub row: Option<u64>,
    /// What it is.
    pub problem: Problem,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.column.is_empty() {
            write!(f, "column `{}`", self.column)?;
            if let Some(row) = self.row {
                write!(f, ", row {row}")?;
            }
            write!(f, ": ")?;
        }
        write!(f, "{}", self.problem)
    }
}

/// What is wrong with a value, a buffer or a schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// More or fewer columns than were said or wanted.
    #[error("{got} columns where {expected} are due")]
    Columns {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        got: usize,
    },
    /// More or fewer buffers than the columns need.
    #[error("{got} nodes where {expected} are due")]
    Nodes {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        got: usize,
    },
    /// More or fewer values than rows.
    #[error("{got} values where {expected} are due")]
    Length {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        got: usize,
    },
    /// The wrong buffer for the kind.
    #[error("a buffer of {got} where one of {expected} is due")]
    Buffer {
        /// What the kind needs.
        expected: &'static str,
        /// What came.
        got: &'static str,
    },
    /// A buffer of the wrong size.
    #[error("a buffer of {got} {what} where {expected} are due")]
    Size {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        got: usize,
        /// Of what.
        what: &'static str,
    },
    /// Offsets do not begin with zero.
    #[error("offsets begin with {got}, not with zero")]
    Begin {
        /// The first.
        got: u32,
    },
    /// Offsets descend.
    #[error("offsets descend from {from} to {to}")]
    Descend {
        /// A value's beginning.
        from: u32,
        /// Its end.
        to: u32,
    },
    /// Offsets do not end where the data do.
    #[error("offsets end at {got}, the data at {expected}")]
    End {
        /// The length of the data.
        expected: usize,
        /// The last offset.
        got: u32,
    },
    /// More than Arrow's offsets can number.
    #[error("more than {} bytes of text, or values of lists", i32::MAX)]
    Overflow,
    /// Text is not UTF-8.
    #[error("text is not UTF-8")]
    Utf8,
    /// A dictionary's key is too large.
    #[error("key {key} into a dictionary of {values}")]
    Key {
        /// The key.
        key: u32,
        /// How many values there are.
        values: usize,
    },
    /// NULL where there may be none.
    #[error("NULL in a column that is not nullable")]
    Null,
    /// A decimal has too many digits.
    #[error("a decimal of more than {precision} digits")]
    Precision {
        /// The column's.
        precision: u8,
    },
    /// A time of day is before midnight or after a day.
    #[error("{ticks} is no time of day")]
    Time {
        /// Ticks since midnight.
        ticks: i64,
    },
    /// A column of a type that the wanted one cannot hold.
    #[error("{stated} cannot fill {wanted}")]
    Fill {
        /// What the plugin states.
        stated: DataType,
        /// What was asked for.
        wanted: DataType,
    },
    /// A schema that cannot be.
    #[error("{reason}")]
    Schema {
        /// What is wrong.
        reason: String,
    },
    /// A number of a finding or of a domain that cannot be.
    #[error("{reason}")]
    Number {
        /// What is wrong.
        reason: String,
    },
}

impl Error {
    pub(crate) fn runtime(error: wasmtime::Error) -> Self {
        Error::Runtime {
            reason: format!("{error:#}"),
        }
    }
}

impl Hint for Error {
    fn hint(&self) -> Option<String> {
        match self {
            Error::Import { import, .. } if import.starts_with("wasi:") => Some(
                "Build the plugin without a standard library that reaches for the system: \
                 `prodlike plugin build` does"
                    .into(),
            ),
            Error::Import { .. } => {
                Some("A plugin may import `prodlike:plugin/log` and nothing else".into())
            }
            Error::Read { .. } => {
                Some("Give the component's file: `prodlike plugin build` says where it is".into())
            }
            Error::NotComponent { .. } => Some("Make one with `prodlike plugin build`".into()),
            Error::Contract {
                version,
                newer: true,
                ..
            } => Some(format!("Use prodlike {version} or later")),
            Error::Contract { newer: false, .. } => {
                Some("Build the plugin anew: `prodlike plugin build`".into())
            }
            Error::TooLarge { .. } => {
                Some("Let it have more: `prodlike plugin add --limit component=BYTES`".into())
            }
            Error::TooMuchCode { .. } => {
                Some("Leave out what the plugin does not need, or split the function".into())
            }
            Error::Kind { kinds, .. } => {
                let kinds: Vec<String> = kinds.iter().map(Kind::to_string).collect();
                Some(format!("It is a {}", kinds.join(" and a ")))
            }
            Error::Option { plugin, .. } => Some(format!(
                "See its options: `prodlike plugin inspect {}`",
                plugin.name
            )),
            Error::Call {
                failure: Failure::Fuel { .. },
                place: Place { rows: None, .. },
                ..
            } => Some(
                "Raise `fuel` and `fuel_to_configure` among the plugin's limits in prodlike.lock"
                    .into(),
            ),
            Error::Call { failure, .. } => failure.hint(),
            Error::NotFunction { .. } => Some(
                "A value may depend on its row, seed and input only, never on earlier rows, \
                 the batch, or randomness of the language: see `prodlike plugin check`"
                    .into(),
            ),
            Error::Counts { .. } => {
                Some("A plugin should count coarser keys: what few rows share is dropped".into())
            }
            _ => None,
        }
    }
}

impl Hint for Failure {
    fn hint(&self) -> Option<String> {
        match self {
            Failure::Fuel { .. } => Some(
                "Raise `fuel_per_row` among the plugin's limits in prodlike.lock, and fit again; \
                 `prodlike plugin bench` says what it needs"
                    .into(),
            ),
            Failure::Option { .. } => {
                Some("See its options: `prodlike plugin inspect COMPONENT`".into())
            }
            Failure::Unsupported { .. } => Some(
                "Give it the columns that it needs (`input`), or choose another for this column"
                    .into(),
            ),
            Failure::Memory { .. } => Some(
                "Raise `memory` among the plugin's limits in prodlike.lock, and fit again".into(),
            ),
            Failure::Output { .. } => Some(
                "Raise `output` among the plugin's limits in prodlike.lock, and fit again".into(),
            ),
            Failure::Time { .. } => Some(
                "Raise `seconds` among the plugin's limits in prodlike.lock, and fit again".into(),
            ),
            Failure::Result(_) | Failure::Malformed { .. } | Failure::Trap { .. } => {
                Some("This is a fault of the plugin: `prodlike plugin check` shows it".into())
            }
            _ => None,
        }
    }
}
