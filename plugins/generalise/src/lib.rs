//! Coarser values: ranges of numbers, months of dates, parents in a hierarchy, prefixes.

use std::collections::HashMap;

use prodlike_sdk::calendar::Date;
use prodlike_sdk::prelude::*;

/// What a manifest may say: one way at least to make values coarser.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Numbers become the multiple of this that is next below: 10 makes 37 into 30, 0.5 puts
    /// coordinates into cells of half a degree.
    step: Option<f64>,
    /// Numbers become texts of ranges, `18-29`: the first values of all ranges but the lowest.
    bounds: Option<Vec<f64>>,
    /// Dates and times become the first moment of it.
    unit: Option<Unit>,
    /// Texts become what they belong to: parents, and what each stands for.
    hierarchy: Option<HashMap<String, Vec<String>>>,
    /// What texts become that the hierarchy does not have.
    otherwise: Option<String>,
    /// Texts keep so many characters at the beginning.
    prefix: Option<usize>,
}

/// A part of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Unit {
    /// From 1 January.
    Year,
    /// From 1 January, April, July and October.
    Quarter,
    /// From the first of the month.
    Month,
    /// From Monday.
    Week,
    /// From midnight.
    Day,
    /// From the full hour.
    Hour,
}

/// What is done, after the options were checked against the column.
enum Way {
    /// In units of the column: hundredths for a decimal of two places.
    WholeStep(i128),
    Step(f64),
    /// Ascending, and the names of the ranges, one more.
    Bounds(Vec<f64>, Vec<String>),
    Calendar(Unit, i64),
    Hierarchy(HashMap<String, String>, String),
    Prefix(usize),
}

struct Generalise {
    way: Way,
    output: Vec<Field>,
}

impl Plugin for Generalise {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("value", "", "What the value belongs to")
            .example("Tens of years", r#"{"step": 10}"#)
            .example("Age groups", r#"{"bounds": [18, 30, 45, 65]}"#)
            .example("Months", r#"{"unit": "month"}"#)
            .example("Regions of postcodes", r#"{"prefix": 2}"#)
            .example(
                "Kinds of diagnoses",
                r#"{"hierarchy": {"heart": ["I21", "I50"], "lung": ["J18"]}, "otherwise": "other"}"#,
            )
    }

    fn configure(options: Options, settings: &Settings) -> Result<Generalise, Error> {
        if settings.unique {
            return Err(Error::unsupported("coarser values repeat"));
        }
        let Some(field) = settings.input.first() else {
            // Nothing to be done is known before there is a column.
            return Ok(Generalise {
                way: Way::Prefix(options.prefix.unwrap_or(0)),
                output: Vec::new(),
            });
        };
        let way = way(options, field)?;
        let output = match way {
            Way::Bounds(..) => Field::utf8(&field.name).nullable(field.nullable),
            _ => field.clone(),
        };
        Ok(Generalise {
            way,
            output: vec![output],
        })
    }
}

/// Returns what the options say for a column of that type.
fn way(options: Options, field: &Field) -> Result<Way, Error> {
    let wants = |option: &str| Error::option(option, format!("column `{}` needs it", field.name));
    match &field.kind {
        _ if field.is_text() => {
            if let Some(hierarchy) = options.hierarchy {
                return parents(hierarchy, options.otherwise);
            }
            options
                .prefix
                .map(Way::Prefix)
                .ok_or_else(|| wants("prefix"))
        }
        Kind::Date => calendar(options.unit.ok_or_else(|| wants("unit"))?, 1),
        Kind::Timestamp(ticks, _) => {
            let day = ticks.per_second() * 86_400;
            calendar(options.unit.ok_or_else(|| wants("unit"))?, day)
        }
        Kind::Float32 | Kind::Float64 => match options.bounds {
            Some(bounds) => ranges(bounds),
            None => Ok(Way::Step(step(options.step.ok_or_else(|| wants("step"))?)?)),
        },
        kind => {
            if let Some(bounds) = options.bounds {
                return ranges(bounds);
            }
            let scale = match kind {
                Kind::Decimal { scale, .. } => i32::from(*scale),
                _ => 0,
            };
            let step = step(options.step.ok_or_else(|| wants("step"))?)? * 10f64.powi(scale);
            if step < 1.0 {
                return Err(Error::option("step", "it is finer than the column"));
            }
            Ok(Way::WholeStep(step.round() as i128))
        }
    }
}

fn step(step: f64) -> Result<f64, Error> {
    if step.is_finite() && step > 0.0 {
        Ok(step)
    } else {
        Err(Error::option("step", "it must be above 0"))
    }
}

fn calendar(unit: Unit, day: i64) -> Result<Way, Error> {
    if day == 1 && matches!(unit, Unit::Day | Unit::Hour) {
        return Err(Error::option("unit", "dates have nothing finer than days"));
    }
    Ok(Way::Calendar(unit, day))
}

fn ranges(bounds: Vec<f64>) -> Result<Way, Error> {
    let ascending = bounds.windows(2).all(|pair| pair[0] < pair[1]);
    let (Some(first), Some(last), true) = (bounds.first(), bounds.last(), ascending) else {
        return Err(Error::option("bounds", "they must ascend"));
    };
    // Whole bounds are read as those of whole numbers: 18-29, then 30-44.
    let whole = bounds.iter().all(|bound| bound.fract() == 0.0);
    let mut names = vec![format!("<{first}")];
    names.extend(bounds.windows(2).map(|pair| match (whole, pair) {
        (true, &[from, to]) if to - from > 1.0 => format!("{from}-{}", to - 1.0),
        (true, &[from, _]) => format!("{from}"),
        (_, pair) => format!("{}-<{}", pair[0], pair[1]),
    }));
    names.push(format!("{last}+"));
    Ok(Way::Bounds(bounds, names))
}

fn parents(
    hierarchy: HashMap<String, Vec<String>>,
    otherwise: Option<String>,
) -> Result<Way, Error> {
    let mut parents = HashMap::new();
    for (parent, children) in hierarchy {
        for child in children {
            if parents.insert(child, parent.clone()).is_some() {
                let path = format!("hierarchy.{parent}");
                return Err(Error::option(
                    path,
                    "a value of it belongs to another as well",
                ));
            }
        }
    }
    Ok(Way::Hierarchy(
        parents,
        otherwise.unwrap_or_else(|| "other".into()),
    ))
}

impl Transform for Generalise {
    fn output(&self) -> Vec<Field> {
        self.output.clone()
    }

    fn apply(&self, _: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let values = input.column(0)?;
        let column = match &self.way {
            Way::WholeStep(step) => {
                values.map_integers(|_, value| Ok(value.div_euclid(*step) * step))?
            }
            Way::Step(step) => values.map_floats(|_, value| {
                let coarse = (value / step).floor() * step;
                Ok(if coarse.is_finite() { coarse } else { value })
            })?,
            Way::Bounds(bounds, names) => {
                let numbers = values.floats()?;
                let mut ranges = Utf8Builder::with_capacity(values.len(), 8);
                for row in 0..values.len() {
                    ranges.push_option(numbers.get(row).map(|value| {
                        names[bounds.partition_point(|bound| *bound <= value)].as_str()
                    }));
                }
                ranges.finish()
            }
            Way::Calendar(unit, day) => {
                values.map_int64(|_, value| Ok(start(*unit, *day, value)))?
            }
            Way::Hierarchy(parents, otherwise) => values.map_utf8(|value, text| {
                text.push_str(parents.get(value).unwrap_or(otherwise));
                Ok(())
            })?,
            Way::Prefix(length) => values.map_utf8(|value, text| {
                let end = value
                    .char_indices()
                    .nth(*length)
                    .map_or(value.len(), |(end, _)| end);
                text.push_str(&value[..end]);
                Ok(())
            })?,
        };
        Ok(vec![column])
    }
}

/// Returns the first tick of the unit that a moment lies in; `day` is the ticks of a day.
fn start(unit: Unit, day: i64, ticks: i64) -> i64 {
    let days = ticks.div_euclid(day);
    let date = Date::from_days(days);
    let first = match unit {
        Unit::Hour => return ticks.div_euclid(day / 24).saturating_mul(day / 24),
        Unit::Day => days,
        // 1970-01-01 was a Thursday.
        Unit::Week => days - (days + 3).rem_euclid(7),
        Unit::Month => date.month_start().to_days(),
        Unit::Quarter => Date {
            month: (date.month - 1) / 3 * 3 + 1,
            ..date.month_start()
        }
        .to_days(),
        Unit::Year => Date {
            month: 1,
            ..date.month_start()
        }
        .to_days(),
    };
    first.saturating_mul(day)
}

prodlike_sdk::export!(Generalise: transform);

#[cfg(test)]
mod tests {
    use prodlike_sdk::testing::{Job, Table};

    use super::*;

    fn apply(options: &str, table: Table) -> Result<Table, Error> {
        Job::new(options).input(table).apply::<Generalise>()
    }

    fn ages() -> Table {
        let ages = vec![-3i64, 0, 17, 18, 37, 64, 65, 101];
        Table::new([(Field::int64("age"), Column::from(ages))])
    }

    #[test]
    fn numbers_become_steps_and_ranges() {
        let steps = apply(r#"{"step": 10}"#, ages()).unwrap();
        assert_eq!(
            steps.column(0).as_int64().unwrap(),
            [-10, 0, 10, 10, 30, 60, 60, 100]
        );
        let ranges = apply(r#"{"bounds": [18, 19, 65]}"#, ages()).unwrap();
        let names: Vec<&str> = ranges.text(0).into_iter().flatten().collect();
        assert_eq!(
            names,
            ["<18", "<18", "<18", "18", "19-64", "19-64", "65+", "65+"]
        );
        let cells = Table::new([(Field::float64("lat"), Column::from(vec![52.52f64, -0.1]))]);
        let cells = apply(r#"{"step": 0.5}"#, cells).unwrap();
        assert_eq!(cells.column(0).as_float64().unwrap(), [52.5, -0.5]);
    }

    #[test]
    fn dates_become_first_days() {
        let day = Date {
            year: 2024,
            month: 5,
            day: 16,
        }
        .to_days() as i32;
        for (unit, year, month, first) in [
            ("year", 2024, 1, 1),
            ("quarter", 2024, 4, 1),
            ("month", 2024, 5, 1),
            ("week", 2024, 5, 13),
        ] {
            let table = Table::new([(Field::new("d", Kind::Date), Column::from(vec![day, -1]))]);
            let coarse = apply(&format!(r#"{{"unit": "{unit}"}}"#), table).unwrap();
            let coarse = coarse.column(0).as_int32().unwrap()[0];
            assert_eq!(
                Date::from_days(coarse.into()),
                Date {
                    year,
                    month,
                    day: first
                }
            );
        }
        let kind = Kind::Timestamp(TimeUnit::Second, None);
        let table = Table::new([(Field::new("t", kind), Column::from(vec![-1i64, 7265]))]);
        let hours = apply(r#"{"unit": "hour"}"#, table).unwrap();
        assert_eq!(hours.column(0).as_int64().unwrap(), [-3600, 7200]);
    }

    #[test]
    fn texts_become_parents_and_prefixes() {
        let values = || Table::of_text(&[Some("I21"), Some("Q00"), None, Some("ÄÖ")]);
        let options = r#"{"hierarchy": {"heart": ["I21"]}, "otherwise": "?"}"#;
        let parents = apply(options, values()).unwrap();
        assert_eq!(parents.text(0), [Some("heart"), Some("?"), None, Some("?")]);
        let prefixes = apply(r#"{"prefix": 1}"#, values()).unwrap();
        assert_eq!(prefixes.text(0), [Some("I"), Some("Q"), None, Some("Ä")]);
    }

    #[test]
    fn options_that_do_not_fit_the_column_are_named() {
        let error = |options: &str| apply(options, ages()).unwrap_err().to_string();
        assert_eq!(error("{}"), "option `step`: column `age` needs it");
        assert!(error(r#"{"step": 0}"#).starts_with("option `step`"));
        assert!(error(r#"{"step": 0.1}"#).starts_with("option `step`"));
        assert!(error(r#"{"bounds": [3, 1]}"#).starts_with("option `bounds`"));
    }
}
