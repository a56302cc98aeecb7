//! What the page is made of: strings, drawings and flags, as `page.html` wants them.

use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Page {
    pub(super) title: String,
    pub(super) real: String,
    pub(super) synthetic: String,
    pub(super) product_version: String,
    pub(super) sentence: String,
    pub(super) facts: Vec<String>,
    pub(super) standing: &'static str,
    pub(super) thresholds: String,
    pub(super) baseline_words: String,
    pub(super) recipe: Vec<(&'static str, String)>,
    pub(super) notes: Vec<String>,
    pub(super) gates: Vec<GateView>,
    pub(super) groups: Vec<Group>,
    pub(super) worst: Vec<Item>,
    pub(super) graph: Option<String>,
    pub(super) tables: Vec<TableView>,
    pub(super) relationships: Vec<RelationshipView>,
    pub(super) detection: Vec<DetectionView>,
    pub(super) hops: Vec<HopView>,
    pub(super) left_out: Vec<String>,
    pub(super) k: u32,
    pub(super) privacy: PrivacyView,
}

#[derive(Serialize)]
pub(super) struct GateView {
    pub(super) name: String,
    pub(super) floor: String,
    pub(super) score: String,
    pub(super) passed: bool,
}

#[derive(Serialize)]
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) has_mean: bool,
    pub(super) score: String,
    pub(super) baseline: String,
    pub(super) properties: Vec<PropertyView>,
}

#[derive(Serialize)]
pub(super) struct PropertyView {
    pub(super) anchor: &'static str,
    pub(super) title: &'static str,
    pub(super) explanation: &'static str,
    pub(super) compared: String,
    pub(super) score: Score,
    pub(super) pairs: bool,
    pub(super) items: Vec<Item>,
    pub(super) unmeasured: Vec<Item>,
    pub(super) omitted: usize,
    pub(super) n_measured: usize,
    pub(super) n_perfect: usize,
}

/// A score as it is shown: text, bar, the second real sample's mark, colour.
#[derive(Clone, Serialize)]
pub(super) struct Score {
    pub(super) text: String,
    pub(super) width: f64,
    pub(super) class: &'static str,
    pub(super) baseline: String,
    pub(super) mark: Option<f64>,
}

#[derive(Serialize)]
pub(super) struct Item {
    pub(super) subject: String,
    pub(super) link: Option<String>,
    pub(super) property: &'static str,
    pub(super) metric: &'static str,
    pub(super) score: Score,
    pub(super) real: String,
    pub(super) synthetic: String,
    pub(super) note: String,
}

#[derive(Serialize)]
pub(super) struct TableView {
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) kept: bool,
    pub(super) open: bool,
    pub(super) real_rows: String,
    pub(super) synthetic_rows: String,
    pub(super) shapes: Score,
    pub(super) pairs: Score,
    pub(super) columns: Vec<ColumnView>,
    pub(super) generated: Vec<ColumnView>,
    pub(super) keys: Vec<KeyView>,
    pub(super) trends: Option<[String; 2]>,
    pub(super) n_pairs: usize,
    pub(super) n_counted: usize,
    pub(super) pictures: Vec<PictureView>,
    pub(super) nulls: Option<String>,
    pub(super) sanity: Option<SanityView>,
}

#[derive(Serialize)]
pub(super) struct ColumnView {
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) metric: &'static str,
    pub(super) score: Option<Score>,
    pub(super) note: String,
    pub(super) nulls: String,
    pub(super) distinct: String,
    pub(super) quartiles: String,
    pub(super) chart: String,
}

#[derive(Serialize)]
pub(super) struct KeyView {
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) role: String,
    pub(super) known: String,
    pub(super) distinct: String,
    pub(super) nulls: String,
}

#[derive(Serialize)]
pub(super) struct PictureView {
    pub(super) title: String,
    pub(super) metric: String,
    pub(super) score: Score,
    pub(super) chart: String,
}

#[derive(Serialize)]
pub(super) struct RelationshipView {
    pub(super) anchor: String,
    pub(super) title: String,
    pub(super) cardinality: Score,
    pub(super) trends_score: Score,
    pub(super) facts: Vec<(&'static str, String, String)>,
    pub(super) fan_outs: String,
    pub(super) trends: Option<[String; 3]>,
    pub(super) n_counted: usize,
    pub(super) pictures: Vec<PictureView>,
}

/// How well the rows of a table are told from real ones.
#[derive(Serialize)]
pub(super) struct DetectionView {
    pub(super) link: String,
    pub(super) table: String,
    pub(super) rows: String,
    pub(super) score: Score,
    pub(super) boosted: String,
    pub(super) boosted_baseline: String,
    pub(super) logistic: String,
    /// Anchor, column and share.
    pub(super) features: Vec<(String, String, String)>,
}

/// Trends between tables that lie so many relationships apart.
#[derive(Serialize)]
pub(super) struct HopView {
    pub(super) apart: usize,
    pub(super) what: &'static str,
    pub(super) score: Score,
    pub(super) every: String,
    pub(super) every_baseline: String,
    pub(super) counted: String,
    pub(super) pairs: String,
}

#[derive(Serialize)]
pub(super) struct SanityView {
    pub(super) link: String,
    pub(super) table: String,
    pub(super) columns: usize,
    pub(super) copies: String,
    pub(super) copies_share: String,
    pub(super) half_synthetic: String,
    pub(super) half_real: String,
    pub(super) high: bool,
    pub(super) median_synthetic: String,
    pub(super) median_real: String,
    pub(super) closer: String,
}

#[derive(Serialize)]
pub(super) struct PrivacyView {
    pub(super) entities: Vec<String>,
    pub(super) has_model: bool,
    pub(super) floors: Vec<(String, String)>,
    pub(super) suppressed: Vec<(String, String, String)>,
    pub(super) kept: Vec<(String, String)>,
    pub(super) generated: Vec<GeneratedView>,
    pub(super) sanity: Vec<SanityView>,
    pub(super) any_repeats: bool,
}

#[derive(Serialize)]
pub(super) struct GeneratedView {
    pub(super) link: Option<String>,
    pub(super) columns: String,
    pub(super) semantic: String,
    pub(super) generator: String,
    pub(super) repeated: String,
    pub(super) baseline: String,
    pub(super) bad: bool,
}
