//! What a plugin can be configured to: a handle for each kind.
//!
//! Handles can be used from many threads at once; each thread finds an instance of its own.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, ListArray};
use arrow::compute::and;
use arrow::datatypes::{DataType, Field};

use crate::batch::Mapper;
use crate::call::{self, Pool, Session};
use crate::domain::{self, Domain};
use crate::encode::Node;
use crate::error::{Error, Failure, Flaw, Problem};
use crate::plugin::Plugin;
use crate::settings::{Column, Rows, Settings};

impl Plugin {
    /// Configures a generator.
    ///
    /// # Errors
    /// Where the plugin is none, options do not match, or the plugin refuses.
    pub fn generator(&self, settings: Settings) -> Result<Generator, Error> {
        let mapper = Mapper::stated(self, settings, |session: &mut Session<call::Generator>| {
            let instance = session.guest.instance();
            instance.call_output(&mut session.store, session.resource)
        })?;
        Ok(Generator { mapper })
    }

    /// Configures a transform.
    ///
    /// # Errors
    /// As [`Plugin::generator`].
    pub fn transform(&self, settings: Settings) -> Result<Transform, Error> {
        let mapper = Mapper::stated(self, settings, |session: &mut Session<call::Transform>| {
            let instance = session.guest.instance();
            instance.call_output(&mut session.store, session.resource)
        })?;
        Ok(Transform { mapper })
    }

    /// Configures what learns for a generator or a transform. Nothing that it says is shown.
    ///
    /// # Errors
    /// As [`Plugin::generator`].
    pub fn learn(&self, settings: Settings) -> Result<Learn, Error> {
        let keys = DataType::List(Arc::new(Field::new("item", DataType::Utf8, true)));
        let output = vec![Column::new(Field::new("keys", keys, true))];
        let mapper = Mapper::fixed(self, settings, true, output)?;
        Ok(Learn { mapper })
    }

    /// Configures a detector. Nothing that it says is shown.
    ///
    /// # Errors
    /// As [`Plugin::generator`].
    pub fn detector(&self, settings: Settings) -> Result<Detector, Error> {
        let pool = Pool::new(self, settings, true)?;
        Ok(Detector { pool })
    }

    /// Configures a rule, and asks for its domains.
    ///
    /// # Errors
    /// As [`Plugin::generator`].
    pub fn rule(&self, settings: Settings) -> Result<Rule, Error> {
        let output = vec![Column::new(Field::new("holds", DataType::Boolean, false))];
        let mapper: Mapper<call::Rule> = Mapper::fixed(self, settings, false, output)?;
        let pool = &mapper.pool;
        let domains = pool.call(None, |session| {
            let instance = session.guest.instance();
            Ok(Ok(
                instance.call_domains(&mut session.store, session.resource)?
            ))
        })?;
        let domains = domain::read(domains, &pool.settings.input)
            .map_err(|flaw| pool.result(None, Failure::Result(Box::new(flaw))))?;
        Ok(Rule { mapper, domains })
    }
}

/// Fills columns, from seeds and from other columns of the same rows.
pub struct Generator {
    mapper: Mapper<call::Generator>,
}

impl Generator {
    /// Returns what every batch holds: a column for each of those wanted. Types are
    /// [canonical](crate::canonical): text that fills a column of `LargeUtf8` is `Utf8`, and
    /// may be a dictionary of it.
    pub fn output(&self) -> &[Column] {
        self.mapper.output()
    }

    /// Makes one batch: an array for each column of [`Generator::output`], a value a row.
    ///
    /// # Errors
    /// Where the plugin fails or returns what it should not; the batch is whole or absent.
    pub fn generate(&self, rows: &Rows<'_>, input: &[ArrayRef]) -> Result<Vec<ArrayRef>, Error> {
        self.mapper.run(rows, input)
    }

    /// Returns the fuel that all batches used up so far.
    pub fn fuel(&self) -> u64 {
        self.mapper.pool.fuel()
    }
}

/// Changes columns.
pub struct Transform {
    mapper: Mapper<call::Transform>,
}

impl Transform {
    /// Returns what every batch holds; see [`Generator::output`].
    pub fn output(&self) -> &[Column] {
        self.mapper.output()
    }

    /// Changes one batch: an array for each column of [`Transform::output`], a value a row.
    ///
    /// # Errors
    /// As [`Generator::generate`].
    pub fn apply(&self, rows: &Rows<'_>, input: &[ArrayRef]) -> Result<Vec<ArrayRef>, Error> {
        self.mapper.run(rows, input)
    }

    /// Returns the fuel that all batches used up so far.
    pub fn fuel(&self) -> u64 {
        self.mapper.pool.fuel()
    }
}

/// Says what to count in real rows.
pub struct Learn {
    mapper: Mapper<call::Learn>,
}

impl Learn {
    /// Returns the keys that count for each of `n_rows` rows: lists of text, for
    /// [`crate::Counts`].
    ///
    /// # Errors
    /// As [`Generator::generate`].
    pub fn keys(&self, n_rows: u32, input: &[ArrayRef]) -> Result<ListArray, Error> {
        // A plugin that learns sees no seeds; those that stand here are for the length alone.
        let seeds = vec![0; n_rows as usize];
        let rows = Rows {
            count: n_rows,
            seeds: &seeds,
            total: u64::from(n_rows),
            ..Rows::default()
        };
        let keys = self.mapper.run(&rows, input)?;
        let keys = keys.first().and_then(|keys| keys.as_list_opt::<i32>());
        keys.cloned().ok_or_else(|| {
            // The output's type is stated above.
            self.mapper.pool.result(
                Some(&rows),
                Failure::Malformed {
                    reason: "no lists of text".to_owned(),
                },
            )
        })
    }

    /// Returns the fuel that all batches used up so far.
    pub fn fuel(&self) -> u64 {
        self.mapper.pool.fuel()
    }
}

/// What a detector finds in one sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// The position of a semantic type in [`crate::Description::finds`].
    pub semantic: usize,
    /// Values of that meaning, of those that are not NULL.
    pub matched: u32,
    /// The share that chance would match, from 0 to 1.
    pub chance: f64,
}

/// Tells what the values of a column mean.
pub struct Detector {
    pool: Pool<call::Detector>,
}

impl Detector {
    /// Returns what is found in a sample of `n_rows` rows.
    ///
    /// # Errors
    /// As [`Generator::generate`].
    pub fn detect(&self, n_rows: u32, input: &[ArrayRef]) -> Result<Vec<Finding>, Error> {
        let rows = Rows {
            count: n_rows,
            total: u64::from(n_rows),
            ..Rows::default()
        };
        let nodes = self.pool.encode(&rows, input)?;
        let findings = self.pool.call(Some(&rows), |session| {
            let lent: Vec<_> = nodes.iter().map(Node::lend).collect();
            let instance = session.guest.instance();
            instance.call_detect(&mut session.store, session.resource, &lent)
        })?;
        let n_semantics = self.pool.plugin.description().finds.len();
        findings
            .into_iter()
            .map(|finding| {
                let reason = if finding.semantic as usize >= n_semantics {
                    format!(
                        "semantic type {} of the {n_semantics} that it finds",
                        finding.semantic
                    )
                } else if finding.matched > n_rows {
                    format!("{} of {n_rows} values matched", finding.matched)
                } else if !(0.0..=1.0).contains(&finding.chance) {
                    format!("chance matches a share of {}", finding.chance)
                } else {
                    return Ok(Finding {
                        semantic: finding.semantic as usize,
                        matched: finding.matched,
                        chance: finding.chance,
                    });
                };
                let flaw = Flaw {
                    column: String::new(),
                    row: None,
                    problem: Problem::Number { reason },
                };
                Err(self
                    .pool
                    .result(Some(&rows), Failure::Result(Box::new(flaw))))
            })
            .collect()
    }

    /// Returns the fuel that all batches used up so far.
    pub fn fuel(&self) -> u64 {
        self.pool.fuel()
    }
}

/// Says which rows can be.
pub struct Rule {
    mapper: Mapper<call::Rule>,
    domains: Vec<Domain>,
}

impl Rule {
    /// Returns what the values of each column of the input may be.
    pub fn domains(&self) -> &[Domain] {
        &self.domains
    }

    /// Returns whether each row can be: the plugin says so, and its values are in their domains.
    ///
    /// # Errors
    /// As [`Generator::generate`].
    pub fn check(&self, rows: &Rows<'_>, input: &[ArrayRef]) -> Result<BooleanArray, Error> {
        let malformed = |reason: String| {
            let failure = Failure::Malformed { reason };
            self.mapper.pool.result(Some(rows), failure)
        };
        let holds = self.mapper.run(rows, input)?;
        let holds = holds.first().and_then(|holds| holds.as_boolean_opt());
        // The output's type is stated above.
        let holds = holds.ok_or_else(|| malformed("no booleans".to_owned()))?;
        let mut holds = holds.clone();
        for (domain, values) in self.domains.iter().zip(input) {
            let inside = domain.holds(values);
            let both = inside.and_then(|inside| match inside {
                Some(inside) => and(&holds, &inside),
                None => Ok(holds),
            });
            holds = both.map_err(|error| malformed(error.to_string()))?;
        }
        Ok(holds)
    }

    /// Returns the fuel that all batches used up so far.
    pub fn fuel(&self) -> u64 {
        self.mapper.pool.fuel()
    }
}
