//! How many children parents have: laws under the floors of people.

use prodlike_core::model::{EdgeKind, EdgeModel};
use prodlike_core::schema::{Orphans, TableMode};
use prodlike_duckdb::Source;
use prodlike_models::degree::{DegreeClass, DegreeLaw};

use super::Fitter;
use crate::error::Error;

impl Fitter<'_> {
    /// Learns the shape of one relationship.
    pub(super) fn edge(&mut self, source: &Source, edge: usize) -> Result<EdgeModel, Error> {
        let relationship = &self.schema.relationships[edge];
        let (parent, child) = (
            self.index(&relationship.parent_table)?,
            self.index(&relationship.child_table)?,
        );
        let stats = source.edge_stats(self.schema, edge)?;
        let kind = self.kinds[edge].unwrap_or(EdgeKind::Kept);
        let mut model = EdgeModel {
            kind,
            matched: stats.matched,
            orphans: stats.orphans,
            nulls: stats.nulls,
            law: DegreeLaw::default(),
            per_row: None,
        };
        if kind == EdgeKind::Kept {
            if self.kinds[edge].is_some() {
                model.per_row = self
                    .kept_counts(edge, parent, child)
                    .map(|(counts, _)| counts);
            }
            return Ok(model);
        }
        if stats.orphans > 0 && relationship.orphans == Orphans::Keep {
            let is_foreign = |name: &String| self.is_foreign(parent, name);
            if relationship.parent_key.iter().all(is_foreign) {
                return Err(Error::OrphanOfForeignKey {
                    relationship: relationship.name(),
                });
            }
        }
        let is_kept = self.schema.tables[parent].mode == TableMode::Keep;
        if is_kept
            && kind == EdgeKind::Owner
            && let Some((counts, pooled)) = self.kept_counts(edge, parent, child)
        {
            if pooled > 0 {
                self.suppress(child, &relationship.name(), "fan-outs", pooled);
            }
            model.per_row = Some(counts);
            return Ok(model);
        }
        let mut degrees = self.sample_degrees(edge, parent, child);
        let mut histogram = stats.degrees;
        if let (EdgeKind::Tree, Some(degrees)) = (kind, &mut degrees) {
            // Who refers to himself is a root, and no child of his own.
            let links = self.samples[child].links[edge]
                .as_deref()
                .unwrap_or_default();
            let loops: Vec<usize> = (0..links.len())
                .filter(|&row| links[row] as usize == row)
                .collect();
            loops.iter().for_each(|&row| degrees[row] -= 1);
            model.nulls += loops.len() as u64;
            model.matched -= loops.len() as u64;
            histogram = counted(degrees);
        }
        let (law, pooled) = self.law(kind, parent, &histogram, degrees.as_deref());
        if pooled > 0 {
            self.suppress(child, &relationship.name(), "fan-outs", pooled);
        }
        model.law = law;
        Ok(model)
    }

    /// Children of each row of a kept parent; rows whose children are too few people's get
    /// the mean of such rows. `None` where even together they are too few.
    pub(super) fn kept_counts(
        &self,
        edge: usize,
        parent: usize,
        child: usize,
    ) -> Option<(Vec<u64>, u64)> {
        let mut counts = self.sample_degrees(edge, parent, child)?;
        let links = self.samples[child].links[edge].as_deref()?;
        let floor = self.people(child);
        let of = |row: usize| (links[row] != u32::MAX).then_some(links[row] as usize);
        let behind = floor.count(counts.len(), of, links.len());
        let rare: Vec<usize> = (0..counts.len())
            .filter(|&row| counts[row] > 0 && behind[row] < floor.k)
            .collect();
        if rare.is_empty() {
            return Some((counts, 0));
        }
        if !floor.holds(links.len(), |row| {
            of(row).is_some_and(|parent| rare.contains(&parent))
        }) {
            return None;
        }
        let (sum, n) = (
            rare.iter().map(|&row| counts[row]).sum::<u64>(),
            rare.len() as u64,
        );
        for (i, &row) in (0..).zip(&rare) {
            counts[row] = sum / n + u64::from(i < sum % n);
        }
        Some((counts, n))
    }

    /// Children of each sampled parent, where the sample holds all of them.
    pub(super) fn sample_degrees(
        &self,
        edge: usize,
        parent: usize,
        child: usize,
    ) -> Option<Vec<u64>> {
        let sample = &self.samples[child];
        let rows = sample.batch.num_rows() as u64;
        // An owner's family is whole, unless its table was too long.
        let is_whole = self.owners[child] == Some(edge) && rows < self.sample_rows;
        if rows < sample.total_rows && !is_whole {
            return None;
        }
        let mut degrees = vec![0; self.samples[parent].batch.num_rows()];
        for &link in sample.links[edge]
            .as_ref()?
            .iter()
            .filter(|link| **link != u32::MAX)
        {
            degrees[link as usize] += 1;
        }
        Some(degrees)
    }

    /// A degree law in which every class has k parents of k different entities.
    pub(super) fn law(
        &self,
        kind: EdgeKind,
        parent: usize,
        histogram: &[(u64, u64)],
        degrees: Option<&[u64]>,
    ) -> (DegreeLaw, u64) {
        let floor = self.people(parent);
        let parents: u64 = histogram.iter().map(|entry| entry.1).sum();
        let mut least = u64::from(floor.k);
        loop {
            let (law, pooled) = DegreeLaw::fit(histogram, least);
            let holds = match degrees {
                Some(degrees) if !floor.entities.is_empty() => {
                    let class = |row: usize| Some(law.class_of(degrees[row]));
                    floor
                        .count(law.classes.len(), class, degrees.len())
                        .iter()
                        .all(|&count| count >= floor.k)
                }
                _ => true,
            };
            if parents > 0 && parents < u64::from(floor.k) {
                return (even_law(kind, histogram, parents), pooled.max(1));
            }
            if holds || law.classes.len() < 2 {
                return (law, pooled);
            }
            least *= 2;
        }
    }
}

/// A histogram of degrees, ascending.
fn counted(degrees: &[u64]) -> Vec<(u64, u64)> {
    let mut sorted = degrees.to_vec();
    sorted.sort_unstable();
    sorted
        .chunk_by(|a, b| a == b)
        .map(|run| (run[0], run.len() as u64))
        .collect()
}

/// The law of too few parents for any shape: the mean alone, as even as integers allow.
///
/// A forest of ones would be a chain: there half as many parents have two children each.
fn even_law(kind: EdgeKind, histogram: &[(u64, u64)], parents: u64) -> DegreeLaw {
    let children: u64 = histogram
        .iter()
        .map(|(degree, parents)| degree * parents)
        .sum();
    let mean = (children + parents / 2) / parents;
    let class = |degree: u64, parents: u64| DegreeClass {
        lo: degree,
        hi: degree,
        parents,
    };
    let inner = children.div_ceil(2);
    let classes = match kind {
        EdgeKind::Tree if inner > 0 && inner < parents => {
            vec![class(0, parents - inner), class(2, inner)]
        }
        _ => vec![class(mean, parents)],
    };
    DegreeLaw { classes }
}
