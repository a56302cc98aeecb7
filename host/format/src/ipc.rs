//! Reading Arrow IPC files that nobody vouches for.
//!
//! Arrow's own file reader trusts lengths: a hostile footer makes it allocate or slice beyond
//! its buffer. So the expected schema is handed in, and every length, offset and count of the
//! file is checked against the bytes that are there before Arrow sees the batch.

use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::buffer::Buffer;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use arrow::ipc::reader::FileDecoder;
use arrow::ipc::writer::FileWriter;
use arrow::ipc::{self, Block};

/// Writes one batch as an IPC file.
pub(crate) fn write(batch: &RecordBatch) -> Result<Vec<u8>, arrow::error::ArrowError> {
    let mut bytes = Vec::new();
    let mut writer = FileWriter::try_new(&mut bytes, batch.schema_ref())?;
    writer.write(batch)?;
    writer.finish()?;
    drop(writer);
    Ok(bytes)
}

/// Reads a file of exactly one batch whose fields have the names and types of `expected`.
///
/// Whether a field is nullable is taken from the file.
pub(crate) fn read(bytes: Vec<u8>, expected: &[Field]) -> Result<RecordBatch, String> {
    const MAGIC: &[u8] = b"ARROW1";
    let buffer = Buffer::from_vec(bytes);
    let n_bytes = buffer.len();
    if n_bytes < 20 || !buffer.starts_with(MAGIC) || !buffer.ends_with(MAGIC) {
        return Err("is not an Arrow file".into());
    }
    let footer_end = n_bytes - 10;
    let length = [
        buffer[footer_end],
        buffer[footer_end + 1],
        buffer[footer_end + 2],
        buffer[footer_end + 3],
    ];
    let footer = usize::try_from(i32::from_le_bytes(length))
        .ok()
        .and_then(|length| footer_end.checked_sub(length))
        .and_then(|start| buffer.get(start..footer_end))
        .ok_or("has a footer beyond its end")?;
    let footer = ipc::root_as_footer(footer).map_err(|error| error.to_string())?;
    let schema = check_schema(footer.schema().ok_or("has no schema")?, expected)?;
    if footer
        .dictionaries()
        .is_some_and(|blocks| !blocks.is_empty())
    {
        return Err("holds dictionaries".into());
    }
    let blocks = footer.recordBatches().ok_or("has no batch")?;
    if blocks.len() != 1 {
        return Err(format!("holds {} batches instead of 1", blocks.len()));
    }
    let block = blocks.get(0);
    let (message, body) = block_bytes(&buffer, block)?;
    check_message(message, body, &schema)?;

    let start = usize::try_from(block.offset()).map_err(|error| error.to_string())?;
    let batch = FileDecoder::new(schema.clone(), footer.version())
        .read_record_batch(
            block,
            &buffer.slice_with_length(start, message.len() + body),
        )
        .map_err(|error| error.to_string())?
        .ok_or("has no batch")?;
    for column in batch.columns() {
        if let DataType::Decimal128(precision, _) = column.data_type() {
            column
                .as_primitive::<arrow::datatypes::Decimal128Type>()
                .validate_decimal_precision(*precision)
                .map_err(|error| error.to_string())?;
        }
    }
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        if !field.is_nullable() && column.null_count() > 0 {
            return Err(format!(
                "holds NULL in `{}`, which is declared without",
                field.name()
            ));
        }
    }
    Ok(batch)
}

/// Returns the metadata of a block and the length of its body, both inside of the file.
fn block_bytes<'a>(buffer: &'a Buffer, block: &Block) -> Result<(&'a [u8], usize), String> {
    let start = usize::try_from(block.offset()).map_err(|_| "has a block before its start")?;
    let metadata = usize::try_from(block.metaDataLength()).map_err(|_| "has a negative length")?;
    let body = usize::try_from(block.bodyLength()).map_err(|_| "has a negative length")?;
    let middle = start
        .checked_add(metadata)
        .ok_or("has a block beyond its end")?;
    let end = middle
        .checked_add(body)
        .ok_or("has a block beyond its end")?;
    if metadata < 8 || end > buffer.len() {
        return Err("has a block beyond its end".into());
    }
    Ok((&buffer[start..middle], body))
}

fn check_schema(found: ipc::Schema<'_>, expected: &[Field]) -> Result<SchemaRef, String> {
    if found.endianness() != ipc::Endianness::Little {
        return Err("is big-endian".into());
    }
    let fields = found.fields().ok_or("has no fields")?;
    if fields.len() != expected.len() {
        return Err(format!(
            "has {} columns instead of {}",
            fields.len(),
            expected.len()
        ));
    }
    let checked = fields.iter().zip(expected).map(|(found, expected)| {
        let name = expected.name();
        if found.name() != Some(name) {
            return Err(format!(
                "has column `{}` where `{name}` belongs",
                found.name().unwrap_or("")
            ));
        }
        if found.dictionary().is_some() || !same_type(&found, expected.data_type()) {
            return Err(format!(
                "has another type in column `{name}` than {}",
                expected.data_type()
            ));
        }
        Ok(expected.clone().with_nullable(found.nullable()))
    });
    Ok(Arc::new(Schema::new(
        checked.collect::<Result<Vec<_>, _>>()?,
    )))
}

fn same_type(found: &ipc::Field<'_>, expected: &DataType) -> bool {
    let integer = |bits: i32, signed: bool| {
        found
            .type_as_int()
            .is_some_and(|int| int.bitWidth() == bits && int.is_signed() == signed)
    };
    let float = |precision: ipc::Precision| {
        found
            .type_as_floating_point()
            .is_some_and(|float| float.precision() == precision)
    };
    match expected {
        DataType::Boolean => found.type_as_bool().is_some(),
        DataType::Int8 => integer(8, true),
        DataType::Int16 => integer(16, true),
        DataType::Int32 => integer(32, true),
        DataType::Int64 => integer(64, true),
        DataType::UInt8 => integer(8, false),
        DataType::UInt16 => integer(16, false),
        DataType::UInt32 => integer(32, false),
        DataType::UInt64 => integer(64, false),
        DataType::Float32 => float(ipc::Precision::SINGLE),
        DataType::Float64 => float(ipc::Precision::DOUBLE),
        DataType::Utf8 => found.type_as_utf_8().is_some(),
        DataType::Binary => found.type_as_binary().is_some(),
        DataType::Time64(unit) => found.type_as_time().is_some_and(|time| {
            let wanted = match unit {
                TimeUnit::Nanosecond => ipc::TimeUnit::NANOSECOND,
                _ => ipc::TimeUnit::MICROSECOND,
            };
            time.unit() == wanted && time.bitWidth() == 64
        }),
        DataType::Date32 => found
            .type_as_date()
            .is_some_and(|date| date.unit() == ipc::DateUnit::DAY),
        DataType::Decimal128(precision, scale) => found.type_as_decimal().is_some_and(|decimal| {
            decimal.bitWidth() == 128
                && decimal.precision() == i32::from(*precision)
                && decimal.scale() == i32::from(*scale)
        }),
        DataType::Timestamp(unit, zone) => found.type_as_timestamp().is_some_and(|timestamp| {
            let wanted = match unit {
                TimeUnit::Second => ipc::TimeUnit::SECOND,
                TimeUnit::Millisecond => ipc::TimeUnit::MILLISECOND,
                TimeUnit::Microsecond => ipc::TimeUnit::MICROSECOND,
                TimeUnit::Nanosecond => ipc::TimeUnit::NANOSECOND,
            };
            timestamp.unit() == wanted && timestamp.timezone() == zone.as_deref()
        }),
        DataType::List(item) => {
            found.type_as_list().is_some()
                && found.children().is_some_and(|children| {
                    children.len() == 1 && same_type(&children.get(0), item.data_type())
                })
        }
        _ => false,
    }
}

/// What a type's arrays are made of: the width in bytes of the members of each buffer after
/// the validity bitmap, and the type of its child.
fn shape(data_type: &DataType) -> (&'static [usize], Option<&DataType>) {
    match data_type {
        DataType::Utf8 | DataType::Binary => (&[4, 1], None),
        DataType::List(item) => (&[4], Some(item.data_type())),
        DataType::Int16 | DataType::UInt16 => (&[2], None),
        DataType::Int32 | DataType::UInt32 | DataType::Float32 | DataType::Date32 => (&[4], None),
        DataType::Int64
        | DataType::UInt64
        | DataType::Float64
        | DataType::Time64(_)
        | DataType::Timestamp(_, _) => (&[8], None),
        DataType::Decimal128(_, _) => (&[16], None),
        _ => (&[1], None),
    }
}

fn check_message(metadata: &[u8], body: usize, schema: &Schema) -> Result<(), String> {
    // A continuation marker and a length come before the message.
    let message = if metadata.starts_with(&[0xff; 4]) {
        &metadata[8..]
    } else {
        &metadata[4..]
    };
    let message = ipc::root_as_message(message).map_err(|error| error.to_string())?;
    let batch = message.header_as_record_batch().ok_or("has no batch")?;
    if batch.compression().is_some() {
        return Err("is compressed".into());
    }
    let mut nodes = batch.nodes().ok_or("has no arrays")?.iter();
    let mut buffers = batch.buffers().ok_or("has no arrays")?.iter();
    for field in schema.fields() {
        let mut data_type = Some(field.data_type());
        let mut top = true;
        while let Some(this) = data_type {
            let node = nodes.next().ok_or("has too few arrays")?;
            if top && node.length() != batch.length() {
                return Err("has columns of different lengths".into());
            }
            let length = usize::try_from(node.length()).map_err(|_| "has a negative length")?;
            // Every value takes at least a bit.
            if length / 8 > body || !(0..=node.length()).contains(&node.null_count()) {
                return Err("has more values than bytes".into());
            }
            let (widths, child) = shape(this);
            for idx in 0..=widths.len() {
                let buffer = buffers.next().ok_or("has too few buffers")?;
                let inside = usize::try_from(buffer.offset())
                    .ok()
                    .zip(usize::try_from(buffer.length()).ok())
                    .filter(|(offset, length)| {
                        offset.checked_add(*length).is_some_and(|end| end <= body)
                    });
                let Some((_, n_bytes)) = inside else {
                    return Err("has a buffer beyond its end".into());
                };
                let fits = match idx.checked_sub(1) {
                    None => node.null_count() == 0 || n_bytes >= length.div_ceil(8),
                    // Arrow asserts this rather than checking it.
                    Some(idx) => n_bytes % widths[idx] == 0,
                };
                if !fits {
                    return Err("has a buffer of a wrong length".into());
                }
            }
            data_type = child;
            top = false;
        }
    }
    if nodes.next().is_some() || buffers.next().is_some() {
        return Err("has more arrays than columns".into());
    }
    Ok(())
}
