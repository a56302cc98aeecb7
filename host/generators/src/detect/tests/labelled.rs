//! Detection judged by columns whose meaning is known (tests/detection/README.md).
//!
//! `cargo test --release --workspace detection -- --nocapture` prints the figures.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use prodlike_core::schema::{DataType, SemanticType};

use crate::detect::{ColumnFacts, Detection, detect};

const COLUMNS: &str = include_str!("../../../../../tests/detection/columns.tsv");

/// A column of the labelled set.
struct Labelled<'a> {
    /// `tune`, `held` (kept from the one who tuned the rules), `strange` (columns of
    /// public schemas) or `blind` (whole schemas by somebody who did not know the rules).
    part: &'a str,
    locale: &'a str,
    kind: &'a str,
    /// `identify`, `open` (nobody's, but never to be learned) or `learn`.
    treat: &'a str,
    /// Semantic types that are right; none, where nobody said.
    wanted: Vec<&'a str>,
    table: &'a str,
    column: &'a str,
    data_type: DataType,
    counts: [u64; 3],
    pool: &'a str,
    values: Vec<String>,
}

fn labelled() -> Vec<Labelled<'static>> {
    let mut pools = BTreeMap::new();
    let mut columns = Vec::new();
    for line in COLUMNS.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        match cells[..] {
            ["P", pool, ref values @ ..] => {
                pools.insert(pool, values.to_vec());
            }
            [
                "C",
                part,
                locale,
                kind,
                treat,
                wanted,
                table,
                column,
                data_type,
                rows,
                nulls,
                distinct,
                pool,
            ] => {
                let counts = [rows, nulls, distinct].map(|count| count.parse().unwrap());
                columns.push(Labelled {
                    part,
                    locale,
                    kind,
                    treat,
                    wanted: wanted.split('|').filter(|it| *it != "-").collect(),
                    table,
                    column,
                    data_type: DataType::from_duckdb(data_type),
                    counts,
                    pool,
                    values: pools[pool]
                        .iter()
                        .take(counts[2] as usize)
                        .map(|value| (*value).to_string())
                        .collect(),
                });
            }
            _ => panic!("neither pool nor column: `{line}`"),
        }
    }
    columns
}

fn judge(labelled: &Labelled<'_>) -> Detection {
    let [rows, nulls, distinct] = labelled.counts;
    detect(&ColumnFacts {
        table: labelled.table,
        column: labelled.column,
        data_type: &labelled.data_type,
        rows,
        nulls,
        distinct,
        values: &labelled.values,
        is_key: false,
        is_unique: false,
    })
}

/// How often decisions were right.
#[derive(Default)]
struct Figures {
    columns: u32,
    /// Columns to be generated, and those of them that are.
    to_generate: u32,
    generated: u32,
    /// Of the identifying ones only.
    identifying: u32,
    found: u32,
    /// Columns to be learned that are generated.
    false_alarms: u32,
    typed: u32,
    exact: u32,
}

impl Figures {
    fn add(&mut self, labelled: &Labelled<'_>, semantic: SemanticType) {
        let is_generated = u32::from(semantic.is_identifying());
        self.columns += 1;
        self.typed += u32::from(!labelled.wanted.is_empty());
        self.exact += u32::from(labelled.wanted.contains(&semantic.as_str()));
        if labelled.treat == "learn" {
            self.false_alarms += is_generated;
            return;
        }
        self.to_generate += 1;
        self.generated += is_generated;
        if labelled.treat == "identify" {
            self.identifying += 1;
            self.found += is_generated;
        }
    }

    /// Of the columns that identify, the share that is generated.
    fn recall(&self) -> f64 {
        f64::from(self.found) / f64::from(self.identifying.max(1))
    }

    /// Of the columns that are generated, the share that identify; columns of open
    /// vocabularies, which are generated on principle, count on neither side.
    fn precision(&self) -> f64 {
        f64::from(self.found) / f64::from((self.found + self.false_alarms).max(1))
    }

    /// Of the columns of open vocabularies, the share that is generated.
    fn open_recall(&self) -> f64 {
        match self.to_generate - self.identifying {
            0 => 1.0,
            open => f64::from(self.generated - self.found) / f64::from(open),
        }
    }

    fn exact(&self) -> f64 {
        f64::from(self.exact) / f64::from(self.typed.max(1))
    }
}

#[test]
fn detection_reaches_the_figures_of_the_issue() {
    let columns = labelled();
    let mut by_part: BTreeMap<String, Figures> = BTreeMap::new();
    for labelled in &columns {
        let found = judge(labelled);
        for part in [labelled.locale, labelled.part, "total"] {
            by_part
                .entry(part.to_string())
                .or_default()
                .add(labelled, found.semantic);
        }
    }
    let mut text = String::from(
        "detection     columns  identifying  recall  open recall  precision  exact type\n",
    );
    for (part, figures) in &by_part {
        writeln!(
            text,
            "{part:<12} {:>8} {:>12} {:>7.3} {:>12.3} {:>10.3} {:>11.3}",
            figures.columns,
            figures.identifying,
            figures.recall(),
            figures.open_recall(),
            figures.precision(),
            figures.exact(),
        )
        .unwrap();
    }
    println!("{text}");
    let is_wrong = |labelled: &&Labelled<'_>| {
        judge(labelled).semantic.is_identifying() != (labelled.treat != "learn")
    };
    println!("decided wrongly, by kind:");
    let mut wrong: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for labelled in columns.iter().filter(is_wrong) {
        wrong.entry(labelled.kind).or_default().push(format!(
            "{} {} {}.{} as {}",
            labelled.part,
            labelled.locale,
            labelled.table,
            labelled.column,
            judge(labelled).semantic
        ));
    }
    for (kind, columns) in &wrong {
        println!("  {kind}: {}", columns.join(", "));
    }
    // For tuning: every decision that is not exact, the held-out half left out.
    if std::env::var_os("PRODLIKE_DETECTION_VERBOSE").is_some() {
        for labelled in columns.iter().filter(|labelled| labelled.part == "tune") {
            let found = judge(labelled);
            if !labelled.wanted.contains(&found.semantic.as_str()) {
                println!(
                    "{} {}.{} {}: wanted {:?}, found {} ({})",
                    labelled.locale,
                    labelled.table,
                    labelled.column,
                    labelled.kind,
                    labelled.wanted,
                    found.semantic,
                    found.reason
                );
            }
        }
    }
    for part in ["held", "strange", "blind", "total"] {
        let figures = &by_part[part];
        assert!(figures.recall() >= 0.98, "{part}\n{text}");
        assert!(figures.precision() >= 0.9, "{part}\n{text}");
    }
}

#[test]
fn detection_is_judged_by_many_kinds_in_many_locales() {
    let mut columns = labelled();
    columns.retain(|column| matches!(column.part, "tune" | "held"));
    let locales: BTreeSet<_> = columns.iter().map(|column| column.locale).collect();
    let kinds: BTreeSet<_> = columns.iter().map(|column| column.kind).collect();
    assert!(locales.len() >= 8 && kinds.len() >= 60);
    for kind in kinds {
        let of_kind: BTreeSet<_> = columns
            .iter()
            .filter(|column| column.kind == kind)
            .map(|column| column.locale)
            .collect();
        assert!(of_kind.len() >= 8, "{kind} is known in {of_kind:?}");
    }
}

#[test]
fn detection_tells_locales() {
    let mut columns = labelled();
    let own: BTreeSet<String> = columns
        .iter()
        .filter_map(|column| column.pool.strip_suffix("/de_DE"))
        .map(str::to_string)
        .collect();
    // What is written alike everywhere has no locale to tell.
    columns.retain(|column| {
        column
            .pool
            .split_once('/')
            .is_some_and(|(kind, _)| own.contains(kind))
    });
    let (mut told, mut right, mut language) = (0, 0, 0);
    let mut by_locale: BTreeMap<&str, [u32; 3]> = BTreeMap::new();
    for column in &columns {
        let [all, said, correct] = by_locale.entry(column.locale).or_default();
        *all += 1;
        if let Some(locale) = judge(column).locale {
            told += 1;
            *said += 1;
            *correct += u32::from(locale == column.locale);
            right += u32::from(locale == column.locale);
            language += u32::from(locale[..2] == column.locale[..2]);
        }
    }
    println!("locales       columns   told  right");
    for (locale, [all, said, correct]) in &by_locale {
        println!("{locale:<12} {all:>8} {said:>6} {correct:>6}");
    }
    println!(
        "total        {:>8} {told:>6} {right:>6}, language alone {language}",
        columns.len()
    );
    assert!(f64::from(language) >= 0.9 * f64::from(told));
    assert!(f64::from(told) >= 0.3 * columns.len() as f64);
}
