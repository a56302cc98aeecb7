//! What codecs look like in JSON.

use prodlike_models::codec::{Codec, FloatBin, IntegerBin, Special, Unit};
use prodlike_models::finer::{Calendar, Finer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WireCodec {
    Integer {
        nullable: bool,
        step: i64,
        decimals: u8,
        /// Least member, number of members.
        bins: Vec<(i64, u64)>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<WireUnit>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        specials: Vec<WireSpecial>,
    },
    Float {
        nullable: bool,
        /// Least value, greatest value.
        bins: Vec<(Float, Float)>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        specials: Vec<WireSpecial>,
    },
    Levels {
        nullable: bool,
        levels: Vec<String>,
    },
    Groups {
        nullable: bool,
        levels: Vec<String>,
        sizes: Vec<u8>,
    },
    Members(u8),
    Rows {
        nullable: bool,
        rows: Vec<u32>,
        other: Vec<u32>,
    },
    Presence {},
    Classes(usize),
    Finer(WireFiner),
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WireFiner {
    Residues {
        modulus: i64,
        residues: Vec<i64>,
    },
    Calendar {
        by: WireCalendar,
        /// Ticks a day.
        day: i64,
        classes: Vec<u16>,
    },
    /// Bin by bin: least member, number of members.
    Parts(Vec<Vec<(i64, u64)>>),
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WireCalendar {
    Month,
    Week,
    Weekday,
    MonthWeekday,
    WeekWeekday,
    Hour,
    WeekdayHour,
}

impl WireFiner {
    fn from_core(finer: &Finer) -> WireFiner {
        match finer {
            Finer::Residues { modulus, residues } => WireFiner::Residues {
                modulus: *modulus,
                residues: residues.clone(),
            },
            Finer::Calendar { by, day, classes } => WireFiner::Calendar {
                by: match by {
                    Calendar::Month => WireCalendar::Month,
                    Calendar::Week => WireCalendar::Week,
                    Calendar::Weekday => WireCalendar::Weekday,
                    Calendar::MonthWeekday => WireCalendar::MonthWeekday,
                    Calendar::WeekWeekday => WireCalendar::WeekWeekday,
                    Calendar::Hour => WireCalendar::Hour,
                    Calendar::WeekdayHour => WireCalendar::WeekdayHour,
                },
                day: *day,
                classes: classes.clone(),
            },
            Finer::Parts(parts) => WireFiner::Parts(
                (parts.iter())
                    .map(|parts| parts.iter().map(|part| (part.lo, part.count)).collect())
                    .collect(),
            ),
        }
    }

    fn into_core(self) -> Finer {
        match self {
            WireFiner::Residues { modulus, residues } => Finer::Residues { modulus, residues },
            WireFiner::Calendar { by, day, classes } => Finer::Calendar {
                by: match by {
                    WireCalendar::Month => Calendar::Month,
                    WireCalendar::Week => Calendar::Week,
                    WireCalendar::Weekday => Calendar::Weekday,
                    WireCalendar::MonthWeekday => Calendar::MonthWeekday,
                    WireCalendar::WeekWeekday => Calendar::WeekWeekday,
                    WireCalendar::Hour => Calendar::Hour,
                    WireCalendar::WeekdayHour => Calendar::WeekdayHour,
                },
                day,
                classes,
            },
            WireFiner::Parts(parts) => {
                let part = |(lo, count)| IntegerBin { lo, count };
                let parts = parts.into_iter();
                Finer::Parts(parts.map(|it| it.into_iter().map(part).collect()).collect())
            }
        }
    }
}

/// What ticks stand for, where not for themselves.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WireUnit {
    /// Both may be too wide for a JSON number.
    Affine { offset: String, step: String },
    Interval {
        months: bool,
        days: bool,
        micros: bool,
    },
}

#[derive(Clone, Copy, Deserialize, Serialize)]
pub(super) enum WireSpecial {
    #[serde(rename = "-infinity")]
    NegativeInfinity,
    #[serde(rename = "infinity")]
    Infinity,
    #[serde(rename = "nan")]
    NotANumber,
}

impl WireSpecial {
    fn from_core(specials: &[Special]) -> Vec<WireSpecial> {
        let wire = specials.iter().map(|special| match special {
            Special::NegativeInfinity => WireSpecial::NegativeInfinity,
            Special::Infinity => WireSpecial::Infinity,
            Special::NotANumber => WireSpecial::NotANumber,
        });
        wire.collect()
    }

    fn into_core(specials: Vec<WireSpecial>) -> Vec<Special> {
        let core = specials.iter().map(|special| match special {
            WireSpecial::NegativeInfinity => Special::NegativeInfinity,
            WireSpecial::Infinity => Special::Infinity,
            WireSpecial::NotANumber => Special::NotANumber,
        });
        core.collect()
    }
}

impl WireUnit {
    fn from_core(unit: Unit) -> Option<WireUnit> {
        match unit {
            Unit::Tick => None,
            Unit::Affine { offset, step } => Some(WireUnit::Affine {
                offset: offset.to_string(),
                step: step.to_string(),
            }),
            Unit::Interval {
                months,
                days,
                micros,
            } => Some(WireUnit::Interval {
                months,
                days,
                micros,
            }),
        }
    }

    fn into_core(self) -> Result<Unit, String> {
        let number = |text: String| {
            text.parse::<i128>()
                .map_err(|_| format!("`{text}` is no number"))
        };
        Ok(match self {
            WireUnit::Affine { offset, step } => Unit::Affine {
                offset: number(offset)?,
                step: number(step)?,
            },
            WireUnit::Interval {
                months,
                days,
                micros,
            } => Unit::Interval {
                months,
                days,
                micros,
            },
        })
    }
}

impl WireCodec {
    pub(super) fn from_core(codec: &Codec) -> WireCodec {
        match codec {
            Codec::Integer {
                nullable,
                bins,
                step,
                decimals,
                unit,
                specials,
            } => WireCodec::Integer {
                unit: WireUnit::from_core(*unit),
                specials: WireSpecial::from_core(specials),
                nullable: *nullable,
                step: *step,
                decimals: *decimals,
                bins: bins.iter().map(|bin| (bin.lo, bin.count)).collect(),
            },
            Codec::Float {
                nullable,
                bins,
                specials,
            } => WireCodec::Float {
                specials: WireSpecial::from_core(specials),
                nullable: *nullable,
                bins: bins
                    .iter()
                    .map(|bin| (Float(bin.lo), Float(bin.hi)))
                    .collect(),
            },
            Codec::Levels { nullable, levels } => WireCodec::Levels {
                nullable: *nullable,
                levels: levels.clone(),
            },
            Codec::Groups {
                nullable,
                levels,
                sizes,
            } => WireCodec::Groups {
                nullable: *nullable,
                levels: levels.clone(),
                sizes: sizes.clone(),
            },
            Codec::Members(most) => WireCodec::Members(*most),
            Codec::Rows {
                nullable,
                rows,
                other,
            } => WireCodec::Rows {
                nullable: *nullable,
                rows: rows.clone(),
                other: other.clone(),
            },
            Codec::Presence => WireCodec::Presence {},
            Codec::Classes(classes) => WireCodec::Classes(*classes),
            Codec::Finer(finer) => WireCodec::Finer(WireFiner::from_core(finer)),
        }
    }

    pub(super) fn into_core(self) -> Result<Codec, String> {
        Ok(match self {
            WireCodec::Integer {
                nullable,
                step,
                decimals,
                bins,
                unit,
                specials,
            } => Codec::Integer {
                unit: unit.map_or(Ok(Unit::Tick), WireUnit::into_core)?,
                specials: WireSpecial::into_core(specials),
                nullable,
                bins: bins
                    .into_iter()
                    .map(|(lo, count)| IntegerBin { lo, count })
                    .collect(),
                step,
                decimals,
            },
            WireCodec::Float {
                nullable,
                bins,
                specials,
            } => Codec::Float {
                specials: WireSpecial::into_core(specials),
                nullable,
                bins: bins
                    .into_iter()
                    .map(|(lo, hi)| FloatBin { lo: lo.0, hi: hi.0 })
                    .collect(),
            },
            WireCodec::Levels { nullable, levels } => Codec::Levels { nullable, levels },
            WireCodec::Groups {
                nullable,
                levels,
                sizes,
            } => Codec::Groups {
                nullable,
                levels,
                sizes,
            },
            WireCodec::Members(most) => Codec::Members(most),
            WireCodec::Rows {
                nullable,
                rows,
                other,
            } => Codec::Rows {
                nullable,
                rows,
                other,
            },
            WireCodec::Presence {} => Codec::Presence,
            WireCodec::Classes(classes) => Codec::Classes(classes),
            WireCodec::Finer(finer) => Codec::Finer(finer.into_core()),
        })
    }
}

/// A float that survives JSON.
#[derive(Clone, Copy)]
pub(super) struct Float(pub(super) f64);

impl Serialize for Float {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:?}", self.0))
    }
}

impl<'de> Deserialize<'de> for Float {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Float, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map(Float)
            .map_err(|_| serde::de::Error::custom(format!("`{text}` is no number")))
    }
}
