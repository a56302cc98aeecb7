//! What columns are: kinds, fields, roles. The types of Apache Arrow.

/// Ticks of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Serialize, serde::Deserialize)
)]
pub enum TimeUnit {
    /// 1 s.
    Second,
    /// 10⁻³ s.
    Millisecond,
    /// 10⁻⁶ s.
    Microsecond,
    /// 10⁻⁹ s.
    Nanosecond,
}

impl TimeUnit {
    /// Returns the ticks of one second.
    pub fn per_second(self) -> i64 {
        match self {
            TimeUnit::Second => 1,
            TimeUnit::Millisecond => 1_000,
            TimeUnit::Microsecond => 1_000_000,
            TimeUnit::Nanosecond => 1_000_000_000,
        }
    }
}

/// What the values of a field are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Serialize, serde::Deserialize)
)]
pub enum Kind {
    /// NULL alone.
    Null,
    /// True and false.
    Boolean,
    /// 8 bits, signed.
    Int8,
    /// 16 bits, signed.
    Int16,
    /// 32 bits, signed.
    Int32,
    /// 64 bits, signed.
    Int64,
    /// 8 bits.
    UInt8,
    /// 16 bits.
    UInt16,
    /// 32 bits.
    UInt32,
    /// 64 bits.
    UInt64,
    /// IEEE 754, 32 bits.
    Float32,
    /// IEEE 754, 64 bits.
    Float64,
    /// A number of at most 38 digits, a power of ten apart from an integer.
    Decimal {
        /// Digits.
        precision: u8,
        /// Digits after the point.
        scale: i8,
    },
    /// Days since 1970-01-01.
    Date,
    /// Ticks since midnight.
    Time(TimeUnit),
    /// Ticks since 1970-01-01 00:00; an instant where there is a time zone.
    Timestamp(TimeUnit, Option<String>),
    /// Ticks.
    Duration(TimeUnit),
    /// Months, days and nanoseconds.
    Interval,
    /// Text.
    Utf8,
    /// Bytes.
    Binary,
    /// So many bytes a value.
    FixedBinary(u32),
    /// Lists of the one child.
    List,
    /// Lists of so many values of the one child.
    FixedList(u32),
    /// A child a member.
    Struct,
    /// Lists of the one child, a struct of a key and a value.
    Map,
    /// Positions in the one child.
    Dictionary,
}

impl Kind {
    /// Returns the least and the greatest that a value may be, of whole numbers, of decimals
    /// (without the point) and of what is counted in ticks or days; `None` for other kinds.
    pub fn bounds(&self) -> Option<(i128, i128)> {
        Some(match self {
            Kind::Int8 => (i8::MIN.into(), i8::MAX.into()),
            Kind::Int16 => (i16::MIN.into(), i16::MAX.into()),
            Kind::Int32 | Kind::Date => (i32::MIN.into(), i32::MAX.into()),
            Kind::Int64 | Kind::Timestamp(..) | Kind::Duration(_) => {
                (i64::MIN.into(), i64::MAX.into())
            }
            Kind::UInt8 => (0, u8::MAX.into()),
            Kind::UInt16 => (0, u16::MAX.into()),
            Kind::UInt32 => (0, u32::MAX.into()),
            Kind::UInt64 => (0, u64::MAX.into()),
            Kind::Decimal { precision, .. } => {
                let most = 10i128.pow(u32::from(*precision).min(38)) - 1;
                (-most, most)
            }
            Kind::Time(unit) => (0, i128::from(unit.per_second()) * 86_400 - 1),
            _ => return None,
        })
    }
}

/// What a column is to the host, beside its values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Serialize, serde::Deserialize)
)]
pub enum Role {
    /// Nothing else.
    #[default]
    Value,
    /// Whom the row is about: the same for all rows of one person, say.
    EntityKey,
}

/// A column's name and type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Serialize, serde::Deserialize)
)]
pub struct Field {
    /// What it is called.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// Whether there may be NULLs.
    pub nullable: bool,
    /// The fields that it is made of.
    pub children: Vec<Field>,
    /// What its values mean, by the name that a manifest gives it: `first_name`.
    pub semantic: Option<String>,
    /// What it is to the host.
    pub role: Role,
}

impl Field {
    /// Returns a field without children that is never NULL.
    pub fn new(name: impl Into<String>, kind: Kind) -> Field {
        Field {
            name: name.into(),
            kind,
            nullable: false,
            children: Vec::new(),
            semantic: None,
            role: Role::Value,
        }
    }

    /// Returns a field of text.
    pub fn utf8(name: impl Into<String>) -> Field {
        Field::new(name, Kind::Utf8)
    }

    /// Returns a field of 64-bit integers.
    pub fn int64(name: impl Into<String>) -> Field {
        Field::new(name, Kind::Int64)
    }

    /// Returns a field of 64-bit floats.
    pub fn float64(name: impl Into<String>) -> Field {
        Field::new(name, Kind::Float64)
    }

    /// Returns a field of truths.
    pub fn boolean(name: impl Into<String>) -> Field {
        Field::new(name, Kind::Boolean)
    }

    /// Returns a field whose values are positions in a list of texts.
    pub fn dictionary(name: impl Into<String>) -> Field {
        Field {
            children: vec![Field::utf8("values")],
            ..Field::new(name, Kind::Dictionary)
        }
    }

    /// Returns a field of lists.
    pub fn list(name: impl Into<String>, item: Field) -> Field {
        Field {
            children: vec![item],
            ..Field::new(name, Kind::List)
        }
    }

    /// Says whether there may be NULLs.
    #[must_use]
    pub fn nullable(mut self, nullable: bool) -> Field {
        self.nullable = nullable;
        self
    }

    /// Says what the values mean.
    #[must_use]
    pub fn semantic(mut self, semantic: impl Into<String>) -> Field {
        self.semantic = Some(semantic.into());
        self
    }

    /// Says that the field names whom a row is about.
    #[must_use]
    pub fn entity_key(mut self) -> Field {
        self.role = Role::EntityKey;
        self
    }

    /// Whether the values are text, a dictionary of texts included.
    pub fn is_text(&self) -> bool {
        match self.kind {
            Kind::Utf8 => true,
            Kind::Dictionary => self.children.first().is_some_and(Field::is_text),
            _ => false,
        }
    }
}
