//! The Arrow PyCapsule interface
//! (<https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>): streams of
//! batches that come in and go out without a copy.
#![expect(unsafe_code, reason = "a capsule holds a C struct")]

use std::ffi::CStr;

use arrow::array::{RecordBatch, RecordBatchReader};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ffi_stream::{ArrowArrayStreamReader, FFI_ArrowArrayStream};
use prodlike_core::progress::Cancel;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::errors;

const NAME: &CStr = c"arrow_array_stream";

/// A stream of another library, which stops when it is told to.
pub(crate) struct Incoming {
    reader: ArrowArrayStreamReader,
    pub(crate) cancel: Cancel,
}

impl Iterator for Incoming {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.cancel.is_cancelled() {
            let stopped = ArrowError::ExternalError("interrupted".into());
            return Some(Err(stopped));
        }
        self.reader.next()
    }
}

impl RecordBatchReader for Incoming {
    fn schema(&self) -> SchemaRef {
        self.reader.schema()
    }
}

/// Takes the stream of an object that has `__arrow_c_stream__`.
///
/// # Errors
/// An object without one, or one that was consumed.
pub(crate) fn take(table: &str, frame: &Bound<'_, PyAny>) -> PyResult<Incoming> {
    let py = frame.py();
    let fail = |message: String, cause: Vec<String>, hint: &str| {
        errors::new(py, "SourceError", &message, cause, Some(hint.to_string()))
    };
    if !frame.hasattr("__arrow_c_stream__")? {
        return Err(fail(
            format!("`{table}` is of {}, which is no table", frame.get_type()),
            Vec::new(),
            "Give a data frame or table of Polars, pandas, PyArrow, DuckDB or another library \
             that has the Arrow PyCapsule interface (`__arrow_c_stream__`)",
        ));
    }
    let capsule = frame.call_method0("__arrow_c_stream__").map_err(|error| {
        fail(
            format!("`{table}` could not be handed over"),
            vec![error.to_string()],
            "Give its columns one type each, of those that Arrow has",
        )
    })?;
    let capsule = capsule.cast::<PyCapsule>().map_err(PyErr::from)?;
    let pointer = capsule.pointer_checked(Some(NAME))?;
    // SAFETY: a capsule of this name holds a valid `ArrowArrayStream` by the interface's
    // definition; it is moved out, and what stays behind says that it was released.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr().cast()) };
    let reader = ArrowArrayStreamReader::try_new(stream).map_err(|error| {
        fail(
            format!("the stream of `{table}` cannot be read"),
            vec![error.to_string()],
            "A stream can be read once: give the frame or table that it came from",
        )
    })?;
    Ok(Incoming {
        reader,
        cancel: Cancel::default(),
    })
}

/// Hands over a stream.
///
/// # Errors
/// Where Python has no memory left.
pub(crate) fn give<'py>(
    py: Python<'py>,
    reader: Box<dyn RecordBatchReader + Send>,
) -> PyResult<Bound<'py, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), NAME)
}
