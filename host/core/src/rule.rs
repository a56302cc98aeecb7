//! Rules: what must hold of every row of a table.
//!
//! Rules are measured and never enforced: a row that was made to keep one would no longer be
//! as likely as in the real data.

use std::fmt;

use crate::schema::SecretSource;

/// What must hold of every row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// An expression of SQL over the row and the rows it refers to, which holds unless it is
    /// false, as in SQL's CHECK.
    Expression(String),
    /// A plugin.
    Plugin(PluginRule),
}

/// A plugin that says which rows can be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PluginRule {
    /// The plugin.
    pub name: String,
    /// Its options, as JSON; empty for none.
    pub options: String,
    /// The columns that it is shown: of the row, and of rows that it refers to.
    pub input: Vec<String>,
    /// Keys that it asks for.
    pub secrets: Vec<SecretSource>,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::Expression(sql) => f.write_str(sql),
            Rule::Plugin(rule) => {
                write!(f, "{}({})", rule.name, rule.input.join(", "))?;
                match rule.options.as_str() {
                    "" => Ok(()),
                    options => write!(f, " {options}"),
                }
            }
        }
    }
}

/// Rows that were held against a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// How many there were.
    pub rows: u64,
    /// How many of them break it.
    pub broken: u64,
}

/// What became of a rule in the rows of both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adherence {
    /// The position of the table.
    pub table: usize,
    /// The rule, as a report names it.
    pub rule: String,
    /// Real rows.
    pub real: Kept,
    /// Synthetic rows, or why they could not be told.
    pub synthetic: Result<Kept, String>,
}
