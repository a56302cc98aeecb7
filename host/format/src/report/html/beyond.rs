//! What the page says beyond quality: detection, and trends over several relationships.

use prodlike_core::report::PropertyName;

use super::view::{DetectionView, HopView};
use super::{Builder, column_anchor, percent, score};
use crate::report::chart::{share, whole};
use crate::report::verdict::furthest_first;

/// Columns named of each table; the JSON report has more.
const NAMED: usize = 5;

impl Builder<'_> {
    /// Returns the tables whose rows were told from real ones, those told best first.
    pub(super) fn detection(&self) -> Vec<DetectionView> {
        let properties = self.evaluation.report.properties.iter();
        let details = properties
            .filter(|it| it.name == PropertyName::Detection)
            .flat_map(|it| &it.details);
        let auc = |auc: Option<f64>| auc.map_or("—".into(), |auc| format!("{auc:.3}"));
        furthest_first(details)
            .into_iter()
            .filter_map(|detail| {
                let tables = self.evaluation.tables.iter().zip(&self.anchors);
                let (table, anchor) = tables.clone().find(|(it, _)| it.name == detail.table)?;
                let detection = table.detection.as_ref()?;
                let features = detection.features.iter().take(NAMED);
                Some(DetectionView {
                    link: anchor.clone(),
                    table: table.name.clone(),
                    rows: whole(detection.rows),
                    score: score(detail.score, detail.baseline),
                    boosted: auc(detection.boosted.synthetic),
                    boosted_baseline: auc(detection.boosted.real),
                    logistic: auc(detection.logistic.synthetic),
                    features: features
                        .map(|it| {
                            let anchor = column_anchor(anchor, &it.column);
                            (anchor, it.column.clone(), share(it.share))
                        })
                        .collect(),
                })
            })
            .collect()
    }

    pub(super) fn hops(&self) -> Vec<HopView> {
        let hops = self.evaluation.hops.iter().filter(|hop| hop.pairs > 0);
        hops.map(|hop| HopView {
            apart: hop.apart,
            what: match hop.apart {
                0 => "columns of one table",
                1 => "a child's and its parent's",
                2 => "a child's and its parent's parent's",
                _ => "further up",
            },
            score: score(hop.score.synthetic, hop.score.real),
            every: percent(hop.every.synthetic),
            every_baseline: percent(hop.every.real),
            counted: whole(hop.counted),
            pairs: whole(hop.pairs),
        })
        .collect()
    }
}
