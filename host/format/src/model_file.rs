//! The model file: a zip archive that a privacy officer can open with `unzip` and `jq`.
//!
//! Members are stored, not compressed: an archive without compression cannot be a bomb, can
//! be compared byte by byte, and loses little, as trees are most of it. Members are in a
//! fixed order with a fixed timestamp, so that the same fit gives the same file. Parameters
//! that a person may want to read are JSON; the compiled trees are Arrow.
//!
//! Reading trusts nothing: sizes are capped before anything is allocated, and every index is
//! checked here, so that generation may use them without looking. The same check runs before
//! writing: a model that could not be read back is never written.
//!
//! | change | old reader, new file | new reader, old file |
//! |---|---|---|
//! | a field or member is added that may be ignored | `minor` grows; reads | reads, with a default |
//! | one is added that may not be ignored | `must_understand` names it; refuses | reads |
//! | a field changes its meaning | `major` grows; refuses | converts, or refuses |

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, ListArray, PrimitiveArray, RecordBatch,
    StringArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{
    self as arrow_types, ArrowPrimitiveType, Field, Schema as ArrowSchema, UInt8Type, UInt16Type,
    UInt32Type,
};
use prodlike_core::model::{Model, PluginFile};
use prodlike_core::schema::{DataType, Schema, Table};
use prodlike_models::tree::Tree;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::error::Error;
use crate::ipc;
use crate::whole::{hex, sha256, write_whole};

mod check;
mod codec;
mod formula;
mod plugin;
mod wire;

use wire::{Manifest, WireRelationship, WireSchema, WireTable};

const MAJOR: u64 = 1;
const SUPPORTED: &str = "1.0";

const MAX_FILE: u64 = 2 << 30;
const MAX_MEMBER: u64 = 512 << 20;
const MAX_MEMBERS: usize = 10_000;

/// What identifies a model file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelInfo {
    /// `sha256:` and the digits of the file's digest.
    pub digest: String,
    /// Size of the file.
    pub bytes: u64,
}

/// Writes a model file, whole or not at all; an existing one is replaced.
///
/// # Errors
/// [`Error::Io`]; [`Error::TooLarge`] beyond the caps; [`Error::Internal`] where the model
/// contradicts itself.
pub fn write_model(model: &Model, path: &Path) -> Result<ModelInfo, Error> {
    let (bytes, info) = render_model(model, path)?;
    write_whole(path, &bytes, true)?;
    Ok(info)
}

/// Returns the bytes of a model's file; `path` is for messages.
///
/// # Errors
/// [`Error::TooLarge`]; [`Error::Internal`] for a model that contradicts itself.
pub fn render_model(model: &Model, path: &Path) -> Result<(Vec<u8>, ModelInfo), Error> {
    check::model(model).map_err(|reason| Error::Internal {
        detail: format!("the fitted model contradicts itself: {reason}"),
    })?;
    let members = render(model).map_err(|detail| Error::Internal { detail })?;
    for (name, bytes) in &members {
        cap(path, name, bytes.len() as u64, MAX_MEMBER)?;
    }
    cap(
        path,
        "the file",
        members.iter().map(|(_, bytes)| bytes.len() as u64).sum(),
        MAX_FILE,
    )?;
    let bytes = archive(&members).map_err(|error| Error::Internal {
        detail: error.to_string(),
    })?;
    let info = ModelInfo {
        digest: format!("sha256:{}", sha256(&bytes)),
        bytes: bytes.len() as u64,
    };
    Ok((bytes, info))
}

fn cap(path: &Path, what: &str, size: u64, limit: u64) -> Result<(), Error> {
    if size <= limit {
        return Ok(());
    }
    Err(Error::TooLarge {
        path: path.to_path_buf(),
        what: what.to_string(),
        size,
        limit,
    })
}

fn archive(members: &[(String, Vec<u8>)]) -> zip::result::ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .system(zip::System::Unix)
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Returns the members of a model's file, in order.
fn render(model: &Model) -> Result<Vec<(String, Vec<u8>)>, String> {
    let schema = json(&WireSchema::from_core(&model.schema))?;
    let manifest = json(&Manifest::from_core(
        model,
        format!("sha256:{}", sha256(&schema)),
    ))?;
    let relationships: Vec<WireRelationship> = model
        .schema
        .relationships
        .iter()
        .zip(&model.edges)
        .map(|(relationship, edge)| WireRelationship::from_core(relationship, edge))
        .collect();
    let mut members = vec![
        ("manifest.json".to_string(), manifest),
        ("schema.json".to_string(), schema),
        ("relationships.json".to_string(), json(&relationships)?),
    ];
    let tables = || model.schema.tables.iter().zip(&model.tables).enumerate();
    for (idx, (table, fitted)) in tables() {
        members.push((
            member("tables", idx, &table.name, "json"),
            json(&WireTable::from_core(table, fitted))?,
        ));
    }
    for (idx, (table, fitted)) in tables() {
        if !fitted.drawn.is_empty() {
            let next = || fitted.drawn.iter().filter_map(|drawn| drawn.next.as_ref());
            let fresh = next().filter_map(|next| next.fresh.as_ref());
            let starts = next().filter_map(|next| next.starts.as_ref());
            let norms = next().filter_map(|next| next.norm.as_ref());
            let trees = fitted.drawn.iter().map(|drawn| &drawn.tree);
            let trees: Vec<&Tree> = trees
                .chain(next().map(|next| &next.tree))
                .chain(fresh)
                .chain(starts)
                .chain(norms)
                .collect();
            let batch = tree_batch(&trees)?;
            let bytes = ipc::write(&batch).map_err(|error| error.to_string())?;
            members.push((member("arrays", idx, &table.name, "arrow"), bytes));
        }
    }
    for (idx, (table, fitted)) in tables() {
        if let Some(kept) = &fitted.kept {
            let batch = canonical(kept)?;
            let bytes = ipc::write(&batch).map_err(|error| error.to_string())?;
            members.push((member("kept", idx, &table.name, "arrow"), bytes));
        }
    }
    for (idx, plugin) in model.plugins.iter().enumerate() {
        let name = member("plugins", idx, &plugin.id.name, "wasm");
        members.push((name, plugin.bytes.to_vec()));
    }
    Ok(members)
}

fn json(wire: &impl Serialize) -> Result<Vec<u8>, String> {
    let mut bytes = serde_json::to_vec_pretty(wire).map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Names a member: the number makes it unique, the letters are for people.
fn member(folder: &str, idx: usize, name: &str, extension: &str) -> String {
    let slug: String = name
        .chars()
        .take(40)
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    format!("{folder}/{idx}-{slug}.{extension}")
}

const TREE_COLUMNS: [&str; 6] = ["feature", "cut", "child", "offsets", "symbols", "weights"];

fn tree_fields() -> Vec<Field> {
    let types = [
        arrow_types::DataType::UInt16,
        arrow_types::DataType::UInt8,
        arrow_types::DataType::UInt32,
        arrow_types::DataType::UInt32,
        arrow_types::DataType::UInt8,
        arrow_types::DataType::UInt32,
    ];
    TREE_COLUMNS
        .iter()
        .zip(types)
        .map(|(name, item)| Field::new_list(*name, Field::new("item", item, false), false))
        .collect()
}

/// Returns one row a tree.
fn tree_batch(trees: &[&Tree]) -> Result<RecordBatch, String> {
    let columns: Vec<ArrayRef> = vec![
        list::<UInt16Type>(trees.iter().map(|tree| tree.feature.as_slice()))?,
        list::<UInt8Type>(trees.iter().map(|tree| tree.cut.as_slice()))?,
        list::<UInt32Type>(trees.iter().map(|tree| tree.child.as_slice()))?,
        list::<UInt32Type>(trees.iter().map(|tree| tree.offsets.as_slice()))?,
        list::<UInt8Type>(trees.iter().map(|tree| tree.symbols.as_slice()))?,
        list::<UInt32Type>(trees.iter().map(|tree| tree.weights.as_slice()))?,
    ];
    RecordBatch::try_new(Arc::new(ArrowSchema::new(tree_fields())), columns)
        .map_err(|error| error.to_string())
}

fn list<'a, T: ArrowPrimitiveType>(
    rows: impl Iterator<Item = &'a [T::Native]> + Clone,
) -> Result<ArrayRef, String> {
    let total: usize = rows.clone().map(<[T::Native]>::len).sum();
    if i32::try_from(total).is_err() {
        return Err(format!(
            "the trees of a table have {total} nodes or weights"
        ));
    }
    let offsets = OffsetBuffer::from_lengths(rows.clone().map(<[T::Native]>::len));
    let values = PrimitiveArray::<T>::from_iter_values(rows.flatten().copied());
    let item = Arc::new(Field::new("item", T::DATA_TYPE, false));
    let list = ListArray::try_new(item, offsets, Arc::new(values), None)
        .map_err(|error| error.to_string())?;
    Ok(Arc::new(list))
}

fn trees_of(batch: &RecordBatch) -> Vec<Tree> {
    fn row<T: ArrowPrimitiveType>(
        batch: &RecordBatch,
        column: usize,
        row: usize,
    ) -> Vec<T::Native> {
        batch
            .column(column)
            .as_list::<i32>()
            .value(row)
            .as_primitive::<T>()
            .values()
            .to_vec()
    }
    (0..batch.num_rows())
        .map(|idx| Tree {
            feature: row::<UInt16Type>(batch, 0, idx),
            cut: row::<UInt8Type>(batch, 1, idx),
            child: row::<UInt32Type>(batch, 2, idx),
            offsets: row::<UInt32Type>(batch, 3, idx),
            symbols: row::<UInt8Type>(batch, 4, idx),
            weights: row::<UInt32Type>(batch, 5, idx),
        })
        .collect()
}

/// Rebuilds a batch so that its bytes follow from its values: what lies behind a NULL, and
/// whatever metadata came with the rows, would otherwise reach the file.
fn canonical(batch: &RecordBatch) -> Result<RecordBatch, String> {
    let schema = batch.schema();
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .map(|field| Field::new(field.name(), field.data_type().clone(), field.is_nullable()))
        .collect();
    let columns: Vec<ArrayRef> = batch
        .columns()
        .iter()
        .map(rebuild)
        .collect::<Result<_, _>>()?;
    let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::new(ArrowSchema::new(fields)), columns, &options)
        .map_err(|error| error.to_string())
}

fn rebuild(column: &ArrayRef) -> Result<ArrayRef, String> {
    macro_rules! rebuild {
        ($($pattern:pat => $kind:ident,)*) => {
            match column.data_type() {
                arrow_types::DataType::Boolean => {
                    Arc::new(column.as_boolean().iter().collect::<BooleanArray>())
                }
                arrow_types::DataType::Utf8 => {
                    Arc::new(column.as_string::<i32>().iter().collect::<StringArray>())
                }
                arrow_types::DataType::Binary => {
                    Arc::new(column.as_binary::<i32>().iter().collect::<BinaryArray>())
                }
                $($pattern => Arc::new(
                    column
                        .as_primitive::<arrow_types::$kind>()
                        .iter()
                        .collect::<PrimitiveArray<arrow_types::$kind>>()
                        .with_data_type(column.data_type().clone()),
                ),)*
                other => return Err(format!("rows of type {other} cannot be kept")),
            }
        };
    }
    use arrow_types::TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    Ok(rebuild! {
        arrow_types::DataType::Int8 => Int8Type,
        arrow_types::DataType::Int16 => Int16Type,
        arrow_types::DataType::Int32 => Int32Type,
        arrow_types::DataType::Int64 => Int64Type,
        arrow_types::DataType::UInt8 => UInt8Type,
        arrow_types::DataType::UInt16 => UInt16Type,
        arrow_types::DataType::UInt32 => UInt32Type,
        arrow_types::DataType::UInt64 => UInt64Type,
        arrow_types::DataType::Time64(Microsecond) => Time64MicrosecondType,
        arrow_types::DataType::Time64(Nanosecond) => Time64NanosecondType,
        arrow_types::DataType::Float32 => Float32Type,
        arrow_types::DataType::Float64 => Float64Type,
        arrow_types::DataType::Date32 => Date32Type,
        arrow_types::DataType::Decimal128(_, _) => Decimal128Type,
        arrow_types::DataType::Timestamp(Second, None) => TimestampSecondType,
        arrow_types::DataType::Timestamp(Millisecond, None) => TimestampMillisecondType,
        arrow_types::DataType::Timestamp(Microsecond, _) => TimestampMicrosecondType,
        arrow_types::DataType::Timestamp(Nanosecond, None) => TimestampNanosecondType,
    })
}

/// Reads a model file.
///
/// # Errors
/// [`Error::NotAModel`], [`Error::NewerFormat`], [`Error::MustUnderstand`],
/// [`Error::TooLarge`], [`Error::Damaged`] or [`Error::Io`].
pub fn read_model(path: &Path) -> Result<(Model, ModelInfo), Error> {
    let file = File::open(path).map_err(Error::io("open", path))?;
    let metadata = file.metadata().map_err(Error::io("read", path))?;
    if !metadata.is_file() {
        return Err(Error::NotAModel {
            path: path.to_path_buf(),
            reason: "it is not a file".into(),
        });
    }
    cap(path, "the file", metadata.len(), MAX_FILE)?;
    parse_model(file, path)
}

/// Reads the model from what a file of it holds; `path` is for messages.
///
/// # Errors
/// As [`read_model`].
pub fn parse_model(mut file: impl Read + Seek, path: &Path) -> Result<(Model, ModelInfo), Error> {
    let not_a_model = |reason: String| Error::NotAModel {
        path: path.to_path_buf(),
        reason,
    };
    let mut hasher = Sha256::new();
    let mut magic: Vec<u8> = Vec::new();
    let mut bytes = 0u64;
    let mut block = vec![0; 1 << 16];
    loop {
        let n_read = file.read(&mut block).map_err(Error::io("read", path))?;
        if n_read == 0 {
            break;
        }
        if magic.is_empty() {
            magic.extend(block.iter().take(n_read.min(4)));
            if magic != *b"PK\x03\x04" {
                return Err(not_a_model("it is not a zip archive".into()));
            }
        }
        hasher.update(&block[..n_read]);
        bytes += n_read as u64;
    }
    if bytes == 0 {
        return Err(not_a_model("it is empty".into()));
    }
    let info = ModelInfo {
        digest: format!("sha256:{}", hex(hasher)),
        bytes,
    };

    file.seek(SeekFrom::Start(0))
        .map_err(Error::io("read", path))?;
    let mut archive = ZipArchive::new(BufReader::new(file))
        .map_err(|error| not_a_model(format!("it is truncated or damaged ({error})")))?;
    check_archive(&mut archive, path, bytes)?;
    let mut members = Members { archive, path };
    let model = read_members(&mut members)?;
    Ok((model, info))
}

/// Refuses what a model file never holds, before any member is read.
fn check_archive<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    path: &Path,
    file_bytes: u64,
) -> Result<(), Error> {
    let not_a_model = |reason: String| Error::NotAModel {
        path: path.to_path_buf(),
        reason,
    };
    if archive.len() > MAX_MEMBERS {
        return Err(not_a_model(format!(
            "it has {} members, more than {MAX_MEMBERS}",
            archive.len()
        )));
    }
    if archive.has_duplicate_names() {
        return Err(not_a_model("it has two members of the same name".into()));
    }
    let mut total = 0u64;
    for idx in 0..archive.len() {
        let member = archive
            .by_index_raw(idx)
            .map_err(|error| not_a_model(format!("it is damaged ({error})")))?;
        let name = String::from_utf8_lossy(member.name_raw()).into_owned();
        if member.compression() != CompressionMethod::Stored || member.encrypted() {
            return Err(not_a_model(format!(
                "member `{name}` is compressed or encrypted, which a model file never is"
            )));
        }
        if member.size() != member.compressed_size() {
            return Err(not_a_model(format!("member `{name}` lies about its size")));
        }
        cap(path, &format!("member `{name}`"), member.size(), MAX_MEMBER)?;
        total = total.saturating_add(member.size());
    }
    // Members that share bytes would multiply a small file.
    if total > file_bytes {
        return Err(not_a_model("its members overlap".into()));
    }
    Ok(())
}

struct Members<'a, R> {
    archive: ZipArchive<R>,
    path: &'a Path,
}

impl<R: Read + Seek> Members<'_, R> {
    fn damaged(&self, member: &str, reason: impl ToString) -> Error {
        Error::Damaged {
            path: self.path.to_path_buf(),
            member: member.to_string(),
            reason: reason.to_string(),
        }
    }

    fn bytes(&mut self, name: &str) -> Result<Vec<u8>, Error> {
        let Some(idx) = self.archive.index_for_name(name) else {
            return Err(self.damaged(name, "is missing"));
        };
        let mut bytes = Vec::new();
        let read = self
            .archive
            .by_index(idx)
            .map_err(|error| error.to_string())
            .and_then(|member| {
                // The size was capped and is no more than the file's.
                let size = member.size();
                bytes.reserve_exact(usize::try_from(size).unwrap_or(0));
                let n_read = member
                    .take(size + 1)
                    .read_to_end(&mut bytes)
                    .map_err(|error| error.to_string())?;
                if n_read as u64 == size {
                    Ok(())
                } else {
                    Err("is shorter than it says".to_string())
                }
            });
        match read {
            Ok(()) => Ok(bytes),
            Err(reason) => Err(self.damaged(name, reason)),
        }
    }

    fn json<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Error> {
        let bytes = self.bytes(name)?;
        serde_json::from_slice(&bytes).map_err(|error| self.damaged(name, error))
    }
}

fn read_members<R: Read + Seek>(members: &mut Members<'_, R>) -> Result<Model, Error> {
    // The version first: the rest of a newer manifest may not even parse.
    let version: wire::Version = members.json("manifest.json")?;
    let path = members.path.to_path_buf();
    if version.format.major != MAJOR {
        let wire::FormatVersion { major, minor } = version.format;
        return Err(Error::NewerFormat {
            path,
            major,
            minor,
            supported: SUPPORTED,
        });
    }
    let unknown = |item: &String| !wire::UNDERSTOOD.contains(&item.as_str());
    if let Some(item) = version.must_understand.into_iter().find(unknown) {
        return Err(Error::MustUnderstand { path, item });
    }
    let manifest: Manifest = members.json("manifest.json")?;
    let schema_bytes = members.bytes("schema.json")?;
    if manifest.schema_digest != format!("sha256:{}", sha256(&schema_bytes)) {
        return Err(members.damaged("schema.json", "is not the one that the manifest names"));
    }
    let schema: WireSchema = serde_json::from_slice(&schema_bytes)
        .map_err(|error| members.damaged("schema.json", error))?;
    let relationships: Vec<WireRelationship> = members.json("relationships.json")?;

    let mut plugins = Vec::with_capacity(manifest.plugins.len());
    for (idx, plugin) in manifest.plugins.into_iter().enumerate() {
        let read = plugin.into_core();
        let (id, limits) = read.map_err(|reason| members.damaged("manifest.json", reason))?;
        let name = member("plugins", idx, &id.name, "wasm");
        let bytes = members.bytes(&name)?;
        if id.digest != format!("sha256:{}", sha256(&bytes)) {
            return Err(members.damaged(&name, "is not the one that the manifest names"));
        }
        let bytes = bytes.into();
        plugins.push(PluginFile { id, limits, bytes });
    }
    let (privacy, suppressed) = manifest.privacy.into_core();
    let mut model = Model {
        schema: Schema {
            tables: Vec::new(),
            relationships: Vec::new(),
            privacy,
        },
        tables: Vec::new(),
        edges: Vec::new(),
        suppressed,
        plugins,
    };
    model.schema.tables = schema
        .into_core()
        .map_err(|reason| members.damaged("schema.json", reason))?;
    for relationship in relationships {
        let (relationship, edge) = relationship
            .into_core()
            .map_err(|reason| members.damaged("relationships.json", reason))?;
        model.schema.relationships.push(relationship);
        model.edges.push(edge);
    }
    for idx in 0..model.schema.tables.len() {
        let table = &model.schema.tables[idx];
        let name = member("tables", idx, &table.name, "json");
        let wire: WireTable = members.json(&name)?;
        let trees = if wire.drawn.is_empty() {
            Vec::new()
        } else {
            let name = member("arrays", idx, &table.name, "arrow");
            let bytes = members.bytes(&name)?;
            let batch = ipc::read(bytes, &tree_fields())
                .and_then(|batch| match batch.columns().iter().all(whole_list) {
                    true => Ok(batch),
                    false => Err("holds NULL".to_string()),
                })
                .map_err(|reason| members.damaged(&name, reason))?;
            trees_of(&batch)
        };
        let kept = if wire.kept {
            let name = member("kept", idx, &table.name, "arrow");
            let fields = kept_fields(table).map_err(|reason| members.damaged(&name, reason))?;
            let bytes = members.bytes(&name)?;
            Some(ipc::read(bytes, &fields).map_err(|reason| members.damaged(&name, reason))?)
        } else {
            None
        };
        let fitted = wire
            .into_core(table, trees, kept)
            .map_err(|reason| members.damaged(&name, reason))?;
        model.tables.push(fitted);
    }
    check::model(&model).map_err(|reason| members.damaged("the model", reason))?;
    Ok(model)
}

fn whole_list(column: &ArrayRef) -> bool {
    column.null_count() == 0 && column.as_list::<i32>().values().null_count() == 0
}

/// Returns the Arrow fields of a kept table's rows.
fn kept_fields(table: &Table) -> Result<Vec<Field>, String> {
    let field = |name: &str, data_type: &DataType| match data_type.to_arrow() {
        Some(arrow) => Ok(Field::new(name, arrow, true)),
        None => Err(format!(
            "column `{name}` has type {data_type}, which cannot be kept"
        )),
    };
    table
        .included()
        .map(|column| field(&column.name, &column.data_type))
        .collect()
}

#[cfg(test)]
mod tests;
