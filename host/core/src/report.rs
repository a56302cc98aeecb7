//! The words of a report: report → property → metric → score.
//!
//! Names and definitions are SDMetrics'. Scores lie in [0, 1], and more is better. Detection,
//! trends over more than one relationship and the manifest's own rules are no part of its quality report, and so none of
//! the quality here: they say more, and would make it another number than everybody's.

/// What an evaluation found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Diagnostic properties first, quality properties after, then the others.
    pub properties: Vec<Property>,
}

/// One property of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Which one.
    pub name: PropertyName,
    /// The mean over what could be measured, `None` where nothing could.
    pub score: Option<f64>,
    /// What a second real sample would score, over the details that have a baseline.
    pub baseline: Option<f64>,
    /// What the score is made of.
    pub details: Vec<Detail>,
}

/// One measured thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// The table, or the child table of a relationship.
    pub table: String,
    /// The parent table, for relationships.
    pub parent_table: Option<String>,
    /// The column, both columns of a pair, or the columns of a foreign key.
    pub columns: Vec<String>,
    /// The metric's name, e.g. `KsComplement`.
    pub metric: &'static str,
    /// In [0, 1], `None` where it could not be measured.
    pub score: Option<f64>,
    /// What a second real sample would score; `None` where the tables are too small for one.
    pub baseline: Option<f64>,
    /// For pairs: the statistic on the real data, e.g. a correlation.
    pub real: Option<f64>,
    /// For pairs: the statistic on the synthetic data.
    pub synthetic: Option<f64>,
    /// What was held against the rows, for rules.
    pub rule: Option<String>,
    /// Why there is no score, or what is behind it.
    pub note: Option<String>,
}

/// The properties, in the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "SDMetrics defines most of the names")]
pub enum PropertyName {
    DataValidity,
    DataStructure,
    RelationshipValidity,
    ColumnShapes,
    ColumnPairTrends,
    Cardinality,
    IntertableTrends,
    Detection,
    LogisticDetection,
    TwoHopTrends,
    ThreeHopTrends,
    Rules,
}

impl PropertyName {
    /// Returns the name as SDMetrics prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            PropertyName::DataValidity => "Data Validity",
            PropertyName::DataStructure => "Data Structure",
            PropertyName::RelationshipValidity => "Relationship Validity",
            PropertyName::ColumnShapes => "Column Shapes",
            PropertyName::ColumnPairTrends => "Column Pair Trends",
            PropertyName::Cardinality => "Cardinality",
            PropertyName::IntertableTrends => "Intertable Trends",
            PropertyName::Detection => "Detection",
            PropertyName::LogisticDetection => "Logistic Detection",
            PropertyName::TwoHopTrends => "Two-Hop Trends",
            PropertyName::ThreeHopTrends => "Three-Hop Trends",
            PropertyName::Rules => "Rules",
        }
    }

    /// Returns the part of the report that the property belongs to.
    pub fn part(self) -> Part {
        match self {
            PropertyName::DataValidity
            | PropertyName::DataStructure
            | PropertyName::RelationshipValidity => Part::Diagnostic,
            PropertyName::ColumnShapes
            | PropertyName::ColumnPairTrends
            | PropertyName::Cardinality
            | PropertyName::IntertableTrends => Part::Quality,
            PropertyName::Detection
            | PropertyName::LogisticDetection
            | PropertyName::TwoHopTrends
            | PropertyName::ThreeHopTrends
            | PropertyName::Rules => Part::Beyond,
        }
    }
}

/// A part of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What must hold: SDMetrics' diagnostic report.
    Diagnostic,
    /// What should be alike: SDMetrics' quality report.
    Quality,
    /// What is measured beside them, and counts into no mean of theirs.
    Beyond,
}

impl Report {
    /// Returns the mean of the diagnostic properties.
    pub fn diagnostic(&self) -> Option<f64> {
        self.mean(Part::Diagnostic, |property| property.score)
    }

    /// Returns the mean of the quality properties.
    pub fn quality(&self) -> Option<f64> {
        self.mean(Part::Quality, |property| property.score)
    }

    /// Returns what a second real sample would score on the diagnostic properties.
    pub fn diagnostic_baseline(&self) -> Option<f64> {
        self.mean(Part::Diagnostic, |property| property.baseline)
    }

    /// Returns what a second real sample would score on the quality properties.
    pub fn quality_baseline(&self) -> Option<f64> {
        self.mean(Part::Quality, |property| property.baseline)
    }

    /// Returns quality and what a second real sample would score, both over the details that
    /// have a baseline: the only ones that can be compared.
    pub fn quality_beside_baseline(&self) -> Option<(f64, f64)> {
        let mut means = Vec::new();
        for property in &self.properties {
            let details = property.details.iter();
            let both: Vec<(f64, f64)> = details
                .filter_map(|detail| Some((detail.score?, detail.baseline?)))
                .collect();
            if property.name.part() == Part::Quality && !both.is_empty() {
                let n = both.len() as f64;
                let sum = both
                    .iter()
                    .fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
                means.push((sum.0 / n, sum.1 / n));
            }
        }
        let n = means.len() as f64;
        let sum = means
            .iter()
            .fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        (!means.is_empty()).then(|| (sum.0 / n, sum.1 / n))
    }

    fn mean(&self, part: Part, of: impl Fn(&Property) -> Option<f64>) -> Option<f64> {
        let scores: Vec<f64> = self
            .properties
            .iter()
            .filter(|property| property.name.part() == part)
            .filter_map(of)
            .collect();
        (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    }
}
