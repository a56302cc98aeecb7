//! What keys and relationships are inferred from where a source declares none.
//!
//! A look at every column is one scan of its table; everything costlier is asked only of
//! what names and types have left. Samples refute, they never confirm: what is answered is
//! counted exactly, and no answer depends on the order of rows or on threads. What groups
//! by many distinct values does so in passes over slices of them, so that memory is bounded.

use prodlike_core::schema::DataType;

use crate::batches::{row, rows, run};
use crate::error::Error;
use crate::quote::{identifier, join, list};
use crate::source::Source;

/// Most rows whose distinct values are counted at once.
const SLICE: u64 = 4_000_000;
/// Most rows of a table whose columns' distinct values are counted exactly at first sight.
const SMALL: u64 = 100_000;
/// Most columns whose distinct values are counted in one scan: each has tables of its own.
const GROUP: usize = 64;
/// Distinct values of a column that are tried on a key before all of them are.
const PROBES: u64 = 64;
/// Most characters of a value that can be part of a key.
const LONGEST: u64 = 64;

/// What values can be compared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Whole numbers.
    Whole,
    /// Text, and what is as good as text.
    Text,
    /// Dates and times.
    Moment,
}

impl Shape {
    /// Returns the shape of a type that can be part of a key.
    pub fn of(data_type: &DataType) -> Option<Shape> {
        if matches!(data_type, DataType::Other(_)) {
            return None;
        }
        // By name, so that a type that comes to be carried needs no line here.
        let name = data_type.to_string();
        match name.as_str() {
            "VARCHAR" | "UUID" => Some(Shape::Text),
            "DATE" => Some(Shape::Moment),
            name if name.starts_with("TIMESTAMP") => Some(Shape::Moment),
            name if name.ends_with("INT") || name.ends_with("INTEGER") => Some(Shape::Whole),
            name if name.starts_with("DECIMAL(") && name.ends_with(",0)") => Some(Shape::Whole),
            _ => None,
        }
    }
}

/// What one scan says of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnLook {
    /// `None` for what can be no part of a key.
    pub shape: Option<Shape>,
    /// Rows where it is NULL.
    pub nulls: u64,
    /// Distinct values: exact in a small table, else estimated.
    pub distinct: u64,
    /// Least and greatest whole number.
    pub range: Option<(i128, i128)>,
    /// Least, mean and most characters of a text.
    pub lengths: (u64, f64, u64),
    /// Whether some text of it has blanks.
    pub is_prose: bool,
}

/// How far the values of one column set are among another's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inclusion {
    /// Distinct values of the child, without NULL.
    pub values: u64,
    /// Those of them that the parent has.
    pub matched_values: u64,
    /// Rows of the child without NULL in the key.
    pub rows: u64,
    /// Those of them whose value the parent has.
    pub matched_rows: u64,
}

impl Inclusion {
    /// Returns the share of distinct values that the parent has.
    pub fn of_values(&self) -> f64 {
        self.matched_values as f64 / self.values.max(1) as f64
    }

    /// Returns the share of rows whose value the parent has.
    pub fn of_rows(&self) -> f64 {
        self.matched_rows as f64 / self.rows.max(1) as f64
    }
}

impl Source {
    /// Looks at every column of a table once.
    ///
    /// # Errors
    ///
    /// Fails if there is no such table, or reading fails.
    pub fn look(&self, table: &str, n_rows: u64) -> Result<Vec<ColumnLook>, Error> {
        let (declared, relation) = self.declared(table)?;
        let action = format!("look for keys of table `{table}`");
        let shapes: Vec<Option<Shape>> = declared
            .columns
            .iter()
            .map(|column| Shape::of(&column.data_type))
            .collect();
        let distinct = match n_rows <= SMALL {
            true => "count(DISTINCT ",
            false => "approx_count_distinct(",
        };
        let parts: Vec<String> = declared
            .columns
            .iter()
            .zip(&shapes)
            .map(|(column, shape)| {
                let name = identifier(&column.name);
                let (least, greatest) = match shape {
                    Some(Shape::Whole) => (format!("min({name})"), format!("max({name})")),
                    _ => ("NULL".into(), "NULL".into()),
                };
                let (short, all, long, prose) = match shape {
                    Some(Shape::Text) => {
                        let text = format!("length(CAST({name} AS VARCHAR))");
                        (
                            format!("coalesce(min({text}), 0)"),
                            format!("coalesce(sum({text}), 0)"),
                            format!("coalesce(max({text}), 0)"),
                            format!(
                                "coalesce(max(CAST(contains(CAST({name} AS VARCHAR), ' ') \
                                 AS INTEGER)), 0)"
                            ),
                        )
                    }
                    _ => ("0".into(), "0".into(), "0".into(), "0".into()),
                };
                let distinct = match shape {
                    Some(_) => format!("{distinct}{name})"),
                    None => "0".into(),
                };
                format!(
                    "[CAST(count({name}) AS VARCHAR), CAST({distinct} AS VARCHAR), \
                     CAST({least} AS VARCHAR), CAST({greatest} AS VARCHAR), \
                     CAST({short} AS VARCHAR), CAST({all} AS VARCHAR), CAST({long} AS VARCHAR), \
                     CAST({prose} AS VARCHAR)]"
                )
            })
            .collect();
        let mut cells: Vec<Option<String>> = Vec::new();
        for parts in parts.chunks(GROUP) {
            cells.extend(rows(
                &self.connection,
                &action,
                &format!(
                    "SELECT unnest(flatten([{}])) FROM (SELECT {} FROM {relation})",
                    join(0..parts.len(), ", ", |idx| format!("c{idx}")),
                    join(parts.iter().enumerate(), ", ", |(idx, part)| format!(
                        "{part} AS c{idx}"
                    ))
                ),
                |row| row.get(0),
            )?);
        }
        let number = |cell: &Option<String>| -> Option<i128> { cell.as_deref()?.parse().ok() };
        let count = |cell: &Option<String>| number(cell).map_or(0, |n| n.max(0) as u64);
        Ok(cells
            .chunks_exact(8)
            .zip(shapes)
            .map(|(cells, shape)| {
                let filled = count(&cells[0]);
                ColumnLook {
                    shape,
                    nulls: n_rows.saturating_sub(filled),
                    distinct: count(&cells[1]).min(filled),
                    range: number(&cells[2]).zip(number(&cells[3])),
                    lengths: (
                        count(&cells[4]),
                        count(&cells[5]) as f64 / filled.max(1) as f64,
                        count(&cells[6]),
                    ),
                    is_prose: count(&cells[7]) > 0,
                }
            })
            .collect())
    }

    /// Returns a hash of every value of the first `limit` rows of a table: a list a column.
    ///
    /// What repeats among them repeats among all; neighbours repeat most.
    ///
    /// # Errors
    ///
    /// Fails if there is no such table, or reading fails.
    pub fn head(
        &self,
        table: &str,
        columns: &[String],
        limit: u64,
    ) -> Result<Vec<Vec<u64>>, Error> {
        let (_, relation) = self.declared(table)?;
        let action = format!("look for keys of table `{table}`");
        let mut found: Vec<Vec<u64>> = vec![Vec::new(); columns.len()];
        if columns.is_empty() {
            return Ok(found);
        }
        let hashes = join(columns, ", ", |name| format!("hash({})", identifier(name)));
        rows(
            &self.connection,
            &action,
            &format!("SELECT {hashes} FROM (SELECT * FROM {relation} LIMIT {limit})"),
            |row| {
                for (place, values) in found.iter_mut().enumerate() {
                    values.push(row.get(place)?);
                }
                Ok(())
            },
        )?;
        Ok(found)
    }

    /// Whether no two rows of a table agree in all of `columns`, NULL not counted.
    ///
    /// # Errors
    ///
    /// Fails if there is no such table or column, or reading fails.
    pub fn is_unique(&self, table: &str, columns: &[String], n_rows: u64) -> Result<bool, Error> {
        let (_, relation) = self.declared(table)?;
        let action = format!("look for keys of table `{table}`");
        let filled = join(columns, " AND ", |name| {
            format!("{} IS NOT NULL", identifier(name))
        });
        let names = list("", columns);
        let slices = n_rows.div_ceil(SLICE).max(1);
        for slice in 0..slices {
            let of_slice = match slices {
                1 => String::new(),
                _ => format!(" AND hash({names}) % {slices} = {slice}"),
            };
            let repeats: bool = row(
                &self.connection,
                &action,
                &format!(
                    "SELECT EXISTS (SELECT 1 FROM {relation} WHERE {filled}{of_slice} \
                     GROUP BY {names} HAVING count(*) > 1)"
                ),
                |row| row.get(0),
            )?;
            if repeats {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Puts some distinct values of columns aside, to be tried on keys by
    /// [`Source::probe`]; `columns` are (number, position, distinct values).
    ///
    /// # Errors
    ///
    /// Fails if there is no such table, or reading fails.
    pub fn put_aside(&self, table: &str, columns: &[(usize, usize, u64)]) -> Result<(), Error> {
        let (declared, relation) = self.declared(table)?;
        let action = format!("look for keys of table `{table}`");
        run(
            &self.connection,
            &action,
            "CREATE TEMP TABLE IF NOT EXISTS probes (number BIGINT, whole HUGEINT, text VARCHAR)",
        )?;
        for columns in columns.chunks(GROUP) {
            let lists = join(columns, ", ", |(number, position, distinct)| {
                let name = identifier(&declared.columns[*position].name);
                let one_of = (distinct / PROBES).max(1);
                format!("list(DISTINCT {name}) FILTER (hash({name}) % {one_of} = 0) AS l{number}")
            });
            let unions = join(
                columns,
                " UNION ALL ",
                |(number, position, _)| match Shape::of(&declared.columns[*position].data_type) {
                    Some(Shape::Whole) => format!(
                        "SELECT {number}, CAST(unnest(l{number}) AS HUGEINT), NULL FROM lists"
                    ),
                    _ => format!(
                        "SELECT {number}, NULL, CAST(unnest(l{number}) AS VARCHAR) FROM lists"
                    ),
                },
            );
            run(
                &self.connection,
                &action,
                &format!(
                    "INSERT INTO probes WITH lists AS MATERIALIZED (SELECT {lists} FROM {relation}) \
                     SELECT * FROM ({unions})"
                ),
            )?;
        }
        Ok(())
    }

    /// Returns how many of the values put aside a column has: number, values, matched.
    ///
    /// # Errors
    ///
    /// Fails if there is no such table or column, or reading fails.
    pub fn probe(
        &self,
        table: &str,
        column: &str,
        numbers: &[usize],
    ) -> Result<Vec<(usize, u64, u64)>, Error> {
        let (declared, relation) = self.declared(table)?;
        let action = format!("compare columns with `{table}.{column}`");
        let shape = declared
            .column(column)
            .and_then(|column| Shape::of(&column.data_type));
        let name = identifier(column);
        let (side, value) = match shape {
            Some(Shape::Whole) => ("whole", format!("CAST({name} AS HUGEINT)")),
            _ => ("text", format!("CAST({name} AS VARCHAR)")),
        };
        rows(
            &self.connection,
            &action,
            &format!(
                "WITH tried AS MATERIALIZED (SELECT number, {side} AS v FROM probes \
                 WHERE number IN ({}) AND {side} IS NOT NULL), \
                 found AS MATERIALIZED (SELECT DISTINCT {value} AS v FROM {relation} \
                 WHERE {value} IN (SELECT v FROM tried)) \
                 SELECT number, count(*), count(found.v) FROM tried LEFT JOIN found \
                 ON tried.v = found.v GROUP BY number ORDER BY number",
                join(numbers, ", ", |number| number.to_string())
            ),
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
    }

    /// Counts how far the values of the child's columns are among the parent's, which are
    /// unique; `most` is the larger of both tables' rows.
    ///
    /// # Errors
    ///
    /// Fails if there is no such table or column, or reading fails.
    pub fn inclusion(
        &self,
        child: (&str, &[String]),
        parent: (&str, &[String]),
        most: u64,
    ) -> Result<Inclusion, Error> {
        let (of_child, of_parent) = (self.declared(child.0)?.1, self.declared(parent.0)?.1);
        let action = format!("compare tables `{}` and `{}`", child.0, parent.0);
        let filled = |key: &[String]| {
            join(key, " AND ", |name| {
                format!("{} IS NOT NULL", identifier(name))
            })
        };
        // Numbers of different widths hash differently, so slices are cut by their text.
        let slices = most.div_ceil(SLICE).max(1);
        let sliced = |key: &[String], slice: u64| match slices {
            1 => String::new(),
            _ => format!(
                " AND hash({}) % {slices} = {slice}",
                join(key, ", ", |name| format!(
                    "CAST({} AS VARCHAR)",
                    identifier(name)
                ))
            ),
        };
        let keys = |key: &[String]| {
            join(key.iter().enumerate(), ", ", |(idx, name)| {
                format!("{} AS k{idx}", identifier(name))
            })
        };
        let on = join(0..child.1.len(), " AND ", |idx| {
            format!("child.k{idx} = parent.k{idx}")
        });
        let mut total = Inclusion::default();
        for slice in 0..slices {
            let found: (u64, u64, u64, u64) = row(
                &self.connection,
                &action,
                &format!(
                    "SELECT count(*), count(parent.k0), CAST(coalesce(sum(n), 0) AS BIGINT), \
                     CAST(coalesce(sum(n) FILTER (parent.k0 IS NOT NULL), 0) AS BIGINT) FROM \
                     (SELECT {}, count(*) AS n FROM {of_child} WHERE {}{} GROUP BY ALL) AS child \
                     LEFT JOIN (SELECT {} FROM {of_parent} WHERE {}{}) AS parent ON {on}",
                    keys(child.1),
                    filled(child.1),
                    sliced(child.1, slice),
                    keys(parent.1),
                    filled(parent.1),
                    sliced(parent.1, slice),
                ),
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )?;
            total.values += found.0;
            total.matched_values += found.1;
            total.rows += found.2;
            total.matched_rows += found.3;
        }
        Ok(total)
    }

    /// Forgets the values put aside.
    ///
    /// # Errors
    ///
    /// Fails if DuckDB does.
    pub fn forget_aside(&self) -> Result<(), Error> {
        run(
            &self.connection,
            "tidy up after looking for keys",
            "DROP TABLE IF EXISTS probes",
        )
    }

    /// Whether a column can be put aside for [`Source::probe`].
    pub fn can_be_tried(look: &ColumnLook) -> bool {
        match look.shape {
            Some(Shape::Whole) => true,
            Some(Shape::Text) => look.lengths.2 <= LONGEST,
            _ => false,
        }
    }
}
