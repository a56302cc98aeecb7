use std::error::Error as _;

use prodlike_core::error::Hint;

use prodlike_core::rule::{PluginRule, Rule};
use prodlike_core::schema::{
    Column, DataType, Orphans, Privacy, Relationship, Schema, SecretSource, SemanticType, Table,
    TableMode, Transform,
};
use prodlike_core::source::{BrokenRows, ReadOptions, SourceSpec};
use toml_edit::value;

use super::*;

fn column(name: &str, data_type: &str, semantic: SemanticType) -> Column {
    Column {
        generator: semantic.is_identifying().then(|| semantic.to_string()),
        ..Column::new(name, DataType::from_duckdb(data_type), semantic)
    }
}

fn shop() -> Manifest {
    Manifest {
        sources: vec![SourceSpec::one("data/shop.duckdb")],
        schema: Schema {
            tables: vec![
                Table {
                    name: "customer".into(),
                    columns: vec![
                        Column {
                            nullable: false,
                            ..column("id", "INTEGER", SemanticType::Id)
                        },
                        column("email", "VARCHAR", SemanticType::Email),
                        Column {
                            exclude: true,
                            ..column("blob", "BLOB", SemanticType::Text)
                        },
                    ],
                    primary_key: vec!["id".into()],
                    unique: vec![vec!["email".into()], vec!["id".into(), "email".into()]],
                    mode: TableMode::Generate,
                    rules: Vec::new(),
                },
                Table {
                    name: "order \"x\". select é\n".into(),
                    columns: vec![
                        column("customer.id", "INTEGER", SemanticType::Id),
                        column("from", "DECIMAL(18,3)", SemanticType::Numerical),
                    ],
                    primary_key: vec![],
                    unique: vec![],
                    mode: TableMode::Keep,
                    rules: Vec::new(),
                },
            ],
            relationships: vec![Relationship {
                parent_table: "customer".into(),
                parent_key: vec!["id".into()],
                child_table: "order \"x\". select é\n".into(),
                child_key: vec!["customer.id".into()],
                orphans: Orphans::Null,
                owner: Some(true),
            }],
            privacy: Privacy {
                k: 7,
                entities: vec!["customer".into(), "customer.email".into()],
            },
        },
        sample_entities: 5_000,
        snapshot: Snapshot::default(),
    }
}

fn notes() -> Notes {
    Notes {
        tables: [("customer".into(), "59 rows\nholds people".into())].into(),
        columns: [(
            ("customer".into(), "email".into()),
            "looks like\nan \u{7} email".into(),
        )]
        .into(),
        relationships: vec!["declared in the catalogue".into()],
    }
}

#[test]
fn manifests_survive_a_round_trip_and_carry_their_comments() {
    let text = render_manifest(&shop(), &notes());
    assert_eq!(
        parse_manifest(&text, Path::new("prodlike.toml")).unwrap(),
        shop(),
        "{text}"
    );
    assert!(text.starts_with("# What prodlike reads"));
    for line in [
        "format = 1\n\n[source]\npath = \"data/shop.duckdb\"\n\n[sample]\nentities = 5000\n",
        "\n# 59 rows\n# holds people\n[tables.customer]\nmode = \"generate\"\nprimary_key = [\"id\"]\n",
        "unique = [[\"email\"], [\"id\", \"email\"]]\n\n[tables.customer.columns]\n",
        "id = { type = \"INTEGER\", nullable = false, semantic = \"id\" }\n",
        "email = { type = \"VARCHAR\", semantic = \"email\", generator = \"email\" } # looks like an email\n",
        "\n# declared in the catalogue\n[[relationships]]\nparent_table = \"customer\"\n",
        "orphans = \"null\"\nowner = true\n",
    ] {
        assert!(text.contains(line), "missing {line:?} in\n{text}");
    }
}

#[test]
fn what_fills_and_changes_a_column_survives_a_round_trip() {
    let secrets = |from: &str| {
        vec![SecretSource {
            name: "key".into(),
            from: from.parse().unwrap(),
        }]
    };
    let mut made = shop();
    let columns = &mut made.schema.tables[0].columns;
    columns[1].generator = Some("loyalty.card".into());
    columns[1].options = r#"{"prefix":"LC","n":[1,2.5]}"#.into();
    columns[1].input = vec!["id".into()];
    columns[1].secrets = secrets("env:SHOP_KEY");
    let columns = &mut made.schema.tables[1].columns;
    columns[1].transform = Some(Transform {
        name: "noise".into(),
        options: r#"{"within":3}"#.into(),
        input: vec!["customer.id".into()],
        secrets: secrets("file:/run/secrets/a b"),
    });
    for (name, generator, text) in [
        ("label", "expression", "upper(\"from\") || 'x'"),
        ("sku", "template", "{sku:AA-##} \"{from}\""),
    ] {
        let column = column(name, "VARCHAR", SemanticType::Text);
        columns.push(Column {
            generator: Some(generator.into()),
            options: text.into(),
            ..column
        });
    }
    made.schema.tables[1].rules = vec![
        Rule::Expression("\"from\" >= 0 -- 'é'\n AND true".into()),
        Rule::Plugin(PluginRule {
            name: "stock".into(),
            options: r#"{"most":3}"#.into(),
            input: vec!["from".into(), "customer.id".into()],
            secrets: secrets("env:SHOP_KEY"),
        }),
    ];
    let text = render_manifest(&made, &notes());
    let read = parse_manifest(&text, Path::new("prodlike.toml")).unwrap();
    assert_eq!(read, made, "{text}");
    let plugin = "  { name = \"stock\", options = { most = 3 }, input = [\"from\", \"customer.id\"], \
         secrets = { key = \"env:SHOP_KEY\" } },\n";
    assert!(text.contains(plugin), "{text}");
    for line in [
        "secrets = { key = \"env:SHOP_KEY\" }",
        "transform = { name = \"noise\", options = { within = 3 }, input = [\"customer.id\"], \
         secrets = { key = \"file:/run/secrets/a b\" } }",
        "template = '{sku:AA-##} \"{from}\"' }",
    ] {
        assert!(text.contains(line), "missing {line:?} in\n{text}");
    }
}

#[test]
fn references_go_through_the_transform_of_their_key() {
    let mut made = shop();
    let mask = Transform {
        name: "mask".into(),
        ..Transform::default()
    };
    made.schema.tables[0].columns[0].transform = Some(mask.clone());
    let text = render_manifest(&made, &notes());
    let read = parse_manifest(&text, Path::new("prodlike.toml")).unwrap();
    assert_eq!(read.schema.tables[1].columns[0].transform, Some(mask));
    assert_eq!(read.schema.tables[1].columns[1].transform, None);
}

#[test]
fn several_sources_have_names_and_options() {
    let mut several = shop();
    several.sources = vec![
        SourceSpec {
            name: "eu.west".into(),
            path: "a/*.csv".into(),
            options: ReadOptions {
                broken_rows: BrokenRows::Skip,
                header: Some(false),
                delimiter: Some('\t'),
                encoding: Some("latin1".into()),
            },
        },
        SourceSpec {
            name: "us".into(),
            ..SourceSpec::one("us.duckdb")
        },
    ];
    let text = render_manifest(&several, &notes());
    assert!(
        text.contains(
            "[sources.\"eu.west\"]\npath = \"a/*.csv\"\nbroken_rows = \"skip\"\n\
                 header = false\ndelimiter = \"\\t\"\nencoding = \"latin1\"\n\n\
                 [sources.us]\npath = \"us.duckdb\"\n"
        ),
        "{text}"
    );
    assert_eq!(parse_manifest(&text, Path::new("p.toml")).unwrap(), several);
    for (from, to) in [
        ("[sources.us]", "[source]"),
        ("\"\\t\"", "\"ab\""),
        ("\"skip\"\nheader", "\"drop\"\nheader"),
        ("header = false", "header = 1"),
        ("path = \"us.duckdb\"", ""),
    ] {
        assert!(text.contains(from), "{from}");
        let broken = text.replacen(from, to, 1);
        assert!(
            parse_manifest(&broken, Path::new("p.toml")).is_err(),
            "{to}"
        );
    }
}

#[test]
fn edits_keep_comments() {
    let text = render_manifest(&shop(), &notes());
    let edited = edit_manifest(&text, Path::new("m"), |document| {
        document["privacy"]["k"] = value(25);
        document["tables"]["customer"]["columns"]["email"]["generator"] = value("username");
    })
    .unwrap();
    assert_eq!(
        edited,
        text.replace("k = 7", "k = 25")
            .replace("generator = \"email\"", "generator = \"username\"")
    );
    assert!(edited.contains("# looks like an email"));
    assert!(edit_manifest(&text, Path::new("m"), |d| d["privacy"]["k"] = value(0)).is_err());
}

const SMALL: &str = r#"format = 1
source.path = "s.duckdb"
[tables.orders]
primary_key = ["id"]
[tables.orders.columns]
id = { type = "integer", semantic = "id", nullable = false }
total_cents = { type = "BIGINT", semantic = "numerical" }
mail = { type = "VARCHAR", semantic = "email" }
"#;

#[test]
fn defaults_are_filled_in() {
    let manifest = parse_manifest(SMALL, Path::new("m")).unwrap();
    assert_eq!(manifest.sample_entities, 200_000);
    assert_eq!(manifest.schema.privacy, Privacy::default());
    let table = &manifest.schema.tables[0];
    assert_eq!(table.mode, TableMode::Generate);
    assert_eq!(table.columns[0].data_type, DataType::Int32);
    assert_eq!(table.columns[2].generator.as_deref(), Some("email"));
}

#[test]
fn what_is_left_out_or_not_carried_needs_no_semantic_type() {
    let with = |column: &str| {
        let text = format!("{SMALL}more = {{ {column} }}\n");
        parse_manifest(&text, Path::new("m")).map(|manifest| {
            let columns = &manifest.schema.tables[0].columns;
            (columns[3].clone(), render_manifest(&manifest, &notes()))
        })
    };
    for written in [
        "type = \"JSON\", exclude = true",
        "type = \"STRUCT(a BIGINT)[]\"",
        "type = \"JSON\", semantic = \"id\"",
    ] {
        let (column, rendered) = with(written).unwrap();
        assert_eq!(column.exclude, written.contains("exclude"));
        assert!(
            rendered.contains(&format!("more = {{ {written} }}")),
            "{rendered}"
        );
    }
    let (column, _) = with("type = \"BIGINT\", exclude = true").unwrap();
    assert_eq!(column.data_type, DataType::Int64);
    for refused in [
        "type = \"BIGINT\"",
        "type = \"BIGINT\", exclude = false",
        "type = \"JSON\", semantic = \"jsn\"",
    ] {
        assert!(with(refused).is_err(), "{refused}");
    }
}

/// Replaces `from` by `to` in a good manifest; checks line, message and hint.
#[track_caller]
fn check(from: &str, to: &str, line: usize, message: &str, hint: &str) {
    assert!(SMALL.contains(from));
    let error = parse_manifest(&SMALL.replacen(from, to, 1), Path::new("m")).unwrap_err();
    let source = error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string);
    assert_eq!(source, message);
    let (Error::Manifest { line: found, .. } | Error::ManifestSyntax { line: found, .. }) = &error
    else {
        unreachable!("{error}")
    };
    assert_eq!(*found, Some(line));
    assert_eq!(error.hint().unwrap(), hint);
}

#[test]
fn what_is_wrong_is_named_with_its_line_and_a_way_out() {
    check(
        "primary_key = [\"id\"]",
        "primary_kye = [\"id\"]",
        4,
        "unknown key `primary_kye` in table `orders`. Keys: `mode`, `primary_key`, `unique`, `rules`, `columns`",
        "Did you mean `primary_key`?",
    );
    check(
        "semantic = \"email\"",
        "semntic = \"email\"",
        8,
        "unknown key `semntic` in column `orders.mail`. Keys: `type`, `nullable`, `semantic`, `generator`, `expression`, `template`, `locale`, `options`, `input`, `secrets`, `transform`, `exclude`",
        "Did you mean `semantic`?",
    );
    check(
        "[\"id\"]",
        "[\"total\"]",
        4,
        "column `orders.total` is not in the schema. Columns of `orders`: `id`, `total_cents`, `mail`",
        "Name one of the table's columns",
    );
    check(
        "[\"id\"]",
        "[\"total_cent\"]",
        4,
        "column `orders.total_cent` is not in the schema. Columns of `orders`: `id`, `total_cents`, `mail`",
        "Did you mean `orders.total_cents`?",
    );
    check(
        "[\"id\"]",
        "\"id\"",
        4,
        "`primary_key` in table `orders` must be an array of strings, but is string",
        "Write an array of strings after `primary_key =`",
    );
    check(
        "[\"id\"]",
        "[]",
        4,
        "`primary_key` in table `orders` names no column",
        "Name at least one column in `primary_key`, or remove it",
    );
    check(
        "source.path = \"s.duckdb\"",
        "source.path = 3",
        2,
        "`path` in `[source]` must be a string, but is integer",
        "Write a string after `path =`",
    );
    check(
        "source.path",
        "privacy = { k = 0 }\nsource.path",
        2,
        "`k` in `[privacy]` must be at least 1, but is 0",
        "Set `k = 1` or more",
    );
    check(
        "source.path",
        "privacy = { entities = [\"order\"] }\nsource.path",
        2,
        "table `order` is not in the schema. Tables: `orders`",
        "Did you mean `orders`?",
    );
    check(
        "source.path",
        "privacy = { entities = [\"orders.mails\"] }\nsource.path",
        2,
        "column `orders.mails` is not in the schema. Columns of `orders`: `id`, `total_cents`, `mail`",
        "Did you mean `orders.mail`?",
    );
    check(
        "format = 1",
        "format = 9",
        1,
        "the manifest has format 9, but this version reads format 1",
        "Use a newer version of prodlike, or write the manifest again with `prodlike init`",
    );
    check(
        "[tables.orders.columns]",
        "[tables.orders]\n[tables.orders.columns]",
        5,
        "failed to parse manifest `m` at line 5: duplicate key",
        "Names with spaces or dots need quotes; strings need quotes as well",
    );
}

#[test]
fn an_unknown_semantic_type_offers_the_nearest() {
    let text = SMALL.replace("\"email\"", "\"emial\"");
    let error = parse_manifest(&text, Path::new("m")).unwrap_err();
    assert_eq!(error.to_string(), "failed to read manifest `m` at line 8");
    assert_eq!(error.hint().unwrap(), "Did you mean `email`?");
}

#[test]
fn the_job_of_a_snapshot_is_read_and_survives() {
    let with = |lines: &str| parse_manifest(&format!("{SMALL}{lines}"), Path::new("m"));
    let manifest = with(
        "[snapshot]\noutput = \"s.duckdb\"\nmodel = \"m\"\nformat = \"csv\"\nscale = 2\nseed = 0\n\
             rows = { orders = 7 }\n[gates]\ndiagnostic = 1\nquality = 0.8\n",
    )
    .unwrap();
    let expected = Snapshot {
        output: Some("s.duckdb".into()),
        model: Some("m".into()),
        format: Some(FileFormat::Csv),
        scale: Some(2.0),
        seed: Some(0),
        rows: vec![("orders".into(), 7)],
        gates: vec![("diagnostic".into(), 1.0), ("quality".into(), 0.8)],
    };
    assert_eq!(manifest.snapshot, expected);
    let text = render_manifest(&manifest, &Notes::default());
    assert_eq!(parse_manifest(&text, Path::new("m")).unwrap(), manifest);
    for (lines, hint) in [
        ("[gates]\nqualty = 1", "Did you mean `quality`?"),
        (
            "[gates]\nquality = 80",
            "Write a score between 0 and 1 after `quality =`",
        ),
        ("[snapshot]\nseed = -1", "Set `seed = 0` or more"),
        ("[snapshot.rows]\norder = 1", "Did you mean `orders`?"),
    ] {
        assert_eq!(with(lines).unwrap_err().hint().unwrap(), hint, "{lines}");
    }
}

#[test]
fn relationships_must_fit_their_tables() {
    let with = |lines: &str| {
        let text = format!("{SMALL}[[relationships]]\n{lines}");
        let error = parse_manifest(&text, Path::new("m")).unwrap_err();
        (error.source().unwrap().to_string(), error.hint().unwrap())
    };
    let good = "parent_table = \"orders\"\nparent_key = [\"id\"]\nchild_table = \"orders\"\nchild_key = [\"total_cents\"]\n";
    assert!(parse_manifest(&format!("{SMALL}[[relationships]]\n{good}"), Path::new("m")).is_ok());
    assert_eq!(
        with(&good.replacen("\"orders\"", "\"orderz\"", 1)),
        (
            "table `orderz` is not in the schema. Tables: `orders`".into(),
            "Did you mean `orders`?".into()
        )
    );
    assert_eq!(
        with(&good.replace("[\"total_cents\"]", "[\"total_cents\", \"mail\"]")).0,
        "relationship `orders.total_cents+mail` pairs 2 columns of the child with 1 of the parent"
    );
    assert_eq!(
            with(&format!("{good}orphans = \"nul\"")),
            (
                "`orphans` in `[[relationships]]` cannot be `nul`. Allowed: `refuse`, `null`, `drop`, `keep`".into(),
                "Did you mean `null`?".into()
            )
        );
    assert_eq!(
        with(&format!("{good}[[relationships]]\n{good}")).0,
        "relationship `orders.total_cents` to `orders` is declared twice"
    );
    assert_eq!(
        with("parent_table = \"orders\"").0,
        "missing key `parent_key` in `[[relationships]]`"
    );
}

#[test]
fn no_text_makes_the_parser_panic() {
    let text = render_manifest(&shop(), &notes());
    for cut in 0..text.len() {
        if let Some(head) = text.get(..cut) {
            let _ = parse_manifest(head, Path::new("m"));
        }
        let mut bytes = text.clone().into_bytes();
        bytes[cut] = b'"';
        if let Ok(changed) = String::from_utf8(bytes) {
            let _ = parse_manifest(&changed, Path::new("m"));
        }
    }
    for text in [
        "",
        "format = 1",
        "format = 1\ntables = 3\nsource = 1",
        "tables = []",
        "[[tables]]",
    ] {
        assert!(parse_manifest(text, Path::new("m")).is_err(), "{text}");
    }
}

#[test]
fn options_and_input_of_a_generator_come_and_go() {
    const TEXT: &str = r#"
format = 1
source = { path = "shop" }
[tables.t.columns]
a = { type = "VARCHAR", semantic = "country" }
b = { type = "VARCHAR", semantic = "iban", generator = "pay.iban", options = { n = 3, of = ["x", 1.5], deep = { yes = true } }, input = ["a"] }
"#;
    let read = |text: &str| parse_manifest(text, Path::new("m"));
    let manifest = read(TEXT).unwrap();
    let column = &manifest.schema.tables[0].columns[1];
    let options = r#"{"n":3,"of":["x",1.5],"deep":{"yes":true}}"#;
    assert_eq!(
        (column.options.as_str(), column.input.as_slice()),
        (options, &["a".into()][..])
    );
    let again = render_manifest(&manifest, &Notes::default());
    assert_eq!(read(&again).unwrap(), manifest, "{again}");
    for (from, to, reason) in [
        ("input = [\"a\"]", "input = [\"c\"]", "`t.c`"),
        ("{ n = 3,", "{ n = inf,", "`options`"),
        ("generator = \"pay.iban\", ", "", "`generator`"),
    ] {
        let error = read(&TEXT.replace(from, to)).unwrap_err();
        let mut text = error.to_string();
        if let Some(cause) = std::error::Error::source(&error) {
            text += &cause.to_string();
        }
        assert!(text.contains(reason), "{text}");
    }
}
