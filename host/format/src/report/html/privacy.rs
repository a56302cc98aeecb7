//! What the page says of privacy.

use prodlike_core::evidence::{ColumnRole, RepeatKind, TableEvidence};

use super::view::{GeneratedView, PrivacyView, SanityView};
use super::{Builder, column_anchor};
use crate::report::chart::{number, share, whole};
use crate::report::verdict;

impl Builder<'_> {
    pub(super) fn sanity(&self, idx: usize, table: &TableEvidence) -> Option<SanityView> {
        let sanity = table.sanity.as_ref()?;
        let closest = sanity.closest.as_ref();
        let half = sanity.against_half;
        Some(SanityView {
            link: self.anchors[idx].clone(),
            table: table.name.clone(),
            columns: sanity.columns.len(),
            copies: whole(sanity.copies),
            copies_share: share(sanity.copies as f64 / sanity.rows.max(1) as f64),
            half_synthetic: half.map_or("—".into(), |half| share(half.synthetic)),
            half_real: half.map_or("—".into(), |half| share(half.real)),
            high: half.is_some_and(|half| half.synthetic > half.real + verdict::COPIES),
            median_synthetic: closest.map_or("—".into(), |it| number(it.median.synthetic)),
            median_real: closest.map_or("—".into(), |it| number(it.median.real)),
            closer: closest.map_or("—".into(), |it| share(it.closer)),
        })
    }

    pub(super) fn privacy(&self) -> PrivacyView {
        let model = self.context.model.as_ref();
        let mut generated = Vec::new();
        let mut any_repeats = false;
        for (table, anchor) in self.evaluation.tables.iter().zip(&self.anchors) {
            let columns = table
                .columns
                .iter()
                .filter_map(|column| match &column.role {
                    ColumnRole::Generated(generator) => Some((
                        vec![column.name.clone()],
                        column.semantic.clone(),
                        generator.clone(),
                    )),
                    _ => None,
                });
            let together = table
                .repeats
                .iter()
                .filter(|it| it.columns.len() > 1)
                .map(|it| (it.columns.clone(), "together".to_string(), String::new()));
            for (columns, semantic, generator) in columns.chain(together) {
                let repeats = table.repeats.iter().find(|it| it.columns == columns);
                let bad =
                    repeats.is_some_and(|it| it.kind == RepeatKind::Distinctive && it.repeated > 0);
                any_repeats |= bad;
                generated.push((
                    !bad,
                    GeneratedView {
                        link: match columns.as_slice() {
                            [column] => Some(column_anchor(anchor, column)),
                            _ => None,
                        },
                        columns: format!("{}.{}", table.name, columns.join(" + ")),
                        semantic,
                        generator,
                        repeated: repeats.map_or("—".into(), |it| {
                            let of = it.repeated as f64 / it.rows.max(1) as f64;
                            match it.repeated {
                                0 => "0".to_string(),
                                repeated => format!("{} ({})", whole(repeated), share(of)),
                            }
                        }),
                        baseline: repeats.and_then(|it| it.baseline).map_or("—".into(), share),
                        bad,
                    },
                ));
            }
        }
        generated.sort_by_key(|(good, _)| *good);
        PrivacyView {
            entities: self.context.entities.clone(),
            has_model: model.is_some(),
            floors: model
                .map_or(&[][..], |model| &model.floors)
                .iter()
                .map(|(table, floor)| (table.clone(), whole(u64::from(*floor))))
                .collect(),
            suppressed: model
                .map_or(&[][..], |model| &model.suppressed)
                .iter()
                .map(|it| {
                    (
                        format!("{}.{}", it.table, it.column),
                        it.what.clone(),
                        whole(it.count),
                    )
                })
                .collect(),
            kept: self
                .evaluation
                .tables
                .iter()
                .filter(|table| table.kept)
                .map(|table| (table.name.clone(), whole(table.rows.real)))
                .collect(),
            generated: generated.into_iter().map(|(_, view)| view).collect(),
            sanity: self
                .evaluation
                .tables
                .iter()
                .enumerate()
                .filter_map(|(idx, table)| self.sanity(idx, table))
                .collect(),
            any_repeats,
        }
    }
}
