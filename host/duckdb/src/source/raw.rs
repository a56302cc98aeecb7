//! From rows of text to a table with types.
//!
//! The types are those that all rows fit, not those of a sample. A sample proposes them,
//! the load checks them on every row as it reads, and only where a row does not fit are
//! all rows looked at again for the types of the columns that failed. Where a manifest has
//! the types already, they are the truth, and a value that does not fit is an error.

use std::fmt;
use std::path::PathBuf;

use duckdb::Connection;
use prodlike_core::schema::{Column, DataType, SemanticType, Table};
use prodlike_core::source::BrokenRows;

use super::csv::{self, CsvFile, Verdict};
use super::json;
use super::rules::{Rule, TOKENS, Tier, looks_temporal, rules};
use super::stage::Stage;
use crate::batches::{row, run};
use crate::error::{Error, shortened};
use crate::quote::{identifier, join, literal};

/// Rows of each file that propose types.
const SAMPLE: usize = 5_000;
/// Files that are sampled.
const SAMPLED_FILES: usize = 16;
/// Columns that one query looks at.
const LOOK: usize = 16;
/// What begins the message of a value that does not fit.
const MISFIT: &str = "value that does not fit: ";

/// What a column of a format that knows types may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Anything: the format knows text only.
    Text,
    /// A JSON string: text or a time, never a number.
    String,
    Number,
    Boolean,
    /// Nothing but null.
    Null,
    /// Strings, numbers and booleans: text.
    Mixed,
    /// Objects or arrays, in some rows at least: never text, which would carry them raw.
    Nested,
}

impl Shape {
    /// Reads what `json_group_structure` says of a key.
    pub(super) fn of_json(structure: &str) -> Shape {
        match structure {
            "\"VARCHAR\"" => Shape::String,
            "\"BOOLEAN\"" => Shape::Boolean,
            "\"NULL\"" => Shape::Null,
            "\"UBIGINT\"" | "\"BIGINT\"" | "\"DOUBLE\"" | "\"HUGEINT\"" => Shape::Number,
            text if text.starts_with('"') => Shape::Mixed,
            _ => Shape::Nested,
        }
    }

    /// What holds both.
    pub(super) fn with(self, other: Shape) -> Shape {
        match (self, other) {
            (left, right) if left == right => left,
            (Shape::Null, other) | (other, Shape::Null) => other,
            (Shape::Nested, _) | (_, Shape::Nested) => Shape::Nested,
            _ => Shape::Mixed,
        }
    }

    fn allows(self, rule: &Rule) -> bool {
        match self {
            Shape::Text => true,
            Shape::String => rule.takes_all() || rule.is_temporal(),
            Shape::Number => {
                rule.takes_all() || matches!(rule.data_type.as_str(), "BIGINT" | "DOUBLE")
            }
            Shape::Boolean => rule.takes_all() || rule.data_type == "BOOLEAN",
            Shape::Null | Shape::Mixed | Shape::Nested => rule.takes_all(),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Shape::Text | Shape::String | Shape::Mixed => "text",
            Shape::Number => "a number",
            Shape::Boolean => "true or false",
            Shape::Null => "null",
            Shape::Nested => "nested",
        })
    }
}

/// A column before its type is known.
#[derive(Debug)]
pub(super) struct RawColumn {
    pub(super) name: String,
    pub(super) shape: Shape,
}

/// Files that one statement reads, and their columns.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) columns: Vec<RawColumn>,
    pub(super) paths: Vec<PathBuf>,
    /// Whether `1,5` may be a number.
    pub(super) comma_decimals: bool,
    /// Whether words may stand for NULL.
    pub(super) has_tokens: bool,
    /// The files of JSON as DuckDB reads them.
    pub(super) json: Option<Vec<PathBuf>>,
    pub(super) csv: Vec<CsvFile>,
}

/// How thoroughly rows are read.
pub(super) enum Scan<'a> {
    /// Broken rows are left out.
    Lenient,
    /// Broken rows are put into a table.
    Strict { rejects: &'a str },
}

impl Raw {
    fn select(&self, scan: &Scan<'_>, policy: BrokenRows) -> Result<String, Error> {
        match &self.json {
            Some(files) => json::select(self, files, policy),
            None => csv::select(&self.csv, scan, None),
        }
    }
}

/// What is known of a column of the table.
struct Plan {
    name: String,
    shape: Shape,
    /// What it may be read as, the narrowest first.
    rules: Vec<Rule>,
    /// Parallel: whether all values seen fit.
    fits: Vec<bool>,
    /// Whether any value was seen.
    is_seen: bool,
    /// What the manifest says.
    pinned: Option<DataType>,
}

impl Plan {
    fn rule(&self) -> Option<&Rule> {
        let fitting = self.fits.iter().position(|fits| *fits);
        fitting.map(|idx| &self.rules[idx])
    }
}

/// Loads a table of text files and returns its columns.
pub(super) struct Loader<'a> {
    pub(super) connection: &'a Connection,
    pub(super) stage: &'a mut Stage,
    pub(super) table: &'a str,
    /// What to write behind FROM for it.
    pub(super) relation: &'a str,
    pub(super) policy: BrokenRows,
}

impl Loader<'_> {
    /// Loads the rows into a staged table.
    pub(super) fn load(
        &mut self,
        mut raws: Vec<Raw>,
        pinned: Option<&Table>,
    ) -> Result<Vec<Column>, Error> {
        let nested = raws.iter().flat_map(|raw| &raw.columns);
        for column in nested.filter(|column| column.shape == Shape::Nested) {
            // Not even where the manifest says text: objects would be learned raw.
            let pinned = pinned.and_then(|table| table.column(&column.name));
            if pinned.is_some_and(|pinned| !pinned.exclude) {
                return Err(Error::UnsupportedType {
                    table: self.table.to_string(),
                    column: column.name.clone(),
                    data_type: "JSON".into(),
                });
            }
        }
        let plans = loop {
            match self.read(&mut raws, pinned) {
                Ok(Some(plans)) => break plans,
                Ok(None) => {}
                // Lines that do not end alike, beyond what was looked at.
                Err(Error::Query { action, source })
                    if source.to_string().contains("reached an invalid state") =>
                {
                    let mut again = false;
                    for file in raws.iter_mut().flat_map(|raw| &mut raw.csv) {
                        again |= file.even_out(self.stage)?;
                    }
                    if !again {
                        return Err(match raws.iter().flat_map(|raw| &raw.paths).next() {
                            Some(path) => Error::NotATable { path: path.clone() },
                            None => Error::Query { action, source },
                        });
                    }
                }
                Err(error) => return Err(error),
            }
        };
        let columns = plans.into_iter().map(|plan| {
            let data_type = match (&plan.pinned, plan.shape) {
                (Some(data_type), _) => data_type.clone(),
                (None, Shape::Nested) => DataType::Other("JSON".into()),
                (None, _) => {
                    let rule = plan.rule().map_or("VARCHAR", |rule| &rule.data_type);
                    DataType::from_duckdb(rule)
                }
            };
            Column::new(plan.name, data_type, SemanticType::Numerical)
        });
        Ok(columns.collect())
    }

    /// Reads all rows; none if the files have to be read in another way.
    fn read(
        &mut self,
        raws: &mut [Raw],
        pinned: Option<&Table>,
    ) -> Result<Option<Vec<Plan>>, Error> {
        let mut plans = self.plans(raws, pinned);
        let tokens = self.sample(raws, &mut plans)?;
        let unseen: Vec<usize> = (0..plans.len())
            .filter(|&idx| !plans[idx].is_seen && plans[idx].rules.len() > 1)
            .collect();
        if !unseen.is_empty() {
            self.widen(raws, &mut plans, &unseen)?;
        }
        loop {
            match self.fill(raws, &plans, &tokens) {
                Ok(()) => break,
                Err(Error::Query { source, .. }) if source.to_string().contains(MISFIT) => {
                    let failing = self.failing(raws, &plans)?;
                    self.widen(raws, &mut plans, &failing)?;
                }
                Err(error) => return Err(error),
            }
        }
        let verdict = csv::judge(
            self.connection,
            self.stage,
            self.table,
            raws,
            "rejects",
            self.policy,
        )?;
        Ok(match verdict {
            Verdict::Done => Some(plans),
            Verdict::Again => None,
        })
    }

    /// Which columns the table has, and what each may be read as.
    fn plans(&self, raws: &[Raw], pinned: Option<&Table>) -> Vec<Plan> {
        let all = rules();
        let mut plans: Vec<Plan> = Vec::new();
        for raw in raws {
            for column in &raw.columns {
                if plans.iter().any(|plan| plan.name == column.name) {
                    continue;
                }
                let pinned = pinned
                    .and_then(|table| table.column(&column.name))
                    .map(|column| match column.exclude {
                        true => DataType::String,
                        false => column.data_type.clone(),
                    });
                let rules: Vec<Rule> = match &pinned {
                    Some(DataType::String | DataType::Other(_)) => vec![Rule::text()],
                    Some(data_type) => {
                        let name = data_type.to_string();
                        let mut rules: Vec<Rule> = all
                            .iter()
                            .filter(|rule| rule.data_type == name)
                            .filter(|rule| raw.comma_decimals || !rule.is_comma)
                            .cloned()
                            .collect();
                        rules.push(Rule::cast(&name));
                        rules
                    }
                    None => all
                        .iter()
                        .filter(|rule| column.shape.allows(rule))
                        .filter(|rule| raw.comma_decimals || !rule.is_comma)
                        .cloned()
                        .collect(),
                };
                plans.push(Plan {
                    name: column.name.clone(),
                    shape: column.shape,
                    fits: vec![true; rules.len()],
                    rules,
                    is_seen: false,
                    pinned,
                });
            }
        }
        for plan in &plans {
            for raw in raws {
                if !raw.columns.iter().any(|column| column.name == plan.name) {
                    tracing::warn!(
                        "column `{}.{}` is missing in `{}`; read as NULL there",
                        self.table,
                        plan.name,
                        raw.paths.first().cloned().unwrap_or_default().display()
                    );
                }
            }
        }
        plans
    }

    /// Looks at the first rows of each file; returns the words that stand for NULL.
    fn sample(&self, raws: &[Raw], plans: &mut [Plan]) -> Result<Vec<String>, Error> {
        let mut tokens: Vec<String> = Vec::new();
        let mut types: Vec<Option<(String, PathBuf)>> = plans.iter().map(|_| None).collect();
        let mut files = 0;
        for raw in raws {
            // JSON was looked at file by file already.
            let parts: Vec<(String, PathBuf)> = match raw.json.is_some() {
                true => vec![(
                    raw.select(&Scan::Lenient, self.policy)?,
                    raw.paths.first().cloned().unwrap_or_default(),
                )],
                false => raw
                    .csv
                    .iter()
                    .take(SAMPLED_FILES.saturating_sub(files))
                    .map(|file| {
                        let one = std::slice::from_ref(file);
                        Ok((csv::select(one, &Scan::Lenient, None)?, file.path.clone()))
                    })
                    .collect::<Result<_, Error>>()?,
            };
            files += parts.len();
            for (select, path) in parts {
                let present: Vec<usize> = (0..plans.len())
                    .filter(|&idx| raw.columns.iter().any(|c| c.name == plans[idx].name))
                    .collect();
                run(
                    self.connection,
                    &self.action(),
                    &format!("CREATE OR REPLACE TEMP TABLE sample AS {select} LIMIT {SAMPLE}"),
                )?;
                let seen = self.look("FROM sample", raw.has_tokens, plans, &present)?;
                for (&idx, seen) in present.iter().zip(seen) {
                    let plan = &mut plans[idx];
                    if seen.filled == 0 {
                        continue;
                    }
                    plan.is_seen = true;
                    let narrowest = seen.fits.iter().position(|fits| *fits);
                    let narrowest = narrowest.map(|at| plan.rules[at].data_type.clone());
                    if let Some(narrowest) = narrowest {
                        if narrowest != "VARCHAR" {
                            tokens.extend(seen.tokens);
                        }
                        match &types[idx] {
                            Some((known, first)) if *known != narrowest => tracing::warn!(
                                "column `{}.{}` is {known} in `{}`, but {narrowest} in `{}`; \
                                 read as what holds both",
                                self.table,
                                plan.name,
                                first.display(),
                                path.display()
                            ),
                            Some(_) => {}
                            None => types[idx] = Some((narrowest, path.clone())),
                        }
                    }
                    for (fits, seen) in plan.fits.iter_mut().zip(seen.fits) {
                        *fits &= seen;
                    }
                }
            }
        }
        run(
            self.connection,
            "make room",
            "DROP TABLE IF EXISTS temp.sample",
        )?;
        for plan in plans.iter() {
            self.check(raws, plan)?;
            self.warn_of_two_ways(plan);
        }
        tokens.sort();
        tokens.dedup();
        Ok(tokens)
    }

    /// Says where day and month could be either.
    fn warn_of_two_ways(&self, plan: &Plan) {
        let Some(Rule {
            format: Some(format @ ("%m/%d/%Y" | "%d-%m-%Y")),
            ..
        }) = plan.rule().filter(|_| plan.is_seen)
        else {
            return;
        };
        let fits = |wanted: &str| {
            plan.rules
                .iter()
                .zip(&plan.fits)
                .any(|(rule, fits)| *fits && rule.format == Some(wanted))
        };
        let (other, order) = match *format {
            "%m/%d/%Y" => ("%d/%m/%Y", "month first"),
            _ => ("%m-%d-%Y", "day first"),
        };
        if fits(other) {
            tracing::warn!(
                "dates of column `{}.{}` may begin with day or month; read with the {order}",
                self.table,
                plan.name
            );
        }
    }

    /// Looks at all rows for what columns fit.
    fn widen(&self, raws: &[Raw], plans: &mut [Plan], idxs: &[usize]) -> Result<(), Error> {
        for raw in raws {
            let present: Vec<usize> = idxs
                .iter()
                .copied()
                .filter(|&idx| raw.columns.iter().any(|c| c.name == plans[idx].name))
                .collect();
            let sql = raw.select(&Scan::Lenient, self.policy)?;
            let seen = self.look(&sql, raw.has_tokens, plans, &present)?;
            for (idx, seen) in present.into_iter().zip(seen) {
                let plan = &mut plans[idx];
                for (fits, seen) in plan.fits.iter_mut().zip(seen.fits) {
                    *fits &= seen;
                }
            }
        }
        for &idx in idxs {
            let plan = &mut plans[idx];
            if !plan.is_seen && plan.fits.iter().all(|fits| *fits) && plan.pinned.is_none() {
                // No value anywhere: text says least.
                let last = plan.fits.len() - 1;
                plan.fits[..last].fill(false);
            }
            plan.is_seen = true;
            self.check(raws, plan)?;
        }
        Ok(())
    }

    /// Returns the columns with values that do not fit their rule.
    fn failing(&self, raws: &[Raw], plans: &[Plan]) -> Result<Vec<usize>, Error> {
        let mut failing = Vec::new();
        for raw in raws {
            let present: Vec<usize> = (0..plans.len())
                .filter(|&idx| raw.columns.iter().any(|c| c.name == plans[idx].name))
                .collect();
            let select = raw.select(&Scan::Lenient, self.policy)?;
            let tests = join(&present, ", ", |&idx| {
                let test = plans[idx]
                    .rule()
                    .map_or("true".to_string(), |rule| rule.test(&format!("v{idx}")));
                format!("coalesce(bool_and({test}) FILTER (v{idx} IS NOT NULL), true)")
            });
            let sql = format!(
                "SELECT {tests} FROM ({})",
                cleaned(&select, raw.has_tokens, plans, &present)
            );
            let fits: Vec<bool> = row(self.connection, &self.action(), &sql, |row| {
                (0..present.len()).map(|at| row.get(at)).collect()
            })?;
            for (idx, fits) in present.into_iter().zip(fits) {
                if !fits && !failing.contains(&idx) {
                    failing.push(idx);
                }
            }
        }
        if failing.is_empty() {
            return Err(Error::Internal {
                what: format!("no column of table `{}` failed to load", self.table),
            });
        }
        Ok(failing)
    }

    /// Tests all rules of some columns on the rows of a query.
    fn look(
        &self,
        select: &str,
        has_tokens: bool,
        plans: &[Plan],
        idxs: &[usize],
    ) -> Result<Vec<Seen>, Error> {
        // DuckDB plans many aggregates in more than linear time.
        let mut seen = Vec::with_capacity(idxs.len());
        for some in idxs.chunks(LOOK) {
            seen.extend(self.look_at_some(select, has_tokens, plans, some)?);
        }
        Ok(seen)
    }

    fn look_at_some(
        &self,
        select: &str,
        has_tokens: bool,
        plans: &[Plan],
        idxs: &[usize],
    ) -> Result<Vec<Seen>, Error> {
        let filled = |idx: usize| format!("FILTER (v{idx} IS NOT NULL)");
        let mut wanted: Vec<String> = Vec::new();
        for &idx in idxs {
            wanted.push(format!("count(v{idx})"));
            wanted.push(match has_tokens {
                true => format!("bit_or(t{idx})"),
                false => "NULL".to_string(),
            });
            wanted.push(format!(
                "coalesce(bool_and({}) {}, false)",
                looks_temporal(&format!("v{idx}")),
                filled(idx)
            ));
        }
        let tests = |idx: usize, tier: Tier| {
            let rules = plans[idx].rules.iter().enumerate();
            let rules = rules.filter(move |(_, rule)| rule.tier() == tier);
            rules.map(move |(at, rule)| (idx, at, rule.test(&format!("v{idx}"))))
        };
        let all = |tests: &[(usize, usize, String)], wanted: &mut Vec<String>| {
            wanted.extend(tests.iter().map(|(idx, _, test)| {
                format!("coalesce(bool_and({test}) {}, true)", filled(*idx))
            }));
        };
        let plain: Vec<_> = idxs
            .iter()
            .flat_map(|&idx| tests(idx, Tier::Plain))
            .collect();
        all(&plain, &mut wanted);
        let from = cleaned(&format!("({select})"), has_tokens, plans, idxs);
        let mut may_be_time = Vec::new();
        let mut seen = row(
            self.connection,
            &self.action(),
            &format!("SELECT {} FROM ({from})", wanted.join(", ")),
            |row| {
                let mut seen = Vec::with_capacity(idxs.len());
                for (place, &idx) in idxs.iter().enumerate() {
                    let tokens: Option<i64> = row.get(place * 3 + 1)?;
                    may_be_time.push(row.get::<_, bool>(place * 3 + 2)?);
                    let filled = row.get(place * 3)?;
                    // What nothing was seen of fits everything.
                    let fits = plans[idx].rules.iter();
                    seen.push(Seen {
                        filled,
                        tokens: tokens_of(tokens.unwrap_or_default()),
                        fits: fits.map(|rule| filled == 0 && rule.is_temporal()).collect(),
                    });
                }
                for (at, (idx, rule, _)) in plain.iter().enumerate() {
                    if let Some(place) = idxs.iter().position(|other| other == idx) {
                        seen[place].fits[*rule] = row.get(idxs.len() * 3 + at)?;
                    }
                }
                Ok(seen)
            },
        )?;
        // Each tier is dear, and only what fits none before may fit it.
        for tier in [Tier::Iso, Tier::Format] {
            let open = |place: usize| {
                let rules = plans[idxs[place]].rules.iter().zip(&seen[place].fits);
                let mut fitting = rules.filter(|(_, fits)| **fits);
                may_be_time[place] && !fitting.any(|(rule, _)| rule.is_decisive())
            };
            let tests: Vec<_> = (0..idxs.len())
                .filter(|&place| open(place))
                .flat_map(|place| tests(idxs[place], tier))
                .collect();
            if tests.is_empty() {
                continue;
            }
            let mut wanted = Vec::new();
            all(&tests, &mut wanted);
            let fits: Vec<bool> = row(
                self.connection,
                &self.action(),
                &format!("SELECT {} FROM ({from})", wanted.join(", ")),
                |row| (0..tests.len()).map(|at| row.get(at)).collect(),
            )?;
            for ((idx, rule, _), fits) in tests.into_iter().zip(fits) {
                if let Some(place) = idxs.iter().position(|other| *other == idx) {
                    seen[place].fits[rule] = fits;
                }
            }
        }
        Ok(seen)
    }

    /// Fails if nothing fits: the manifest allows less than there is.
    fn check(&self, raws: &[Raw], plan: &Plan) -> Result<(), Error> {
        if plan.rule().is_some() {
            return Ok(());
        }
        let Some(rule) = plan.rules.last() else {
            return Ok(());
        };
        for raw in raws {
            if !raw.columns.iter().any(|column| column.name == plan.name) {
                continue;
            }
            let parts: Vec<(String, &[CsvFile])> = match raw.json.is_some() {
                true => vec![(raw.select(&Scan::Lenient, self.policy)?, &[])],
                false => raw
                    .csv
                    .chunks(1)
                    .map(|one| Ok((csv::select(one, &Scan::Lenient, None)?, one)))
                    .collect::<Result<_, Error>>()?,
            };
            for (select, files) in parts {
                let sql = format!(
                    "SELECT min(v0) FROM (SELECT {} AS v0 FROM ({select})) \
                     WHERE v0 IS NOT NULL AND NOT ({})",
                    clean(&identifier(&plan.name), raw.has_tokens),
                    join(&plan.rules, " OR ", |rule| rule.test("v0"))
                );
                let value: Option<String> =
                    row(self.connection, &self.action(), &sql, |row| row.get(0))?;
                let Some(value) = value else { continue };
                let place = csv::line_of_value(
                    self.connection,
                    files,
                    &plan.name,
                    &rule.data_type,
                    &value,
                )?;
                let (path, line) = match place {
                    Some((path, line)) => (path, Some(line)),
                    None => (
                        files
                            .first()
                            .map(|file| file.path.clone())
                            .or_else(|| raw.paths.first().cloned())
                            .unwrap_or_default(),
                        None,
                    ),
                };
                return Err(Error::DoesNotFit {
                    column: format!("{}.{}", self.table, plan.name),
                    value: shortened(&value),
                    expected: rule.data_type.clone(),
                    path,
                    line,
                });
            }
        }
        // Several formats fit some values each, and none fits all of them.
        Err(Error::DoesNotFit {
            column: format!("{}.{}", self.table, plan.name),
            value: "values of several formats".into(),
            expected: rule.data_type.clone(),
            path: raws
                .first()
                .and_then(|raw| raw.paths.first().cloned())
                .unwrap_or_default(),
            line: None,
        })
    }

    /// Reads all rows into the staged table.
    fn fill(&self, raws: &[Raw], plans: &[Plan], tokens: &[String]) -> Result<(), Error> {
        run(
            self.connection,
            "make room",
            "DROP TABLE IF EXISTS rejects; DROP TABLE IF EXISTS rejects_scans",
        )?;
        let mut selects = Vec::new();
        for raw in raws {
            let present: Vec<(usize, &Plan)> = plans
                .iter()
                .enumerate()
                .filter(|(_, plan)| raw.columns.iter().any(|column| column.name == plan.name))
                .collect();
            // Cleaned below, so that no expression is written, and evaluated, many times.
            let cleaned = join(&present, ", ", |(idx, plan)| {
                let name = identifier(&plan.name);
                let is_text = plan.rule().is_none_or(Rule::is_text);
                match (raw.has_tokens, is_text) {
                    (true, true) if !tokens.is_empty() => {
                        let words = join(tokens, " ", |token| {
                            format!("WHEN {} THEN NULL", literal(token))
                        });
                        format!("CASE {name} {words} ELSE {name} END AS v{idx}")
                    }
                    (true, false) => format!("{} AS v{idx}", clean(&name, true)),
                    _ => format!("{name} AS v{idx}"),
                }
            });
            let columns = join(&present, ", ", |(idx, plan)| {
                let (name, value) = (identifier(&plan.name), format!("v{idx}"));
                match plan.rule().filter(|rule| !rule.is_text()) {
                    None => format!("{value} AS {name}"),
                    Some(rule) => format!(
                        "CASE WHEN {value} IS NULL THEN NULL WHEN {} THEN {} \
                         ELSE error('{MISFIT}' || {value}) END AS {name}",
                        rule.test(&value),
                        rule.value(&value)
                    ),
                }
            });
            let scan = Scan::Strict { rejects: "rejects" };
            selects.push(format!(
                "SELECT {columns} FROM (SELECT {cleaned} FROM ({}))",
                raw.select(&scan, self.policy)?
            ));
        }
        run(
            self.connection,
            &self.action(),
            &format!(
                "CREATE OR REPLACE TABLE {} AS {}",
                self.relation,
                selects.join(" UNION ALL BY NAME ")
            ),
        )
    }

    fn action(&self) -> String {
        format!("read table `{}`", self.table)
    }
}

/// What was seen of a column.
struct Seen {
    filled: u64,
    tokens: Vec<String>,
    fits: Vec<bool>,
}

/// SQL: columns `v…` of values without blanks and tokens, and `t…` with a bit for
/// each token.
fn cleaned(select: &str, has_tokens: bool, plans: &[Plan], idxs: &[usize]) -> String {
    let columns = join(idxs, ", ", |&idx| {
        let name = identifier(&plans[idx].name);
        let token = match has_tokens {
            true => {
                let words = join(TOKENS.iter().enumerate(), " ", |(at, token)| {
                    format!("WHEN {} THEN {}", literal(token), 1_i64 << at)
                });
                format!(", CASE {name} {words} END AS t{idx}")
            }
            false => String::new(),
        };
        format!("{} AS v{idx}{token}", clean(&name, has_tokens))
    });
    format!("SELECT {columns} FROM ({select})")
}

/// SQL: a value without blanks around it; NULL where it is blank or a token.
///
/// Written as CASE, because DuckDB makes a join of each IN with that many constants; and what
/// begins with a digit is asked no further, because that is most of what there is.
fn clean(name: &str, has_tokens: bool) -> String {
    if !has_tokens {
        return name.to_string();
    }
    let words = join(TOKENS, " ", |token| {
        format!("WHEN {} THEN NULL", literal(token))
    });
    format!(
        "CASE WHEN {name} >= '0' AND {name} < ':' THEN trim({name}) ELSE \
         CASE trim({name}) WHEN '' THEN NULL {words} ELSE trim({name}) END END"
    )
}

/// The words whose bits are set.
fn tokens_of(bits: i64) -> Vec<String> {
    let tokens = TOKENS.iter().enumerate();
    tokens
        .filter(|(at, _)| bits >> at & 1 == 1)
        .map(|(_, token)| token.to_string())
        .collect()
}
