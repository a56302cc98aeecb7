//! Whether a model agrees with itself: every index in range, every law a law.
//!
//! What passes here can be generated from without another look at an index.

use std::collections::BTreeSet;

use prodlike_core::formula::{Formula, Operation};
use prodlike_core::model::{
    Drawn, EdgeKind, EdgeModel, Feature, Fill, Model, Next, NextCodec, Sequence, TableModel, Target,
};
use prodlike_core::schema::{Column, DataType, LOCALES, Relationship, Table, TableMode};
use prodlike_models::codec::{Codec, FloatBin, IntegerBin, Special, Unit};
use prodlike_models::finer::{self, Finer, MAX_RUNS};
use prodlike_models::tree::Tree;

/// More symbols do not fit `u8`.
const MAX_SYMBOLS: usize = 256;

/// The largest power of ten that a float carries exactly is 10²²; `i64` carries 18 digits.
const MAX_DECIMALS: u8 = 18;

type Check = Result<(), String>;

fn ensure(holds: bool, reason: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { Err(reason()) }
}

/// Checks everything.
pub(super) fn model(model: &Model) -> Check {
    let schema = &model.schema;
    ensure(model.tables.len() == schema.tables.len(), || {
        "a table is missing".into()
    })?;
    ensure(model.edges.len() == schema.relationships.len(), || {
        "a relationship is missing".into()
    })?;
    ensure(schema.privacy.k > 0, || "the floor k is 0".into())?;
    let mut names = BTreeSet::new();
    for (table, fitted) in schema.tables.iter().zip(&model.tables) {
        ensure(names.insert(&table.name), || {
            format!("table `{}` is there twice", table.name)
        })?;
        schema_table(table).map_err(|reason| format!("table `{}`: {reason}", table.name))?;
        kept(table, fitted).map_err(|reason| format!("table `{}`: {reason}", table.name))?;
    }
    for entity in &schema.privacy.entities {
        ensure(!entity.is_empty(), || "an entity has no name".into())?;
    }
    for (relationship, fitted) in schema.relationships.iter().zip(&model.edges) {
        edge(model, relationship, fitted)
            .map_err(|reason| format!("relationship `{}`: {reason}", relationship.name()))?;
    }
    let owners = owners(model)?;
    for (idx, table) in schema.tables.iter().enumerate() {
        fitted_table(model, idx, owners[idx])
            .map_err(|reason| format!("table `{}`: {reason}", table.name))?;
    }
    Ok(())
}

fn schema_table(table: &Table) -> Check {
    let mut names = BTreeSet::new();
    for column in &table.columns {
        let name = &column.name;
        ensure(names.insert(name), || {
            format!("column `{name}` is there twice")
        })?;
        ensure(
            column.exclude || column.data_type.to_arrow().is_some(),
            || {
                format!(
                    "column `{name}` has type {}, which is not carried",
                    column.data_type
                )
            },
        )?;
    }
    for column in table
        .primary_key
        .iter()
        .chain(table.unique.iter().flatten())
    {
        ensure(names.contains(column), || {
            format!("a key names the unknown column `{column}`")
        })?;
    }
    Ok(())
}

fn kept(table: &Table, fitted: &TableModel) -> Check {
    ensure(
        fitted.kept.is_some() == (table.mode == TableMode::Keep),
        || "its rows are kept without consent, or consent was given without rows".into(),
    )?;
    let Some(batch) = &fitted.kept else {
        return Ok(());
    };
    ensure(batch.num_rows() as u64 == fitted.rows, || {
        format!("{} rows are kept of {}", batch.num_rows(), fitted.rows)
    })?;
    let expected = super::kept_fields(table)?;
    let schema = batch.schema();
    let agrees = schema.fields().len() == expected.len()
        && schema
            .fields()
            .iter()
            .zip(&expected)
            .all(|(found, expected)| {
                found.name() == expected.name() && found.data_type() == expected.data_type()
            });
    ensure(agrees, || {
        "the kept rows have other columns than the schema".into()
    })?;
    for (column, array) in table.included().zip(batch.columns()) {
        ensure(column.nullable || array.null_count() == 0, || {
            format!(
                "column `{}` holds NULL, which the schema excludes",
                column.name
            )
        })?;
    }
    Ok(())
}

fn edge(model: &Model, relationship: &Relationship, fitted: &EdgeModel) -> Check {
    let table = |name: &str| {
        model
            .schema
            .table_idx(name)
            .ok_or_else(|| format!("table `{name}` is unknown"))
    };
    let parent = table(&relationship.parent_table)?;
    let child = table(&relationship.child_table)?;
    let keys = [
        (parent, &relationship.parent_key),
        (child, &relationship.child_key),
    ];
    for (idx, key) in keys {
        let table = &model.schema.tables[idx];
        for column in key {
            ensure(table.column(column).is_some(), || {
                format!("column `{}.{column}` is unknown", table.name)
            })?;
        }
    }
    ensure(!relationship.child_key.is_empty(), || {
        "the key has no columns".into()
    })?;
    ensure(
        relationship.parent_key.len() == relationship.child_key.len(),
        || "the keys differ in length".into(),
    )?;
    match fitted.kind {
        EdgeKind::Owner => ensure(parent != child, || "a table cannot own itself".into())?,
        EdgeKind::Tree => ensure(parent == child, || "a tree must be within one table".into())?,
        EdgeKind::Kept => ensure(model.tables[parent].kept.is_some(), || {
            "the parent is not kept".into()
        })?,
        EdgeKind::Reference | EdgeKind::BridgeItem => {}
    }
    let classes = &fitted.law.classes;
    ensure(classes.len() <= MAX_SYMBOLS, || {
        "the fan-out has too many classes".into()
    })?;
    ensure(classes.iter().all(|class| class.lo <= class.hi), || {
        "a class of the fan-out ends before it begins".into()
    })?;
    ensure(
        classes.is_sorted_by(|left, right| left.hi < right.lo),
        || "the classes of the fan-out overlap".into(),
    )?;
    // Sums over the classes are made without another check.
    let children: Option<u64> = classes.iter().try_fold(0u64, |sum, class| {
        sum.checked_add(class.hi.checked_mul(class.parents)?)
    });
    let parents: Option<u64> = classes
        .iter()
        .try_fold(0u64, |sum, class| sum.checked_add(class.parents));
    ensure(children.is_some() && parents.is_some(), || {
        "the fan-out is too large to count".into()
    })?;
    let rows = fitted
        .matched
        .checked_add(fitted.orphans)
        .and_then(|sum| sum.checked_add(fitted.nulls));
    ensure(rows.is_some(), || "the rows are too many to count".into())?;
    if let Some(per_row) = &fitted.per_row {
        let rows = model.tables[parent]
            .kept
            .as_ref()
            .map(|batch| batch.num_rows());
        ensure(rows == Some(per_row.len()), || {
            "the children of kept rows are not as many as the rows".into()
        })?;
        let sum = per_row
            .iter()
            .try_fold(0u64, |sum, count| sum.checked_add(*count));
        ensure(sum.is_some(), || {
            "the children of kept rows are too many to count".into()
        })?;
    }
    Ok(())
}

/// Returns each table's owner: at most one, and nobody owns its owner.
fn owners(model: &Model) -> Result<Vec<Option<usize>>, String> {
    let schema = &model.schema;
    let mut owners = vec![None; schema.tables.len()];
    for (relationship, edge) in schema.relationships.iter().zip(&model.edges) {
        let child = schema.table_idx(&relationship.child_table);
        let parent = schema.table_idx(&relationship.parent_table);
        let (EdgeKind::Owner, Some(child), Some(parent)) = (edge.kind, child, parent) else {
            continue;
        };
        ensure(owners[child].is_none(), || {
            format!("table `{}` has two owners", relationship.child_table)
        })?;
        owners[child] = Some(parent);
    }
    for start in 0..owners.len() {
        let mut steps = 0;
        let mut next = owners[start];
        while let Some(table) = next {
            steps += 1;
            ensure(steps <= owners.len(), || {
                format!(
                    "table `{}` owns itself in the end",
                    schema.tables[start].name
                )
            })?;
            next = owners[table];
        }
    }
    Ok(owners)
}

fn fitted_table(model: &Model, idx: usize, owner: Option<usize>) -> Check {
    let table = &model.schema.tables[idx];
    let fitted = &model.tables[idx];
    ensure(fitted.features.len() <= usize::from(u16::MAX), || {
        "there are too many features".into()
    })?;
    for feature in &fitted.features {
        check_feature(model, table, fitted, owner, *feature)?;
    }
    for (number, drawn) in fitted.drawn.iter().enumerate() {
        check_drawn(model, table, fitted, drawn, number)
            .map_err(|reason| format!("variable {number}: {reason}"))?;
    }
    if let Some(chain) = &fitted.chain {
        for (place, &variable) in chain.order.iter().enumerate() {
            let is_last = chain.strict && place > 0 && place + 1 == chain.order.len();
            let ascends = |drawn: &Drawn| match &drawn.codec {
                Codec::Integer { .. } => true,
                Codec::Levels { levels, .. } => is_last && !levels.is_empty(),
                _ => false,
            };
            ensure(fitted.drawn.get(variable).is_some_and(ascends), || {
                format!("its rows ascend in variable {variable}, which is no number")
            })?;
        }
    }
    if let Some(toward) = fitted
        .chain
        .as_ref()
        .and_then(|chain| chain.toward.as_ref())
    {
        let is_owners = matches!(fitted.features.get(toward.feature), Some(Feature::Owner(_)));
        ensure(is_owners && toward.unit > 0, || {
            "its rows lead to nothing of their owner's".into()
        })?;
    }
    let n_fills = if fitted.kept.is_some() {
        0
    } else {
        table.columns.len()
    };
    ensure(fitted.fills.len() == n_fills, || {
        format!("{} columns are filled of {n_fills}", fitted.fills.len())
    })?;
    for (column, (position, fill)) in table.columns.iter().zip(fitted.fills.iter().enumerate()) {
        check_fill(model, table, fitted, column, position, fill)
            .map_err(|reason| format!("column `{}`: {reason}", column.name))?;
    }
    Ok(())
}

fn check_feature(
    model: &Model,
    table: &Table,
    fitted: &TableModel,
    owner: Option<usize>,
    feature: Feature,
) -> Check {
    let relationship = |idx: usize| {
        model
            .schema
            .relationships
            .get(idx)
            .ok_or_else(|| format!("relationship {idx} is unknown"))
    };
    match feature {
        Feature::Degree(idx) => ensure(relationship(idx)?.parent_table == table.name, || {
            format!("it is no parent in relationship {idx}")
        }),
        Feature::Rank(idx, parts) => ensure(
            relationship(idx)?.parent_table == table.name && parts > 0 && parts < u8::MAX,
            || format!("it has no rank in relationship {idx}"),
        ),
        Feature::Status(idx) => ensure(relationship(idx)?.child_table == table.name, || {
            format!("it is no child in relationship {idx}")
        }),
        Feature::Slot(idx) => ensure(
            matches!(fitted.fills.get(idx), Some(Fill::Sequence(_))),
            || format!("column {idx} is no sequence"),
        ),
        Feature::Owner(idx) => {
            let features = owner.map_or(0, |owner| model.tables[owner].features.len());
            ensure(idx < features, || {
                format!("feature {idx} of the owner is unknown")
            })
        }
        Feature::Drawn(idx) => ensure(idx < fitted.drawn.len(), || {
            format!("variable {idx} is unknown")
        }),
        Feature::Parent(idx, feature) => {
            let edge = relationship(idx)?;
            ensure(edge.child_table == table.name, || {
                format!("it is no child in relationship {idx}")
            })?;
            let parent = model.schema.table_idx(&edge.parent_table);
            let theirs = parent.map(|parent| &model.tables[parent].features);
            // A parent's own parents are not asked, so that no row is asked of itself.
            let known = theirs.and_then(|theirs| theirs.get(feature));
            let own = known.is_some_and(|of| matches!(of, Feature::Drawn(_) | Feature::Rank(..)));
            let kind = model.edges[idx].kind;
            ensure(
                own && matches!(kind, EdgeKind::Reference | EdgeKind::BridgeItem),
                || format!("feature {feature} of the parent in relationship {idx} is unknown"),
            )
        }
        Feature::Place | Feature::Left => ensure(owner.is_some(), || "it has no owner".into()),
        Feature::Toward => ensure(
            fitted
                .chain
                .as_ref()
                .is_some_and(|chain| chain.toward.is_some()),
            || "its rows lead nowhere".into(),
        ),
        Feature::Slack => {
            let has = |part: Feature| fitted.features.contains(&part);
            ensure(has(Feature::Left) && has(Feature::Toward), || {
                "it knows no rows and steps left".into()
            })
        }
        Feature::Previous(idx)
        | Feature::Distinct(idx)
        | Feature::Had(idx, _)
        | Feature::Step(idx) => ensure(
            fitted.chain.is_some() && fitted.drawn.get(idx).is_some_and(|it| it.next.is_some()),
            || format!("variable {idx} is no chain's"),
        ),
        Feature::Ahead(idx) => {
            let variable = fitted.drawn.get(idx);
            let counted = variable.is_some_and(|it| {
                let has = |target: Target| fitted.drawn.iter().any(|it| it.target == target);
                matches!(it.target, Target::Column(column) if has(Target::Distinct(column)))
                    && it.next.is_some()
                    && (matches!(it.codec, Codec::Levels { .. })
                        || (fitted.chain.iter()).any(|chain| chain.order.contains(&idx)))
            });
            ensure(counted, || {
                format!("values of variable {idx} are not counted")
            })
        }
        Feature::Spare(idx) => {
            let has = |part: Feature| fitted.features.contains(&part);
            ensure(has(Feature::Left) && has(Feature::Ahead(idx)), || {
                "it knows no rows left and values ahead".into()
            })
        }
        Feature::Open => {
            let last = fitted.chain.as_ref().filter(|chain| chain.strict);
            let last = last.and_then(|chain| chain.order.get(1..)?.last());
            let last = last.and_then(|&last| fitted.drawn.get(last));
            ensure(
                last.is_some_and(|last| matches!(last.codec, Codec::Levels { .. })),
                || "its rows ascend in no levels".into(),
            )
        }
        Feature::Last(same, idx) => {
            let follows = |idx: usize| fitted.drawn.get(idx).filter(|it| it.next.is_some());
            let has_levels = |it: &Drawn| matches!(it.codec, Codec::Levels { .. });
            let fits = fitted.chain.is_some()
                && same < idx
                && follows(same).is_some_and(has_levels)
                && follows(idx).is_some_and(|it| it.codec.symbols() < MAX_SYMBOLS);
            ensure(fits, || {
                format!("what variable {idx} was with the same of variable {same} is not known")
            })
        }
        Feature::Habit(idx) => {
            let next = fitted.drawn.get(idx).and_then(|it| it.next.as_ref());
            let has_norm = next.is_some_and(|next| next.norm.is_some());
            ensure(fitted.chain.is_some() && has_norm, || {
                format!("nothing is usual of variable {idx}")
            })
        }
        Feature::Other(idx) => {
            let variable = fitted.drawn.get(idx);
            let is_known = fitted.features.contains(&Feature::Previous(idx))
                && variable.is_some_and(|it| it.codec.symbols() < MAX_SYMBOLS);
            ensure(is_known, || {
                format!("the value of variable {idx} in the row before is not known")
            })
        }
    }
}

fn check_drawn(
    model: &Model,
    table: &Table,
    fitted: &TableModel,
    drawn: &Drawn,
    number: usize,
) -> Check {
    match drawn.target {
        Target::Column(idx) => {
            let column = table.columns.get(idx).ok_or("its column is unknown")?;
            column_codec(column, &drawn.codec)?;
        }
        Target::Relationship(idx) => {
            let relationship = model
                .schema
                .relationships
                .get(idx)
                .ok_or("its relationship is unknown")?;
            ensure(relationship.child_table == table.name, || {
                "its relationship is another table's".into()
            })?;
            let n_rows = model
                .schema
                .table_idx(&relationship.parent_table)
                .and_then(|parent| model.tables[parent].kept.as_ref())
                .map(|batch| batch.num_rows())
                .ok_or("it refers to rows that are not kept")?;
            let Codec::Rows { rows, other, .. } = &drawn.codec else {
                return Err("it refers to kept rows, but has no row numbers".into());
            };
            ensure(
                rows.iter().chain(other).all(|row| (*row as usize) < n_rows),
                || "it refers to a kept row that is not there".into(),
            )?;
        }
        Target::Finer(idx) => {
            let column = table.columns.get(idx).ok_or("its column is unknown")?;
            let is_coarse = |other: &&Drawn| other.target == Target::Column(idx);
            let coarse = fitted.drawn[..number].iter().rev().find(is_coarse);
            match (coarse.map(|coarse| &coarse.codec), &drawn.codec) {
                (Some(Codec::Integer { bins, step, .. }), Codec::Finer(finer)) => {
                    check_finer(finer, bins, *step, &column.data_type)?;
                }
                (Some(Codec::Groups { .. }), Codec::Members(_)) => {}
                _ => return Err("it divides no bins that are drawn before it".into()),
            }
        }
        Target::Distinct(idx) => {
            let follows =
                |other: &Drawn| other.target == Target::Column(idx) && other.next.is_some();
            let counts = matches!(drawn.codec, Codec::Classes(_))
                && drawn.next.is_none()
                && fitted.drawn[number..].iter().any(follows);
            ensure(counts, || "it counts no values of a chain".into())?;
        }
        Target::Reference(idx) => {
            let relationship = model.schema.relationships.get(idx);
            let relationship = relationship.ok_or("its relationship is unknown")?;
            let parent = model.schema.table_idx(&relationship.parent_table);
            let classes = parent.and_then(|parent| model.tables[parent].classes_of(idx));
            let fits = relationship.child_table == table.name
                && relationship.parent_table != table.name
                && model.edges[idx].kind == EdgeKind::Reference
                && matches!(drawn.codec, Codec::Classes(symbols) if Some(symbols) == classes.map(|it| it.1 + 2));
            ensure(fits, || "it chooses from no parents".into())?;
        }
        Target::Degree(idx) | Target::Latent(idx) => {
            let relationship = model.schema.relationships.get(idx);
            let relationship = relationship.ok_or("its relationship is unknown")?;
            ensure(relationship.parent_table == table.name, || {
                "its relationship is another table's".into()
            })?;
            ensure(matches!(drawn.codec, Codec::Classes(_)), || {
                "it has no classes".into()
            })?;
            let classes = model.edges[idx].law.classes.len();
            let is_degree = matches!(drawn.target, Target::Degree(_));
            ensure(!is_degree || drawn.codec.symbols() == classes, || {
                format!("it has other classes than the {classes} of the fan-out")
            })?;
        }
    }
    let n_symbols = drawn.codec.symbols();
    ensure((1..=MAX_SYMBOLS).contains(&n_symbols), || {
        format!("it has {n_symbols} symbols")
    })?;
    let n_drawn = match &drawn.shift {
        None => n_symbols,
        Some(shift) => {
            let is_number = |drawn: &Drawn| matches!(drawn.codec, Codec::Integer { .. });
            let base = fitted.drawn[..number].get(shift.base);
            let fits = base.is_some_and(is_number) && is_number(drawn) && drawn.next.is_none();
            let few = shift.symbols <= MAX_SYMBOLS && shift.least.abs() <= MAX_SYMBOLS as i64;
            ensure(fits && few, || {
                "it is a distance to no number before it".into()
            })?;
            shift.symbols
        }
    };
    if let Some(formula) = &drawn.formula {
        check_formula(fitted, formula, number)?;
    }
    check_tree(&drawn.tree, fitted, number, n_drawn)?;
    if let Some(next) = &drawn.next {
        check_next(fitted, drawn, next, number)?;
    }
    ensure(
        drawn.shares.is_empty() || drawn.shares.len() == n_symbols,
        || format!("it has shares of {} symbols", drawn.shares.len()),
    )
}

fn check_formula(fitted: &TableModel, formula: &Formula, number: usize) -> Check {
    let is_number = |drawn: &Drawn| {
        matches!(
            (&drawn.codec, drawn.target),
            (Codec::Integer { unit: Unit::Tick, specials, .. }, Target::Column(_))
                if specials.is_empty()
        )
    };
    let terms = [formula.left, formula.right].map(|term| fitted.drawn[..number].get(term));
    let ordered = fitted.chain.iter().any(|it| it.order.contains(&number));
    let fits = is_number(&fitted.drawn[number])
        && terms.into_iter().all(|term| term.is_some_and(is_number))
        && !ordered;
    ensure(fits, || "it is computed of no numbers before it".into())?;
    let computes = match formula.operation {
        Operation::Sum { divisor, .. } => divisor > 0,
        Operation::Product { times, divisor } => times > 0 && divisor > 0,
        Operation::Clock { sign, midnight } => {
            matches!(sign, 1 | -1) && matches!(midnight, 0 | 2400)
        }
    };
    ensure(computes, || "its formula cannot be computed".into())
}

fn check_next(fitted: &TableModel, drawn: &Drawn, next: &Next, number: usize) -> Check {
    ensure(fitted.chain.is_some(), || "it follows no row".into())?;
    let follows = match drawn.target {
        Target::Column(_) => true,
        Target::Finer(_) if matches!(drawn.codec, Codec::Members(_)) => {
            !matches!(next.codec, NextCodec::Delta(_))
        }
        Target::Relationship(_) | Target::Finer(_) => next.codec == NextCodec::Value,
        Target::Degree(_) | Target::Latent(_) | Target::Reference(_) | Target::Distinct(_) => false,
    };
    ensure(follows, || "it follows as it cannot".into())?;
    if let NextCodec::Recent(told) = next.codec {
        let is_told = (1..MAX_SYMBOLS).contains(&usize::from(told));
        let has_levels = matches!(drawn.codec, Codec::Levels { .. });
        ensure(is_told && has_levels, || {
            "its values cannot come again".into()
        })?;
    }
    let tells = matches!(next.codec, NextCodec::Recent(_));
    ensure(tells == next.fresh.is_some(), || {
        "it does not say which values are new".into()
    })?;
    if let Some(fresh) = &next.fresh {
        check_tree(fresh, fitted, number, drawn.codec.symbols())?;
    }
    if let Some(starts) = &next.starts {
        let chain = fitted.chain.as_ref();
        let is_first =
            chain.is_some_and(|chain| !chain.strict && chain.order.first() == Some(&number));
        ensure(is_first, || "its rows have no segments".into())?;
        check_tree(starts, fitted, number, drawn.codec.symbols())?;
    }
    if let NextCodec::Part(parts) = next.codec {
        ensure(parts > 0 && next.norm.is_some(), || {
            "nothing is to be expected of it".into()
        })?;
    }
    if let Some(norm) = &next.norm {
        check_tree(norm, fitted, number, drawn.codec.symbols())?;
        let follows = norm.asked().any(|asked| fitted.features[asked].follows());
        ensure(!follows, || {
            "what is to be expected depends on rows before".into()
        })?;
    }
    if let NextCodec::Delta(delta) = &next.codec {
        let number = |codec: &Codec| match codec {
            Codec::Integer {
                nullable, specials, ..
            } => !nullable && specials.is_empty(),
            _ => false,
        };
        ensure(number(&drawn.codec) && number(delta), || {
            "its differences are none of numbers".into()
        })?;
        if let Codec::Integer { bins, step, .. } = delta {
            integer_bins(bins, *step, &DataType::Int64, Unit::Tick)?;
        }
    }
    let n_symbols = next.codec.symbols(&drawn.codec);
    ensure((1..=MAX_SYMBOLS).contains(&n_symbols), || {
        format!("it has {n_symbols} symbols where it follows")
    })?;
    check_tree(&next.tree, fitted, number, n_symbols)
}

fn column_codec(column: &Column, codec: &Codec) -> Check {
    let data_type = &column.data_type;
    let fits = match codec {
        Codec::Integer { decimals, .. } => {
            data_type.is_integer_like() && *decimals == 0 || data_type.is_float()
        }
        Codec::Float { .. } => data_type.is_float() || data_type.is_wide(),
        Codec::Levels { .. } | Codec::Groups { .. } => data_type.is_text(),
        Codec::Rows { .. } | Codec::Classes(_) | Codec::Finer(_) | Codec::Members(_) => false,
        Codec::Presence => true,
    };
    ensure(fits, || format!("its codec does not fit type {data_type}"))?;
    match codec {
        Codec::Integer {
            bins,
            step,
            decimals,
            unit,
            specials,
            ..
        } => {
            ensure(*decimals <= MAX_DECIMALS, || {
                format!("it has {decimals} decimals")
            })?;
            check_specials(specials, data_type)?;
            integer_bins(bins, *step, data_type, *unit)
        }
        Codec::Float { bins, specials, .. } => {
            check_specials(specials, data_type)?;
            float_bins(bins, data_type)
        }
        Codec::Levels { levels, .. } => known_levels(levels, data_type),
        Codec::Groups { levels, sizes, .. } => {
            let members: usize = sizes.iter().map(|&size| usize::from(size)).sum();
            ensure(members == levels.len() && !sizes.contains(&0), || {
                format!("its groups have {members} levels of {}", levels.len())
            })?;
            known_levels(levels, data_type)
        }
        Codec::Rows { .. }
        | Codec::Presence
        | Codec::Classes(_)
        | Codec::Finer(_)
        | Codec::Members(_) => Ok(()),
    }
}

fn known_levels(levels: &[String], data_type: &DataType) -> Check {
    let distinct: BTreeSet<&String> = levels.iter().collect();
    ensure(distinct.len() == levels.len(), || {
        "a level is there twice".into()
    })?;
    let known = levels.iter().all(|level| is_level(level, data_type));
    ensure(known, || format!("a level is no {data_type}"))
}

/// Whether a text is a value of a type that is carried as text.
fn is_level(level: &str, data_type: &DataType) -> bool {
    match data_type {
        DataType::Enum(values) => values.iter().any(|value| value == level),
        DataType::Bit => !level.is_empty() && level.bytes().all(|bit| matches!(bit, b'0' | b'1')),
        DataType::Uuid => {
            let is_uuid = |(at, byte): (usize, u8)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            };
            level.len() == 36 && level.bytes().enumerate().all(is_uuid)
        }
        _ => true,
    }
}

fn check_specials(specials: &[Special], data_type: &DataType) -> Check {
    let known = |special: &Special| {
        data_type.has_specials() && (data_type.is_float() || *special != Special::NotANumber)
    };
    ensure(specials.iter().all(known), || {
        format!("type {data_type} has no such special value")
    })?;
    let distinct: BTreeSet<&Special> = specials.iter().collect();
    ensure(distinct.len() == specials.len(), || {
        "a special value is there twice".into()
    })
}

fn integer_bins(bins: &[IntegerBin], step: i64, data_type: &DataType, unit: Unit) -> Check {
    ensure(step >= 1, || format!("its step is {step}"))?;
    let fits = match unit {
        Unit::Tick => *data_type != DataType::Interval,
        Unit::Affine { step, .. } => step >= 1 && data_type.is_wide(),
        Unit::Interval { .. } => *data_type == DataType::Interval,
    };
    ensure(fits || bins.is_empty(), || {
        format!("its unit does not fit type {data_type}")
    })?;
    let value = |tick: i64| match unit {
        Unit::Affine { offset, step } => step
            .checked_mul(i128::from(tick))
            .and_then(|value| value.checked_add(offset)),
        _ => Some(i128::from(tick)),
    };
    let range = data_type.least_wide()..=data_type.most_wide();
    let mut before = None;
    for bin in bins {
        ensure(bin.count >= 1, || "a bin has no members".into())?;
        let last = last_tick(bin.lo, step, bin.count).ok_or("a bin is too wide to count")?;
        let inside = |tick| value(tick).is_some_and(|value| range.contains(&value));
        ensure(inside(bin.lo) && inside(last), || {
            format!("the bin {}..={last} does not fit type {data_type}", bin.lo)
        })?;
        ensure(before.is_none_or(|before| before < bin.lo), || {
            "bins are not ascending".into()
        })?;
        before = Some(last);
    }
    Ok(())
}

/// Whether bins can be divided so, and not into too many parts to lay out.
fn check_finer(finer: &Finer, bins: &[IntegerBin], step: i64, data_type: &DataType) -> Check {
    match finer {
        Finer::Residues { modulus, residues } => {
            let ascend = residues.windows(2).all(|pair| pair[0] < pair[1]);
            let range = 0..*modulus;
            let inside = residues.iter().all(|residue| range.contains(residue));
            ensure(*modulus % step == 0 && ascend && inside, || {
                format!("its endings are none of multiples of {modulus}")
            })
        }
        Finer::Calendar { by, day, classes } => {
            let ascend = classes.windows(2).all(|pair| pair[0] < pair[1]);
            let known = classes.iter().all(|&class| class < by.classes());
            let days = *day == 1 && !by.has_hours() || *day >= 24 && day % 24 == 0;
            ensure(ascend && known && days, || "its calendar is none".into())?;
            let runs = finer::calendar_runs(bins, step, *by, *day);
            ensure(runs <= MAX_RUNS, || {
                format!("its bins are divided into {runs} parts")
            })
        }
        Finer::Parts(parts) => {
            ensure(parts.len() == bins.len(), || {
                format!("it divides {} bins of {}", parts.len(), bins.len())
            })?;
            let mut parts = parts.iter();
            parts.try_for_each(|parts| integer_bins(parts, step, data_type, Unit::Tick))
        }
    }
}

/// The last member of a range: a bin may span more than half of the type.
fn last_tick(lo: i64, step: i64, count: u64) -> Option<i64> {
    let steps = i128::from(count.checked_sub(1)?);
    i64::try_from(i128::from(lo) + i128::from(step) * steps).ok()
}

/// The ticks that a type can hold.
fn tick_range(data_type: &DataType) -> std::ops::RangeInclusive<i64> {
    data_type.least_ticks()..=data_type.most_ticks()
}

fn float_bins(bins: &[FloatBin], data_type: &DataType) -> Check {
    let most = if *data_type == DataType::Float32 {
        f64::from(f32::MAX)
    } else {
        f64::MAX
    };
    let mut before = None;
    for bin in bins {
        // Written so that NaN fails; the width must be finite as well.
        let fits = bin.lo.abs() <= most && bin.hi.abs() <= most && (bin.hi - bin.lo).is_finite();
        ensure(fits && bin.lo <= bin.hi, || {
            "a bin is not a range of finite numbers".into()
        })?;
        ensure(before.is_none_or(|before| before <= bin.lo), || {
            "bins are not ascending".into()
        })?;
        before = Some(bin.hi);
    }
    Ok(())
}

fn check_tree(tree: &Tree, fitted: &TableModel, number: usize, n_symbols: usize) -> Check {
    tree.check(fitted.features.len(), n_symbols)?;
    for feature in tree.asked() {
        let known = match fitted.features[feature] {
            Feature::Drawn(earlier) | Feature::Step(earlier) | Feature::Last(earlier, _) => {
                earlier < number
            }
            _ => true,
        };
        ensure(known, || {
            format!("a node asks feature {feature}, which is not known yet")
        })?;
    }
    Ok(())
}

fn check_fill(
    model: &Model,
    table: &Table,
    fitted: &TableModel,
    column: &Column,
    position: usize,
    fill: &Fill,
) -> Check {
    let variable = |idx: usize| {
        let drawn = fitted
            .drawn
            .get(idx)
            .ok_or_else(|| format!("variable {idx} is unknown"))?;
        ensure(drawn.target == Target::Column(position), || {
            format!("variable {idx} is of another column")
        })?;
        Ok::<&Codec, String>(&drawn.codec)
    };
    match fill {
        Fill::Drawn(idx) => match variable(*idx)? {
            Codec::Presence => Err("a generator is missing".into()),
            _ => Ok(()),
        },
        Fill::Generated { spec, presence } => {
            ensure(!spec.name.is_empty(), || "its generator has no name".into())?;
            let weights = spec
                .templates
                .iter()
                .try_fold(0u32, |sum, (_, weight)| sum.checked_add(*weight));
            ensure(weights.is_some(), || "its templates weigh too much".into())?;
            ensure(spec.lengths.is_sorted(), || {
                "its lengths do not ascend".into()
            })?;
            ensure(spec.learned.is_sorted_by(|a, b| a.key < b.key), || {
                "what its generator learned does not ascend".into()
            })?;
            ensure(
                (spec.plugin.iter()).all(|id| model.plugins.iter().any(|it| it.id == *id)),
                || "the plugin of its generator is missing".into(),
            )?;
            let at = model.schema.table_idx(&table.name).unwrap_or_default();
            ensure(
                (column.input.iter()).all(|it| model.schema.shown(at, it).is_some()),
                || "its generator is shown a column that is not there".into(),
            )?;
            let position = table.column_idx(&column.name).unwrap_or_default();
            ensure(!model.schema.is_circular(at, position), || {
                "its generator is shown what is made of it".into()
            })?;
            ensure(
                spec.locale
                    .as_deref()
                    .is_none_or(|own| LOCALES.contains(&own)),
                || "its locale is unknown".into(),
            )?;
            match presence.map(variable).transpose()? {
                None | Some(Codec::Presence | Codec::Levels { .. }) => Ok(()),
                Some(_) => Err("its generator falls back to nothing".into()),
            }
        }
        Fill::Sequence(sequence) => {
            match sequence.presence.map(variable).transpose()? {
                None | Some(Codec::Presence) => {}
                Some(_) => return Err("its sequence falls back to nothing".into()),
            }
            check_sequence(sequence, &column.data_type)
        }
        Fill::ForeignKey => {
            let refers = model.schema.relationships.iter().any(|relationship| {
                relationship.child_table == table.name
                    && relationship.child_key.contains(&column.name)
            });
            ensure(refers, || "it is in no foreign key".into())
        }
    }
}

fn check_sequence(sequence: &Sequence, data_type: &DataType) -> Check {
    let has_sequence = data_type.is_integer_like()
        || data_type.is_float()
        || matches!(data_type, DataType::Enum(_));
    ensure(has_sequence, || format!("type {data_type} has no sequence"))?;
    ensure(sequence.step >= 1, || {
        format!("its step is {}", sequence.step)
    })?;
    let range = tick_range(data_type);
    let last = last_tick(sequence.start, sequence.step, sequence.domain.max(1));
    ensure(
        range.contains(&sequence.start) && last.is_some_and(|last| range.contains(&last)),
        || format!("its sequence does not fit type {data_type}"),
    )
}
