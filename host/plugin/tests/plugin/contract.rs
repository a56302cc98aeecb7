//! What is looked at before anything of a plugin runs, and what it says about itself.

use prodlike_plugin::{Kind, Limits, Plugin, Settings};

use crate::guest::Guest;
use crate::hostile::{limits, load, says};
use crate::runtime;

#[test]
fn imports_are_named_and_refused() {
    let guest = Guest {
        imports: r#"(import "wasi:clocks/monotonic-clock@0.2.0" "now" (func (result i64)))"#
            .to_owned(),
        world: "import wasi:clocks/monotonic-clock@0.2.0;",
        package: Some(
            "package wasi:clocks@0.2.0; interface monotonic-clock { now: func() -> u64; }",
        ),
        ..Guest::default()
    };
    assert_eq!(
        says(load(guest, &limits())),
        "`test.wasm` asks for `wasi:clocks/monotonic-clock@0.2.0`: not granted\n\
         hint: Build the plugin without a standard library that reaches for the system: \
         `prodlike plugin build` does"
    );
    let guest = Guest {
        imports: r#"(import "$root" "entropy" (func (result i64)))"#.to_owned(),
        world: "import entropy: func() -> u64;",
        ..Guest::default()
    };
    assert_eq!(
        says(load(guest, &limits())),
        "`test.wasm` asks for `entropy`: not granted\n\
         hint: A plugin may import `prodlike:plugin/log` and nothing else"
    );
}

#[test]
fn other_versions_say_which_prodlike_to_use() {
    let of = |contract| {
        says(load(
            Guest {
                contract,
                ..Guest::default()
            },
            &limits(),
        ))
    };
    assert_eq!(
        of("0.2.0"),
        "`test.wasm` is built for `prodlike:plugin@0.2.0`, and this prodlike has 0.1.0\n\
         hint: Use prodlike 0.2.0 or later"
    );
    assert_eq!(
        of("0.1.7"),
        "`test.wasm` is built for `prodlike:plugin@0.1.7`, and this prodlike has 0.1.0\n\
         hint: Use prodlike 0.1.7 or later"
    );
    assert_eq!(
        of("0.0.9"),
        "`test.wasm` is built for `prodlike:plugin@0.0.9`, and this prodlike has 0.1.0\n\
         hint: Build the plugin anew: `prodlike plugin build`"
    );
}

#[test]
fn what_is_no_plugin_says_so() {
    let bytes = |bytes: &[u8]| {
        says(Plugin::load(
            runtime(),
            "x.wasm",
            bytes,
            &Limits::default(),
            None,
        ))
    };
    assert_eq!(
        bytes(b"\0asm\x01\0\0\0"),
        "`x.wasm` is not a WebAssembly component: it is a core module\n\
         hint: Make one with `prodlike plugin build`"
    );
    assert_eq!(
        bytes(b"#!/bin/sh"),
        "`x.wasm` is not a WebAssembly component: it does not begin as WebAssembly does\n\
         hint: Make one with `prodlike plugin build`"
    );
    assert_eq!(
        bytes(b"\0asm\x0d\0\x01\0"),
        "`x.wasm` is not a plugin: it does not export `prodlike:plugin/about`"
    );
    let kinds = |kinds| {
        says(load(
            Guest {
                kinds,
                ..Guest::default()
            },
            &limits(),
        ))
    };
    assert_eq!(
        kinds(&[]),
        "`test.wasm` is not a plugin: it exports neither a generator, a transform, a detector \
         nor a rule"
    );
    assert_eq!(
        kinds(&["learn"]),
        "`test.wasm` is not a plugin: `learn` is of use beside a generator or a transform only"
    );
    let small = Limits {
        component: 100,
        ..limits()
    };
    let size = Guest::default().build().len();
    assert_eq!(
        says(load(Guest::default(), &small)),
        format!(
            "`test.wasm` has {size} bytes, and a plugin may have 100\n\
             hint: Let it have more: `prodlike plugin add --limit component=BYTES`"
        )
    );
    assert!(
        says(Plugin::open(
            runtime(),
            "/nowhere/x.wasm".as_ref(),
            &Limits::default(),
            None
        ))
        .starts_with("failed to read `/nowhere/x.wasm`")
    );
}

#[test]
fn descriptions_are_checked() {
    let of = |guest: Guest| {
        let text = says(load(guest, &limits()));
        let text = text.strip_prefix("`test.wasm` describes itself wrongly: ");
        text.unwrap().to_owned()
    };
    assert_eq!(
        of(Guest {
            name: "../Evil",
            ..Guest::default()
        }),
        "name `../Evil` is not made of lower-case letters, digits and `-`, 64 characters at most"
    );
    assert_eq!(
        of(Guest {
            version: "latest",
            ..Guest::default()
        }),
        "version `latest` is not one of Semantic Versioning (1.2.3)"
    );
    assert_eq!(
        of(Guest {
            options: "{",
            ..Guest::default()
        }),
        "the schema of the options is not JSON: EOF while parsing an object at line 1 column 1"
    );
    assert_eq!(
        of(Guest {
            options: "[]",
            ..Guest::default()
        }),
        "the schema of the options is not an object"
    );
    assert_eq!(
        of(Guest {
            options: r#"{"type": "array"}"#,
            ..Guest::default()
        }),
        "the schema of the options does not say `\"type\": \"object\"`"
    );
    assert!(
        of(Guest {
            options: r#"{"type": "object", "properties": {"x": {"type": "number", "minimum": "y"}}}"#,
            ..Guest::default()
        })
        .starts_with("the schema of the options is none: ")
    );
    assert_eq!(
        of(Guest {
            kinds: &["detector"],
            finds: &[],
            ..Guest::default()
        }),
        "it is a detector that finds nothing"
    );
}

#[test]
fn options_are_held_to_their_schema() {
    let guest = Guest {
        options: r#"{
            "type": "object",
            "properties": {"length": {"type": "integer", "maximum": 9}},
            "additionalProperties": false
        }"#,
        ..Guest::default()
    };
    let plugin = load(guest, &limits()).unwrap();
    let with = |options: &str| {
        let settings = Settings {
            column: "t.c".to_owned(),
            options: options.to_owned(),
            ..Settings::default()
        };
        plugin.generator(settings)
    };
    assert!(with("").is_ok());
    assert!(with(r#"{"length": 9}"#).is_ok());
    let hint = "\nhint: See its options: `prodlike plugin inspect test`";
    assert_eq!(
        says(with(r#"{"length": "9"}"#)),
        "plugin `test` (v1.2.3) for `t.c`: option `/length`: \"9\" is not of type \"integer\""
            .to_owned()
            + hint
    );
    assert_eq!(
        says(with(r#"{"size": 1}"#)),
        "plugin `test` (v1.2.3) for `t.c`: option `/`: Additional properties are not allowed \
         ('size' was unexpected)"
            .to_owned()
            + hint
    );
    assert_eq!(
        says(with("{")),
        "plugin `test` (v1.2.3) for `t.c`: option `/`: no JSON: EOF while parsing an object at \
         line 1 column 1"
            .to_owned()
            + hint
    );
}

#[test]
fn a_plugin_knows_what_it_is() {
    let guest = Guest {
        kinds: &["transform", "learn"],
        ..Guest::default()
    };
    let bytes = guest.clone().build();
    let plugin = load(guest, &limits()).unwrap();
    assert_eq!(plugin.kinds(), [Kind::Transform, Kind::Learn]);
    assert_eq!(plugin.size(), bytes.len());
    assert_eq!(plugin.contract().to_string(), "0.1.0");
    assert_eq!(
        says(plugin.generator(Settings::default())),
        "plugin `test` (v1.2.3) is not a generator\nhint: It is a transform and a learn"
    );
}
