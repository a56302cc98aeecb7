//! What is known of the rows of a batch from columns made before.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::compute::cast;
use prodlike_core::generator::GenerateArgs;
use prodlike_core::schema::SemanticType;

use crate::lands::{self, Place};

/// No land: neither the row nor the column tells one.
const NOWHERE: u8 = u8::MAX;

/// The columns that a generator looks at, as text.
#[derive(Default)]
pub(crate) struct Rows {
    first: Option<StringArray>,
    last: Option<StringArray>,
    full: Option<StringArray>,
    username: Option<StringArray>,
    city: Option<StringArray>,
    state: Option<StringArray>,
    /// One a row; empty where no country is told.
    lands: Vec<u8>,
    home: Option<usize>,
}

impl Rows {
    /// Reads the context; `home` is the land of the column's own locale.
    pub(crate) fn new(args: &GenerateArgs<'_>, home: Option<usize>) -> Rows {
        let mut rows = Rows {
            home,
            ..Rows::default()
        };
        for sibling in args.context {
            let Some(values) = text(&sibling.values, args.rows.len()) else {
                continue;
            };
            match sibling.semantic {
                SemanticType::FirstName => rows.first = Some(values),
                SemanticType::LastName => rows.last = Some(values),
                SemanticType::FullName => rows.full = Some(values),
                SemanticType::Username => rows.username = Some(values),
                SemanticType::City => rows.city = Some(values),
                SemanticType::State => rows.state = Some(values),
                SemanticType::Country => rows.lands = read_lands(&values, home),
                _ => {}
            }
        }
        rows
    }

    /// Returns the land of a row of the batch: its country's, else the column's own.
    pub(crate) fn land(&self, at: usize) -> Option<usize> {
        match self.lands.get(at) {
            Some(&NOWHERE) => None,
            Some(&land) => Some(usize::from(land)),
            None => self.home,
        }
    }

    /// Whether no row can have another land than the column's own.
    pub(crate) fn is_home(&self) -> bool {
        self.lands.is_empty()
    }

    /// Returns the listed town of a row, and its land.
    pub(crate) fn place(&self, at: usize) -> Option<(usize, &'static Place)> {
        lands::by_city(value(&self.city, at)?, self.land(at))
    }

    pub(crate) fn state(&self, at: usize) -> Option<&str> {
        value(&self.state, at)
    }

    pub(crate) fn username(&self, at: usize) -> Option<&str> {
        value(&self.username, at)
    }

    pub(crate) fn full(&self, at: usize) -> Option<&str> {
        value(&self.full, at)
    }

    /// Whether there are columns of given or family names.
    pub(crate) fn has_names(&self) -> bool {
        self.first.is_some() || self.last.is_some()
    }

    /// Returns given and family name of a row, as far as they are known.
    pub(crate) fn names(&self, at: usize) -> (Option<&str>, Option<&str>) {
        (value(&self.first, at), value(&self.last, at))
    }
}

fn value(column: &Option<StringArray>, at: usize) -> Option<&str> {
    let column = column.as_ref()?;
    (at < column.len() && column.is_valid(at))
        .then(|| column.value(at))
        .filter(|value| !value.trim().is_empty())
}

/// Reads a column as strings; nothing where it cannot be, which is no reason to fail.
fn text(values: &ArrayRef, rows: usize) -> Option<StringArray> {
    if values.len() != rows {
        return None;
    }
    let strings = match values.as_string_opt::<i32>() {
        Some(_) => Arc::clone(values),
        None => cast(values, &arrow::datatypes::DataType::Utf8).ok()?,
    };
    strings.as_string_opt::<i32>().cloned()
}

/// Looks up every row's country; neighbours are often alike.
fn read_lands(countries: &StringArray, home: Option<usize>) -> Vec<u8> {
    let home = home.map_or(NOWHERE, |land| land as u8);
    let mut last: Option<(&str, u8)> = None;
    countries
        .iter()
        .map(|country| match (country, last) {
            (None, _) => home,
            (Some(country), Some((same, land))) if same == country => land,
            (Some(country), _) => {
                let land = lands::by_name(country).map_or(NOWHERE, |land| land as u8);
                last = Some((country, land));
                land
            }
        })
        .collect()
}
