//! Exact statistics over whole tables, as SQL.

use duckdb::types::FromSql;
use prodlike_core::model::Special;
use prodlike_core::schema::{Column, Schema};

use crate::batches::{count, row, rows};
use crate::carry::ticks;
use crate::error::Error;
use crate::prepare::is_active;
use crate::quote::{identifier, join, list};
use crate::source::{Source, prepared_name};

/// Most distinct values that a histogram lists one by one.
const MAX_VALUES: u64 = 8192;
/// One of so many rows makes a value a spike.
const SPIKE_SHARE: u64 = 512;
/// Most cut points of a histogram that does not list its values.
const MAX_CUTS: u64 = 2048;
/// Most strings of a histogram.
const MAX_STRINGS: u64 = 1 << 14;

/// What a comparison of floats, and of dates (the first two), knows beside numbers.
const SPECIALS: [(Special, &str); 3] = [
    (Special::NegativeInfinity, "-infinity"),
    (Special::Infinity, "infinity"),
    (Special::NotANumber, "nan"),
];

/// What [`Source::peek`] saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Peek {
    /// Rows of the table.
    pub rows: u64,
    /// Rows where the column is NULL.
    pub nulls: u64,
    /// Distinct values, NULL not counted.
    pub distinct: u64,
    /// Some of the distinct values, as text.
    pub values: Vec<String>,
}

/// What [`Source::profile`] measured.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnProfile {
    /// Rows of the table.
    pub rows: u64,
    /// Rows where the column is NULL.
    pub nulls: u64,
    /// NaN and the infinities that there are, and the rows of each.
    pub specials: Vec<(Special, u64)>,
    /// Distinct values, NULL and the specials not counted.
    pub distinct: u64,
    /// Where the values lie.
    pub histogram: Histogram,
}

/// Least value, greatest value and rows of each run.
type Runs<T> = Vec<(T, T, u64)>;

/// Where the values of a column lie; NULL and the specials are left out.
#[derive(Clone, Debug, PartialEq)]
pub enum Histogram {
    /// Least value, greatest value and rows of each run: disjoint and ascending.
    ///
    /// Values are booleans as 0 and 1, decimals without their point, days since 1970,
    /// ticks of a timestamp's or time's own unit and microseconds of an interval. Up to 8192 distinct values each have a run
    /// of their own; above that only those with 1/512 of the rows or more.
    Integers(Vec<(i64, i64, u64)>),
    /// The same for wide types.
    Wide(Vec<(i128, i128, u64)>),
    /// The same for floats; zero has no sign.
    Floats(Vec<(f64, f64, u64)>),
    /// Up to 4096 values, the most frequent first, equally frequent ones by their bytes.
    Strings(Vec<(String, u64)>),
}

/// What [`Source::edge_stats`] measured of a relationship.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeStats {
    /// Child rows with a parent.
    pub matched: u64,
    /// Child rows with a key that no parent has.
    pub orphans: u64,
    /// Child rows with NULL in the key.
    pub nulls: u64,
    /// Fan-out and how many parents have it, ascending, over all parents (0 included).
    pub degrees: Vec<(u64, u64)>,
}

impl Source {
    /// Counts the matches of a relationship (an index into `schema.relationships`).
    ///
    /// # Errors
    ///
    /// Fails if its tables were not prepared, or reading fails.
    pub fn edge_stats(&self, schema: &Schema, relationship: usize) -> Result<EdgeStats, Error> {
        let edge = schema
            .relationships
            .get(relationship)
            .filter(|edge| self.prepared.is_some() && is_active(schema, edge))
            .ok_or_else(|| Error::Internal {
                what: format!("relationship {relationship} was not prepared"),
            })?;
        let action = format!("count the matches of relationship `{}`", edge.name());
        let child = prepared_name(&edge.child_table);
        let parent = prepared_name(&edge.parent_table);
        let filled = join(&edge.child_key, " AND ", |name| {
            format!("{} IS NOT NULL", identifier(name))
        });
        let keys: Vec<String> = (0..edge.child_key.len())
            .map(|idx| format!("k{idx}"))
            .collect();
        let key_list = join(edge.child_key.iter().zip(&keys), ", ", |(name, key)| {
            format!("{} AS {key}", identifier(name))
        });
        let matches = join(edge.parent_key.iter().zip(&keys), " AND ", |(name, key)| {
            format!("parent.{} = child.{key}", identifier(name))
        });
        let (n_rows, with_key) = row(
            &self.connection,
            &action,
            &format!("SELECT count(*), count(*) FILTER (WHERE {filled}) FROM {child}"),
            |row| Ok((row.get::<_, u64>(0)?, row.get::<_, u64>(1)?)),
        )?;
        let degrees: Vec<(u64, u64)> = rows(
            &self.connection,
            &action,
            &format!(
                "SELECT degree, count(*) FROM (SELECT coalesce(child.n, 0) AS degree \
                 FROM {parent} AS parent LEFT JOIN \
                 (SELECT {key_list}, count(*) AS n FROM {child} WHERE {filled} GROUP BY ALL) \
                 AS child ON {matches}) GROUP BY degree ORDER BY degree"
            ),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let matched: u64 = degrees
            .iter()
            .map(|(degree, parents)| degree * parents)
            .sum();
        Ok(EdgeStats {
            matched,
            orphans: with_key.saturating_sub(matched),
            nulls: n_rows - with_key,
            degrees,
        })
    }

    /// Measures a column of a prepared table.
    ///
    /// # Errors
    ///
    /// Fails if there is no such column, or reading fails.
    pub fn profile(&self, table: &str, column: &Column) -> Result<ColumnProfile, Error> {
        let relation = self.prepared(table)?;
        let name = identifier(&column.name);
        let action = format!("profile column `{table}.{}`", column.name);
        let specials: &[(Special, &str)] = match column.data_type.has_specials() {
            true if column.data_type.is_float() => &SPECIALS,
            true => &SPECIALS[..2],
            false => &[],
        };
        let counts = join(specials, "", |(_, text)| {
            format!(
                ", count(*) FILTER (WHERE {name} = CAST('{text}' AS {}))",
                column.data_type
            )
        });
        let counts: Vec<u64> = row(
            &self.connection,
            &action,
            &format!("SELECT count(*), count({name}){counts} FROM {relation}"),
            |row| (0..2 + specials.len()).map(|idx| row.get(idx)).collect(),
        )?;
        let (n_rows, nulls) = (counts[0], counts[0] - counts[1]);
        let specials: Vec<(Special, u64)> = specials
            .iter()
            .zip(&counts[2..])
            .filter(|(_, rows)| **rows > 0)
            .map(|((special, _), rows)| (*special, *rows))
            .collect();
        let filled = counts[1] - specials.iter().map(|(_, rows)| rows).sum::<u64>();
        let value = ticks(&name, &column.data_type).ok_or_else(|| Error::UnsupportedType {
            table: table.to_string(),
            column: column.name.clone(),
            data_type: column.data_type.to_string(),
        })?;
        let finite = if specials.is_empty() {
            String::new()
        } else {
            format!(" AND isfinite({name})")
        };
        let groups = format!(
            "WITH groups AS MATERIALIZED (SELECT {value} AS v, count(*) AS n FROM {relation} \
             WHERE {name} IS NOT NULL{finite} GROUP BY 1)"
        );
        let (distinct, histogram) = match &column.data_type {
            data_type if data_type.is_text() => {
                let (distinct, values) = self.most_frequent(&action, &groups)?;
                (distinct, Histogram::Strings(values))
            }
            data_type if data_type.is_float() => {
                let (distinct, runs) = self.runs(&action, &groups, filled)?;
                (distinct, Histogram::Floats(runs))
            }
            data_type if data_type.is_wide() => {
                let (distinct, runs) = self.runs(&action, &groups, filled)?;
                (distinct, Histogram::Wide(runs))
            }
            _ => {
                let (distinct, runs) = self.runs(&action, &groups, filled)?;
                (distinct, Histogram::Integers(runs))
            }
        };
        Ok(ColumnProfile {
            rows: n_rows,
            nulls,
            specials,
            distinct,
            histogram,
        })
    }

    /// Returns the distinct count and the most frequent of the groups.
    fn most_frequent(
        &self,
        action: &str,
        groups: &str,
    ) -> Result<(u64, Vec<(String, u64)>), Error> {
        let sql = format!(
            "{groups} SELECT v, n, (SELECT count(*) FROM groups) FROM groups \
             ORDER BY n DESC, v LIMIT {MAX_STRINGS}"
        );
        let mut distinct = 0;
        let values = rows(&self.connection, action, &sql, |row| {
            distinct = row.get(2)?;
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok((distinct, values))
    }

    /// Returns the distinct count, and the groups as runs of equal mass that neither
    /// split nor span a spike.
    ///
    /// A cumulative count over the groups cuts where `quantile_disc` would, but sorts
    /// distinct values instead of rows, and never splits equal values.
    fn runs<T: FromSql>(
        &self,
        action: &str,
        groups: &str,
        filled: u64,
    ) -> Result<(u64, Runs<T>), Error> {
        let sql = format!(
            "{groups}, \
             total AS (SELECT count(*) AS distinct_count, CAST(coalesce(sum(n) FILTER \
             (WHERE n * {SPIKE_SHARE} < {filled}), 0) AS HUGEINT) AS mass FROM groups), \
             marked AS (SELECT v, n, \
             distinct_count <= {MAX_VALUES} OR n * {SPIKE_SHARE} >= {filled} AS spike, \
             CASE WHEN spike THEN 0 ELSE n END AS mass FROM groups, total), \
             placed AS (SELECT v, n, spike, \
             CAST(sum(CAST(spike AS INTEGER)) OVER upward AS BIGINT) AS spikes, \
             CAST(sum(mass) OVER upward AS HUGEINT) - mass AS below FROM marked \
             WINDOW upward AS (ORDER BY v ROWS UNBOUNDED PRECEDING)) \
             SELECT min(v), max(v), CAST(sum(n) AS BIGINT), any_value(distinct_count) \
             FROM placed, total GROUP BY spike, spikes, \
             CASE WHEN spike THEN -1 ELSE below * {MAX_CUTS} // mass END ORDER BY 1"
        );
        let mut distinct = 0;
        let runs = rows(&self.connection, action, &sql, |row| {
            distinct = row.get(3)?;
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        Ok((distinct, runs))
    }
}

/// Counts the rows of a table whose key another row has too, beyond the first.
pub(crate) fn duplicates(
    source: &Source,
    action: &str,
    relation: &str,
    key: &[String],
) -> Result<u64, Error> {
    let filled = join(key, " AND ", |name| {
        format!("{} IS NOT NULL", identifier(name))
    });
    count(
        &source.connection,
        action,
        &format!(
            "SELECT CAST(coalesce(sum(n - 1), 0) AS BIGINT) FROM (SELECT count(*) AS n FROM \
             {relation} WHERE {filled} GROUP BY {} HAVING count(*) > 1)",
            list("", key)
        ),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::{ColumnProfile, Histogram};
    use crate::error::Error;
    use crate::script::execute;
    use crate::source::Source;

    /// Profiles column `v` of a table `t` of one query.
    fn profile(sql: &str, threads: usize) -> Result<ColumnProfile, Error> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.duckdb");
        execute(&path, &format!("CREATE TABLE t AS {sql}")).unwrap();
        let mut source = Source::open(&path, threads).unwrap();
        let schema = source.catalog().unwrap();
        source.prepare(&schema, &()).unwrap();
        source.profile("t", schema.tables[0].column("v").unwrap())
    }

    #[test]
    fn ticks_are_those_of_the_type() {
        let ticks = |value: &str| match profile(&format!("SELECT {value} AS v"), 1)
            .unwrap()
            .histogram
        {
            Histogram::Integers(runs) => runs[0].0,
            other => panic!("{other:?}"),
        };
        assert_eq!(ticks("true"), 1);
        assert_eq!(ticks("(-7)::TINYINT"), -7);
        assert_eq!(ticks("4294967295::UINTEGER"), 4_294_967_295);
        assert_eq!(ticks("(-0.05)::DECIMAL(4,2)"), -5);
        assert_eq!(
            ticks("(-1234567.890123456789)::DECIMAL(18,11)"),
            -123_456_789_012_345_679
        );
        assert_eq!(
            ticks("999999999999999999::DECIMAL(18,0)"),
            999_999_999_999_999_999
        );
        assert_eq!(ticks("DATE '1969-12-30'"), -2);
        assert_eq!(ticks("TIMESTAMP_S '1969-12-31 23:59:58'"), -2);
        assert_eq!(ticks("TIMESTAMP_MS '1969-12-31 23:59:59.998'"), -2);
        assert_eq!(ticks("TIMESTAMP '1970-01-01 00:00:00.000002'"), 2);
        assert_eq!(ticks("TIMESTAMP_NS '1970-01-01 00:00:00.000000002'"), 2);
        assert_eq!(ticks("TIMESTAMPTZ '1970-01-01 02:00:00+02'"), 0);
        assert_eq!(ticks("TIME '24:00:00'"), 86_400_000_000);
        assert_eq!(ticks("TIME_NS '00:00:00.000000002'"), 2);
        assert_eq!(ticks("TIMETZ '23:00:00+00'"), 82_800_000_000);
        assert_eq!(ticks("INTERVAL '-1 month 1 day'"), -29 * 86_400_000_000);
        let wide = |value: &str| match profile(&format!("SELECT {value} AS v"), 1)
            .unwrap()
            .histogram
        {
            Histogram::Wide(runs) => runs[0].0,
            other => panic!("{other:?}"),
        };
        assert_eq!(wide("18446744073709551615::UBIGINT"), u64::MAX.into());
        let most = 10i128.pow(38) - 1;
        assert_eq!(wide(&format!("(-{most})::HUGEINT")), -most);
        assert_eq!(wide(&format!("{most}::UHUGEINT")), most);
        assert_eq!(wide("(-0.5)::DECIMAL(38,38)"), -5 * 10i128.pow(37));
        assert_eq!(wide("(-0.05)::DECIMAL(19,3)"), -50);
    }

    #[test]
    fn few_values_are_listed_and_nulls_counted() {
        let found = profile("SELECT unnest([3, 1, 3, NULL, -2]) AS v", 2).unwrap();
        assert_eq!((found.rows, found.nulls, found.distinct), (5, 1, 3));
        assert_eq!(
            found.histogram,
            Histogram::Integers(vec![(-2, -2, 1), (1, 1, 1), (3, 3, 2)])
        );
        let empty = profile("SELECT NULL::INTEGER AS v", 1).unwrap();
        assert_eq!(
            (empty.nulls, empty.histogram),
            (1, Histogram::Integers(vec![]))
        );
        let none = profile("SELECT 1::DOUBLE AS v WHERE false", 1).unwrap();
        assert_eq!((none.rows, none.histogram), (0, Histogram::Floats(vec![])));
    }

    #[test]
    fn many_values_become_runs_around_the_spikes() {
        let sql = "SELECT CASE WHEN range % 3 = 0 THEN 50000 ELSE range END AS v \
                   FROM range(100000)";
        let found = profile(sql, 2).unwrap();
        assert_eq!(found.distinct, 66_666);
        let Histogram::Integers(runs) = &found.histogram else {
            panic!("{found:?}")
        };
        assert!(
            runs.len() > 2000 && runs.len() <= 2048 + 2,
            "{}",
            runs.len()
        );
        assert_eq!(runs.iter().map(|run| run.2).sum::<u64>(), 100_000);
        assert!(runs.iter().all(|(lo, hi, _)| lo <= hi));
        assert!(
            runs.windows(2).all(|pair| pair[0].1 < pair[1].0),
            "runs overlap"
        );
        assert!(runs.contains(&(50_000, 50_000, 33_335)), "no spike");
        assert_eq!(profile(sql, 1).unwrap(), found);
    }

    #[test]
    fn floats_are_finite_and_zero_has_no_sign() {
        let found = profile("SELECT unnest([0.0, -0.0, 1.5::FLOAT]) AS v", 1).unwrap();
        assert_eq!(
            found.histogram,
            Histogram::Floats(vec![(0.0, 0.0, 2), (1.5, 1.5, 1)])
        );
    }

    #[test]
    fn specials_are_counted_apart() {
        use prodlike_core::model::Special::{Infinity, NegativeInfinity, NotANumber};
        for (data_type, one) in [("DOUBLE", "1"), ("FLOAT", "1")] {
            let found = profile(
                &format!(
                    "SELECT unnest(['nan', 'inf', '{one}', NULL, 'nan', '-inf'])::{data_type} AS v"
                ),
                1,
            )
            .unwrap();
            assert_eq!(
                found.specials,
                [(NegativeInfinity, 1), (Infinity, 1), (NotANumber, 2)]
            );
            assert_eq!((found.rows, found.nulls, found.distinct), (6, 1, 1));
            assert_eq!(found.histogram, Histogram::Floats(vec![(1.0, 1.0, 1)]));
        }
        for data_type in [
            "DATE",
            "TIMESTAMP",
            "TIMESTAMP_S",
            "TIMESTAMP_MS",
            "TIMESTAMP_NS",
            "TIMESTAMPTZ",
        ] {
            let sql =
                format!("SELECT unnest(['infinity', '1970-01-01', '-infinity'])::{data_type} AS v");
            let found = profile(&sql, 1).unwrap();
            assert_eq!(found.specials, [(NegativeInfinity, 1), (Infinity, 1)]);
            assert_eq!(found.histogram, Histogram::Integers(vec![(0, 0, 1)]));
        }
    }

    #[test]
    fn strings_come_by_frequency_then_bytes() {
        let found = profile("SELECT unnest(['b', 'a', 'Z', 'é', 'b']) AS v", 2).unwrap();
        let Histogram::Strings(values) = found.histogram else {
            panic!()
        };
        let names: Vec<&str> = values.iter().map(|(value, _)| value.as_str()).collect();
        assert_eq!(names, ["b", "Z", "a", "é"]);
        assert_eq!(values[0].1, 2);
    }
}
