//! The Arrow PyCapsule interface
//! (<https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>): streams of
//! batches that come in and go out without a copy.
#![expect(unsafe_code, reason = "a capsule holds a C struct")]

use std::ffi::CStr;

use arrow::array::{Array, ArrayData, RecordBatch, RecordBatchReader, StructArray};
use arrow::datatypes::{DataType, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow::ffi_stream::FFI_ArrowArrayStream;
use prodlike_core::progress::Cancel;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::errors;
use crate::jobs;

const NAME: &CStr = c"arrow_array_stream";

/// A stream of another library, which stops when it is told to.
///
/// Nothing in it is trusted: buffers may be aligned for less than their type, and texts, offsets
/// and keys of dictionaries may be none. (The reader of `arrow` leaves all of that to whoever
/// reads, and panics where a stream fails without a reason.)
pub(crate) struct Incoming {
    stream: FFI_ArrowArrayStream,
    schema: SchemaRef,
    pub(crate) cancel: Cancel,
}

// SAFETY: a stream may be read on any thread, though by one at a time only, by the interface's
// definition.
unsafe impl Send for Incoming {}

impl Incoming {
    fn new(mut stream: FFI_ArrowArrayStream) -> Result<Incoming, ArrowError> {
        let (Some(get_schema), Some(_)) = (stream.get_schema, stream.release) else {
            return Err(failed("it was released".into()));
        };
        let mut schema = FFI_ArrowSchema::empty();
        // SAFETY: the stream was not released, and what it writes to is empty.
        let code = unsafe { get_schema(&raw mut stream, &raw mut schema) };
        if code != 0 {
            return Err(failed(reason(&mut stream, code)));
        }
        Ok(Incoming {
            schema: Schema::try_from(&schema)?.into(),
            stream,
            cancel: Cancel::default(),
        })
    }

    fn read(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        let Some(get_next) = self.stream.get_next else {
            return Ok(None);
        };
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: the stream is released by its own `Drop` only, and what it writes to is empty.
        let code = unsafe { get_next(&raw mut self.stream, &raw mut array) };
        if code != 0 {
            return Err(failed(reason(&mut self.stream, code)));
        }
        if array.is_released() {
            return Ok(None);
        }
        let data_type = DataType::Struct(self.schema.fields().clone());
        // SAFETY: the array is of the stream's schema by the interface's definition; what can
        // be seen of that is looked at below.
        let mut data: ArrayData = unsafe { from_ffi_and_data_type(array, data_type) }?;
        data.align_buffers();
        data.validate_full()?;
        let rows = StructArray::from(data);
        if rows.null_count() > 0 {
            return Err(failed("a row is NULL as a whole".into()));
        }
        Ok(Some(rows.into()))
    }
}

fn failed(reason: String) -> ArrowError {
    ArrowError::CDataInterface(reason)
}

/// Returns why a stream failed, by its own words where it has some.
fn reason(stream: &mut FFI_ArrowArrayStream, code: i32) -> String {
    if let Some(get_last_error) = stream.get_last_error {
        // SAFETY: the stream was not released; its text is there until it is called again.
        let text = unsafe { get_last_error(std::ptr::from_mut(stream)) };
        if !text.is_null() {
            // SAFETY: a text that is not NULL ends with a zero.
            return unsafe { CStr::from_ptr(text) }
                .to_string_lossy()
                .into_owned();
        }
    }
    std::io::Error::from_raw_os_error(code).to_string()
}

impl Iterator for Incoming {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.cancel.is_cancelled() {
            let stopped = ArrowError::ExternalError("interrupted".into());
            return Some(Err(stopped));
        }
        self.read().transpose()
    }
}

impl RecordBatchReader for Incoming {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

/// A stream that went out, and may be read by whatever holds it.
struct Outgoing(Box<dyn RecordBatchReader + Send>);

impl Iterator for Outgoing {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if jobs::is_forked() {
            return Some(Err(ArrowError::ExternalError(jobs::FORKED.into())));
        }
        self.0.next()
    }
}

impl RecordBatchReader for Outgoing {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
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
    Incoming::new(stream).map_err(|error| {
        fail(
            format!("the stream of `{table}` cannot be read"),
            vec![error.to_string()],
            "A stream can be read once: give the frame or table that it came from",
        )
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
    let reader = Box::new(Outgoing(reader));
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), NAME)
}
