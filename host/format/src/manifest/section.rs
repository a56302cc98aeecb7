//! Tables of a document, whose every complaint knows its line.

use std::ops::Range;

use toml_edit::{Array, Item, Key, TableLike, Value};

use crate::error::ManifestProblem;

/// A problem and where it is.
pub(super) struct Flaw {
    pub(super) span: Option<Range<usize>>,
    pub(super) problem: ManifestProblem,
}

pub(super) type Read<T> = Result<T, Flaw>;

pub(super) fn flaw<T>(span: Option<Range<usize>>, problem: ManifestProblem) -> Read<T> {
    Err(Flaw { span, problem })
}

/// One table of the document, and what messages call it.
pub(super) struct Section<'a> {
    pub(super) name: String,
    pub(super) table: &'a dyn TableLike,
    pub(super) span: Option<Range<usize>>,
}

impl<'a> Section<'a> {
    pub(super) fn new(name: String, key: Option<&Key>, item: &'a Item) -> Read<Section<'a>> {
        let span = key.and_then(Key::span).or_else(|| item.span());
        match item.as_table_like() {
            Some(table) => Ok(Section { name, table, span }),
            None => flaw(
                span,
                ManifestProblem::WrongType {
                    key: key.map_or_else(String::new, |key| key.get().to_string()),
                    section: name,
                    expected: "a table",
                    found: item.type_name(),
                },
            ),
        }
    }

    /// Refuses keys that are not known here.
    pub(super) fn only(self, known: &[&str]) -> Read<Section<'a>> {
        for (key, _) in self.table.iter() {
            if !known.contains(&key) {
                return flaw(
                    self.span_of(key),
                    ManifestProblem::UnknownKey {
                        key: key.to_string(),
                        section: self.name,
                        known: known.iter().map(ToString::to_string).collect(),
                    },
                );
            }
        }
        Ok(self)
    }

    pub(super) fn span_of(&self, key: &str) -> Option<Range<usize>> {
        let (found, item) = self.table.get_key_value(key)?;
        found
            .span()
            .or_else(|| item.span())
            .or_else(|| self.span.clone())
    }

    pub(super) fn sub(&self, key: &str, name: String) -> Read<Option<Section<'a>>> {
        match self.table.get_key_value(key) {
            Some((found, item)) => Section::new(name, Some(found), item).map(Some),
            None => Ok(None),
        }
    }

    pub(super) fn require<T>(&self, key: &'static str, found: Option<T>) -> Read<T> {
        match found {
            Some(found) => Ok(found),
            None => flaw(
                self.span.clone(),
                ManifestProblem::MissingKey {
                    key,
                    section: self.name.clone(),
                },
            ),
        }
    }

    pub(super) fn wrong_type<T>(&self, key: &str, expected: &'static str, item: &Item) -> Read<T> {
        flaw(
            self.span_of(key),
            ManifestProblem::WrongType {
                key: key.to_string(),
                section: self.name.clone(),
                expected,
                found: item.type_name(),
            },
        )
    }

    pub(super) fn string(&self, key: &str) -> Read<Option<&'a str>> {
        match self.table.get(key) {
            None => Ok(None),
            Some(item) => match item.as_str() {
                Some(text) => Ok(Some(text)),
                None => self.wrong_type(key, "a string", item),
            },
        }
    }

    pub(super) fn boolean(&self, key: &str) -> Read<Option<bool>> {
        match self.table.get(key) {
            None => Ok(None),
            Some(item) => match item.as_bool() {
                Some(flag) => Ok(Some(flag)),
                None => self.wrong_type(key, "`true` or `false`", item),
            },
        }
    }

    pub(super) fn positive(&self, key: &str) -> Read<Option<u64>> {
        self.whole(key, 1)
    }

    /// Reads a whole number that is at least `least`, which is 0 or more.
    pub(super) fn whole(&self, key: &str, least: i64) -> Read<Option<u64>> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        match item.as_integer() {
            Some(number) if number >= least => Ok(u64::try_from(number).ok()),
            Some(number) => flaw(
                self.span_of(key),
                ManifestProblem::TooSmall {
                    key: key.to_string(),
                    section: self.name.clone(),
                    value: number,
                    least,
                },
            ),
            None => self.wrong_type(key, "a whole number", item),
        }
    }

    pub(super) fn number(&self, key: &str) -> Read<Option<f64>> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        match item.as_float().or(item.as_integer().map(|n| n as f64)) {
            Some(number) => Ok(Some(number)),
            None => self.wrong_type(key, "a number", item),
        }
    }

    pub(super) fn strings(&self, key: &str) -> Read<Option<Vec<String>>> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        match item.as_array().and_then(string_array) {
            Some(names) => Ok(Some(names)),
            None => self.wrong_type(key, "an array of strings", item),
        }
    }

    /// Reads a table of any form as JSON.
    pub(super) fn json(&self, key: &str) -> Read<Option<String>> {
        let Some(item) = self.table.get(key) else {
            return Ok(None);
        };
        let is_table = item.as_table_like().is_some();
        let value = item.clone().into_value().ok().filter(|_| is_table);
        match value.as_ref().and_then(json) {
            Some(value) => Ok(Some(value.to_string())),
            None => self.wrong_type(key, "a table of strings, numbers and the like", item),
        }
    }

    /// Requires one key where another is.
    pub(super) fn require_beside<T>(
        &self,
        key: &'static str,
        beside: &str,
        found: Option<T>,
    ) -> Read<T> {
        match found {
            Some(found) => Ok(found),
            None => flaw(
                self.span_of(beside),
                ManifestProblem::MissingKey {
                    key,
                    section: format!("{}, which has `{beside}`", self.name),
                },
            ),
        }
    }

    pub(super) fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Read<Option<T>> {
        let Some(text) = self.string(key)? else {
            return Ok(None);
        };
        match choices.iter().find(|(name, _)| *name == text) {
            Some((_, choice)) => Ok(Some(*choice)),
            None => flaw(
                self.span_of(key),
                ManifestProblem::WrongValue {
                    key: key.to_string(),
                    section: self.name.clone(),
                    value: text.to_string(),
                    allowed: choices.iter().map(|(name, _)| name.to_string()).collect(),
                },
            ),
        }
    }
}

/// Returns a value as JSON; `None` for what JSON lacks: infinities and NaN.
fn json(value: &Value) -> Option<serde_json::Value> {
    Some(match value {
        Value::String(text) => text.value().clone().into(),
        Value::Integer(number) => (*number.value()).into(),
        Value::Float(number) => serde_json::Number::from_f64(*number.value())?.into(),
        Value::Boolean(flag) => (*flag.value()).into(),
        Value::Datetime(time) => time.value().to_string().into(),
        Value::Array(items) => items.iter().map(json).collect::<Option<Vec<_>>>()?.into(),
        Value::InlineTable(table) => {
            let members = table
                .iter()
                .map(|(key, item)| Some((key.to_string(), json(item)?)));
            serde_json::Value::Object(members.collect::<Option<_>>()?)
        }
    })
}

/// Returns JSON as a value; nothing for null, which TOML lacks.
pub(super) fn toml(value: &serde_json::Value) -> Option<Value> {
    use serde_json::Value as Json;
    Some(match value {
        Json::Null => return None,
        Json::Bool(flag) => (*flag).into(),
        Json::Number(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => number.as_f64()?.into(),
        },
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => Value::Array(items.iter().filter_map(toml).collect()),
        Json::Object(members) => {
            let members = members.iter();
            let members = members.filter_map(|(key, item)| Some((key.as_str(), toml(item)?)));
            Value::InlineTable(members.collect())
        }
    })
}

pub(super) fn string_array(array: &Array) -> Option<Vec<String>> {
    array
        .iter()
        .map(|item| item.as_str().map(str::to_string))
        .collect()
}
