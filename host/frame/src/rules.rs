//! How many rows keep the rules of the manifest.

use prodlike_core::evidence::floored;
use prodlike_core::report::{Detail, Property, PropertyName};
use prodlike_core::rule::{Adherence, Kept};

use crate::diagnostic::detail;
use crate::metrics::mean;
use crate::tables::Tables;

/// Returns the property of rules, if there are any.
pub(crate) fn property(tables: &Tables<'_>, rules: &[Adherence]) -> Option<Property> {
    let details = rules.iter().map(|rule| {
        let table = &tables.schema.tables[rule.table].name;
        adherence(table, rule, tables.floor(rule.table))
    });
    let details: Vec<Detail> = details.collect();
    (!details.is_empty()).then(|| Property {
        name: PropertyName::Rules,
        score: mean(details.iter().filter_map(|detail| detail.score)),
        baseline: mean(details.iter().filter_map(|detail| detail.baseline)),
        details,
    })
}

fn adherence(table: &str, measured: &Adherence, floor: u32) -> Detail {
    let score = measured
        .synthetic
        .clone()
        .and_then(|kept| share(kept).ok_or_else(|| "the synthetic data has no rows".to_string()));
    let found = detail(table, None, Vec::new(), "RuleAdherence", score);
    let (baseline, said) = told(measured.real, floor);
    Detail {
        baseline,
        rule: Some(measured.rule.clone()),
        note: found.note.or(said),
        ..found
    }
}

/// Returns the share of real rows that keep a rule, where it may be told, or what is said instead.
fn told(real: Kept, floor: u32) -> (Option<f64>, Option<String>) {
    let may_be_told = |rows| floored(rows, floor).is_some();
    // Not even the floor is told: it says how many rows few people have.
    let few = |what| {
        let said = format!("so few real rows {what} it that their share is not told");
        (None, Some(said))
    };
    match real.rows - real.broken {
        _ if !may_be_told(real.broken) => few("break"),
        keep if !may_be_told(keep) => few("keep"),
        _ => (share(real), None),
    }
}

fn share(kept: Kept) -> Option<f64> {
    (kept.rows > 0).then(|| (kept.rows - kept.broken) as f64 / kept.rows as f64)
}

#[cfg(test)]
mod tests {
    use super::{Kept, told};

    #[test]
    fn shares_of_few_real_rows_are_not_told() {
        let said = |rows, broken| told(Kept { rows, broken }, 10);
        assert_eq!(said(100, 0), (Some(1.0), None));
        assert_eq!(said(100, 10), (Some(0.9), None));
        assert_eq!(said(100, 100), (Some(0.0), None));
        let few = |what: &str| {
            let words = format!("so few real rows {what} it that their share is not told");
            (None, Some(words))
        };
        assert_eq!(said(100, 1), few("break"));
        assert_eq!(said(100, 91), few("keep"));
        assert_eq!(said(0, 0), (None, None));
    }
}
