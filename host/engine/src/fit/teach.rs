//! Teaches every variable, and makes what was learned a model.

use prodlike_core::model::{Drawn, Feature, Next, NextCodec, Suppressed, TableModel, Target};
use prodlike_core::progress::{Cancel, Progress};
use prodlike_core::schema::Schema;
use prodlike_models::codec::Codec;
use prodlike_models::finer::Finer;
use prodlike_models::teacher::{self, Conditional, Sample, TreeParams};
use prodlike_models::tree::{Tree, Walk};
use rayon::prelude::*;

use super::Variable;
use super::features::Learning;
use crate::error::Error;

/// Fewest rows on either side of a split.
const MIN_ROWS: u32 = 10;
/// Fewest rows of somebody: those of one person are alike, so it takes more of them.
const MIN_OWNED: u32 = 20;

/// How deep trees may look, under a floor.
pub(super) fn params(floor: Option<u32>) -> TreeParams {
    TreeParams {
        min_rows: floor.map_or(MIN_ROWS, |floor| floor.max(MIN_OWNED)),
        floor: floor.unwrap_or(1),
        max_depth: 24,
        within: None,
    }
}

/// What was learned of a variable: how it is drawn, and how it follows in a chain.
pub(super) struct Taught {
    first: Conditional,
    next: Option<Conditional>,
    /// Values that no row before has, where that is told.
    fresh: Option<Conditional>,
    /// Where a segment of rows begins.
    start: Option<Conditional>,
}

/// Of which rows a variable is learned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Of all, or in a chain of first ones.
    First,
    /// Of those that have one before them.
    Next,
    /// Of both, where both draw a value and nothing says what is to be expected of a row by itself:
    /// what first rows may be drawn by as well.
    All,
    /// Of those of them with a value that none before has.
    Fresh,
    /// Of all, that know nothing of those before them.
    Start,
}

/// Teaches every variable of every table; any order, same result.
pub(super) fn teach(
    tables: &[Learning],
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Vec<Vec<Taught>>, Error> {
    let jobs: Vec<(usize, usize, Part)> = (0..tables.len())
        .flat_map(|table| (0..tables[table].drawn.len()).map(move |drawn| (table, drawn)))
        .flat_map(|(table, drawn)| {
            let next = tables[table].drawn[drawn].next.as_ref();
            let is_told = next.is_some_and(|next| matches!(next.codec, NextCodec::Recent(_)));
            let parts = [
                (Part::First, true),
                (
                    Part::All,
                    next.is_some_and(|next| next.codec == NextCodec::Value && next.norm.is_none()),
                ),
                (Part::Next, next.is_some()),
                (Part::Fresh, is_told),
                (Part::Start, next.is_some_and(|next| next.starts)),
            ];
            (parts.into_iter())
                .filter_map(move |(part, is_there)| is_there.then_some((table, drawn, part)))
        })
        .collect();
    progress.begin("fit", jobs.len() as u64);
    let fitted: Vec<Result<Conditional, Error>> = jobs
        .par_iter()
        .with_max_len(1)
        .map(|&(table, drawn, part)| {
            if cancel.is_cancelled() {
                return Err(Error::Interrupted);
            }
            let conditional = tables[table].teach(drawn, part);
            progress.advance("fit", 1);
            Ok(conditional)
        })
        .collect();
    progress.finish("fit");
    let mut taught: Vec<Vec<Taught>> = tables.iter().map(|_| Vec::new()).collect();
    for ((table, drawn, part), conditional) in jobs.into_iter().zip(fitted) {
        let conditional = conditional?;
        match (part, taught[table].last_mut()) {
            (Part::All, Some(taught)) => tables[table].join(drawn, &mut taught.first, conditional),
            (Part::Next, Some(taught)) => taught.next = Some(conditional),
            (Part::Fresh, Some(taught)) => taught.fresh = Some(conditional),
            (Part::Start, Some(taught)) => taught.start = Some(conditional),
            _ => taught[table].push(Taught {
                first: conditional,
                next: None,
                fresh: None,
                start: None,
            }),
        }
    }
    for (table, taught) in tables.iter().zip(&mut taught) {
        for (drawn, taught) in taught.iter_mut().enumerate() {
            let next = table.drawn[drawn].next.as_ref();
            if let Some(norm) = next.and_then(|next| next.norm.as_ref()) {
                table.join(drawn, &mut taught.first, norm.clone());
            }
        }
    }
    Ok(taught)
}

impl Learning {
    /// Where a variable stands among the features: all before it are known when it is drawn.
    pub(super) fn place(&self, drawn: usize) -> usize {
        let is_it = |feature: &Feature| *feature == Feature::Drawn(drawn);
        self.features.iter().position(is_it).unwrap_or(0)
    }

    /// Learns a variable of a part of the rows.
    fn teach(&self, drawn: usize, part: Part) -> Conditional {
        self.with(drawn, part != Part::Start, |sample| {
            self.teach_of(drawn, part, *sample)
        })
    }

    /// Hands on a variable with what is known of it: of the row itself and its owner, or of the rows
    /// before as well.
    pub(super) fn with<R>(
        &self,
        drawn: usize,
        all: bool,
        then: impl FnOnce(&Sample<'_>) -> R,
    ) -> R {
        let known = self.place(drawn);
        let nothing = vec![0; self.symbols[known].len()];
        let features: Vec<&[u8]> = (self.symbols[..known].iter().zip(&self.features))
            .map(|(symbols, feature)| match all || !feature.follows() {
                true => symbols.as_slice(),
                false => nothing.as_slice(),
            })
            .collect();
        let entities: Vec<&[u32]> = self.entities.iter().map(Vec::as_slice).collect();
        then(&Sample {
            target: &self.symbols[known],
            symbols: self.drawn[drawn].codec.symbols(),
            features: &features,
            entities: &entities,
            held_out: &self.held_out,
        })
    }

    fn teach_of<'a>(&'a self, drawn: usize, part: Part, mut sample: Sample<'a>) -> Conditional {
        let variable = &self.drawn[drawn];
        let mut params = params(self.floor);
        if let (Target::Finer(column), Codec::Finer(Finer::Parts(_)) | Codec::Members(_)) =
            (variable.target, &variable.codec)
        {
            let is_coarse = |it: &Variable| it.target == Target::Column(column);
            let coarse = self.drawn.iter().position(is_coarse);
            params.within = coarse.map(|coarse| self.place(coarse));
        }
        if let Some(shifted) = &variable.shifted {
            sample.target = &shifted.symbols;
            sample.symbols = shifted.shift.symbols;
        }
        let following = variable.next.as_ref();
        let is_once = matches!(variable.target, Target::Distinct(_));
        if part == Part::Start || following.is_none() && !is_once {
            return teacher::fit(&sample, params);
        }
        let is_new = |row: usize| match following.map(|it| (&it.codec, &it.symbols)) {
            Some((NextCodec::Recent(told), symbols)) => symbols[row] == *told,
            _ => false,
        };
        let rows = (0..self.previous.len() as u32)
            .filter(|&row| {
                let has_previous = self.previous[row as usize] != u32::MAX;
                part == Part::All
                    || has_previous == (part != Part::First)
                        && (part != Part::Fresh || is_new(row as usize))
            })
            .collect::<Vec<_>>();
        if let (Part::Next, Some(following)) = (part, following) {
            sample.target = &following.symbols;
            sample.symbols = following.codec.symbols(&variable.codec);
        }
        teacher::of_rows(&sample, &rows, |sample| teacher::fit(sample, params))
    }

    /// Draws first rows by what was learned of all, where held-out ones then cost fewer bits: they are
    /// rows like others that have none before, and few.
    fn join(&self, drawn: usize, first: &mut Conditional, all: Conditional) {
        let known = self.place(drawn);
        let rows = (0..self.previous.len())
            .filter(|&row| self.held_out[row] && self.previous[row] == u32::MAX);
        let rows: Vec<usize> = rows.collect();
        let bits = |tree: &Tree| {
            let tree = Walk::new(tree);
            let bits = rows.iter().map(|&row| {
                let (symbols, weights) = tree.distribution(|feature| self.symbols[feature][row]);
                let is_it = |it: &u8| *it == self.symbols[known][row];
                let weight = symbols.iter().position(is_it).map_or(1, |it| weights[it]);
                f64::from(Tree::TOTAL).log2() - f64::from(weight).log2()
            });
            bits.sum::<f64>() / rows.len().max(1) as f64
        };
        let joint = bits(&all.tree);
        if joint < bits(&first.tree) {
            first.bits.push(("of all rows", joint));
            (first.tree, first.teacher) = (all.tree, all.teacher);
        }
        first.forbidden += all.forbidden;
    }

    /// The share of each symbol of a learned variable, in millionths.
    fn shares(&self, drawn: usize) -> Vec<u32> {
        let symbols = &self.symbols[self.place(drawn)];
        let mut counts = vec![0u64; self.drawn[drawn].codec.symbols()];
        symbols
            .iter()
            .for_each(|&symbol| counts[usize::from(symbol)] += 1);
        let rows = (symbols.len() as u64).max(1);
        counts
            .into_iter()
            .map(|count| ((count * 2_000_000 + rows) / (2 * rows)) as u32)
            .collect()
    }

    /// Makes a model of what was learned.
    pub(super) fn finish(
        self,
        schema: &Schema,
        table: usize,
        conditionals: Vec<Taught>,
        ledger: &mut Vec<Suppressed>,
    ) -> TableModel {
        let names = |target: Target| match target {
            Target::Column(column) => schema.tables[table].columns[column].name.clone(),
            Target::Relationship(edge) => schema.relationships[edge].name(),
            Target::Degree(edge) => format!("fan-out of {}", schema.relationships[edge].name()),
            Target::Reference(edge) => {
                format!("reference of {}", schema.relationships[edge].name())
            }
            Target::Finer(column) => {
                format!("{} (finer)", schema.tables[table].columns[column].name)
            }
            Target::Latent(edge) => format!("classes of {}", schema.relationships[edge].name()),
            Target::Distinct(column) => {
                format!("values of {}", schema.tables[table].columns[column].name)
            }
        };
        let shares: Vec<Vec<u32>> = (0..self.drawn.len()).map(|i| self.shares(i)).collect();
        let owned = |bits: Vec<(&'static str, f64)>| -> Vec<(String, f64)> {
            let bits = bits.into_iter();
            bits.map(|(name, bits)| (name.to_string(), bits)).collect()
        };
        let mut drawn = Vec::with_capacity(self.drawn.len());
        for ((variable, taught), shares) in self.drawn.into_iter().zip(conditionals).zip(shares) {
            let Variable {
                target,
                codec,
                next,
                shifted,
                formula,
                ..
            } = variable;
            let forbidden = [
                Some(&taught.first),
                taught.next.as_ref(),
                taught.fresh.as_ref(),
                taught.start.as_ref(),
            ];
            let forbidden: u64 = forbidden.into_iter().flatten().map(|it| it.forbidden).sum();
            if forbidden > 0 {
                ledger.push(Suppressed {
                    table: schema.tables[table].name.clone(),
                    column: names(target),
                    what: "splits".into(),
                    count: forbidden,
                });
            }
            for (part, it) in [
                ("", Some(&taught.first)),
                (" (next)", taught.next.as_ref()),
                (" (new)", taught.fresh.as_ref()),
                (" (start)", taught.start.as_ref()),
            ] {
                if let Some(it) = it {
                    tracing::debug!(
                        "{}.{}{part}: {} of {} leaves, held-out bits a row {:.4?}{}",
                        schema.tables[table].name,
                        names(target),
                        it.teacher,
                        it.tree.leaves(),
                        it.bits,
                        match (part, next.as_ref().map(|next| &next.codec)) {
                            ("", _) | (_, None | Some(NextCodec::Value)) => "",
                            (_, Some(NextCodec::Copy)) => ", with copies",
                            (_, Some(NextCodec::Delta(_))) => ", differences",
                            (_, Some(NextCodec::Recent(_))) => ", by recency",
                            (_, Some(NextCodec::Part(_))) => ", by habit",
                        }
                    );
                }
            }
            let [fresh, starts] =
                [taught.fresh, taught.start].map(|taught| taught.map(|taught| taught.tree));
            let next = next.zip(taught.next).map(|(following, taught)| Next {
                codec: following.codec,
                tree: taught.tree,
                fresh,
                starts,
                norm: following.norm.map(|norm| norm.tree),
                teacher: taught.teacher.to_string(),
                bits: owned(taught.bits),
            });
            drawn.push(Drawn {
                target,
                codec,
                tree: taught.first.tree,
                shift: shifted.map(|shifted| shifted.shift),
                formula,
                teacher: taught.first.teacher.to_string(),
                bits: owned(taught.first.bits),
                shares,
                next,
            });
        }
        TableModel {
            rows: self.rows,
            kept: self.kept,
            floor: self.floor,
            features: self.features,
            drawn,
            fills: self.fills,
            chain: self.chain,
        }
    }
}
