#![allow(clippy::unwrap_used, reason = "a failed test should stop")]

use prodlike_core::evidence::{
    Axis, Closest, ColumnEvidence, ColumnRole, Detection, FanOut, Histogram, Hop, Level, Levels,
    Links, NullPattern, Overlay, Picture, RelationshipEvidence, RepeatKind, Repeats, Sanity, Sides,
    TableEvidence, Telltale, Trend, Unit,
};
use prodlike_core::report::Property;

use super::*;

fn detail(table: &str, columns: &[&str], metric: &'static str, score: Option<f64>) -> Detail {
    Detail {
        table: table.into(),
        parent_table: None,
        columns: columns.iter().map(ToString::to_string).collect(),
        metric,
        score,
        baseline: None,
        real: None,
        synthetic: None,
        rule: None,
        note: None,
    }
}

fn example() -> Report {
    let property = |name, score, details| Property {
        name,
        score,
        baseline: None,
        details,
    };
    let pair = Detail {
        real: Some(0.8125),
        synthetic: Some(-0.1),
        ..detail(
            "track",
            &["bytes", "milliseconds"],
            "CorrelationSimilarity",
            Some(0.54375),
        )
    };
    let edge = Detail {
        parent_table: Some("customer".into()),
        ..detail(
            "invoice",
            &["customer_id"],
            "CardinalityShapeSimilarity",
            Some(0.99996),
        )
    };
    let blank = Detail {
        note: Some("fewer than 2 values <b>".into()),
        ..detail(
            "genre",
            &["<script>alert(1)</script>"],
            "KsComplement",
            None,
        )
    };
    let composer = Detail {
        baseline: Some(0.951),
        ..detail("track", &["composer"], "TvComplement", Some(0.87))
    };
    let told = Detail {
        note: Some("AUC 0.812, given away by `bytes` 75%".into()),
        ..detail("track", &[], "BoostedDetection", Some(0.375))
    };
    let mut shapes = property(
        PropertyName::ColumnShapes,
        Some(0.93),
        vec![
            detail("track", &["bytes"], "KsComplement", Some(0.99)),
            composer,
            blank,
        ],
    );
    shapes.baseline = Some(0.951);
    Report {
        properties: vec![
            property(
                PropertyName::DataValidity,
                Some(1.0),
                vec![detail("track", &["id"], "KeyUniqueness", Some(1.0))],
            ),
            property(PropertyName::DataStructure, Some(1.0), vec![]),
            property(PropertyName::RelationshipValidity, Some(1.0), vec![]),
            shapes,
            property(PropertyName::ColumnPairTrends, Some(0.54375), vec![pair]),
            property(PropertyName::Cardinality, Some(0.99996), vec![edge]),
            property(PropertyName::IntertableTrends, None, vec![]),
            property(PropertyName::Detection, Some(0.375), vec![told]),
            property(PropertyName::TwoHopTrends, None, vec![]),
        ],
    }
}

fn both<T>(real: T, synthetic: T) -> Sides<T> {
    Sides { real, synthetic }
}

fn column(name: &str, role: ColumnRole, overlay: Overlay) -> ColumnEvidence {
    ColumnEvidence {
        name: name.into(),
        data_type: "VARCHAR".into(),
        semantic: "text".into(),
        role,
        nulls: both(None, Some(4)),
        distinct: both(None, Some(11)),
        known: None,
        overlay,
    }
}

fn trend(columns: [&str; 2]) -> Trend {
    Trend {
        columns: columns.map(str::to_string),
        metric: "CorrelationSimilarity",
        real: Some(0.8125),
        synthetic: Some(-0.1),
        similarity: Some(0.54375),
        counted: true,
    }
}

fn picture(axes: [Axis; 2]) -> Picture {
    let cells = axes[0].len() * axes[1].len();
    Picture {
        columns: ["bytes", "milliseconds"].map(str::to_string),
        metric: "CorrelationSimilarity",
        score: Some(0.54375),
        baseline: Some(0.9),
        axes,
        cells: both(
            (0..cells).map(|cell| (cell > 0).then_some(20)).collect(),
            vec![Some(7); cells],
        ),
    }
}

/// Every form that evidence can take, in names that try to break out.
fn evaluation() -> Evaluation {
    let histogram = Histogram {
        unit: Unit::Date,
        edges: vec![0.0, 86_400e9, 172_800e9],
        counts: both(vec![Some(30), None], vec![Some(20), Some(40)]),
        below: both(Some(0), Some(1)),
        above: both(None, Some(0)),
        quartiles: both(Some([0.0, 1e13, 2e13]), None),
    };
    let levels = Levels {
        shown: vec![Level {
            label: "<b>&\"".into(),
            counts: both(None, Some(9)),
        }],
        other_levels: both(Some(3), Some(0)),
        other: both(Some(15), Some(0)),
    };
    let bins = || Axis::Bins(Unit::Number, vec![0.0, 1.0, 2.5]);
    let track = TableEvidence {
        name: "track".into(),
        kept: false,
        rows: both(120, 240),
        columns: vec![
            column("id", ColumnRole::Key, Overlay::None),
            column("bytes", ColumnRole::Learned, Overlay::Histogram(histogram)),
            column("composer", ColumnRole::Learned, Overlay::Levels(levels)),
            column(
                "größe <i>",
                ColumnRole::Generated("title".into()),
                Overlay::None,
            ),
        ],
        trends: vec![trend(["bytes", "milliseconds"])],
        pictures: vec![
            picture([bins(), bins()]),
            picture([Axis::Levels(vec!["a<".into(), "others".into()]), bins()]),
        ],
        null_patterns: vec![
            NullPattern {
                columns: vec![],
                counts: both(Some(100), Some(200)),
            },
            NullPattern {
                columns: vec!["composer".into()],
                counts: both(Some(20), Some(40)),
            },
        ],
        repeats: vec![Repeats {
            columns: vec!["größe <i>".into()],
            kind: RepeatKind::Distinctive,
            rows: 240,
            repeated: 2,
            baseline: Some(0.0),
        }],
        sanity: Some(Sanity {
            columns: vec!["bytes".into(), "composer".into()],
            rows: 240,
            copies: 12,
            against_half: Some(both(0.01, 0.2)),
            closest: Some(Closest {
                sampled: 240,
                median: both(0.05, 0.06),
                closer: 0.04,
            }),
        }),
        detection: Some(Detection {
            rows: 120,
            boosted: both(Some(0.52), Some(0.8125)),
            logistic: both(None, Some(0.6)),
            features: vec![Telltale {
                column: "bytes".into(),
                share: 0.75,
            }],
        }),
    };
    let genre = TableEvidence {
        name: "genre".into(),
        kept: true,
        rows: both(25, 25),
        ..TableEvidence::default()
    };
    let links = |children| Links {
        parents: 25,
        children,
        nulls: None,
        orphans: Some(0),
    };
    Evaluation {
        report: example(),
        k: 10,
        tables: vec![track, genre],
        relationships: vec![RelationshipEvidence {
            parent_table: "genre".into(),
            parent_key: vec!["id".into()],
            child_table: "track".into(),
            child_key: vec!["genre_id".into()],
            links: Some(both(links(120), links(240))),
            fan_outs: vec![
                FanOut {
                    least: 0,
                    most: Some(0),
                    counts: both(Some(15), Some(20)),
                },
                FanOut {
                    least: 1,
                    most: None,
                    counts: both(Some(10), Some(5)),
                },
            ],
            trends: vec![trend(["name", "bytes"])],
            pictures: vec![picture([bins(), bins()])],
        }],
        hops: vec![Hop {
            apart: 2,
            score: both(None, Some(0.9)),
            every: both(Some(0.95), Some(0.85)),
            counted: 3,
            pairs: 12,
        }],
        ..Evaluation::default()
    }
}

fn context() -> Context {
    Context {
        real: "chinook.duckdb".into(),
        synthetic: "out & about".into(),
        recipe: Some(DatasetInfo {
            model_digest: "sha256:9f2c".into(),
            seed: 7,
            format: "parquet".into(),
            ..DatasetInfo::default()
        }),
        model: Some(ModelFacts {
            path: "m.prodlike".into(),
            digest: "sha256:0000".into(),
            floors: vec![("customer".into(), 11)],
            suppressed: vec![Suppressed {
                table: "customer".into(),
                column: "country".into(),
                what: "levels".into(),
                count: 12,
            }],
        }),
        k: Some(10),
        entities: vec!["customer".into()],
        gates: vec![Gate {
            name: "column_shapes".into(),
            floor: 0.95,
            score: Some(0.93),
        }],
        product_version: "0.1.0".into(),
        ..Context::default()
    }
}

#[test]
fn the_text_has_a_line_of_scores_a_part_and_the_worst_items() {
    assert_eq!(
        report_text(&example()),
        "\
Diagnostic   100.0%   Data Validity 100.0%   Data Structure 100.0%      Relationship Validity 100.0%
Quality       82.5%   Column Shapes 93.0%    Column Pair Trends 54.4%   Cardinality 99.9%              Intertable Trends —
Beyond                Detection 37.5%        Two-Hop Trends —

Column Shapes (2 measured)
  87.0%   track.composer   TvComplement
  99.0%   track.bytes      KsComplement
  1 not measured: genre.<script>alert(1)</script> (fewer than 2 values <b>)

Column Pair Trends (1 measured)
  54.4%   track.bytes × milliseconds   CorrelationSimilarity   real 0.812, synthetic -0.100

Cardinality (1 measured)
  99.9%   invoice.customer_id → customer   CardinalityShapeSimilarity

Detection (1 measured)
  37.5%   track   BoostedDetection   AUC 0.812, given away by `bytes` 75%
"
    );
}

#[test]
fn only_a_perfect_score_is_printed_as_100_percent() {
    assert_eq!(percent(Some(0.99999)), "99.9%");
    assert_eq!(percent(Some(1.0)), "100.0%");
    assert_eq!(percent(Some(0.0)), "0.0%");
    assert_eq!(percent(Some(f64::NAN)), "—");
    assert_eq!(percent(None), "—");
}

#[test]
fn long_properties_are_cut_on_the_terminal() {
    let details =
        (0..20).map(|idx| detail("t", &["c"], "KsComplement", Some(f64::from(idx) / 20.0)));
    let report = Report {
        properties: vec![Property {
            name: PropertyName::ColumnShapes,
            score: Some(0.5),
            baseline: None,
            details: details.collect(),
        }],
    };
    let text = report_text(&report);
    assert!(
        text.starts_with("Quality       50.0%   Column Shapes 50.0%\n"),
        "{text}"
    );
    assert!(
        text.ends_with("  20.0%   t.c   KsComplement\n  and 15 more below 100%\n"),
        "{text}"
    );
}

#[test]
fn the_json_has_stable_names_and_the_baseline_beside_every_score() {
    let json: serde_json::Value =
        serde_json::from_str(&report_json(&evaluation(), &context()).unwrap()).unwrap();
    for (pointer, expected) in [
        ("/version", serde_json::json!(3)),
        ("/seed", serde_json::json!(7)),
        ("/model_digest", serde_json::json!("sha256:9f2c")),
        ("/verdict/standing", serde_json::json!("failed_gates")),
        ("/properties/3/name", serde_json::json!("column_shapes")),
        ("/properties/3/baseline", serde_json::json!(0.951)),
        ("/properties/3/details/1/baseline", serde_json::json!(0.951)),
        ("/properties/3/details/0/baseline", serde_json::Value::Null),
        ("/properties/4/details/0/real", serde_json::json!(0.8125)),
        ("/properties/6/score", serde_json::Value::Null),
        ("/privacy/suppressed/0/count", serde_json::json!(12)),
        ("/privacy/generated/0/generator", serde_json::json!("title")),
        ("/privacy/kept", serde_json::json!(["genre"])),
        ("/diagnostic", serde_json::json!(1.0)),
        (
            "/tables/0/columns/1/histogram/unit",
            serde_json::json!("date"),
        ),
        // Fewer real rows than the floor are not told.
        (
            "/tables/0/columns/1/histogram/counts/real",
            serde_json::json!([30, null]),
        ),
        ("/tables/0/sanity/copies", serde_json::json!(12)),
        ("/tables/0/columns/1/nulls/real", serde_json::Value::Null),
        ("/relationships/0/links/real/nulls", serde_json::Value::Null),
        ("/gates/0/passed", serde_json::json!(false)),
        // Detection counts into no mean.
        ("/properties/7/name", serde_json::json!("detection")),
        (
            "/quality",
            serde_json::json!((0.93 + 0.54375 + 0.99996) / 3.0),
        ),
        (
            "/tables/0/detection/boosted/synthetic",
            serde_json::json!(0.8125),
        ),
        (
            "/tables/0/detection/features/0/column",
            serde_json::json!("bytes"),
        ),
        ("/hops/0/every/real", serde_json::json!(0.95)),
    ] {
        assert_eq!(json.pointer(pointer), Some(&expected), "{pointer}");
    }
}

#[test]
fn the_published_schema_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/report.schema.json");
    let schema = report_schema().unwrap();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &schema).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap();
    assert!(
        published == schema,
        "BLESS=1 cargo test -p prodlike-format writes {path} anew"
    );
}

#[test]
fn test_runners_are_told_what_failed() {
    let mut evaluation = evaluation();
    evaluation.report.properties[0].details[0].score = Some(0.5);
    let xml = report_junit(&evaluation, &context()).unwrap();
    assert!(xml.starts_with("<?xml"), "{xml}");
    assert_eq!(xml.matches("<failure").count(), 2, "{xml}");
    assert_eq!(xml.matches("<skipped").count(), 1, "{xml}");
    for wanted in [
        "column_shapes is 0.9300, at least 0.95 was wanted",
        "score 50.0%",
        "track.composer TvComplement",
        "score 87.0%, a second real sample 95.1%",
        "&lt;script",
    ] {
        assert!(xml.contains(wanted), "no {wanted} in {xml}");
    }
}

#[test]
fn the_page_needs_nothing_else_and_escapes_what_it_is_given() {
    let html = report_html(&evaluation(), &context()).unwrap();
    assert!(html.starts_with("<!doctype html>"));
    assert!(html.trim_end().ends_with("</html>"));
    for wanted in [
        "Below what was demanded: column shapes.",
        "2 measured, 0 at 100%",
        "Column Pair Trends",
        "0.812",
        "95.1%",
        "out &amp; about",
        "&lt;script&gt;alert(1)&lt;",
        "fewer than 2 values &lt;b&gt;",
        "prefers-color-scheme: dark",
        "sha256:9f2c",
        "not the one that the synthetic data was made from",
        "1970-01-01",
        "fewer than 10 rows",
        "größe &lt;i&gt;",
        "id=\"table-track\"",
        "href=\"#table-track.composer\"",
        "id=\"table-track.composer\"",
        "Checks of sanity, not evidence",
        "What gives it away",
        "0.812",
        "Trends by distance",
        "Beyond quality",
    ] {
        assert!(html.contains(wanted), "missing {wanted}");
    }
    let lower = html.to_lowercase();
    for forbidden in [
        "<script", "http://", "https://", "url(", "@import", "anonym", "src=", "<b>&\"", "<i>\"",
    ] {
        assert!(!lower.contains(forbidden), "{forbidden} is in the page");
    }
    // Every link within the page leads somewhere.
    for link in html.split("href=\"#").skip(1) {
        let target = link.split('"').next().unwrap();
        assert!(
            html.contains(&format!("id=\"{target}\"")),
            "nothing is at #{target}"
        );
    }
    if let Ok(path) = std::env::var("PRODLIKE_EXAMPLE_REPORT") {
        std::fs::write(path, html).unwrap();
    }
}

#[test]
fn the_verdict_says_what_to_do() {
    let mut evaluation = evaluation();
    let mut context = context();
    let verdict = |evaluation: &Evaluation, context: &Context| report_verdict(evaluation, context);
    context.gates.clear();
    // Only the composer has a baseline: 0.87 beside 0.951.
    let line = verdict(&evaluation, &context);
    assert!(
        line.starts_with("Sound, but 1 of 4 scores is more than 15 points short"),
        "{line}"
    );
    for fact in [
        "Diagnostic 100.0%",
        "weakest: track.bytes × milliseconds 54.4%",
        "2 identifying values repeated",
        "more copied rows than two real halves share in track",
    ] {
        assert!(line.contains(fact), "no `{fact}` in {line}");
    }
    evaluation.report.properties[4].details[0].score = Some(0.9);
    let line = verdict(&evaluation, &context);
    assert!(
        line.starts_with("Sound, but 8 points short of a second real sample on average."),
        "{line}"
    );
    evaluation.report.properties[3].details[1].baseline = Some(0.88);
    let line = verdict(&evaluation, &context);
    assert!(line.starts_with("Sound, and about as close"), "{line}");
    evaluation.report.properties[0].score = Some(0.5);
    evaluation.report.properties[0].details[0].score = Some(0.5);
    let line = verdict(&evaluation, &context);
    assert!(
        line.starts_with("Do not use it: 1 check of integrity failed."),
        "{line}"
    );
}

#[test]
fn values_beyond_the_real_range_are_no_fault_where_a_second_sample_has_more() {
    let mut evaluation = evaluation();
    evaluation.report.properties[0].details = vec![Detail {
        baseline: Some(0.98),
        ..detail("track", &["bytes"], "BoundaryAdherence", Some(0.99))
    }];
    let context = Context::default();
    assert!(report_verdict(&evaluation, &context).starts_with("Sound"));
    evaluation.report.properties[0].details[0].score = Some(0.97);
    assert!(report_verdict(&evaluation, &context).starts_with("Do not use it"));
    assert!(!report_is_sound(&evaluation.report));
    // A kept row has more children in a larger dataset.
    evaluation.report.properties[0].details[0].metric = "CardinalityBoundaryAdherence";
    assert!(report_is_sound(&evaluation.report));
}

#[test]
fn an_empty_report_still_renders() {
    let nothing = Evaluation::default();
    let html = report_html(&nothing, &Context::default()).unwrap();
    assert!(html.contains("Nothing here could be scored for quality."));
    assert_eq!(report_text(&Report::default()), "");
    report_json(&nothing, &Context::default()).unwrap();
    report_junit(&nothing, &Context::default()).unwrap();
}
