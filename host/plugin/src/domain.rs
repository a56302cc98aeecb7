//! What a rule says that the values of a column may be.

use std::cmp::Ordering;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use arrow::error::ArrowError;

use crate::bindings::exports::prodlike::plugin::rule as wit;
use crate::error::{Flaw, Problem};
use crate::log::shown;
use crate::settings::Column;

/// What a column's values may be.
#[derive(Clone, Debug, PartialEq)]
pub enum Domain {
    /// Anything.
    Any,
    /// From, to: both belong to it. Says nothing of what is no number.
    Range(f64, f64),
    /// One of these texts. Says nothing of what is no text.
    OneOf(Vec<String>),
}

impl Domain {
    /// Returns whether each value is in it, as NULL always is; `None` where it says nothing of
    /// the values.
    pub(crate) fn holds(&self, values: &ArrayRef) -> Result<Option<BooleanArray>, ArrowError> {
        if !self.fits(values.data_type()) {
            return Ok(None);
        }
        Ok(match self {
            Domain::Any => None,
            Domain::Range(from, to) => {
                let numbers = cast(values, &DataType::Float64)?;
                let numbers = numbers.as_primitive::<Float64Type>().iter();
                let within = |it: Option<f64>| it.is_none_or(|it| (*from..=*to).contains(&it));
                Some(numbers.map(|it| Some(within(it))).collect())
            }
            Domain::OneOf(texts) => {
                let values = cast(values, &DataType::Utf8)?;
                let values = values.as_string::<i32>().iter();
                let within = |it: Option<&str>| it.is_none_or(|it| texts.iter().any(|t| t == it));
                Some(values.map(|it| Some(within(it))).collect())
            }
        })
    }

    /// Whether it says something of values of a type.
    pub fn fits(&self, data_type: &DataType) -> bool {
        let data_type = match data_type {
            DataType::Dictionary(_, values) => values.as_ref(),
            other => other,
        };
        match self {
            Domain::Any => true,
            Domain::Range(..) => data_type.is_numeric(),
            Domain::OneOf(_) => matches!(
                data_type,
                DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
            ),
        }
    }
}

/// Reads what a rule says of the columns of its input.
pub(crate) fn read(domains: Vec<wit::Domain>, input: &[Column]) -> Result<Vec<Domain>, Flaw> {
    let flaw = |column: &str, problem| Flaw {
        column: column.to_owned(),
        row: None,
        problem,
    };
    if domains.len() != input.len() {
        let problem = Problem::Columns {
            expected: input.len(),
            got: domains.len(),
        };
        return Err(flaw("", problem));
    }
    let mut read = Vec::with_capacity(domains.len());
    for (domain, column) in domains.into_iter().zip(input) {
        let domain = match domain {
            wit::Domain::Any => Domain::Any,
            wit::Domain::OneOf(texts) => Domain::OneOf(texts),
            wit::Domain::Range((from, to)) => Domain::Range(from, to),
        };
        match domain {
            // NaN is in no order.
            Domain::Range(from, to) if from.partial_cmp(&to).is_none_or(Ordering::is_gt) => {
                let reason = shown(&format!("a range from {from} to {to}"));
                return Err(flaw(column.field.name(), Problem::Number { reason }));
            }
            domain => read.push(domain),
        }
    }
    Ok(read)
}
