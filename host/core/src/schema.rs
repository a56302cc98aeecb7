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

    /// Returns the table whose rows, or the column whose values, a name among the entities means.
    pub fn entity(&self, name: &str) -> Option<(usize, Option<usize>)> {
        if let Some(table) = self.table_idx(name) {
            return Some((table, None));
        }
        // Names of tables may contain points.
        name.match_indices('.').find_map(|(at, _)| {
            let table = self.table_idx(&name[..at])?;
            Some((table, Some(self.tables[table].column_idx(&name[at + 1..])?)))
        })
    }

    /// Returns the columns of a table whose values are protected entities.
    pub fn entity_columns(&self, table: usize) -> Vec<usize> {
        let entities = self.privacy.entities.iter();
        entities
            .filter_map(|name| self.entity(name))
            .filter(|entity| entity.0 == table)
            .filter_map(|entity| entity.1)
            .collect()
    }

    /// Whether the rows of a table are protected entities, or a column of it names them.
    pub fn holds_entities(&self, table: usize) -> bool {
        let mut entities = self.privacy.entities.iter();
        entities.any(|name| self.entity(name).is_some_and(|entity| entity.0 == table))
    }

    /// Whether the rows of each table are protected entities or lead to some.
    pub fn protected(&self) -> Vec<bool> {
        let mut leads: Vec<bool> = (0..self.tables.len())
            .map(|table| self.holds_entities(table))
            .collect();
        let ends: Vec<(usize, usize)> = self
            .relationships
            .iter()
            .filter_map(|relationship| {
                Some((
                    self.table_idx(&relationship.parent_table)?,
                    self.table_idx(&relationship.child_table)?,
                ))
            })
            .collect();
        // Fixpoint: a table leads to an entity where a parent does.
        while let Some(&(_, child)) = ends
            .iter()
            .find(|(parent, child)| leads[*parent] && !leads[*child])
        {
            leads[child] = true;
        }
        leads
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
    /// Whom the floors protect (people, mostly): tables whose rows they are, and columns
    /// (`table.column`) whose values they are. See [`Schema::entity`].
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
    /// Options of a generator that a plugin supplies, as JSON; empty for none.
    pub options: String,
    /// Other columns of the table that the generator is shown; where empty, it is shown those
    /// that it wishes for and that can be told by what they mean.
    pub input: Vec<String>,
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
    UInt64,
    /// HUGEINT, of at most 38 digits.
    Int128,
    /// UHUGEINT, of at most 38 digits.
    UInt128,
    Float32,
    Float64,
    /// Precision (at most 38) and scale.
    Decimal(u8, i8),
    String,
    Date,
    /// A time of day, in microseconds or nanoseconds.
    Time(TimeUnit),
    /// A time of day with an offset. It is carried as the time in UTC.
    TimeTz,
    Timestamp(TimeUnit),
    /// An instant, in microseconds of UTC.
    TimestampTz,
    /// Months, days and microseconds.
    Interval,
    /// One of the declared values: a public domain.
    Enum(Vec<String>),
    Uuid,
    Blob,
    /// A string of bits.
    Bit,
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
    /// Whether the type is numeric, temporal or boolean, and no float: its values are whole
    /// numbers of ticks. Those of [wide](DataType::is_wide) types need not fit `i64`.
    pub fn is_integer_like(&self) -> bool {
        !matches!(
            self,
            DataType::String
                | DataType::Float32
                | DataType::Float64
                | DataType::Enum(_)
                | DataType::Uuid
                | DataType::Blob
                | DataType::Bit
                | DataType::Other(_)
        )
    }

    /// Whether the type is a float.
    pub fn is_float(&self) -> bool {
        matches!(self, DataType::Float32 | DataType::Float64)
    }

    /// Whether the type is a number without a fraction of its own, or a decimal.
    pub fn is_exact_number(&self) -> bool {
        self.is_integer_like() && !self.is_temporal() && *self != DataType::Boolean
    }

    /// Whether the type is a date, a time, both, or an interval.
    pub fn is_temporal(&self) -> bool {
        matches!(
            self,
            DataType::Date
                | DataType::Time(_)
                | DataType::TimeTz
                | DataType::Timestamp(_)
                | DataType::TimestampTz
                | DataType::Interval
        )
    }

    /// Whether values may be wider than `i64`.
    pub fn is_wide(&self) -> bool {
        match self {
            DataType::UInt64 | DataType::Int128 | DataType::UInt128 => true,
            DataType::Decimal(precision, _) => *precision > 18,
            _ => false,
        }
    }

    /// Whether the type knows NaN or infinities, which are values of their own.
    pub fn has_specials(&self) -> bool {
        self.is_float()
            || matches!(
                self,
                DataType::Date | DataType::Timestamp(_) | DataType::TimestampTz
            )
    }

    /// Whether values are carried as text (an interval is as well, but has ticks).
    pub fn is_text(&self) -> bool {
        matches!(
            self,
            DataType::String | DataType::Enum(_) | DataType::Uuid | DataType::Bit
        )
    }

    /// Returns the greatest tick, if ticks fit `i64` and the type bounds them.
    pub fn most_ticks(&self) -> i64 {
        const DAY: i64 = 86_400_000_000;
        match self {
            DataType::Boolean => 1,
            DataType::Int8 => i64::from(i8::MAX),
            DataType::Int16 => i64::from(i16::MAX),
            DataType::Int32 => i64::from(i32::MAX),
            DataType::UInt8 => i64::from(u8::MAX),
            DataType::UInt16 => i64::from(u16::MAX),
            DataType::UInt32 => i64::from(u32::MAX),
            // The greatest of these is infinity.
            DataType::Date => i64::from(i32::MAX) - 1,
            DataType::Timestamp(_) | DataType::TimestampTz => i64::MAX - 1,
            DataType::Time(TimeUnit::Nanosecond) => DAY * 1000 - 1,
            DataType::Time(_) | DataType::TimeTz => DAY,
            DataType::Decimal(precision, _) => 10i64
                .checked_pow(u32::from(*precision))
                .map_or(i64::MAX, |power| power - 1),
            DataType::Enum(values) => values.len() as i64 - 1,
            _ => i64::MAX,
        }
    }

    /// Returns the least tick, as [`DataType::most_ticks`] does the greatest.
    pub fn least_ticks(&self) -> i64 {
        match self {
            DataType::Boolean
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32
            | DataType::UInt64
            | DataType::UInt128
            | DataType::Time(_)
            | DataType::TimeTz
            | DataType::Enum(_) => 0,
            DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::Int128
            | DataType::Interval => -self.most_ticks() - 1,
            _ => -self.most_ticks(),
        }
    }

    /// Returns the greatest value of a wide type, in its ticks.
    pub fn most_wide(&self) -> i128 {
        match self {
            DataType::UInt64 => i128::from(u64::MAX),
            DataType::Int128 | DataType::UInt128 => 10i128.pow(38) - 1,
            DataType::Decimal(precision, _) => 10i128.pow(u32::from(*precision).min(38)) - 1,
            _ => i128::from(self.most_ticks()),
        }
    }

    /// Returns the least value of a wide type, in its ticks.
    pub fn least_wide(&self) -> i128 {
        match self {
            DataType::Int128 | DataType::Decimal(..) => -self.most_wide(),
            _ => i128::from(self.least_ticks()),
        }
    }

    /// Returns the Arrow type that carries it, or `None` for one not carried.
    pub fn to_arrow(&self) -> Option<arrow::datatypes::DataType> {
        use arrow::datatypes::DataType as Arrow;
        use arrow::datatypes::TimeUnit as Unit;
        let unit = |unit: &TimeUnit| match unit {
            TimeUnit::Second => Unit::Second,
            TimeUnit::Millisecond => Unit::Millisecond,
            TimeUnit::Microsecond => Unit::Microsecond,
            TimeUnit::Nanosecond => Unit::Nanosecond,
        };
        Some(match self {
            DataType::Boolean => Arrow::Boolean,
            DataType::Int8 => Arrow::Int8,
            DataType::Int16 => Arrow::Int16,
            DataType::Int32 => Arrow::Int32,
            DataType::Int64 => Arrow::Int64,
            DataType::UInt8 => Arrow::UInt8,
            DataType::UInt16 => Arrow::UInt16,
            DataType::UInt32 => Arrow::UInt32,
            DataType::UInt64 => Arrow::UInt64,
            DataType::Int128 | DataType::UInt128 => Arrow::Decimal128(38, 0),
            DataType::Float32 => Arrow::Float32,
            DataType::Float64 => Arrow::Float64,
            DataType::Decimal(precision, scale) => Arrow::Decimal128(*precision, *scale),
            DataType::String
            | DataType::Enum(_)
            | DataType::Uuid
            | DataType::Bit
            | DataType::Interval => Arrow::Utf8,
            DataType::Blob => Arrow::Binary,
            DataType::Date => Arrow::Date32,
            DataType::Time(TimeUnit::Nanosecond) => Arrow::Time64(Unit::Nanosecond),
            DataType::Time(_) | DataType::TimeTz => Arrow::Time64(Unit::Microsecond),
            DataType::Timestamp(ticks) => Arrow::Timestamp(unit(ticks), None),
            DataType::TimestampTz => Arrow::Timestamp(Unit::Microsecond, Some("+00:00".into())),
            DataType::Other(_) => return None,
        })
    }

    /// Returns the type that DuckDB finds in a Parquet file of ours: the nearest there is.
    pub fn in_parquet(&self) -> DataType {
        match self {
            DataType::Int128 | DataType::UInt128 => DataType::Decimal(38, 0),
            DataType::Enum(_) | DataType::Uuid | DataType::Bit | DataType::Interval => {
                DataType::String
            }
            // Of a file's nanoseconds DuckDB reads the microseconds.
            DataType::TimeTz | DataType::Time(_) => DataType::Time(TimeUnit::Microsecond),
            DataType::Timestamp(TimeUnit::Second | TimeUnit::Millisecond) => {
                DataType::Timestamp(TimeUnit::Microsecond)
            }
            other => other.clone(),
        }
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
            DataType::UInt64 => "UBIGINT",
            DataType::Int128 => "HUGEINT",
            DataType::UInt128 => "UHUGEINT",
            DataType::Float32 => "FLOAT",
            DataType::Float64 => "DOUBLE",
            DataType::Decimal(precision, scale) => {
                return write!(f, "DECIMAL({precision},{scale})");
            }
            DataType::String => "VARCHAR",
            DataType::Date => "DATE",
            DataType::Time(TimeUnit::Nanosecond) => "TIME_NS",
            DataType::Time(_) => "TIME",
            DataType::TimeTz => "TIME WITH TIME ZONE",
            DataType::TimestampTz => "TIMESTAMP WITH TIME ZONE",
            DataType::Interval => "INTERVAL",
            DataType::Enum(values) => {
                f.write_str("ENUM(")?;
                for (position, value) in values.iter().enumerate() {
                    let comma = if position > 0 { ", " } else { "" };
                    write!(f, "{comma}'{}'", value.replace('\'', "''"))?;
                }
                return f.write_str(")");
            }
            DataType::Uuid => "UUID",
            DataType::Blob => "BLOB",
            DataType::Bit => "BIT",
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
            "UBIGINT" => DataType::UInt64,
            "HUGEINT" => DataType::Int128,
            "UHUGEINT" => DataType::UInt128,
            "FLOAT" => DataType::Float32,
            "DOUBLE" => DataType::Float64,
            "VARCHAR" => DataType::String,
            "DATE" => DataType::Date,
            "TIME" => DataType::Time(TimeUnit::Microsecond),
            "TIME_NS" => DataType::Time(TimeUnit::Nanosecond),
            "TIME WITH TIME ZONE" | "TIMETZ" => DataType::TimeTz,
            "TIMESTAMP WITH TIME ZONE" | "TIMESTAMPTZ" => DataType::TimestampTz,
            "INTERVAL" => DataType::Interval,
            "UUID" => DataType::Uuid,
            "BLOB" => DataType::Blob,
            "BIT" => DataType::Bit,
            "TIMESTAMP" => DataType::Timestamp(TimeUnit::Microsecond),
            "TIMESTAMP_S" => DataType::Timestamp(TimeUnit::Second),
            "TIMESTAMP_MS" => DataType::Timestamp(TimeUnit::Millisecond),
            "TIMESTAMP_NS" => DataType::Timestamp(TimeUnit::Nanosecond),
            other => decimal(other)
                .or_else(|| enumeration(other))
                .unwrap_or_else(|| DataType::Other(other.to_string())),
        }
    }
}

/// Reads `DECIMAL(p,s)`.
fn decimal(name: &str) -> Option<DataType> {
    let (precision, scale) = name
        .strip_prefix("DECIMAL(")?
        .strip_suffix(')')?
        .split_once(',')?;
    let precision: u8 = precision.trim().parse().ok()?;
    let scale: i8 = scale.trim().parse().ok()?;
    let is_decimal = (1..=38).contains(&precision) && (0..=precision as i8).contains(&scale);
    is_decimal.then_some(DataType::Decimal(precision, scale))
}

/// Reads `ENUM('a', 'it''s')`.
fn enumeration(name: &str) -> Option<DataType> {
    let start = name.get(..5)?;
    let mut rest = name.get(5..)?.strip_suffix(')')?.trim_start();
    if !start.eq_ignore_ascii_case("ENUM(") {
        return None;
    }
    let mut values: Vec<String> = Vec::new();
    loop {
        rest = rest.strip_prefix('\'')?;
        let mut value = String::new();
        loop {
            let (text, after) = rest.split_once('\'')?;
            value.push_str(text);
            rest = after;
            match rest.strip_prefix('\'') {
                Some(after) => {
                    value.push('\'');
                    rest = after;
                }
                None => break,
            }
        }
        values.push(value);
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
    let distinct: std::collections::BTreeSet<&String> = values.iter().collect();
    (distinct.len() == values.len()).then_some(DataType::Enum(values))
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
    /// A UUID.
    Uuid "uuid" Identifying,
    /// Bytes or bits: only how many there are is learned.
    Binary "binary" Identifying,
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
            "UBIGINT",
            "HUGEINT",
            "UHUGEINT",
            "DECIMAL(38,38)",
            "TIME",
            "TIME_NS",
            "TIME WITH TIME ZONE",
            "TIMESTAMP WITH TIME ZONE",
            "INTERVAL",
            "ENUM('a', 'it''s', '', 'b, c')",
            "UUID",
            "BLOB",
            "BIT",
            "JSON",
            "STRUCT(a INTEGER)",
        ] {
            assert_eq!(DataType::from_duckdb(name).to_string(), name);
        }
        for (name, values) in [
            ("ENUM('a','b')", vec!["a", "b"]),
            ("enum( 'it''s' , '''' )", vec!["it's", "'"]),
        ] {
            let values = values.into_iter().map(str::to_string).collect();
            assert_eq!(DataType::from_duckdb(name), DataType::Enum(values));
        }
        for name in [
            "ENUM()",
            "ENUM('a'",
            "ENUM('a' 'b')",
            "ENUM('a', 'a')",
            "ENUM('a',)",
            "ENUé('a')",
            "DECIMAL(39,2)",
            "DECIMAL(3,4)",
        ] {
            assert_eq!(
                DataType::from_duckdb(name),
                DataType::Other(name.to_string())
            );
        }
    }

    #[test]
    fn only_other_types_are_not_carried() {
        for name in ["BIT", "BLOB", "ENUM('x')", "INTERVAL", "TIME_NS", "HUGEINT"] {
            assert!(DataType::from_duckdb(name).to_arrow().is_some(), "{name}");
        }
        for name in ["INTEGER[]", "JSON", "STRUCT(a INTEGER)", "BIGNUM"] {
            assert!(DataType::from_duckdb(name).to_arrow().is_none(), "{name}");
        }
    }

    #[test]
    fn semantic_types_survive_their_names() {
        for kind in SemanticType::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
    }
}
