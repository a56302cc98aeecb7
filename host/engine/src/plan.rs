//! The plan: exact rows of every table and exact degrees of every relationship.
//!
//! A small pure function of (model, seed, sizes), made before any cell. It holds closed
//! forms and one prefix sum a block of owners, so that its size hardly grows with the
//! dataset's, and every worker can make it for itself.

use prodlike_core::model::{EdgeKind, EdgeModel, Model, Target};
use prodlike_core::schema::{Orphans, TableMode};
use prodlike_models::bridge::{self, Group};
use prodlike_models::degree::DegreePlan;
use prodlike_models::permutation::Permutation;
use prodlike_models::philox::{key, mix};
use prodlike_models::ranks::Ranks;

use crate::error::Error;

/// How much to generate.
#[derive(Clone, Debug, PartialEq)]
pub struct Size {
    /// Multiplies the real row counts.
    pub scale: f64,
    /// Absolute row counts of some tables, which win over `scale`.
    pub rows: Vec<(String, u64)>,
}

impl Default for Size {
    fn default() -> Self {
        Size {
            scale: 1.0,
            rows: Vec::new(),
        }
    }
}

/// Rows of an owner that share one prefix sum.
const BLOCK: u64 = 16;
/// No limit on a degree; half of the range so that sums of two cannot wrap.
pub(crate) const NO_CAP: u64 = u64::MAX >> 1;
/// Most rows of a table that is drawn whole, so that counts can be made exact.
pub(crate) const PLANNED_ROWS: u64 = 1 << 16;
/// Most parents whose fan-outs follow what is known of them: a byte each is held.
pub(crate) const MAX_WISHES: u64 = 1 << 27;
/// Most rows of one table: the plan looks at every owner once, some ten seconds for so many.
const MAX_ROWS: u64 = 1 << 33;

/// Exact sizes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Rows of each table, parallel to the schema's.
    pub rows: Vec<u64>,
    /// Parallel to the schema's relationships; `None` where neither side needs it.
    pub edges: Vec<Option<EdgePlan>>,
    /// What could not be as wished, in sentences.
    pub notes: Vec<String>,
}

/// The exact shape of one relationship.
#[derive(Clone, Debug)]
pub struct EdgePlan {
    /// Child rows with a parent; orphans and rows without a key follow in stub order.
    pub matched: u64,
    /// Child rows whose key matches nothing.
    pub orphans: u64,
    /// Degrees by rank.
    pub degrees: DegreePlan,
    /// Parent row → rank.
    ranks: RankOrder,
    /// Child row → stub.
    stubs: StubOrder,
    /// Stub → parent, where stubs are in the order of the parents' classes.
    sorted: Option<Sorted>,
    /// Child rows before the first stub: the roots of a forest.
    roots: u64,
    /// First child row of every block of owners, or of every row of a kept owner.
    prefix: Vec<u64>,
    per_row: bool,
    /// The item of every row of a bridge that is small enough to be dealt whole.
    items: Vec<u32>,
}

/// Which parent has which rank.
#[derive(Clone, Debug)]
enum RankOrder {
    /// Rows are ranks.
    Rows,
    /// At random.
    Random(Permutation),
    /// By the class that each parent drew.
    Wished(Ranks),
}

/// Which child row has which stub.
#[derive(Clone, Debug)]
enum StubOrder {
    /// Rows are stubs.
    Rows,
    /// At random.
    Random(Permutation),
    /// By the class of parents that each row drew.
    Wished(Ranks),
}

/// Parents in the order of their classes.
#[derive(Clone, Debug)]
struct Sorted {
    parents: Vec<u32>,
    /// First stub of each, and the number of stubs.
    first: Vec<u32>,
}

/// What a child row refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stub {
    /// A stub of a parent.
    Matched(u64),
    /// Nothing that exists: the how-manieth.
    Orphan(u64),
    /// Nothing.
    Null,
}

impl EdgePlan {
    /// Returns what a child row refers to.
    #[inline]
    pub fn stub(&self, row: u64) -> Stub {
        let Some(row) = row.checked_sub(self.roots) else {
            return Stub::Null;
        };
        let stub = match &self.stubs {
            StubOrder::Rows => row,
            StubOrder::Random(stubs) => stubs.apply(row),
            StubOrder::Wished(stubs) => stubs.rank(row),
        };
        if stub < self.matched {
            Stub::Matched(stub)
        } else if stub < self.matched + self.orphans {
            Stub::Orphan(stub - self.matched)
        } else {
            Stub::Null
        }
    }

    /// Returns the degree of a parent row and its class.
    #[inline]
    pub fn degree(&self, row: u64) -> (u64, u8) {
        if self.per_row {
            return (self.prefix[row as usize + 1] - self.prefix[row as usize], 0);
        }
        self.degrees.degree(self.rank(row))
    }

    /// Returns the rank of a parent row.
    #[inline]
    pub fn rank(&self, row: u64) -> u64 {
        match &self.ranks {
            RankOrder::Rows => row,
            RankOrder::Random(ranks) => ranks.apply(row),
            RankOrder::Wished(ranks) => ranks.rank(row),
        }
    }

    /// Returns which of so many equal parts of the parents with children a row lies in, by their
    /// number, from 1; 0 without children.
    pub fn part(&self, row: u64, parts: u8) -> u8 {
        if self.per_row {
            return 0;
        }
        let (childless, all) = (self.degrees.childless(), self.degrees.parents());
        match self.rank(row).checked_sub(childless) {
            None => 0,
            Some(place) => {
                let part = u128::from(place) * u128::from(parts) / u128::from(all - childless);
                1 + part as u8
            }
        }
    }

    /// Returns the parent row at a rank.
    #[inline]
    pub fn parent_at(&self, rank: u64) -> u64 {
        match &self.ranks {
            RankOrder::Rows => rank,
            RankOrder::Random(ranks) => ranks.invert(rank),
            RankOrder::Wished(ranks) => ranks.parent(rank),
        }
    }

    /// Returns the parent row of a stub.
    #[inline]
    pub fn parent_of(&self, stub: u64) -> u64 {
        match &self.sorted {
            None => self.parent_at(self.degrees.parent(stub).0),
            Some(sorted) => {
                let place = sorted
                    .first
                    .partition_point(|&first| u64::from(first) <= stub)
                    - 1;
                sorted
                    .parents
                    .get(place)
                    .map_or(0, |&parent| u64::from(parent))
            }
        }
    }

    /// How many rows should refer to parents of each class, then to nothing that exists, then to
    /// nothing.
    pub fn quotas(&self, classes: &[u8], n_classes: usize, children: u64) -> Vec<u64> {
        let mut quotas = vec![0; n_classes + 2];
        for (row, &class) in classes.iter().enumerate() {
            quotas[usize::from(class)] += self.degree(row as u64).0;
        }
        quotas[n_classes] = self.orphans;
        quotas[n_classes + 1] = children - self.matched - self.orphans;
        quotas
    }

    /// Lets rows refer to parents of the classes that they wish for: as many of each as there are
    /// stubs, by [`EdgePlan::quotas`].
    pub fn deal(&mut self, classes: &[u8], wishes: Vec<u8>, key: u64) {
        // Both are below 2³²: more rows wish for nothing.
        let mut parents: Vec<u32> = (0..classes.len() as u32).collect();
        parents.sort_unstable_by_key(|&row| (classes[row as usize], row));
        let mut first = Vec::with_capacity(parents.len() + 1);
        first.push(0);
        for (place, &parent) in parents.iter().enumerate() {
            first.push(first[place] + self.degree(u64::from(parent)).0 as u32);
        }
        self.stubs = StubOrder::Wished(Ranks::new(wishes, key));
        self.sorted = Some(Sorted { parents, first });
    }

    /// Whether parents have drawn the classes of their fan-outs.
    pub fn is_wished(&self) -> bool {
        matches!(self.ranks, RankOrder::Wished(_))
    }

    /// Returns the item of a bridge's row; `last` remembers the group of the row before.
    pub fn item(
        &self,
        row: u64,
        owner: u64,
        place: u64,
        size: u64,
        key: u64,
        last: &mut Option<(u64, Group)>,
    ) -> u64 {
        if let Some(&item) = self.items.get(row as usize) {
            return u64::from(item);
        }
        if last.as_ref().is_none_or(|(of, _)| *of != owner) {
            *last = Some((
                owner,
                Group::new(&self.degrees, size, mix(key ^ mix(owner))),
            ));
        }
        last.as_ref()
            .map_or(0, |(_, group)| self.parent_at(group.item(place)))
    }

    /// Returns the most children that one parent has.
    pub fn largest(&self) -> u64 {
        match self.per_row {
            true => self
                .prefix
                .windows(2)
                .map(|pair| pair[1] - pair[0])
                .max()
                .unwrap_or(0),
            false => self.degrees.largest(),
        }
    }

    /// Finds the owners of matched child rows, ascending: calls `found(i, owner, place, size)`.
    pub fn owners(
        &self,
        rows: impl Iterator<Item = u64>,
        mut found: impl FnMut(usize, u64, u64, u64),
    ) {
        let (mut owner, mut first, mut size) = (0, 0, 0);
        for (i, row) in rows.enumerate() {
            if row < first || row >= first + size {
                // Not the same owner: step on if near, else seek the block.
                let block = self.prefix.partition_point(|&start| start <= row) as u64 - 1;
                let start = if self.per_row { block } else { block * BLOCK };
                if size == 0 || row < first || owner < start {
                    (owner, first) = (start, self.prefix[block as usize]);
                    size = self.degree(owner).0;
                }
                while row >= first + size {
                    owner += 1;
                    first += size;
                    size = self.degree(owner).0;
                }
            }
            found(i, owner, row - first, size);
        }
    }
}

/// Makes the plan.
///
/// # Errors
/// Sizes that name unknown or kept tables, are negative, or cannot be met.
pub fn plan(model: &Model, seed: u64, size: &Size) -> Result<Plan, Error> {
    if !size.scale.is_finite() || size.scale <= 0.0 {
        return Err(Error::Scale { scale: size.scale });
    }
    let mut wanted: Vec<Option<u64>> = vec![None; model.tables.len()];
    for (name, rows) in &size.rows {
        let table = model
            .schema
            .table_idx(name)
            .ok_or_else(|| Error::unknown_table(&model.schema, name))?;
        if model.schema.tables[table].mode == TableMode::Keep {
            return Err(Error::KeptRows {
                table: name.clone(),
                rows: model.tables[table].rows,
            });
        }
        wanted[table] = Some(*rows);
    }
    let mut planner = Planner {
        model,
        scale: size.scale,
        wanted,
        rows: vec![None; model.tables.len()],
        owned: vec![None; model.tables.len()],
        visiting: vec![false; model.tables.len()],
        notes: Vec::new(),
    };
    for table in 0..model.tables.len() {
        planner.rows(table)?;
    }
    let rows: Vec<u64> = planner.rows.iter().map(|rows| rows.unwrap_or(0)).collect();
    let (mut notes, owned) = (planner.notes, planner.owned);
    let mut edges = Vec::with_capacity(model.edges.len());
    for edge in 0..model.edges.len() {
        edges.push(plan_edge(model, seed, edge, &rows, &owned, &mut notes)?);
    }
    Ok(Plan { rows, edges, notes })
}

/// Deals the items of a small bridge, so that the items' degrees are exact as well.
fn deal_items(model: &Model, seed: u64, edge: usize, rows: &[u64], edges: &mut [Option<EdgePlan>]) {
    let relationship = &model.schema.relationships[edge];
    let Some(child) = model.schema.table_idx(&relationship.child_table) else {
        return;
    };
    let Some((owner_edge, owner)) = owner(model, child) else {
        return;
    };
    let Some(items) = model.schema.table_idx(&relationship.parent_table) else {
        return;
    };
    if [child, owner, items]
        .iter()
        .any(|&table| rows[table] > PLANNED_ROWS)
    {
        return;
    }
    let degrees = |edge: &Option<EdgePlan>, table: usize| -> Vec<u64> {
        edge.as_ref().map_or(Vec::new(), |plan| {
            (0..rows[table]).map(|row| plan.degree(row).0).collect()
        })
    };
    let (owners, wanted) = (
        degrees(&edges[owner_edge], owner),
        degrees(&edges[edge], items),
    );
    let key = key(
        seed,
        &[&relationship.child_table, &relationship.name(), "deal"],
    );
    if let Some(plan) = &mut edges[edge] {
        plan.items = bridge::deal(&owners, &wanted, key).concat();
    }
}

struct Planner<'a> {
    model: &'a Model,
    scale: f64,
    wanted: Vec<Option<u64>>,
    rows: Vec<Option<u64>>,
    /// Rows with an owner, where the owner says how many.
    owned: Vec<Option<u64>>,
    visiting: Vec<bool>,
    notes: Vec<String>,
}

impl Planner<'_> {
    fn rows(&mut self, table: usize) -> Result<u64, Error> {
        if let Some(rows) = self.rows[table] {
            return Ok(rows);
        }
        self.visiting[table] = true;
        let model = self.model;
        let real = model.tables[table].rows;
        let rows = if model.schema.tables[table].mode == TableMode::Keep {
            real
        } else if let Some((edge, parent)) = owner(model, table) {
            let kept = model.schema.tables[parent].mode == TableMode::Keep;
            let theirs = model.tables[parent].rows;
            let growth = match kept || theirs == 0 {
                true => self.scale,
                false => self.rows(parent)? as f64 / theirs as f64,
            };
            // Rows without an owner do not grow with the owners.
            let learned = &model.edges[edge];
            let owned = times(learned.matched, growth);
            let rows = match self.wanted[table] {
                Some(rows) => rows,
                None => {
                    self.owned[table] = Some(owned);
                    owned + times(learned.orphans + learned.nulls, self.scale)
                }
            };
            self.fit_bridge(table, edge, parent, rows)?
        } else {
            match self.wanted[table] {
                Some(rows) => rows,
                None => times(real, self.scale).max(u64::from(real > 0)),
            }
        };
        let name = || model.schema.tables[table].name.clone();
        if rows > MAX_ROWS {
            return Err(Error::TooManyRows {
                table: name(),
                rows,
                most: MAX_ROWS,
            });
        }
        if rows > 0 && real == 0 {
            return Err(Error::NothingLearned { table: name() });
        }
        self.rows[table] = Some(rows);
        Ok(rows)
    }

    /// Cuts a bridge's rows to the distinct pairs that there are.
    fn fit_bridge(
        &mut self,
        table: usize,
        edge: usize,
        owner: usize,
        rows: u64,
    ) -> Result<u64, Error> {
        let model = self.model;
        let Some((_, items)) = bridge_item(model, table) else {
            return Ok(rows);
        };
        if self.visiting[items] && self.rows[items].is_none() {
            return Ok(rows);
        }
        let (owners, items) = (self.rows(owner)?, self.rows(items)?);
        // Owners that never had an item get none: the plan of degrees says who can take more.
        let capacity = match &model.edges[edge].per_row {
            Some(counts) => counts.iter().filter(|&&count| count > 0).count() as u64 * items,
            None => owners.saturating_mul(items),
        };
        let fit = rows.min(capacity);
        if fit < rows {
            self.notes.push(format!(
                "table `{}` gets {fit} of {rows} rows: there are no more distinct pairs of its keys; generate more rows of the tables it refers to",
                model.schema.tables[table].name
            ));
        }
        Ok(fit)
    }
}

/// Returns the edge that owns a table's rows, and the owner.
pub(crate) fn owner(model: &Model, table: usize) -> Option<(usize, usize)> {
    edge_of(model, table, EdgeKind::Owner)
}

/// Returns the edge of a bridge's second key, and the table of its items.
pub(crate) fn bridge_item(model: &Model, table: usize) -> Option<(usize, usize)> {
    edge_of(model, table, EdgeKind::BridgeItem)
}

fn edge_of(model: &Model, table: usize, kind: EdgeKind) -> Option<(usize, usize)> {
    let name = &model.schema.tables[table].name;
    let edge = (0..model.edges.len()).find(|&edge| {
        model.edges[edge].kind == kind && model.schema.relationships[edge].child_table == *name
    })?;
    Some((
        edge,
        model
            .schema
            .table_idx(&model.schema.relationships[edge].parent_table)?,
    ))
}

fn times(rows: u64, factor: f64) -> u64 {
    (rows as f64 * factor).round().min((MAX_ROWS * 2) as f64) as u64
}

fn plan_edge(
    model: &Model,
    seed: u64,
    edge: usize,
    rows: &[u64],
    owned: &[Option<u64>],
    notes: &mut Vec<String>,
) -> Result<Option<EdgePlan>, Error> {
    let relationship = &model.schema.relationships[edge];
    let learned = &model.edges[edge];
    let indices = (
        model.schema.table_idx(&relationship.parent_table),
        model.schema.table_idx(&relationship.child_table),
    );
    let (Some(parent), Some(child)) = indices else {
        return Ok(None);
    };
    let child_table = &model.schema.tables[child];
    if child_table.mode == TableMode::Keep || learned.kind == EdgeKind::Kept {
        return Ok(None);
    }
    let (parents, children) = (rows[parent], rows[child]);
    let name = relationship.name();
    let key_of = |what: &str| key(seed, &[&relationship.child_table, &name, what]);
    let mut split = segments(learned, children);
    if let (EdgeKind::Owner, Some(owned)) = (learned.kind, owned[child]) {
        let rest = children - owned.min(children);
        let strangers = u128::from(learned.orphans) * u128::from(rest);
        split.matched = children - rest;
        split.orphans = strangers
            .checked_div(u128::from(learned.orphans + learned.nulls))
            .unwrap_or(0) as u64;
    }
    let mut first = 0;
    if learned.kind == EdgeKind::Tree {
        let roots = learned.nulls.max(1);
        let grown = (children as f64 * roots as f64 / model.tables[child].rows.max(1) as f64)
            .round() as u64;
        // A forest of many trees gets more trees; a single hierarchy stays one.
        let roots = if roots >= 5 { grown.max(1) } else { roots };
        first = roots.min(children);
        split.matched = children.saturating_sub(first + split.orphans);
    }
    let is_unique = child_table.primary_key == relationship.child_key
        || child_table.unique.contains(&relationship.child_key);
    let cap = match learned.kind {
        EdgeKind::Owner => match bridge_item(model, child) {
            Some((_, items)) => rows[items],
            None if is_unique => 1,
            None => NO_CAP,
        },
        _ if is_unique => 1,
        _ => NO_CAP,
    };
    let mut cut = |dealt: u64| {
        let cut = split.matched - dealt;
        if cut == 0 {
            return Ok(());
        }
        // What no parent can hold has no parent.
        let is_nullable = |name: &String| {
            child_table
                .column(name)
                .is_some_and(|column| column.nullable)
        };
        if !relationship.child_key.iter().any(is_nullable) {
            return Err(Error::Capacity {
                relationship: relationship.name(),
                children: split.matched,
                most: dealt,
            });
        }
        notes.push(format!(
            "{cut} rows of `{}` have no `{}`: its parents can hold no more; generate more rows of `{}`",
            child_table.name,
            relationship.child_key.join(", "),
            relationship.parent_table
        ));
        Ok(())
    };
    if let Some(counts) = &learned.per_row {
        let planned = kept_owner(counts, &split, cap);
        cut(planned.matched)?;
        return Ok(Some(planned));
    }
    let degrees = learned.law.plan(parents, split.matched, cap);
    cut(degrees.children())?;
    split.matched = degrees.children();
    let mut planned = EdgePlan {
        matched: split.matched,
        orphans: split.orphans,
        ranks: RankOrder::Random(Permutation::new(key_of("ranks"), parents)),
        stubs: StubOrder::Random(Permutation::new(key_of("stubs"), children)),
        sorted: None,
        degrees,
        roots: first,
        prefix: Vec::new(),
        per_row: false,
        items: Vec::new(),
    };
    match learned.kind {
        EdgeKind::Owner => planned.stubs = StubOrder::Rows,
        EdgeKind::Tree => {
            planned.degrees = planned.degrees.descending();
            planned.ranks = RankOrder::Rows;
            planned.stubs = StubOrder::Rows;
        }
        EdgeKind::Reference | EdgeKind::BridgeItem | EdgeKind::Kept => {}
    }
    Ok(Some(planned))
}

struct Segments {
    matched: u64,
    orphans: u64,
}

/// Splits child rows into matched, orphans and rows without a key, by their real shares.
fn segments(learned: &EdgeModel, children: u64) -> Segments {
    let all = u128::from((learned.matched + learned.orphans + learned.nulls).max(1));
    let boundary =
        |part: u64| ((u128::from(children) * u128::from(part) * 2 + all) / (2 * all)) as u64;
    let matched = boundary(learned.matched);
    Segments {
        matched,
        orphans: boundary(learned.matched + learned.orphans) - matched,
    }
}

/// Splits `total` in proportion to `counts`, none above `cap`.
pub(crate) fn quotas(counts: &[u64], total: u64, cap: u64) -> Vec<u64> {
    let mut dealt = vec![0u64; counts.len()];
    let mut full = vec![false; counts.len()];
    loop {
        let fixed: u64 = (0..counts.len())
            .filter(|&i| full[i])
            .map(|i| dealt[i])
            .sum();
        let weight: u128 = (0..counts.len())
            .filter(|&i| !full[i])
            .map(|i| u128::from(counts[i]))
            .sum();
        let target = u128::from(total.saturating_sub(fixed));
        let (mut seen, mut overflow) = (0u128, false);
        for i in (0..counts.len()).filter(|&i| !full[i]).collect::<Vec<_>>() {
            let before = (target * seen * 2 + weight)
                .checked_div(2 * weight)
                .unwrap_or(0);
            seen += u128::from(counts[i]);
            dealt[i] = ((target * seen * 2 + weight)
                .checked_div(2 * weight)
                .unwrap_or(0)
                - before) as u64;
            if dealt[i] > cap {
                (dealt[i], full[i], overflow) = (cap, true, true);
            }
        }
        if !overflow {
            break;
        }
    }
    dealt
}

/// The exact shape of a kept owner's children.
fn kept_owner(counts: &[u64], split: &Segments, cap: u64) -> EdgePlan {
    let mut prefix = vec![0];
    for count in quotas(counts, split.matched, cap) {
        prefix.push(prefix[prefix.len() - 1] + count);
    }
    EdgePlan {
        matched: prefix[prefix.len() - 1],
        orphans: split.orphans,
        degrees: Default::default(),
        ranks: RankOrder::Rows,
        stubs: StubOrder::Rows,
        sorted: None,
        roots: 0,
        prefix,
        per_row: true,
        items: Vec::new(),
    }
}

impl Plan {
    /// Whether a table's rows draw the class of their fan-outs in a relationship.
    pub(crate) fn draws_degrees(&self, model: &Model, table: usize, edge: usize) -> bool {
        let is_drawn = |target| target == Target::Degree(edge);
        self.rows[table] <= MAX_WISHES
            && model.tables[table]
                .drawn
                .iter()
                .any(|drawn| is_drawn(drawn.target))
            && self.edges[edge].as_ref().is_some_and(|plan| !plan.per_row)
    }

    /// Settles which parents have which fan-outs: by the classes that they drew, if any.
    pub(crate) fn settle(
        &mut self,
        model: &Model,
        seed: u64,
        edge: usize,
        wishes: Option<Vec<u8>>,
    ) {
        let relationship = &model.schema.relationships[edge];
        let is_owner = model.edges[edge].kind == EdgeKind::Owner;
        let Some(plan) = self.edges[edge].as_mut().filter(|plan| !plan.per_row) else {
            return;
        };
        if let Some(wishes) = wishes {
            let path = [
                relationship.child_table.as_str(),
                &relationship.name(),
                "ranks",
            ];
            plan.ranks = RankOrder::Wished(Ranks::new(wishes, key(seed, &path)));
        }
        if is_owner {
            let parents = plan.degrees.parents();
            let mut first = 0;
            for block in 0..=parents / BLOCK {
                plan.prefix.push(first);
                let end = parents.min((block + 1) * BLOCK);
                first += (block * BLOCK..end)
                    .map(|row| plan.degree(row).0)
                    .sum::<u64>();
            }
        }
    }

    /// Deals the items of a table that is a small bridge.
    pub(crate) fn deal(&mut self, model: &Model, seed: u64, table: usize) {
        if let Some((edge, _)) = bridge_item(model, table) {
            deal_items(model, seed, edge, &self.rows, &mut self.edges);
        }
    }

    /// How many values beyond a table's keys its orphans use, so that keys stay apart.
    pub fn orphan_span(&self, model: &Model, edge: usize) -> u64 {
        let Some(plan) = &self.edges[edge] else {
            return 0;
        };
        if plan.orphans == 0 || model.schema.relationships[edge].orphans != Orphans::Keep {
            return 0;
        }
        let positive: u64 = model.edges[edge]
            .law
            .classes
            .iter()
            .filter(|class| class.hi > 0)
            .map(|class| class.parents)
            .sum();
        let mean = (model.edges[edge].matched / positive.max(1)).max(1);
        plan.orphans.div_ceil(mean)
    }
}
