//! Which row another row refers to, and the key that it is known by.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, new_null_array};
use arrow::compute::{CastOptions, cast_with_options, interleave};
use prodlike_core::model::{EdgeKind, Fill, Model, Target};
use prodlike_core::schema::{DataType, TableMode};
use prodlike_models::codec::Codec;
use prodlike_models::philox::{Stream, key, mix};

use super::arrays::integers;
use super::{Batch, Cells, NOBODY, Owned, Referred, Table, value_at};
use crate::error::Error;
use crate::plan::{self, Plan, Stub};

/// How often a row of a planned table draws a reference before it takes what is left.
const ATTEMPTS: u64 = 32;

impl Cells {
    /// Draws the references to kept tables of a table that is planned whole, and moves as few
    /// as makes the children of every kept row as many as they should be.
    pub(super) fn plan_references(&mut self, table: usize) {
        for drawn in 0..self.model.tables[table].drawn.len() {
            let Target::Relationship(edge) = self.model.tables[table].drawn[drawn].target else {
                continue;
            };
            let Some(counts) = &self.model.edges[edge].per_row else {
                continue;
            };
            if self.plan.rows[table] <= plan::PLANNED_ROWS {
                let planned = self.balanced(table, drawn, edge, counts);
                self.tables[table].planned.insert(drawn, planned);
            }
        }
    }

    /// The kept row that every row refers to; `u32::MAX` for none.
    pub(super) fn balanced(
        &self,
        table: usize,
        drawn: usize,
        edge: usize,
        counts: &[u64],
    ) -> Vec<u32> {
        let (n, model) = (self.plan.rows[table], &self.model.edges[edge]);
        // NULLs first, then the rows of the kept table.
        let all: Vec<u64> = std::iter::once(model.nulls + model.orphans)
            .chain(counts.iter().copied())
            .collect();
        let mut missing = plan::quotas(&all, n, plan::NO_CAP);
        let symbols = &self.tables[table].kept_symbols[drawn];
        let symbol_of = |slot: usize| {
            if slot == 0 {
                0
            } else {
                symbols.get(slot - 1).copied().unwrap_or(0)
            }
        };
        let mut slots: Vec<Vec<usize>> = vec![Vec::new(); 256];
        (0..missing.len()).for_each(|slot| slots[usize::from(symbol_of(slot))].push(slot));
        let rows: Vec<u64> = (0..n).collect();
        let feature = self.feature_of(table, drawn);
        let wanted = self.wanted_for(table, [feature]);
        let owned = self.owned(table, &rows);
        let mut block = self.symbols(table, &rows, owned.as_ref(), &wanted, None);
        let mut planned = vec![None; n as usize];
        let key = key(
            self.seed,
            &[
                &self.model.schema.tables[table].name,
                &self.model.schema.relationships[edge].name(),
                "plan",
            ],
        );
        let mut order: Vec<usize> = (0..n as usize).collect();
        order.sort_unstable_by_key(|&row| (mix(key ^ mix(row as u64)), row));
        let (mut bits, mut drawn_again) = (vec![0u32; n as usize], vec![0u8; n as usize]);
        for attempt in 0..ATTEMPTS {
            for &row in &order {
                let symbol = usize::from(block.column(feature)[row]);
                if planned[row].is_none()
                    && let Some(&slot) = slots[symbol]
                        .iter()
                        .max_by_key(|&&slot| (missing[slot], slot))
                    && missing[slot] > 0
                {
                    missing[slot] -= 1;
                    planned[row] = Some(slot);
                }
            }
            // Who found no place draws again, from the same leaf.
            let stream = Stream::new(mix(key ^ mix(attempt + 1)));
            let mut second = vec![0u32; n as usize];
            stream.fill(&rows, &mut bits, &mut second);
            self.redraw(
                table,
                drawn,
                &block,
                owned.as_ref(),
                &bits,
                &mut drawn_again,
            );
            block.column_mut(feature).copy_from_slice(&drawn_again);
        }
        // And who found none in many draws takes what is left.
        let mut left = (0..missing.len())
            .flat_map(|slot| std::iter::repeat_n(slot, missing[slot] as usize))
            .collect::<Vec<_>>();
        for &row in &order {
            if planned[row].is_none() {
                planned[row] = left.pop();
            }
        }
        planned
            .into_iter()
            .map(|slot| {
                slot.filter(|slot| *slot > 0)
                    .map_or(u32::MAX, |slot| slot as u32 - 1)
            })
            .collect()
    }

    /// Makes a column of a foreign key; where several share it, the widest key that a row
    /// has a parent for says the value.
    pub(super) fn foreign_key(
        &self,
        table: usize,
        column: usize,
        batch: &Batch<'_>,
        keys: &mut [Option<Vec<ArrayRef>>],
        statuses: &mut [Option<Vec<Stub>>],
    ) -> Result<ArrayRef, Error> {
        let foreign = &self.tables[table].columns[column].foreign;
        for &(edge, _) in foreign {
            if keys[edge].is_none() {
                let (arrays, stubs) = self.references(table, edge, batch)?;
                let arrays = self.as_in_child(table, edge, arrays)?;
                (keys[edge], statuses[edge]) = (Some(arrays), Some(stubs));
            }
        }
        let candidates: Vec<(&ArrayRef, &[Stub])> = foreign
            .iter()
            .filter_map(|&(edge, place)| {
                Some((&keys[edge].as_ref()?[place], statuses[edge].as_deref()?))
            })
            .collect();
        let [(first, _)] = candidates[..] else {
            // Choose row by row: a parent first, else a key below, else an orphan's value.
            let choose = |i: usize| {
                let rank = |stub: &Stub, last: bool| match stub {
                    Stub::Matched(_) => 0,
                    Stub::Orphan(_) => 1 + usize::from(!last),
                    Stub::Null => 3,
                };
                (0..candidates.len())
                    .min_by_key(|&c| (rank(&candidates[c].1[i], c + 1 == candidates.len()), c))
                    .unwrap_or(0)
            };
            let arrays: Vec<&dyn Array> =
                candidates.iter().map(|(array, _)| array.as_ref()).collect();
            let picks: Vec<(usize, usize)> =
                (0..batch.rows.len()).map(|i| (choose(i), i)).collect();
            return self.arrow(table, interleave(&arrays, &picks));
        };
        Ok(Arc::clone(first))
    }

    /// Gives key columns of the parent the types of the child, which may be of another width.
    fn as_in_child(
        &self,
        table: usize,
        edge: usize,
        arrays: Vec<ArrayRef>,
    ) -> Result<Vec<ArrayRef>, Error> {
        let (schema, names) = (
            &self.model.schema.tables[table],
            &self.model.schema.relationships[edge].child_key,
        );
        let strict = CastOptions {
            safe: false,
            ..CastOptions::default()
        };
        arrays
            .into_iter()
            .zip(names)
            .map(
                |(array, name)| match schema.column(name).and_then(|c| c.data_type.to_arrow()) {
                    Some(wanted) if wanted != *array.data_type() => {
                        self.arrow(table, cast_with_options(&array, &wanted, &strict))
                    }
                    _ => Ok(array),
                },
            )
            .collect()
    }

    /// Returns the key columns that rows refer to by one relationship, and what kind of
    /// reference each row's is.
    pub(super) fn references(
        &self,
        table: usize,
        edge: usize,
        batch: &Batch<'_>,
    ) -> Result<(Vec<ArrayRef>, Vec<Stub>), Error> {
        let relationship = &self.model.schema.relationships[edge];
        let Some(parent) = self.model.schema.table_idx(&relationship.parent_table) else {
            return Err(Error::unknown_table(
                &self.model.schema,
                &relationship.parent_table,
            ));
        };
        let columns: Vec<usize> = relationship
            .parent_key
            .iter()
            .filter_map(|name| self.model.schema.tables[parent].column_idx(name))
            .collect();
        let (stubs, parents) = self.parents(table, edge, batch)?;
        let present: Vec<u64> = parents
            .iter()
            .copied()
            .filter(|&parent| parent != NOBODY)
            .collect();
        let keys = self.columns(parent, &columns, &present)?;
        let orphans: Vec<u64> = stubs
            .iter()
            .filter_map(|s| match s {
                Stub::Orphan(i) => Some(*i),
                _ => None,
            })
            .collect();
        let strangers = if orphans.is_empty() {
            None
        } else {
            Some(self.strangers(edge, parent, &columns, &orphans)?)
        };
        if orphans.is_empty() && present.len() == batch.rows.len() {
            return Ok((keys, stubs));
        }
        let (mut known, mut unknown) = (0, 0);
        let picks: Vec<(usize, usize)> = stubs
            .iter()
            .map(|stub| match stub {
                Stub::Matched(_) => {
                    known += 1;
                    (0, known - 1)
                }
                Stub::Orphan(_) => {
                    unknown += 1;
                    (1, unknown - 1)
                }
                Stub::Null => (2, 0),
            })
            .collect();
        let mut arrays = Vec::with_capacity(keys.len());
        for (place, keys) in keys.iter().enumerate() {
            let null = new_null_array(keys.data_type(), 1);
            let empty = new_null_array(keys.data_type(), 0);
            let stranger = strangers
                .as_ref()
                .map_or(&empty, |strangers| &strangers[place]);
            arrays.push(self.arrow(
                table,
                interleave(&[keys.as_ref(), stranger.as_ref(), null.as_ref()], &picks),
            )?);
        }
        Ok((arrays, stubs))
    }

    /// Returns what rows refer to by a relationship, and the parents; [`NOBODY`] where there is
    /// none.
    pub(super) fn parents(
        &self,
        table: usize,
        edge: usize,
        batch: &Batch<'_>,
    ) -> Result<Referred, Error> {
        if self.model.edges[edge].kind != EdgeKind::Kept {
            return Ok(self.referred(table, edge, batch.rows, batch.owned.as_ref()));
        }
        let (mut stubs, mut parents) = (Vec::new(), Vec::new());
        self.kept_rows(table, edge, batch, |parent| {
            stubs.push(parent.map_or(Stub::Null, Stub::Matched));
            parents.push(parent.unwrap_or(NOBODY));
        })?;
        Ok((stubs, parents))
    }

    /// Returns what rows refer to by a relationship whose parent is not kept, and the parents;
    /// [`NOBODY`] where there is none.
    pub(super) fn referred(
        &self,
        table: usize,
        edge: usize,
        rows: &[u64],
        owned: Option<&Owned>,
    ) -> (Vec<Stub>, Vec<u64>) {
        let relationship = &self.model.schema.relationships[edge];
        let mut parents: Vec<u64> = Vec::with_capacity(rows.len());
        let Some(plan) = &self.plan.edges[edge] else {
            return (vec![Stub::Null; rows.len()], vec![NOBODY; rows.len()]);
        };
        if let Some((wide, above)) = self.implied[edge] {
            return self.follows(table, edge, (wide, above), rows, owned);
        }
        let mut stubs: Vec<Stub> = rows.iter().map(|&row| plan.stub(row)).collect();
        match (self.model.edges[edge].kind, owned) {
            (EdgeKind::Owner, Some(owned)) => parents.extend(&owned.owner),
            (EdgeKind::BridgeItem, Some(owned)) => {
                let mut last = None;
                let key = key(
                    self.seed,
                    &[&relationship.child_table, &relationship.name(), "items"],
                );
                for (i, &row) in rows.iter().enumerate() {
                    let (owner, place, size) = (owned.owner[i], owned.place[i], owned.size[i]);
                    parents.push(match stubs[i] {
                        // A group of nobody's may repeat: NULL owners make no pairs.
                        Stub::Matched(stub) if owner == NOBODY => plan.parent_of(stub),
                        Stub::Matched(_) => plan.item(row, owner, place, size, key, &mut last),
                        _ => NOBODY,
                    });
                }
            }
            (kind, _) => {
                // The root of a forest whose key allows no NULL refers to itself.
                let schema = &self.model.schema.tables[table];
                let loops = kind == EdgeKind::Tree
                    && relationship
                        .child_key
                        .iter()
                        .all(|name| schema.column(name).is_some_and(|c| !c.nullable));
                for (&row, stub) in rows.iter().zip(&mut stubs) {
                    if loops && *stub == Stub::Null {
                        *stub = Stub::Matched(row);
                        parents.push(row);
                    } else {
                        parents.push(match stub {
                            Stub::Matched(stub) => plan.parent_of(*stub),
                            _ => NOBODY,
                        });
                    }
                }
            }
        }
        (stubs, parents)
    }

    /// Returns what rows refer to by a relationship that follows from a wider one and one above it.
    /// A row that the wider one leads nowhere refers to what some row of the table between does.
    fn follows(
        &self,
        table: usize,
        edge: usize,
        (wide, above): (usize, usize),
        rows: &[u64],
        owned: Option<&Owned>,
    ) -> (Vec<Stub>, Vec<u64>) {
        let relationships = &self.model.schema.relationships;
        let middle = &relationships[above].child_table;
        let middle = self.model.schema.table_idx(middle).unwrap_or(0);
        let (_, mut between) = self.referred(table, wide, rows, owned);
        let path = [
            relationships[edge].child_table.as_str(),
            &relationships[edge].name(),
            "follows",
        ];
        let key = key(self.seed, &path);
        let own = self.plan.edges[edge].as_ref();
        let stub = |row: u64| own.map_or(Stub::Null, |own| own.stub(row));
        for (&row, between) in rows.iter().zip(&mut between) {
            let some = u128::from(mix(key ^ mix(row))) * u128::from(self.plan.rows[middle]);
            if *between == NOBODY && matches!(stub(row), Stub::Matched(_)) {
                *between = match self.plan.rows[middle] {
                    0 => NOBODY,
                    _ => (some >> 64) as u64,
                };
            }
        }
        let mut distinct: Vec<u64> = between.iter().copied().filter(|it| *it != NOBODY).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let theirs = self.owned(middle, &distinct);
        let (stubs, parents) = self.referred(middle, above, &distinct, theirs.as_ref());
        let found = rows.iter().zip(&between).map(|(&row, between)| {
            match (distinct.binary_search(between), stub(row)) {
                (Ok(at), _) => (stubs[at], parents[at]),
                (Err(_), Stub::Matched(_)) => (Stub::Null, NOBODY),
                (Err(_), stub) => (stub, NOBODY),
            }
        });
        found.unzip()
    }

    /// Decodes the rows of a kept parent that a batch refers to.
    pub(super) fn kept_rows(
        &self,
        table: usize,
        edge: usize,
        batch: &Batch<'_>,
        mut found: impl FnMut(Option<u64>),
    ) -> Result<(), Error> {
        let learned = &self.model.tables[table];
        let drawn = learned
            .drawn
            .iter()
            .position(|drawn| drawn.target == Target::Relationship(edge));
        let Some(drawn) = drawn else {
            return Err(Error::Internal(
                "a reference to a kept table has no variable".into(),
            ));
        };
        let Codec::Rows {
            nullable,
            rows,
            other,
        } = &learned.drawn[drawn].codec
        else {
            return Err(Error::Internal(
                "a reference to a kept table has another codec".into(),
            ));
        };
        if let Some(planned) = self.tables[table].planned.get(&drawn) {
            for &row in batch.rows {
                let parent = planned[row as usize];
                found((parent != u32::MAX).then_some(u64::from(parent)));
            }
            return Ok(());
        }
        let symbols = batch.block.column(self.feature_of(table, drawn));
        for (&symbol, &bits) in symbols.iter().zip(&batch.details.bits[drawn]) {
            let symbol = usize::from(symbol);
            let null = usize::from(*nullable);
            found(if symbol < null {
                None
            } else if let Some(&row) = rows.get(symbol - null) {
                Some(u64::from(row))
            } else {
                let at = (u64::from(bits) * other.len() as u64) >> 32;
                other.get(at as usize).map(|&row| u64::from(row))
            });
        }
        Ok(())
    }

    /// Makes keys that no row of the parent has, for orphans that are kept.
    pub(super) fn strangers(
        &self,
        edge: usize,
        parent: usize,
        columns: &[usize],
        orphans: &[u64],
    ) -> Result<Vec<ArrayRef>, Error> {
        let span = self.plan.orphan_span(&self.model, edge).max(1);
        let first = self.plan.rows[parent];
        let rows: Vec<u64> = orphans.iter().map(|&i| first + i % span).collect();
        let learned = &self.model.tables[parent];
        let schema = &self.model.schema.tables[parent];
        if schema.mode == TableMode::Keep {
            return Err(Error::OrphanOfForeignKey {
                relationship: self.model.schema.relationships[edge].name(),
            });
        }
        columns
            .iter()
            .map(|&column| match &learned.fills[column] {
                Fill::Generated { .. } => {
                    let context = self.context(parent, column, &rows, None, &[])?;
                    self.generate(parent, column, &rows, &context)
                }
                Fill::Sequence(sequence) => {
                    // In a group: beyond every slot that any owner's child can take.
                    let beyond = self.domain(parent, sequence);
                    let slots = match sequence.grouped {
                        true => rows.iter().map(|row| beyond + row - first).collect(),
                        false => self.slots(parent, column, sequence, &rows, None),
                    };
                    let values = slots
                        .into_iter()
                        .map(|slot| value_at(sequence, slot))
                        .collect();
                    self.arrow(
                        parent,
                        integers(&schema.columns[column].data_type, 0, values, None),
                    )
                }
                // A part of a wider key: some parent's value, beside a part that is a stranger's.
                _ => {
                    let real: Vec<u64> = rows.iter().map(|row| mix(*row) % first.max(1)).collect();
                    Ok(self.columns(parent, &[column], &real)?.remove(0))
                }
            })
            .collect()
    }
}

/// The symbol of each row of a kept parent.
pub(super) fn kept_symbols(codec: &Codec) -> Vec<u8> {
    let Codec::Rows {
        nullable,
        rows,
        other,
    } = codec
    else {
        return Vec::new();
    };
    let null = u8::from(*nullable);
    let most = rows
        .iter()
        .chain(other)
        .max()
        .map_or(0, |&row| row as usize + 1);
    // Rows that no child has stand with the pooled ones; they are never dealt.
    let mut symbols =
        vec![null + (rows.len() as u8).saturating_sub(u8::from(other.is_empty())); most];
    for (symbol, &row) in rows.iter().enumerate() {
        symbols[row as usize] = null + symbol as u8;
    }
    symbols
}

/// Refuses more distinct values than a key's type holds.
pub(super) fn check_keys(model: &Model, plan: &Plan, tables: &[Table]) -> Result<(), Error> {
    for (index, learned) in model.tables.iter().enumerate() {
        for (column, fill) in model.schema.tables[index]
            .columns
            .iter()
            .zip(&learned.fills)
        {
            let Fill::Sequence(sequence) = fill else {
                continue;
            };
            let slots = match tables[index]
                .owner
                .and_then(|(edge, _)| plan.edges[edge].as_ref())
            {
                Some(owned) if sequence.grouped => {
                    owned.largest().max(plan.rows[index] - owned.matched)
                }
                _ => tables[index].key_domain,
            };
            let slots = if sequence.dense {
                slots
            } else {
                slots.max(sequence.domain)
            };
            let most = match &column.data_type {
                // Beyond these not every whole number is a float.
                DataType::Float32 => 1 << 24,
                DataType::Float64 => 1 << 53,
                other => other.most_ticks(),
            };
            let last =
                i128::from(sequence.start) + i128::from(sequence.step) * (i128::from(slots) - 1);
            if last > i128::from(most) {
                return Err(Error::KeyCapacity {
                    table: model.schema.tables[index].name.clone(),
                    column: column.name.clone(),
                    rows: slots,
                    data_type: column.data_type.to_string(),
                });
            }
        }
    }
    Ok(())
}
