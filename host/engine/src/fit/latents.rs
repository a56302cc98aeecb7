//! The shape of a row: its fan-outs, and what its children share.

use prodlike_core::model::{EdgeKind, EdgeModel, Target};
use prodlike_models::codec::Codec;
use prodlike_models::latent::{self, Groups};

use super::columns::Encoding;
use super::{Fitter, Variable};

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
            for &(edge, child) in &children {
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
                matches!(
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
