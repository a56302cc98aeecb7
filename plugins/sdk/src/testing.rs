//! Runs plugins natively, in unit tests.

use crate::column::Column;
use crate::error::Error;
use crate::plugin::{self, Detector, Finding, Generator, Plugin, Rule, Settings, Transform};
use crate::random::mix;
use crate::rows::Rows;
use crate::schema::Field;
use crate::view::{Batch, View};

/// Columns, and what they are.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Table {
    fields: Vec<Field>,
    columns: Vec<Column>,
}

impl Table {
    /// Returns the table of these columns.
    pub fn new(columns: impl IntoIterator<Item = (Field, Column)>) -> Table {
        let (fields, columns) = columns.into_iter().unzip();
        Table { fields, columns }
    }

    /// Returns a table of one column of text.
    pub fn of_text(values: &[Option<&str>]) -> Table {
        let texts: crate::Utf8Builder = values.iter().copied().collect();
        Table::new([(Field::utf8("text").nullable(true), texts.finish())])
    }

    /// Returns the columns as a plugin sees them.
    pub fn batch(&self) -> Batch<'_> {
        Batch::new(&self.fields, &self.columns)
    }

    /// Returns a column.
    ///
    /// # Panics
    /// Where there are fewer.
    pub fn column(&self, index: usize) -> View<'_> {
        match self.batch().column(index) {
            Ok(view) => view,
            Err(error) => panic!("{error}"),
        }
    }

    /// Returns a column of text, `None` for NULL.
    ///
    /// # Panics
    /// Where the column is something else.
    pub fn text(&self, index: usize) -> Vec<Option<&str>> {
        match self.column(index).utf8() {
            Ok(view) => view.iter().collect(),
            Err(error) => panic!("{error}"),
        }
    }
}

/// A plugin under test: its options, and what the host would tell it.
///
/// ```
/// # use prodlike_sdk::testing::Job;
/// let job = Job::new(r#"{ "prefix": "ZZ" }"#).rows(100).secret("key", b"0123456789abcdef");
/// ```
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Job {
    options: String,
    settings: Settings,
    rows: usize,
    seed: u64,
    input: Option<Table>,
}

impl Job {
    /// Returns a job of 1,000 rows with these options, as JSON.
    pub fn new(options: &str) -> Job {
        Job {
            options: options.to_owned(),
            settings: Settings::default(),
            rows: 1000,
            seed: 1,
            input: None,
        }
    }

    /// Sets how many rows are made; with an input, there are as many as it has.
    #[must_use]
    pub fn rows(mut self, rows: usize) -> Job {
        self.rows = rows;
        self
    }

    /// Sets the job's seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Job {
        self.seed = seed;
        self
    }

    /// Asks for columns: outputs, by name.
    #[must_use]
    pub fn wanted(mut self, outputs: &[&str]) -> Job {
        self.settings.wanted = outputs.iter().copied().map(Field::utf8).collect();
        self
    }

    /// Asks for a column of that type.
    #[must_use]
    pub fn wanted_field(mut self, field: Field) -> Job {
        self.settings.wanted.push(field);
        self
    }

    /// Sets language and country.
    #[must_use]
    pub fn locale(mut self, locale: &str) -> Job {
        self.settings.locale = Some(locale.to_owned());
        self
    }

    /// Asks for values that do not repeat.
    #[must_use]
    pub fn unique(mut self) -> Job {
        self.settings.unique = true;
        self
    }

    /// Hands over a secret.
    #[must_use]
    pub fn secret(mut self, name: &str, bytes: &[u8]) -> Job {
        self.settings.secrets.push(crate::Secret {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        });
        self
    }

    /// Hands over what was learned.
    #[must_use]
    pub fn learned(mut self, counts: &[(&str, u64)]) -> Job {
        self.settings.learned = counts
            .iter()
            .map(|&(key, rows)| crate::Count {
                key: key.to_owned(),
                rows,
                entities: rows,
            })
            .collect();
        self
    }

    /// Sets the columns that the plugin reads.
    #[must_use]
    pub fn input(mut self, input: Table) -> Job {
        self.rows = input.columns.first().map_or(0, Column::len);
        self.settings.input.clone_from(&input.fields);
        self.input = Some(input);
        self
    }

    /// Asks the plugin to fill or to learn by other settings than those above say.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Job {
        self.settings = settings;
        self
    }

    /// Returns a configured plugin.
    ///
    /// # Errors
    /// As the plugin's `configure`, and options that do not fit.
    pub fn configure<P: Plugin>(&self) -> Result<P, Error> {
        plugin::configure(&self.options, &self.settings)
    }

    /// Runs a generator over all rows, as one batch.
    ///
    /// # Errors
    /// As the plugin's.
    pub fn generate<P: Generator>(&self) -> Result<Table, Error> {
        let plugin = self.configure::<P>()?;
        let columns = plugin.generate(&self.all_rows(), &self.batch())?;
        Ok(self.table(plugin.output(), columns))
    }

    /// Runs a transform.
    ///
    /// # Errors
    /// As the plugin's.
    pub fn apply<P: Transform>(&self) -> Result<Table, Error> {
        let plugin = self.configure::<P>()?;
        let columns = plugin.apply(&self.all_rows(), &self.batch())?;
        Ok(self.table(plugin.output(), columns))
    }

    /// Runs a detector.
    ///
    /// # Errors
    /// As the plugin's.
    pub fn detect<P: Detector>(&self) -> Result<Vec<Finding>, Error> {
        self.configure::<P>()?.detect(&self.batch())
    }

    /// Runs a rule.
    ///
    /// # Errors
    /// As the plugin's.
    pub fn check<P: Rule>(&self) -> Result<Column, Error> {
        self.configure::<P>()?
            .check(&self.all_rows(), &self.batch())
    }

    /// Returns the rows of the batch that begins at `first`.
    pub fn batch_rows(&self, first: usize, count: usize) -> Rows {
        let key = mix(self.seed);
        Rows {
            count,
            first: first as u64,
            numbers: Vec::new(),
            seeds: (first..first + count)
                .map(|row| mix(key ^ mix(row as u64 + 1)))
                .collect(),
            total: self.rows as u64,
            key,
        }
    }

    pub(crate) fn all_rows(&self) -> Rows {
        self.batch_rows(0, self.rows)
    }

    pub(crate) fn batch(&self) -> Batch<'_> {
        match &self.input {
            Some(table) => table.batch(),
            None => Batch::new(&[], &[]),
        }
    }

    fn table(&self, fields: Vec<Field>, columns: Vec<Column>) -> Table {
        assert_eq!(
            fields.len(),
            columns.len(),
            "`output` says another number of columns"
        );
        for (field, column) in fields.iter().zip(&columns) {
            assert_eq!(
                column.len(),
                self.rows,
                "column `{}` has another length",
                field.name
            );
        }
        Table { fields, columns }
    }
}
