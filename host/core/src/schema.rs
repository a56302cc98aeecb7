//! Tables, columns, keys and relationships, as the manifest declares them.

use std::fmt;
use std::str::FromStr;

/// The tables of a dataset and how they refer to one another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// In the order of the manifest.
    pub tables: Vec<Table>,
    /// In the order of the manifest.
    pub relationships: Vec<Relationship>,
    /// What is protected, and how strongly.
    pub privacy: Privacy,
}

impl Schema {
    /// Returns the position of a table.
    pub fn table_idx(&self, name: &str) -> Option<usize> {
        self.tables.iter().position(|table| table.name == name)
    }

    /// Drops the relationships that lack a table or a column of either key; returns their names.
    pub fn drop_broken_relationships(&mut self) -> Vec<String> {
        let tables = &self.tables;
        let has = |table: &str, key: &[String]| {
            tables
                .iter()
                .any(|t| t.name == table && key.iter().all(|name| t.column(name).is_some()))
        };
        let mut broken = Vec::new();
        self.relationships.retain(|relationship| {
            let whole = has(&relationship.parent_table, &relationship.parent_key)
                && has(&relationship.child_table, &relationship.child_key);
            if !whole {
                broken.push(relationship.name());
            }
            whole
        });
        broken
    }

    /// Returns a table by name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}

/// The floors that hold for everything the model emits.
#[derive(Clone, Debug, PartialEq)]
pub struct Privacy {
    /// Least number of distinct protected entities behind every emitted value.
    pub k: u32,
    /// Tables whose rows are protected entities (people, mostly).
    pub entities: Vec<String>,
}

impl Default for Privacy {
    fn default() -> Self {
        Privacy {
            k: 10,
            entities: Vec::new(),
        }
    }
}

/// One table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// As the source spells it.
    pub name: String,
    /// In the order of the source.
    pub columns: Vec<Column>,
    /// Names of the columns of the primary key; empty where there is none.
    pub primary_key: Vec<String>,
    /// Alternate keys: sets of columns declared UNIQUE.
    pub unique: Vec<Vec<String>>,
    /// What becomes of it.
    pub mode: TableMode,
}

impl Table {
    /// Returns the position of a column.
    pub fn column_idx(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Returns a column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Returns the columns that are read and written: all but the excluded ones.
    pub fn included(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| !column.exclude)
    }
}

/// What becomes of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableMode {
    /// Learned and generated.
    #[default]
    Generate,
    /// Its real rows travel in the model file, by consent.
    Keep,
    /// Neither read nor written.
    Exclude,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// As the source spells it.
    pub name: String,
    /// What the bytes are.
    pub data_type: DataType,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// What the values mean.
    pub semantic: SemanticType,
    /// The generator that fills it; a column with one is never learned.
    pub generator: Option<String>,
    /// Language and country of its values, one of [`LOCALES`], for the generator.
    pub locale: Option<String>,
    /// Left out of the synthetic dataset by the manifest.
    pub exclude: bool,
}

/// Languages and countries that generators speak, as POSIX writes them.
#[rustfmt::skip]
pub const LOCALES: &[&str] = &[
    "ar_AE", "ar_EG", "ar_SA", "bg_BG", "cs_CZ", "cy_GB", "da_DK", "de_AT", "de_CH", "de_DE",
    "el_GR", "en_AU", "en_CA", "en_GB", "en_IE", "en_IN", "en_NZ", "en_US", "en_ZA", "es_AR",
    "es_CL", "es_CO", "es_ES", "es_MX", "fa_IR", "fi_FI", "fr_BE", "fr_CA", "fr_CH", "fr_FR",
    "he_IL", "hi_IN", "hr_HR", "hu_HU", "id_ID", "it_CH", "it_IT", "ja_JP", "ko_KR", "nb_NO",
    "nl_BE", "nl_NL", "pl_PL", "pt_BR", "pt_PT", "ro_RO", "ru_RU", "sk_SK", "sv_SE", "th_TH",
    "tr_TR", "uk_UA", "vi_VN", "zh_CN", "zh_TW",
];

/// What the bytes of a column are. Strings of the manifest are DuckDB's type names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the documentation")]
pub enum DataType {
    Boolean,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    Float32,
    Float64,
    /// Precision (at most 18 is carried) and scale.
    Decimal(u8, i8),
    String,
    Date,
    Timestamp(TimeUnit),
    /// Known to the source, not carried yet; holds DuckDB's name of it.
    Other(String),
}

/// Ticks of a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the documentation")]
pub enum TimeUnit {
    Second,
    Millisecond,
    Microsecond,
    Nanosecond,
}

impl DataType {
    /// Whether the type is numeric, temporal or boolean, held as `i64` ticks.
    pub fn is_integer_like(&self) -> bool {
        !matches!(
            self,
            DataType::String | DataType::Float32 | DataType::Float64 | DataType::Other(_)
        )
    }

    /// Whether the type is a float.
    pub fn is_float(&self) -> bool {
        matches!(self, DataType::Float32 | DataType::Float64)
    }

    /// Returns the Arrow type that carries it, or `None` for one not carried.
    pub fn to_arrow(&self) -> Option<arrow::datatypes::DataType> {
        use arrow::datatypes::DataType as Arrow;
        use arrow::datatypes::TimeUnit as Unit;
        Some(match self {
            DataType::Boolean => Arrow::Boolean,
            DataType::Int8 => Arrow::Int8,
            DataType::Int16 => Arrow::Int16,
            DataType::Int32 => Arrow::Int32,
            DataType::Int64 => Arrow::Int64,
            DataType::UInt8 => Arrow::UInt8,
            DataType::UInt16 => Arrow::UInt16,
            DataType::UInt32 => Arrow::UInt32,
            DataType::Float32 => Arrow::Float32,
            DataType::Float64 => Arrow::Float64,
            DataType::Decimal(precision, scale) => Arrow::Decimal128(*precision, *scale),
            DataType::String => Arrow::Utf8,
            DataType::Date => Arrow::Date32,
            DataType::Timestamp(unit) => Arrow::Timestamp(
                match unit {
                    TimeUnit::Second => Unit::Second,
                    TimeUnit::Millisecond => Unit::Millisecond,
                    TimeUnit::Microsecond => Unit::Microsecond,
                    TimeUnit::Nanosecond => Unit::Nanosecond,
                },
                None,
            ),
            DataType::Other(_) => return None,
        })
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DataType::Boolean => "BOOLEAN",
            DataType::Int8 => "TINYINT",
            DataType::Int16 => "SMALLINT",
            DataType::Int32 => "INTEGER",
            DataType::Int64 => "BIGINT",
            DataType::UInt8 => "UTINYINT",
            DataType::UInt16 => "USMALLINT",
            DataType::UInt32 => "UINTEGER",
            DataType::Float32 => "FLOAT",
            DataType::Float64 => "DOUBLE",
            DataType::Decimal(precision, scale) => {
                return write!(f, "DECIMAL({precision},{scale})");
            }
            DataType::String => "VARCHAR",
            DataType::Date => "DATE",
            DataType::Timestamp(TimeUnit::Second) => "TIMESTAMP_S",
            DataType::Timestamp(TimeUnit::Millisecond) => "TIMESTAMP_MS",
            DataType::Timestamp(TimeUnit::Microsecond) => "TIMESTAMP",
            DataType::Timestamp(TimeUnit::Nanosecond) => "TIMESTAMP_NS",
            DataType::Other(name) => name,
        })
    }
}

impl DataType {
    /// Reads DuckDB's name of a type; what is not carried becomes [`DataType::Other`].
    pub fn from_duckdb(name: &str) -> DataType {
        match name {
            "BOOLEAN" => DataType::Boolean,
            "TINYINT" => DataType::Int8,
            "SMALLINT" => DataType::Int16,
            "INTEGER" => DataType::Int32,
            "BIGINT" => DataType::Int64,
            "UTINYINT" => DataType::UInt8,
            "USMALLINT" => DataType::UInt16,
            "UINTEGER" => DataType::UInt32,
            "FLOAT" => DataType::Float32,
            "DOUBLE" => DataType::Float64,
            "VARCHAR" => DataType::String,
            "DATE" => DataType::Date,
            "TIMESTAMP" => DataType::Timestamp(TimeUnit::Microsecond),
            "TIMESTAMP_S" => DataType::Timestamp(TimeUnit::Second),
            "TIMESTAMP_MS" => DataType::Timestamp(TimeUnit::Millisecond),
            "TIMESTAMP_NS" => DataType::Timestamp(TimeUnit::Nanosecond),
            other => decimal(other).unwrap_or_else(|| DataType::Other(other.to_string())),
        }
    }
}

/// Reads `DECIMAL(p,s)` with at most 18 digits, which fit `i64`.
fn decimal(name: &str) -> Option<DataType> {
    let (precision, scale) = name
        .strip_prefix("DECIMAL(")?
        .strip_suffix(')')?
        .split_once(',')?;
    let precision: u8 = precision.trim().parse().ok()?;
    let scale: i8 = scale.trim().parse().ok()?;
    (precision <= 18 && scale >= 0).then_some(DataType::Decimal(precision, scale))
}

macro_rules! semantic_types {
    ($($(#[$doc:meta])* $variant:ident $name:literal $kind:ident,)*) => {
        /// What a column means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum SemanticType { $($(#[$doc])* $variant,)* }

        impl SemanticType {
            /// Every semantic type, in the order of the documentation.
            pub const ALL: &'static [SemanticType] = &[$(SemanticType::$variant,)*];

            /// Returns the name used in the manifest.
            pub fn as_str(self) -> &'static str {
                match self { $(SemanticType::$variant => $name,)* }
            }

            /// Returns how values of the type are treated.
            pub fn kind(self) -> SemanticKind {
                match self { $(SemanticType::$variant => SemanticKind::$kind,)* }
            }
        }
    };
}

semantic_types! {
    /// A key: unique, meaningless.
    Id "id" Learned,
    /// A number or a money amount.
    Numerical "numerical" Learned,
    /// One of a closed set of values.
    Categorical "categorical" Learned,
    /// True or false.
    Boolean "boolean" Learned,
    /// A date or a time.
    Datetime "datetime" Learned,
    /// A country's name or code: a public vocabulary.
    Country "country" Learned,
    /// A given name.
    FirstName "first_name" Personal,
    /// A family name.
    LastName "last_name" Personal,
    /// A person's whole name.
    FullName "full_name" Personal,
    /// An account or nick name.
    Username "username" Personal,
    /// An email address.
    Email "email" Personal,
    /// A telephone or fax number.
    Phone "phone" Personal,
    /// Street and number.
    Address "address" Personal,
    /// A town.
    City "city" Identifying,
    /// A state, province or region.
    State "state" Identifying,
    /// A postal code.
    Postcode "postcode" Personal,
    /// A company's name.
    Company "company" Identifying,
    /// A position in a company.
    JobTitle "job_title" Identifying,
    /// A date of birth.
    DateOfBirth "date_of_birth" Personal,
    /// A document or account number.
    DocumentNumber "document_number" Personal,
    /// A payment card's number, with its Luhn digit.
    CardNumber "card_number" Personal,
    /// An international bank account number, with its check digits.
    Iban "iban" Personal,
    /// A number that a state gave a person: social security, tax, identity card.
    NationalId "national_id" Personal,
    /// An IP address.
    Ip "ip" Personal,
    /// The address of a network card.
    MacAddress "mac_address" Personal,
    /// What a browser says of itself.
    UserAgent "user_agent" Identifying,
    /// Degrees north, where something or somebody is.
    Latitude "latitude" Identifying,
    /// Degrees east, where something or somebody is.
    Longitude "longitude" Identifying,
    /// The path of a file.
    FilePath "file_path" Identifying,
    /// A link.
    Url "url" Identifying,
    /// The short name or title of a thing.
    Title "title" Identifying,
    /// Prose.
    Text "text" Identifying,
    /// A code of letters and digits, generated from its mined templates.
    Code "code" Identifying,
    /// A UUID held as text.
    Uuid "uuid" Identifying,
    /// A date or time drawn from a public range, because its own may not be learned.
    PublicDatetime "public_datetime" Identifying,
    /// A number drawn from a public range, because its own may not be learned.
    PublicNumber "public_number" Identifying,
}

/// How values of a semantic type are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SemanticKind {
    /// Learned, under the k-floors.
    Learned,
    /// Could single out a row; generated, never learned.
    Identifying,
    /// Identifies a person; generated, never learned, and makes its table a protected entity.
    Personal,
}

impl SemanticType {
    /// Whether values are generated instead of learned.
    pub fn is_identifying(self) -> bool {
        self.kind() != SemanticKind::Learned
    }
}

impl fmt::Display for SemanticType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SemanticType {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        SemanticType::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == name)
            .ok_or(())
    }
}

/// A foreign key: each row of the child refers to at most one row of the parent.
#[derive(Clone, Debug, PartialEq)]
pub struct Relationship {
    /// The table referred to.
    pub parent_table: String,
    /// Its key columns, in the order of `child_key`.
    pub parent_key: Vec<String>,
    /// The table that refers.
    pub child_table: String,
    /// Its foreign-key columns.
    pub child_key: Vec<String>,
    /// What becomes of child rows whose parent is missing.
    pub orphans: Orphans,
    /// Whether the parent owns the child's rows (drives fan-out); `None` lets fit choose.
    pub owner: Option<bool>,
}

impl Relationship {
    /// Returns the name used in messages: `child.key`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.child_table, self.child_key.join("+"))
    }

    /// Whether parent and child are the same table.
    pub fn is_self_reference(&self) -> bool {
        self.parent_table == self.child_table
    }
}

/// What becomes of child rows whose parent is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orphans {
    /// They are an error (the default).
    #[default]
    Refuse,
    /// The key is cleared; on a composite key, the columns that no other key uses.
    Null,
    /// The rows are left out.
    Drop,
    /// The synthetic data has as large a share of unmatched keys.
    Keep,
}

impl Orphans {
    /// Returns the name used in the manifest.
    pub fn as_str(self) -> &'static str {
        match self {
            Orphans::Refuse => "refuse",
            Orphans::Null => "null",
            Orphans::Drop => "drop",
            Orphans::Keep => "keep",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_types_survive_their_names() {
        for name in [
            "BOOLEAN",
            "UTINYINT",
            "DECIMAL(18,3)",
            "VARCHAR",
            "TIMESTAMP_NS",
            "INTEGER[]",
        ] {
            assert_eq!(DataType::from_duckdb(name).to_string(), name);
        }
        assert_eq!(
            DataType::from_duckdb("DECIMAL(38,2)"),
            DataType::Other("DECIMAL(38,2)".into())
        );
    }

    #[test]
    fn semantic_types_survive_their_names() {
        for kind in SemanticType::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
    }
}
