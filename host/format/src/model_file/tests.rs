use std::fs;

use arrow::array::{Decimal128Array, Int32Array, TimestampMicrosecondArray};
use prodlike_core::formula::{Formula, Operation};
use prodlike_core::generator::{GeneratorSpec, LearnedKey, PluginId};
use prodlike_core::limits::Limits;
use prodlike_core::model::{
    Chain, Drawn, EdgeKind, EdgeModel, Feature, Fill, Next, NextCodec, PluginFile, Sequence, Shift,
    Suppressed, TableModel, Target, Toward,
};
use prodlike_core::rule::{PluginRule, Rule};
use prodlike_core::schema::{
    Column, Orphans, Privacy, Relationship, SecretPlace, SecretSource, SemanticType, TableMode,
    Transform,
};
use prodlike_models::codec::{Codec, FloatBin, IntegerBin, Special, Unit};
use prodlike_models::degree::{DegreeClass, DegreeLaw};
use prodlike_models::finer::{Calendar, Finer};

use super::*;

fn column(name: &str, data_type: &str, semantic: SemanticType) -> Column {
    Column {
        generator: semantic.is_identifying().then(|| semantic.to_string()),
        locale: Some("de_DE".into()),
        ..Column::new(name, DataType::from_duckdb(data_type), semantic)
    }
}

fn table(name: &str, columns: Vec<Column>, mode: TableMode) -> Table {
    let primary_key = vec![columns[0].name.clone()];
    Table {
        name: name.into(),
        columns,
        primary_key,
        unique: vec![],
        mode,
        rules: Vec::new(),
    }
}

fn relationship(child: &str, key: &str, parent: &str) -> Relationship {
    Relationship {
        parent_table: parent.into(),
        parent_key: vec!["id".into()],
        child_table: child.into(),
        child_key: vec![key.into()],
        orphans: Orphans::Refuse,
        owner: None,
    }
}

/// A leaf for every distribution, all with the same two symbols.
fn leaf() -> Tree {
    Tree {
        feature: vec![0],
        cut: vec![0],
        child: vec![0],
        offsets: vec![0, 2],
        symbols: vec![0, 1],
        weights: vec![Tree::TOTAL - 5, 5],
    }
}

/// Splits once by a feature.
fn stump(feature: u16) -> Tree {
    Tree {
        feature: vec![feature, 0, 0],
        cut: vec![0, 0, 0],
        child: vec![1, 1, 2],
        offsets: vec![0, 1, 3],
        symbols: vec![0, 0, 1],
        weights: vec![Tree::TOTAL, 1, Tree::TOTAL - 1],
    }
}

fn drawn(target: Target, codec: Codec, tree: Tree) -> Drawn {
    let bits = vec![
        ("marginal".to_string(), 0.1 + 0.2),
        ("tree".to_string(), f64::MIN_POSITIVE),
    ];
    Drawn {
        shift: None,
        formula: None,
        target,
        shares: vec![1; codec.symbols()],
        next: None,
        codec,
        tree,
        teacher: "tree".into(),
        bits,
    }
}

fn presence() -> Codec {
    Codec::Presence
}

fn integers(lo: i64) -> Codec {
    Codec::Integer {
        nullable: true,
        bins: vec![
            IntegerBin { lo, count: 3 },
            IntegerBin {
                lo: lo + 6,
                count: 1,
            },
        ],
        step: 2,
        decimals: 0,
        unit: Unit::Tick,
        specials: Vec::new(),
    }
}

fn kept_rows() -> RecordBatch {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int32Array::from(vec![1, 2, 3]))),
        (
            "name \"é\"",
            Arc::new(StringArray::from(vec![Some("Rock"), None, Some("")])),
        ),
        (
            "price",
            Arc::new(
                Decimal128Array::from(vec![Some(199), None, Some(-5)])
                    .with_precision_and_scale(9, 2)
                    .unwrap(),
            ),
        ),
        (
            "at",
            Arc::new(TimestampMicrosecondArray::from(vec![
                Some(0),
                None,
                Some(-1),
            ])),
        ),
        (
            "yes",
            Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)])),
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap()
}

fn shop() -> Model {
    let edge = |kind, classes: &[(u64, u64, u64)]| EdgeModel {
        kind,
        matched: 90,
        orphans: 1,
        nulls: 9,
        law: DegreeLaw {
            classes: classes
                .iter()
                .map(|&(lo, hi, parents)| DegreeClass { lo, hi, parents })
                .collect(),
        },
        per_row: None,
    };
    let fitted = |rows, features, drawn, fills| TableModel {
        rows,
        kept: None,
        floor: Some(10),
        features,
        drawn,
        fills,
        chain: None,
    };
    let sequence = Fill::Sequence(Sequence {
        start: 1,
        step: 1,
        domain: 20,
        dense: true,
        grouped: false,
        presence: None,
    });
    let generated = |name: &str, presence| Fill::Generated {
        spec: Box::new(GeneratorSpec {
            name: name.into(),
            unique: true,
            templates: vec![("AA-99".into(), 3)],
            locale: Some("pt_BR".into()),
            lengths: vec![3, 8, 8, 120],
            ..GeneratorSpec::default()
        }),
        presence,
    };
    Model {
        schema: Schema {
            tables: vec![
                table(
                    "customer",
                    vec![
                        column("id", "INTEGER", SemanticType::Id),
                        column("email", "VARCHAR", SemanticType::Email),
                        column("country", "VARCHAR", SemanticType::Country),
                        column("boss", "INTEGER", SemanticType::Id),
                    ],
                    TableMode::Generate,
                ),
                table(
                    "in/voice ..",
                    vec![
                        column("id", "BIGINT", SemanticType::Id),
                        column("customer_id", "INTEGER", SemanticType::Id),
                        column("total", "DOUBLE", SemanticType::Numerical),
                        column("on", "DATE", SemanticType::Datetime),
                        column("genre_id", "INTEGER", SemanticType::Id),
                    ],
                    TableMode::Generate,
                ),
                table(
                    "genre",
                    vec![
                        column("id", "INTEGER", SemanticType::Id),
                        column("name \"é\"", "VARCHAR", SemanticType::Categorical),
                        column("price", "DECIMAL(9,2)", SemanticType::Numerical),
                        column("at", "TIMESTAMP", SemanticType::Datetime),
                        column("yes", "BOOLEAN", SemanticType::Boolean),
                    ],
                    TableMode::Keep,
                ),
            ],
            relationships: vec![
                relationship("in/voice ..", "customer_id", "customer"),
                relationship("in/voice ..", "genre_id", "genre"),
                relationship("customer", "boss", "customer"),
            ],
            privacy: Privacy {
                k: 10,
                entities: vec!["customer".into()],
            },
        },
        tables: vec![
            fitted(
                20,
                vec![Feature::Degree(0), Feature::Drawn(0), Feature::Drawn(1)],
                vec![
                    drawn(Target::Column(1), presence(), stump(0)),
                    drawn(
                        Target::Column(2),
                        Codec::Levels {
                            nullable: false,
                            levels: vec!["é".into(), "\"".into()],
                        },
                        stump(1),
                    ),
                ],
                vec![
                    sequence.clone(),
                    generated("email", Some(0)),
                    Fill::Drawn(1),
                    Fill::ForeignKey,
                ],
            ),
            fitted(
                100,
                vec![Feature::Owner(2), Feature::Status(1), Feature::Drawn(0)],
                vec![
                    drawn(
                        Target::Relationship(1),
                        Codec::Rows {
                            nullable: true,
                            rows: vec![2, 0],
                            other: vec![1],
                        },
                        stump(0),
                    ),
                    drawn(
                        Target::Column(2),
                        Codec::Float {
                            nullable: false,
                            bins: vec![
                                FloatBin {
                                    lo: -1.5e-300,
                                    hi: 0.1 + 0.2,
                                },
                                FloatBin { lo: 0.5, hi: 0.5 },
                            ],
                            specials: vec![Special::NotANumber],
                        },
                        stump(2),
                    ),
                    drawn(Target::Column(3), integers(-7), leaf()),
                ],
                vec![
                    sequence,
                    Fill::ForeignKey,
                    Fill::Drawn(1),
                    Fill::Drawn(2),
                    Fill::ForeignKey,
                ],
            ),
            TableModel {
                rows: 3,
                kept: Some(kept_rows()),
                floor: None,
                features: vec![],
                drawn: vec![],
                fills: vec![],
                chain: None,
            },
        ],
        edges: vec![
            edge(EdgeKind::Owner, &[(0, 0, 3), (1, 4, 10), (5, 9, 7)]),
            EdgeModel {
                per_row: Some(vec![50, 0, 40]),
                ..edge(EdgeKind::Kept, &[])
            },
            edge(EdgeKind::Tree, &[(0, 2, 20)]),
        ],
        suppressed: vec![Suppressed {
            table: "customer".into(),
            column: "country".into(),
            what: "levels".into(),
            count: 4,
        }],
        plugins: Vec::new(),
    }
}

/// The shop, whose e-mail addresses a plugin makes.
fn shop_with_plugin() -> Model {
    let mut model = shop();
    let bytes: Arc<[u8]> = Arc::from(b"\0asm and so on".as_slice());
    let id = PluginId {
        name: "addresses".into(),
        version: "1.2.3".into(),
        digest: format!("sha256:{}", sha256(&bytes)),
    };
    if let Fill::Generated { spec, .. } = &mut model.tables[0].fills[1] {
        spec.name = "addresses.email".into();
        spec.options = r#"{"domain":"example.org"}"#.into();
        spec.secrets = vec![SecretSource {
            name: "key".into(),
            from: SecretPlace::Env("SHOP_KEY".into()),
        }];
        spec.learned = [("a", 30, 12), ("b c", 11, 10)]
            .map(|(key, rows, entities)| LearnedKey {
                key: key.into(),
                rows,
                entities,
            })
            .into();
        spec.plugin = Some(id.clone());
    }
    model.schema.tables[0].columns[1].input = vec!["country".into()];
    model.schema.tables[0].rules = vec![
        Rule::Expression("id > 0".into()),
        Rule::Plugin(PluginRule {
            name: "stock".into(),
            options: r#"{"most":3}"#.into(),
            input: vec!["id".into()],
            secrets: Vec::new(),
        }),
    ];
    model.schema.tables[0].columns[2].transform = Some(Transform {
        name: "mask".into(),
        options: r#"{"last":4}"#.into(),
        input: vec!["id".into()],
        secrets: vec![SecretSource {
            name: "key".into(),
            from: SecretPlace::File("key".into()),
        }],
    });
    let mut limits = Limits::default();
    limits.set("fuel_per_row", 7).unwrap();
    model.plugins = vec![PluginFile { id, limits, bytes }];
    model
}

struct Fixture {
    directory: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Fixture {
        Fixture {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self) -> std::path::PathBuf {
        self.directory.path().join("shop.prodlike")
    }

    fn read(&self, bytes: &[u8]) -> Result<Model, Error> {
        fs::write(self.path(), bytes).unwrap();
        read_model(&self.path()).map(|(model, _)| model)
    }
}

#[test]
fn models_survive_a_round_trip_and_the_same_model_is_the_same_file() {
    let fixture = Fixture::new();
    let written = write_model(&shop(), &fixture.path()).unwrap();
    let bytes = fs::read(fixture.path()).unwrap();
    assert_eq!(written.bytes, bytes.len() as u64);
    assert_eq!(written.digest, format!("sha256:{}", sha256(&bytes)));
    let (model, read) = read_model(&fixture.path()).unwrap();
    assert_eq!(model, shop());
    assert_eq!(read, written);
    write_model(&model, &fixture.path()).unwrap();
    assert!(fs::read(fixture.path()).unwrap() == bytes);
    assert_eq!(fs::read_dir(fixture.directory.path()).unwrap().count(), 1);
    if let Ok(path) = std::env::var("PRODLIKE_EXAMPLE_MODEL") {
        fs::write(path, bytes).unwrap();
    }
}

/// A model with what rows choose, second symbols, distances and ends.
fn dependent(finer: Finer) -> Model {
    let mut model = shop();
    model.tables[0].features[0] = Feature::Rank(0, 3);
    let voice = &mut model.tables[1];
    voice
        .drawn
        .push(drawn(Target::Finer(3), Codec::Finer(finer), leaf()));
    let mut shifted = drawn(Target::Column(3), integers(-7), leaf());
    shifted.shift = Some(Shift {
        base: 2,
        least: -1,
        symbols: 3,
        missing: 1,
    });
    voice.drawn.push(shifted);
    let mut computed = drawn(Target::Column(3), integers(-7), leaf());
    computed.formula = Some(Formula {
        left: 2,
        right: 4,
        operation: Operation::Clock {
            sign: -1,
            midnight: 2400,
        },
    });
    voice.drawn.push(computed);
    let leads = [Feature::Left, Feature::Toward, Feature::Slack];
    voice.features.extend(leads);
    voice.chain = Some(Chain {
        order: vec![2],
        strict: false,
        toward: Some(Toward {
            feature: 0,
            ends: vec![-7, i64::MAX],
            unit: 2,
        }),
    });
    model
}

fn parts() -> Finer {
    let part = |lo, count| IntegerBin { lo, count };
    Finer::Parts(vec![vec![part(-7, 1), part(-5, 2)], Vec::new()])
}

#[test]
fn what_rows_depend_on_survives_and_is_checked() {
    let classes = vec![0, 3, 11];
    let finers = [
        parts(),
        Finer::Residues {
            modulus: 10,
            residues: vec![1, 9],
        },
        Finer::Calendar {
            by: Calendar::Month,
            day: 1,
            classes: classes.clone(),
        },
    ];
    let fixture = Fixture::new();
    for finer in finers {
        let model = dependent(finer);
        write_model(&model, &fixture.path()).unwrap();
        assert_eq!(read_model(&fixture.path()).unwrap().0, model);
    }
    let grouped = |sizes: Vec<u8>| {
        move |model: &mut Model| {
            let drawn = &mut model.tables[0].drawn;
            drawn[1].codec = Codec::Groups {
                nullable: false,
                levels: vec!["é".into(), "\"".into(), "c".into()],
                sizes: sizes.clone(),
            };
            drawn.push(self::drawn(Target::Finer(2), Codec::Members(2), leaf()));
        }
    };
    let mut model = dependent(parts());
    grouped(vec![1, 2])(&mut model);
    write_model(&model, &fixture.path()).unwrap();
    assert_eq!(read_model(&fixture.path()).unwrap().0, model);
    let recent = |told: u8, fresh: Option<Tree>| {
        move |model: &mut Model| {
            model.schema.tables[1].columns[2].data_type = DataType::String;
            let voice = &mut model.tables[1];
            voice.drawn[1].codec = Codec::Levels {
                nullable: false,
                levels: vec!["a".into(), "b".into()],
            };
            voice.drawn[1].shares = vec![1; 2];
            voice.drawn[1].next = Some(Next {
                codec: NextCodec::Recent(told),
                tree: leaf(),
                fresh: fresh.clone(),
                starts: None,
                norm: None,
                teacher: "tree".into(),
                bits: Vec::new(),
            });
            voice.features.push(Feature::Distinct(1));
        }
    };
    let mut model = dependent(parts());
    recent(2, Some(leaf()))(&mut model);
    write_model(&model, &fixture.path()).unwrap();
    assert_eq!(read_model(&fixture.path()).unwrap().0, model);
    // How many values come, of levels that rows ascend in last.
    let counted = |codec: Codec, features: Vec<Feature>| {
        move |model: &mut Model| {
            recent(2, Some(leaf()))(model);
            let voice = &mut model.tables[1];
            let levels = voice.drawn[1].clone();
            voice.drawn.push(levels);
            voice.drawn[1] = drawn(Target::Distinct(2), codec.clone(), leaf());
            voice.fills[2] = Fill::Drawn(6);
            voice.features.retain(|it| *it != Feature::Distinct(1));
            voice.features.extend(features.clone());
            let chain = voice.chain.as_mut().unwrap();
            (chain.order, chain.strict) = (vec![2, 6], true);
        }
    };
    let known = vec![Feature::Ahead(6), Feature::Spare(6), Feature::Open];
    let by_habit = |norm: Option<Tree>, features: Vec<Feature>| {
        move |model: &mut Model| {
            let voice = &mut model.tables[1];
            voice.drawn[1].next = Some(Next {
                codec: NextCodec::Part(2),
                tree: leaf(),
                fresh: None,
                starts: None,
                norm: norm.clone(),
                teacher: "tree".into(),
                bits: Vec::new(),
            });
            voice.features.extend(features.clone());
        }
    };
    let mut model = dependent(parts());
    by_habit(Some(leaf()), vec![Feature::Habit(1)])(&mut model);
    write_model(&model, &fixture.path()).unwrap();
    assert_eq!(read_model(&fixture.path()).unwrap().0, model);
    let by_turns = |model: &mut Model| {
        recent(2, Some(leaf()))(model);
        let voice = &mut model.tables[1];
        let mut next = voice.drawn[1].next.clone().unwrap();
        (next.codec, next.fresh) = (NextCodec::Value, None);
        voice.drawn[2].next = Some(next);
        voice.features.push(Feature::Last(1, 2));
    };
    let mut model = dependent(parts());
    by_turns(&mut model);
    write_model(&model, &fixture.path()).unwrap();
    assert_eq!(read_model(&fixture.path()).unwrap().0, model);
    let mut model = dependent(parts());
    counted(Codec::Classes(4), known.clone())(&mut model);
    write_model(&model, &fixture.path()).unwrap();
    assert_eq!(read_model(&fixture.path()).unwrap().0, model);
    let broken = |breakage: &dyn Fn(&mut Model), reason: &str| {
        check(
            |model| {
                *model = dependent(parts());
                breakage(model);
            },
            reason,
        );
    };
    let finer = |finer: Finer| {
        move |model: &mut Model| model.tables[1].drawn[3].codec = Codec::Finer(finer.clone())
    };
    broken(&finer(Finer::Parts(vec![])), "divides 0 bins of 2");
    broken(&grouped(vec![1, 1]), "2 levels of 3");
    broken(&recent(0, Some(leaf())), "cannot come again");
    broken(&recent(2, None), "wants 8 trees");
    broken(&by_habit(None, vec![]), "nothing is to be expected of it");
    broken(
        &by_habit(Some(leaf()), vec![Feature::Habit(2)]),
        "nothing is usual of variable 2",
    );
    broken(&counted(Codec::Presence, known), "counts no values");
    broken(
        &|model| {
            by_turns(model);
            model.tables[1].features.push(Feature::Last(2, 1));
        },
        "with the same of variable 2 is not known",
    );
    for (features, reason) in [
        (
            vec![Feature::Ahead(2)],
            "values of variable 2 are not counted",
        ),
        (vec![Feature::Spare(6)], "no rows left and values ahead"),
    ] {
        broken(&counted(Codec::Classes(4), features), reason);
    }
    broken(
        &|model| model.tables[1].features.push(Feature::Open),
        "ascend in no levels",
    );
    broken(&grouped(vec![3, 0]), "its groups have 3 levels of 3");
    let descending = Finer::Residues {
        modulus: 10,
        residues: vec![9, 1],
    };
    broken(&finer(descending), "endings");
    let off_grid = Finer::Residues {
        modulus: 5,
        residues: vec![1],
    };
    broken(&finer(off_grid), "endings");
    let calendar = |by, day, classes| Finer::Calendar { by, day, classes };
    broken(&finer(calendar(Calendar::Month, 1, vec![12])), "calendar");
    broken(&finer(calendar(Calendar::Hour, 1, classes)), "calendar");
    broken(
        &|model| drop(model.tables[1].drawn.remove(2)),
        "divides no bins",
    );
    broken(
        &|model| model.tables[1].drawn[4].shift.as_mut().unwrap().base = 1,
        "distance to no number",
    );
    broken(
        &|model| model.tables[1].drawn[4].shift.as_mut().unwrap().base = 4,
        "distance to no number",
    );
    let formula = |change: fn(&mut Formula)| {
        move |model: &mut Model| change(model.tables[1].drawn[5].formula.as_mut().unwrap())
    };
    broken(&formula(|it| it.left = 5), "computed of no numbers");
    broken(&formula(|it| it.right = 1), "computed of no numbers");
    let operation = |operation| {
        move |model: &mut Model| {
            model.tables[1].drawn[5].formula.as_mut().unwrap().operation = operation;
        }
    };
    for wrong in [
        Operation::Sum {
            factors: [1, 1],
            divisor: 0,
        },
        Operation::Product {
            times: 0,
            divisor: 1,
        },
        Operation::Clock {
            sign: 1,
            midnight: 1200,
        },
    ] {
        broken(&operation(wrong), "formula cannot be computed");
    }
    broken(
        &|model| {
            let chain = model.tables[1].chain.as_mut().unwrap();
            chain.toward.as_mut().unwrap().feature = 1;
        },
        "lead to nothing",
    );
    broken(&|model| model.tables[1].chain = None, "lead nowhere");
    broken(
        &|model| {
            let features = &mut model.tables[1].features;
            features.retain(|it| *it != Feature::Left);
        },
        "no rows and steps left",
    );
    broken(
        &|model| model.tables[1].features.push(Feature::Other(2)),
        "in the row before is not known",
    );
    broken(
        &|model| model.tables[0].features[0] = Feature::Rank(1, 3),
        "no rank in relationship 1",
    );
    broken(
        &|model| {
            let reference = drawn(Target::Reference(0), Codec::Classes(6), leaf());
            model.tables[1].drawn.push(reference);
        },
        "chooses from no parents",
    );
}

#[test]
fn members_have_safe_names_in_a_fixed_order() {
    let members = render(&shop()).unwrap();
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "manifest.json",
            "schema.json",
            "relationships.json",
            "tables/0-customer.json",
            "tables/1-in_voice___.json",
            "tables/2-genre.json",
            "arrays/0-customer.arrow",
            "arrays/1-in_voice___.arrow",
            "kept/2-genre.arrow",
        ]
    );
}

/// What lies behind a NULL must not reach the file.
#[test]
fn kept_rows_are_written_by_value() {
    let hidden = |value: i128| {
        let mut model = shop();
        let kept = model.tables[2].kept.take().unwrap();
        let mut columns = kept.columns().to_vec();
        let nulls = columns[2].nulls().cloned();
        let values = vec![199, value, -5].into();
        columns[2] = Arc::new(
            Decimal128Array::new(values, nulls)
                .with_precision_and_scale(9, 2)
                .unwrap(),
        );
        model.tables[2].kept = Some(RecordBatch::try_new(kept.schema(), columns).unwrap());
        archive(&render(&model).unwrap()).unwrap()
    };
    assert!(hidden(0) == hidden(424_242));
}

/// Reads the file of a model that was broken.
#[track_caller]
fn check(breakage: impl FnOnce(&mut Model), reason: &str) {
    let mut model = shop();
    breakage(&mut model);
    let fixture = Fixture::new();
    let error = write_model(&model, &fixture.path()).unwrap_err();
    assert!(matches!(error, Error::Internal { .. }));
    assert!(!fixture.path().exists());
    let error = fixture
        .read(&archive(&render(&model).unwrap()).unwrap())
        .unwrap_err();
    assert!(error.to_string().contains(reason), "{error}");
}

fn tree(model: &mut Model, table: usize, variable: usize) -> &mut Tree {
    &mut model.tables[table].drawn[variable].tree
}

#[test]
fn broken_trees_are_refused() {
    check(
        |model| tree(model, 0, 0).child[0] = 2,
        "node 0 of a tree has child 2 of 3",
    );
    check(
        |model| tree(model, 0, 0).child[2] = 1,
        "node 2 of a tree has child 1 of 3",
    );
    check(
        |model| tree(model, 0, 0).child[0] = u32::MAX,
        "node 0 of a tree has child 4294967295 of 3",
    );
    check(
        |model| tree(model, 0, 0).feature[0] = 1,
        "feature 1, which is not known yet",
    );
    check(
        |model| tree(model, 0, 1).feature[0] = 3,
        "asks feature 3 of 3",
    );
    check(
        |model| tree(model, 0, 0).feature[1] = 3,
        "leaf 1 of a tree asks feature 3",
    );
    check(
        |model| tree(model, 0, 0).feature.clear(),
        "node arrays of a tree differ",
    );
    check(
        |model| *tree(model, 0, 0) = Tree::default(),
        "node arrays of a tree differ",
    );
    check(
        |model| tree(model, 0, 0).offsets[1] = 3,
        "do not make a distribution",
    );
    check(
        |model| tree(model, 0, 0).offsets[2] = 4,
        "leaf arrays of a tree differ",
    );
    check(
        |model| tree(model, 0, 0).offsets.truncate(2),
        "leaf arrays of a tree differ",
    );
    check(
        |model| tree(model, 0, 0).symbols[2] = 2,
        "do not make a distribution",
    );
    check(
        |model| tree(model, 0, 0).symbols[1] = 1,
        "do not make a distribution",
    );
    check(
        |model| tree(model, 0, 0).weights[0] -= 1,
        "do not make a distribution",
    );
    check(
        |model| tree(model, 0, 0).weights[1] = u32::MAX,
        "do not make a distribution",
    );
    check(
        |model| tree(model, 0, 0).weights.truncate(2),
        "leaf arrays of a tree differ",
    );
}

#[test]
fn broken_codecs_are_refused() {
    fn codec(model: &mut Model) -> &mut Codec {
        &mut model.tables[1].drawn[2].codec
    }
    let integer = |bins: Vec<(i64, u64)>, step: i64| Codec::Integer {
        nullable: true,
        bins: bins
            .into_iter()
            .map(|(lo, count)| IntegerBin { lo, count })
            .collect(),
        step,
        decimals: 0,
        unit: Unit::Tick,
        specials: Vec::new(),
    };
    check(
        |model| *codec(model) = integer(vec![(5, 0)], 1),
        "a bin has no members",
    );
    check(
        |model| *codec(model) = integer(vec![(5, 1), (5, 1)], 1),
        "bins are not ascending",
    );
    check(
        |model| *codec(model) = integer(vec![(5, 3), (7, 1)], 1),
        "bins are not ascending",
    );
    check(
        |model| *codec(model) = integer(vec![(5, 1), (7, 1)], 0),
        "its step is 0",
    );
    check(
        |model| *codec(model) = integer(vec![(5, u64::MAX), (7, 1)], 3),
        "too wide to count",
    );
    check(
        |model| *codec(model) = integer(vec![(5, 2), (7, 1)], 1 << 40),
        "does not fit type DATE",
    );
    check(
        |model| *codec(model) = integer((0..256).map(|lo| (lo, 1)).collect(), 1),
        "257 symbols",
    );
    check(
        |model| *codec(model) = integer(vec![], 1),
        "do not make a distribution",
    );
    check(
        |model| {
            *codec(model) = Codec::Integer {
                nullable: false,
                bins: vec![],
                step: 1,
                decimals: 0,
                unit: Unit::Tick,
                specials: Vec::new(),
            }
        },
        "0 symbols",
    );
    check(
        |model| {
            *codec(model) = Codec::Integer {
                nullable: true,
                bins: vec![],
                step: 1,
                decimals: 2,
                unit: Unit::Tick,
                specials: Vec::new(),
            }
        },
        "does not fit type DATE",
    );
    let float = |lo, hi| Codec::Float {
        nullable: true,
        bins: vec![FloatBin { lo, hi }],
        specials: Vec::new(),
    };
    for (lo, hi) in [
        (f64::NAN, 1.0),
        (0.0, f64::INFINITY),
        (1.0, 0.0),
        (-f64::MAX, f64::MAX),
    ] {
        check(
            |model| model.tables[1].drawn[1].codec = float(lo, hi),
            "not a range of finite numbers",
        );
    }
    check(
        |model| model.tables[0].drawn[1].codec = float(0.0, 1.0),
        "does not fit type VARCHAR",
    );
    check(
        |model| {
            model.tables[1].drawn[0].codec = Codec::Rows {
                nullable: true,
                rows: vec![3],
                other: vec![],
            };
        },
        "a kept row that is not there",
    );
    check(
        |model| model.tables[1].drawn[0].codec = Codec::Presence,
        "has no row numbers",
    );
}

#[test]
fn broken_tables_and_relationships_are_refused() {
    check(
        |model| model.tables[0].features[0] = Feature::Degree(1),
        "no parent in relationship 1",
    );
    check(
        |model| model.tables[0].features[0] = Feature::Degree(9),
        "relationship 9 is unknown",
    );
    check(
        |model| model.tables[1].features[1] = Feature::Status(2),
        "no child in relationship 2",
    );
    check(
        |model| model.tables[1].features[0] = Feature::Owner(3),
        "feature 3 of the owner",
    );
    check(
        |model| model.tables[0].features[0] = Feature::Owner(0),
        "feature 0 of the owner",
    );
    check(
        |model| model.tables[1].features[2] = Feature::Drawn(3),
        "variable 3 is unknown",
    );
    check(
        |model| model.tables[0].fills[2] = Fill::Drawn(2),
        "variable 2 is unknown",
    );
    check(
        |model| model.tables[0].fills[0] = Fill::Drawn(1),
        "variable 1 is of another column",
    );
    check(
        |model| model.tables[0].fills[1] = Fill::Drawn(0),
        "a generator is missing",
    );
    check(
        |model| model.tables[0].fills[2] = Fill::ForeignKey,
        "in no foreign key",
    );
    check(
        |model| drop(model.tables[0].fills.pop()),
        "3 columns are filled of 4",
    );
    check(
        |model| {
            model.tables[0].fills[0] = Fill::Sequence(Sequence {
                start: i64::from(i32::MAX),
                step: 1,
                domain: 2,
                dense: false,
                grouped: false,
                presence: None,
            });
        },
        "does not fit type INTEGER",
    );
    check(|model| model.edges[0].law.classes[1].hi = 5, "overlap");
    check(
        |model| model.edges[0].law.classes[2].hi = 1,
        "ends before it begins",
    );
    check(
        |model| model.edges[0].law.classes[2].hi = u64::MAX,
        "too large to count",
    );
    check(
        |model| model.edges[1].per_row = Some(vec![1]),
        "not as many as the rows",
    );
    check(
        |model| model.edges[2].kind = EdgeKind::Owner,
        "cannot own itself",
    );
    check(
        |model| model.edges[0].kind = EdgeKind::Tree,
        "within one table",
    );
    check(
        |model| model.edges[0].kind = EdgeKind::Kept,
        "the parent is not kept",
    );
    check(
        |model| model.schema.relationships[0].child_table = "x".into(),
        "`x` is unknown",
    );
    check(
        |model| model.schema.relationships[0].child_key[0] = "x".into(),
        "in/voice ...x` is unknown",
    );
    check(
        |model| model.schema.tables[0].primary_key[0] = "x".into(),
        "unknown column `x`",
    );
    check(|model| model.schema.privacy.k = 0, "the floor k is 0");
    check(|model| model.tables[2].rows = 4, "3 rows are kept of 4");
    check(
        |model| model.schema.tables[2].mode = TableMode::Generate,
        "without consent",
    );
    check(
        |model| model.schema.tables[2].columns[0].data_type = DataType::UInt32,
        "column `id`",
    );
    check(
        |model| model.schema.tables[2].columns[1].nullable = false,
        "holds NULL",
    );
    check(
        |model| model.schema.tables[0].columns[0].data_type = DataType::Other("JSON".into()),
        "type JSON, which is not carried",
    );
}

#[test]
fn a_model_brings_its_plugins() {
    let model = shop_with_plugin();
    let fixture = Fixture::new();
    write_model(&model, &fixture.path()).unwrap();
    assert_eq!(read_model(&fixture.path()).unwrap().0, model);
    check(
        |model| {
            *model = shop_with_plugin();
            model.plugins.clear();
        },
        "the plugin of its generator is missing",
    );
    check(
        |model| {
            *model = shop_with_plugin();
            model.schema.tables[0].columns[1].input = vec!["nothing".into()];
        },
        "is shown a column that is not there",
    );
    check(
        |model| {
            *model = shop_with_plugin();
            let name = model.schema.tables[0].columns[1].name.clone();
            model.schema.tables[0].columns[1].input = vec![name];
        },
        "is shown what is made of it",
    );
    let mut members = render(&model).unwrap();
    let (name, bytes) = members.last_mut().unwrap();
    assert_eq!(name, "plugins/0-addresses.wasm");
    bytes.push(0);
    let error = fixture.read(&archive(&members).unwrap()).unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("not the one that the manifest names"),
        "{error}"
    );
    // A model is anybody's: there is a most of what its plugins may use up.
    let mut members = render(&model).unwrap();
    let (_, bytes) = &mut members[0];
    let manifest = String::from_utf8(bytes.clone()).unwrap();
    assert!(manifest.contains("\"fuel_per_row\": 7"), "{manifest}");
    *bytes = (manifest.replace("\"fuel_per_row\": 7", "\"memory\": 5000000000")).into_bytes();
    let error = fixture.read(&archive(&members).unwrap()).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("limit `memory` is 5000000000"), "{error}");
}

#[test]
fn owners_in_a_circle_are_refused() {
    let mut model = shop();
    model
        .schema
        .relationships
        .push(relationship("customer", "boss", "in/voice .."));
    model.edges.push(model.edges[0].clone());
    let reason = check::model(&model).unwrap_err();
    assert!(reason.contains("owns itself in the end"), "{reason}");
}

/// Replaces text in a member, and writes the archive anew, with right checksums.
fn patched(member: &str, from: &str, to: &str) -> Vec<u8> {
    let mut members = render(&shop()).unwrap();
    let (_, bytes) = members.iter_mut().find(|(name, _)| name == member).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(from), "{text}");
    *bytes = text.replace(from, to).into_bytes();
    archive(&members).unwrap()
}

#[test]
fn newer_formats_are_refused_by_name_and_newer_fields_are_ignored() {
    let fixture = Fixture::new();
    let read = |from: &str, to: &str| fixture.read(&patched("manifest.json", from, to));
    let error = read("\"major\": 1", "\"major\": 3").unwrap_err();
    assert_eq!(
        error.to_string(),
        "`shop.prodlike` has format 3.0, but this version reads up to 1.0"
    );
    let error = read(
        "\"must_understand\": []",
        "\"must_understand\": [\"dreams\"]",
    )
    .unwrap_err();
    assert!(error.to_string().contains("needs `dreams`"), "{error}");
    assert_eq!(
        read("\"minor\": 0", "\"minor\": 4, \"later\": {}").unwrap(),
        shop()
    );
    let error = fixture
        .read(&patched("schema.json", "country", "coUntry"))
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("not the one that the manifest names"),
        "{error}"
    );
    let error = fixture
        .read(&patched(
            "tables/0-customer.json",
            "\"email\",\n",
            "\"mail\",\n",
        ))
        .unwrap_err();
    assert!(error.to_string().contains("mail"), "{error}");
}

#[test]
fn what_is_no_model_file_is_refused() {
    let fixture = Fixture::new();
    let refused = |bytes: &[u8]| fixture.read(bytes).unwrap_err().to_string();
    assert!(refused(b"").contains("is empty"));
    assert!(refused(b"PAR1 and more").contains("not a zip archive"));
    assert!(refused(b"PK\x03\x04 but nothing after").contains("truncated or damaged"));
    assert!(matches!(
        read_model(fixture.directory.path()),
        Err(Error::NotAModel { .. })
    ));
    let missing = fixture.directory.path().join("no");
    assert!(matches!(read_model(&missing), Err(Error::Io { .. })));
    for missing in 0..render(&shop()).unwrap().len() {
        let mut members = render(&shop()).unwrap();
        let (name, _) = members.remove(missing);
        let reason = refused(&archive(&members).unwrap());
        assert!(
            reason.contains(&name) && reason.contains("is missing"),
            "{reason}"
        );
    }
}

/// Overwrites bytes in every header that follows a signature.
fn patch_headers(bytes: &mut [u8], signature: &[u8; 4], offset: usize, value: &[u8]) {
    let starts: Vec<usize> = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, window)| window == signature)
        .map(|(start, _)| start + offset)
        .collect();
    assert!(!starts.is_empty());
    for start in starts {
        bytes[start..start + value.len()].copy_from_slice(value);
    }
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    const LOCAL: &[u8; 4] = b"PK\x03\x04";
    const CENTRAL: &[u8; 4] = b"PK\x01\x02";
    let fixture = Fixture::new();
    let good = archive(&[("manifest.json".into(), b"{}".to_vec())]).unwrap();

    let mut deflated = good.clone();
    patch_headers(&mut deflated, LOCAL, 8, &[8, 0]);
    patch_headers(&mut deflated, CENTRAL, 10, &[8, 0]);
    let error = fixture.read(&deflated).unwrap_err().to_string();
    assert!(error.contains("compressed or encrypted"), "{error}");

    let mut inflated = good.clone();
    patch_headers(&mut inflated, CENTRAL, 24, &[0, 0, 0, 0x70]);
    let error = fixture.read(&inflated).unwrap_err().to_string();
    assert!(error.contains("lies about its size"), "{error}");

    let mut huge = good;
    patch_headers(&mut huge, CENTRAL, 20, &[0, 0, 0, 0x70, 0, 0, 0, 0x70]);
    let error = fixture.read(&huge).unwrap_err();
    assert!(
        matches!(error, Error::TooLarge { .. } | Error::NotAModel { .. }),
        "{error}"
    );

    let pair = [
        ("a.json".to_string(), b"{}".to_vec()),
        ("b.json".to_string(), b"[]".to_vec()),
    ];
    let twins = String::from_utf8_lossy(&archive(&pair).unwrap()).contains("b.json");
    assert!(twins);
    let mut twins = archive(&pair).unwrap();
    while let Some(start) = twins.windows(6).position(|window| window == b"b.json") {
        twins[start] = b'a';
    }
    let error = fixture.read(&twins).unwrap_err().to_string();
    assert!(error.contains("two members of the same name"), "{error}");

    let many: Vec<(String, Vec<u8>)> = (0..=MAX_MEMBERS)
        .map(|idx| (format!("{idx}"), vec![]))
        .collect();
    let error = fixture
        .read(&archive(&many).unwrap())
        .unwrap_err()
        .to_string();
    assert!(error.contains("more than 10000"), "{error}");
}

#[test]
fn no_flip_and_no_cut_makes_a_reader_panic_or_believe() {
    let fixture = Fixture::new();
    let good = archive(&render(&shop()).unwrap()).unwrap();
    for cut in (0..good.len())
        .step_by(97)
        .chain(good.len() - 40..good.len())
    {
        assert!(fixture.read(&good[..cut]).is_err(), "cut at {cut}");
    }
    let tail = good.len() - 700;
    for position in (0..tail).step_by(83).chain(tail..good.len()) {
        for mask in [0x01, 0xff] {
            let mut flipped = good.clone();
            flipped[position] ^= mask;
            if let Ok(model) = fixture.read(&flipped) {
                assert_eq!(model, shop(), "flip of {mask} at {position} was believed");
            }
        }
    }
}

/// Somebody who means harm gets the checksums right.
#[test]
fn no_flip_within_a_member_makes_a_reader_panic() {
    let fixture = Fixture::new();
    let members = render(&shop()).unwrap();
    for (idx, (name, bytes)) in members.iter().enumerate() {
        for position in (0..bytes.len()).step_by(if name.ends_with(".arrow") { 211 } else { 61 }) {
            let mut members = members.clone();
            members[idx].1[position] ^= 0x01;
            let _ = fixture.read(&archive(&members).unwrap());
            members[idx].1.truncate(position);
            // The end of the last line says nothing.
            let says_something = !bytes[position..].trim_ascii().is_empty();
            assert_eq!(
                fixture.read(&archive(&members).unwrap()).is_err(),
                says_something,
                "{name} cut at {position}"
            );
        }
    }
}

/// Every bit of the Arrow members, without the archive around them.
#[test]
fn no_flip_within_arrow_makes_a_reader_panic() {
    let members = render(&shop()).unwrap();
    let kept = kept_fields(&shop().schema.tables[2]).unwrap();
    let mut n_refused = 0;
    for (name, bytes) in members
        .into_iter()
        .filter(|(name, _)| name.ends_with(".arrow"))
    {
        let trees = name.starts_with("arrays");
        let fields = if trees { tree_fields() } else { kept.clone() };
        for position in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[position] ^= 1 << bit;
                match ipc::read(flipped, &fields) {
                    Ok(batch) if trees => drop(trees_of(&batch)),
                    Ok(batch) => drop(canonical(&batch).unwrap()),
                    Err(_) => n_refused += 1,
                }
            }
            assert!(
                ipc::read(bytes[..position].to_vec(), &fields).is_err(),
                "{name} cut at {position}"
            );
        }
    }
    assert!(n_refused > 1_000, "{n_refused}");
}
