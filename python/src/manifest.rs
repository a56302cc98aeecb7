//! The manifest as an object: what a person, or a program, reviews before anything is learned.

use std::path::PathBuf;

use prodlike_engine::{Error, Manifest as Read};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use crate::errors;

/// A manifest, whose text keeps its comments while it is edited.
#[pyclass]
pub(crate) struct Manifest {
    text: String,
    /// What errors call it.
    shown: PathBuf,
}

#[pymethods]
impl Manifest {
    /// Reads a manifest's text; `shown` is for messages.
    #[staticmethod]
    pub(crate) fn parse(py: Python<'_>, text: String, shown: PathBuf) -> PyResult<Manifest> {
        prodlike_engine::parse_manifest(&text, &shown)
            .map_err(|error| errors::raise(py, &error.into()))?;
        Ok(Manifest { text, shown })
    }

    #[getter]
    fn text(&self) -> &str {
        &self.text
    }

    /// Returns all of it as dictionaries and lists.
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let document = self.document(py)?;
        table_to_python(py, document.as_table())
    }

    /// Sets what keys and positions lead to; None takes it away.
    fn set(
        &mut self,
        py: Python<'_>,
        path: Vec<Bound<'_, PyAny>>,
        value: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let steps = path.iter().map(step).collect::<PyResult<Vec<Step>>>()?;
        let value = match value.is_none() {
            true => None,
            false => Some(from_python(value)?),
        };
        let mut missed = false;
        let edited = prodlike_engine::edit_manifest(&self.text, &self.shown, |document| {
            missed = put(document.as_item_mut(), &steps, value).is_none();
        });
        if missed {
            return Err(PyValueError::new_err("the manifest has no such place"));
        }
        self.text = edited.map_err(|error| errors::raise(py, &error.into()))?;
        Ok(())
    }

    /// Adds a table to a list of tables, such as `relationships`.
    fn append(&mut self, py: Python<'_>, list: &str, values: &Bound<'_, PyDict>) -> PyResult<()> {
        let mut table = Table::new();
        for (key, value) in values {
            if !value.is_none() {
                let key: String = key.extract()?;
                table.insert(&key, Item::Value(from_python(&value)?));
            }
        }
        let edited = prodlike_engine::edit_manifest(&self.text, &self.shown, |document| {
            let item = document
                .entry(list)
                .or_insert(Item::ArrayOfTables(Default::default()));
            if let Some(tables) = item.as_array_of_tables_mut() {
                tables.push(table);
            }
        });
        self.text = edited.map_err(|error| errors::raise(py, &error.into()))?;
        Ok(())
    }
}

impl Manifest {
    pub(crate) fn read(&self) -> Result<Read, Error> {
        Ok(prodlike_engine::parse_manifest(&self.text, &self.shown)?)
    }

    fn document(&self, py: Python<'_>) -> PyResult<DocumentMut> {
        // It was read before.
        self.text.parse().map_err(|error: toml_edit::TomlError| {
            errors::new(py, "SchemaError", &error.to_string(), Vec::new(), None)
        })
    }
}

/// A key of a table or a position in a list.
enum Step {
    Key(String),
    At(usize),
}

fn step(step: &Bound<'_, PyAny>) -> PyResult<Step> {
    match step.extract::<usize>() {
        Ok(at) => Ok(Step::At(at)),
        Err(_) => Ok(Step::Key(step.extract()?)),
    }
}

/// Puts a value at the end of a path, and tables on the way there; `None` where there is no way.
fn put(item: &mut Item, path: &[Step], value: Option<Value>) -> Option<()> {
    let (first, rest) = path.split_first()?;
    let next = match first {
        Step::At(at) => {
            let tables = item.as_array_of_tables_mut()?;
            if rest.is_empty() {
                // Only whole tables are taken away.
                let is_there = value.is_none() && *at < tables.len();
                return is_there.then(|| drop(tables.remove(*at)));
            }
            let table = tables.get_mut(*at)?;
            return put_in_table(table, rest, value);
        }
        Step::Key(_) => item.as_table_like_mut()?,
    };
    put_in_table(next, path, value)
}

fn put_in_table(table: &mut dyn TableLike, path: &[Step], value: Option<Value>) -> Option<()> {
    let (first, rest) = path.split_first()?;
    let Step::Key(key) = first else {
        return None;
    };
    if !rest.is_empty() {
        if table.get(key).is_none() {
            table.insert(key, Item::Value(Value::InlineTable(InlineTable::new())));
        }
        return put(table.get_mut(key)?, rest, value);
    }
    match value {
        None => {
            table.remove(key);
        }
        Some(mut value) => {
            // A comment behind the old value is about the place, and stays.
            if let Some(Item::Value(old)) = table.get(key) {
                *value.decor_mut() = old.decor().clone();
            }
            table.insert(key, Item::Value(value));
        }
    }
    Some(())
}

fn from_python(value: &Bound<'_, PyAny>) -> PyResult<Value> {
    // A truth value is a whole number too.
    if value.is_instance_of::<PyBool>() {
        return Ok(value.extract::<bool>()?.into());
    }
    if value.is_instance_of::<PyInt>() {
        return Ok(value.extract::<i64>()?.into());
    }
    if value.is_instance_of::<PyFloat>() {
        return Ok(value.extract::<f64>()?.into());
    }
    if value.is_instance_of::<PyString>() {
        return Ok(value.extract::<String>()?.into());
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        let mut table = InlineTable::new();
        for (key, value) in dict {
            if !value.is_none() {
                table.insert(key.extract::<String>()?, from_python(&value)?);
            }
        }
        return Ok(Value::InlineTable(table));
    }
    if value.hasattr("__iter__")? {
        let mut array = Array::new();
        for item in value.try_iter()? {
            array.push(from_python(&item?)?);
        }
        return Ok(Value::Array(array));
    }
    let kind = value.get_type();
    Err(PyTypeError::new_err(format!(
        "a schema holds text, numbers, truth values, lists and dictionaries, and no {kind}"
    )))
}

fn table_to_python<'py>(py: Python<'py>, table: &dyn TableLike) -> PyResult<Bound<'py, PyAny>> {
    let dict = PyDict::new(py);
    for (key, item) in table.iter() {
        dict.set_item(key, item_to_python(py, item)?)?;
    }
    Ok(dict.into_any())
}

fn item_to_python<'py>(py: Python<'py>, item: &Item) -> PyResult<Bound<'py, PyAny>> {
    match item {
        Item::None => Ok(py.None().into_bound(py)),
        Item::Value(value) => value_to_python(py, value),
        Item::Table(table) => table_to_python(py, table),
        Item::ArrayOfTables(tables) => {
            let list = PyList::empty(py);
            for table in tables {
                list.append(table_to_python(py, table)?)?;
            }
            Ok(list.into_any())
        }
    }
}

fn value_to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::String(text) => text.value().into_pyobject(py)?.into_any(),
        Value::Integer(number) => number.value().into_pyobject(py)?.into_any(),
        Value::Float(number) => number.value().into_pyobject(py)?.into_any(),
        Value::Boolean(truth) => PyBool::new(py, *truth.value()).to_owned().into_any(),
        Value::Datetime(time) => time.value().to_string().into_pyobject(py)?.into_any(),
        Value::Array(array) => {
            let list = PyList::empty(py);
            for value in array {
                list.append(value_to_python(py, value)?)?;
            }
            list.into_any()
        }
        Value::InlineTable(table) => table_to_python(py, table)?,
    })
}
