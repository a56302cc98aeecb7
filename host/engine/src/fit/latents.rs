//! The shape of a row: its fan-outs, and what its children share.

use prodlike_core::model::{EdgeKind, EdgeModel, Feature, Target};
use prodlike_models::codec::Codec;
use prodlike_models::latent::{self, Groups};

use super::columns::Encoding;
use super::{Fitter, Variable};

/// Most rows that are told apart by their ranks.
const RANKED: usize = 240;
/// Children that they have on average.
const LARGE: usize = 100;

impl Fitter<'_> {
    /// Finds the shape variables of every table, in the order in which they are drawn.
    ///
    /// What children share is told by all that is known of them, their own shape included: so
    /// tables are looked at children first.
    pub(super) fn shapes(
        &self,
        order: &[usize],
        edges: &[EdgeModel],
        encodings: &[Encoding],
    ) -> Vec<Vec<Variable>> {
        let mut shapes: Vec<Vec<Variable>> = encodings.iter().map(|_| Vec::new()).collect();
        for &table in order.iter().rev() {
            let mut own: Vec<Variable> = Vec::new();
            let children = self.children(table);
            for &(edge, child) in &children {
                let model = &edges[edge];
                if model.law.classes.len() > 1
                    && let Some(symbols) = self.degree_classes(edge, table, child, model)
                {
                    let codec = Codec::Classes(model.law.classes.len());
                    own.push(Variable::new(Target::Degree(edge), codec, symbols));
                }
            }
            // Wide spread first: it tells most of the others.
            own.sort_by(|a, b| {
                let [a, b] = [a, b].map(|it| super::features::entropy(&it.symbols));
                b.total_cmp(&a)
            });
            let ranked = self.ranked(table);
            let is_ranked = |edge: usize| {
                let mut ranked = ranked.iter();
                ranked.any(|(feature, _)| matches!(*feature, Feature::Rank(of, _) if of == edge))
            };
            for &(edge, child) in children.iter().filter(|(edge, _)| !is_ranked(*edge)) {
                own.extend(self.latent(edge, table, &encodings[child], &shapes[child], child));
            }
            shapes[table] = own;
        }
        shapes
    }

    /// The relationships whose rows are generated as some row's children, and their tables.
    fn children(&self, table: usize) -> Vec<(usize, usize)> {
        let name = &self.schema.tables[table].name;
        let kept = self.schema.tables[table].mode == prodlike_core::schema::TableMode::Keep;
        (0..self.kinds.len())
            .filter(|_| !kept)
            .filter(|&edge| self.schema.relationships[edge].parent_table == *name)
            .filter(|&edge| {
                // What follows from another relationship has no fan-outs of its own.
                self.implied[edge].is_none()
                    && matches!(
                        self.kinds[edge],
                        Some(EdgeKind::Owner | EdgeKind::Reference | EdgeKind::BridgeItem)
                    )
            })
            .filter_map(|edge| {
                let child = &self.schema.relationships[edge].child_table;
                let child = self.schema.table_idx(child)?;
                (child != table).then_some((edge, child))
            })
            .collect()
    }

    /// Where rows are few and have many children, the rank of each by their number: it tells
    /// every row, and so what its children share, from all others.
    pub(super) fn ranked(&self, table: usize) -> Vec<(Feature, Vec<u8>)> {
        let floor = self.people(table);
        let children = self.children(table);
        let ranked = children.into_iter().filter_map(|(edge, child)| {
            let links = self.links(child, edge);
            let mut degrees = vec![0usize; self.samples[table].batch.num_rows()];
            for &parent in links.iter().filter(|parent| **parent != u32::MAX) {
                degrees[parent as usize] += 1;
            }
            let mut filled: Vec<usize> =
                (0..degrees.len()).filter(|&row| degrees[row] > 0).collect();
            let rows: usize = degrees.iter().sum();
            if !(2..=RANKED).contains(&filled.len()) || rows < LARGE * filled.len() {
                return None;
            }
            filled.sort_by_key(|&row| (degrees[row], row));
            let mut symbols = vec![0u8; degrees.len()];
            for (place, &row) in filled.iter().enumerate() {
                symbols[row] = 1 + place as u8;
            }
            let class = |row: usize| usize::from(symbols[row]).checked_sub(1);
            let entities = floor.count(filled.len(), class, degrees.len());
            let holds = entities.iter().all(|&entities| entities >= floor.k);
            holds.then_some((Feature::Rank(edge, filled.len() as u8), symbols))
        });
        ranked.collect()
    }

    /// The hidden class that the children of each row share, if they share anything.
    fn latent(
        &self,
        edge: usize,
        table: usize,
        encoding: &Encoding,
        shapes: &[Variable],
        child: usize,
    ) -> Option<Variable> {
        let links = self.links(child, edge);
        let held_out = self.held_out(table);
        let variables = encoding.variables.iter().chain(shapes);
        let natural = encoding.natural.iter().map(|(_, variable)| variable);
        let columns: Vec<&[u8]> = variables
            .chain(natural)
            .map(|variable| variable.symbols.as_slice())
            .collect();
        let groups = Groups {
            group: links,
            n_groups: held_out.len(),
            columns: &columns,
            held_out: &held_out,
        };
        // As fan-outs: what an airport's flights share is nobody's secret.
        let floor = self.people(table);
        let found = latent::fit(&groups, |marked| {
            floor.holds(marked.len(), |row| marked[row])
        })?;
        tracing::debug!(
            "{}: {} classes of children in {}, held-out bits a row {:.3?}",
            self.schema.tables[table].name,
            found.classes,
            self.schema.tables[child].name,
            found.bits
        );
        let codec = Codec::Classes(found.classes);
        Some(Variable::new(Target::Latent(edge), codec, found.symbols))
    }
}
