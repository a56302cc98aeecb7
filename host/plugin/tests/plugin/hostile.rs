//! Each plugin that does something wrong, and what the user is told.

use std::time::Duration;

use arrow::datatypes::{DataType, Field as ArrowField};
use prodlike_core::error::Hint;
use prodlike_plugin::{Column, Error, Limits, Plugin, Replay, Rows, Settings};

use crate::guest::{Guest, List, Values, answer, error, field, tag};
use crate::runtime;

pub(crate) fn limits() -> Limits {
    Limits {
        fuel: 1_000_000,
        fuel_to_configure: 10_000_000,
        memory: 4 << 20,
        output: 1 << 20,
        ..Limits::default()
    }
}

pub(crate) fn load(guest: Guest, limits: &Limits) -> Result<Plugin, Error> {
    Plugin::load(runtime(), "test.wasm", &guest.build(), limits, None)
}

/// Loads, configures and asks for three rows.
fn run(guest: Guest) -> Result<Vec<arrow::array::ArrayRef>, Error> {
    run_with(guest, &limits())
}

fn run_with(guest: Guest, limits: &Limits) -> Result<Vec<arrow::array::ArrayRef>, Error> {
    load(guest, limits)?
        .generator(Settings {
            column: "t.c".to_owned(),
            // These batches have the right length once.
            replay: Replay::NEVER,
            ..Settings::default()
        })?
        .generate(
            &Rows {
                count: 3,
                first: 40,
                seeds: &[1, 2, 3],
                total: 100,
                ..Rows::default()
            },
            &[],
        )
}

pub(crate) fn says(result: Result<impl Sized, Error>) -> String {
    let Err(error) = result else {
        panic!("nothing was wrong");
    };
    let hint = error.hint().map(|hint| format!("\nhint: {hint}"));
    error.to_string() + &hint.unwrap_or_default()
}

pub(crate) const FAULT: &str =
    "\nhint: This is a fault of the plugin: `prodlike plugin check` shows it";

#[test]
fn good_plugins_run() {
    let guest = Guest::of(
        field("c", tag::INT64),
        &[(3, None, Values::Int64(vec![7, 7, 7]))],
    );
    let columns = run(guest).expect("nothing is wrong");
    assert_eq!(columns.len(), 1);
    assert_eq!(
        format!("{:?}", columns[0]),
        "PrimitiveArray<Int64>\n[\n  7,\n  7,\n  7,\n]"
    );
}

#[test]
fn traps() {
    assert_eq!(
        says(run(Guest::running("unreachable"))),
        "plugin `test` (v1.2.3) on rows 40–42 of `t.c` stopped: \
         wasm `unreachable` instruction executed"
            .to_owned()
            + FAULT
    );
    assert_eq!(
        says(run(Guest::running("(drop (i32.load (i32.const -8)))"))),
        "plugin `test` (v1.2.3) on rows 40–42 of `t.c` stopped: out of bounds memory access"
            .to_owned()
            + FAULT
    );
}

#[test]
fn endless_loops() {
    assert_eq!(
        says(run(Guest::running("(loop (br 0))"))),
        "plugin `test` (v1.2.3) on rows 40–42 of `t.c` ran out of fuel: \
         more than 4000000 operations\n\
         hint: Raise `fuel_per_row` among the plugin's limits in prodlike.lock, and fit again; \
         `prodlike plugin bench` says what it needs"
    );
    // Where fuel would last, the clock ends it.
    let limits = Limits {
        fuel: u64::MAX / 4,
        time: Duration::from_millis(100),
        ..limits()
    };
    assert_eq!(
        says(run_with(Guest::running("(loop (br 0))"), &limits)),
        "plugin `test` (v1.2.3) on rows 40–42 of `t.c` took longer than 100ms\n\
         hint: Raise `seconds` among the plugin's limits in prodlike.lock, and fit again"
    );
    let mut guest = Guest::running("");
    guest.configure = "(loop (br 0))".to_owned();
    assert_eq!(
        says(run(guest)),
        "plugin `test` (v1.2.3) for `t.c` ran out of fuel: more than 10000000 operations\n\
         hint: Raise `fuel` and `fuel_to_configure` among the plugin's limits in prodlike.lock"
    );
}

#[test]
fn deep_calls() {
    let mut guest = Guest::running("(call $deeper)");
    guest.extra = "(func $deeper (call $deeper) (call $deeper))".to_owned();
    assert_eq!(
        says(run(guest)),
        "plugin `test` (v1.2.3) on rows 40–42 of `t.c` ran out of stack"
    );
}

#[test]
fn allocation_bombs() {
    let bomb = "(loop (drop (call $allocate (i32.const 0) (i32.const 0) (i32.const 8) \
                (i32.const 1000000))) (br 0))";
    assert_eq!(
        says(run(Guest::running(bomb))),
        "plugin `test` (v1.2.3) on rows 40–42 of `t.c` ran out of memory: \
         more than 4194304 bytes\n\
         hint: Raise `memory` among the plugin's limits in prodlike.lock, and fit again"
    );
    let mut guest = Guest::running("");
    guest.extra = "(memory $large 1000)".to_owned();
    assert_eq!(
        says(run(guest)),
        "plugin `test.wasm` ran out of memory: more than 4194304 bytes\n\
         hint: Raise `memory` among the plugin's limits in prodlike.lock, and fit again"
    );
    let mut guest = Guest::running(
        "(loop (if (i32.eq (table.grow $t (ref.null func) (i32.const 60000)) (i32.const -1)) \
         (then unreachable)) (br 0))",
    );
    guest.extra = "(table $t 0 funcref)".to_owned();
    let few = Limits {
        table: 1_000,
        ..limits()
    };
    assert_eq!(
        says(run_with(guest, &few)),
        "plugin `test` (v1.2.3) on rows 40–42 of `t.c` ran out of table elements: more than 1000"
    );
}

#[test]
fn too_much_output() {
    let mut guest = Guest::of(field("c", tag::INT64), &[]);
    let nodes = guest.memory.nodes(&[(
        3,
        None,
        Values::Raw(
            5,
            List {
                at: 0,
                length: 200_000,
            },
        ),
    )]);
    guest.batch = format!("(drop (memory.grow (i32.const 40))) {}", answer(nodes));
    assert_eq!(
        says(run(guest)),
        "plugin `test` (v1.2.3) on rows 40–42 of `t.c` returned more than 1048576 bytes\n\
         hint: Raise `output` among the plugin's limits in prodlike.lock, and fit again"
    );
    let mut guest = Guest::of(field("c", tag::INT64), &[]);
    let nodes = guest.memory.nodes(&[(
        3,
        None,
        Values::Raw(
            5,
            List {
                at: 4_000_000_000,
                length: 3,
            },
        ),
    )]);
    guest.batch = answer(nodes);
    assert!(says(run(guest)).starts_with(
        "plugin `test` (v1.2.3) on rows 40–42 of `t.c` returned what is no value of the \
             contract: "
    ));
}

/// What is said of a wrong result.
fn flaw(guest: Guest) -> String {
    let text = says(run(guest));
    let text = text
        .strip_prefix("plugin `test` (v1.2.3) on rows 40–42 of `t.c` returned a wrong result: ");
    let text = text.and_then(|text| text.strip_suffix(FAULT));
    text.expect("a wrong result").to_owned()
}

#[test]
fn wrong_numbers_of_rows_and_columns() {
    let ints = |n_rows: u32, values: Vec<i64>| {
        Guest::of(
            field("c", tag::INT64),
            &[(n_rows, None, Values::Int64(values))],
        )
    };
    assert_eq!(
        flaw(ints(2, vec![1, 2])),
        "column `c`: 2 values where 3 are due"
    );
    assert_eq!(
        flaw(ints(3, vec![1, 2])),
        "column `c`: a buffer of 2 values where 3 are due"
    );
    assert_eq!(
        flaw(Guest::of(field("c", tag::INT64), &[])),
        "0 nodes where 1 are due"
    );
    assert_eq!(
        flaw(Guest::of(
            field("c", tag::INT64),
            &[(3, None, Values::Varlen(vec![0, 0, 0, 0], vec![]))]
        )),
        "column `c`: a buffer of varlen where one of int64 is due"
    );
}

#[test]
fn wrong_text() {
    let text = |offsets: &[u32], data: &[u8]| {
        Guest::of(
            field("c", tag::UTF8),
            &[(3, None, Values::Varlen(offsets.to_vec(), data.to_vec()))],
        )
    };
    assert_eq!(
        flaw(text(&[0, 1, 2, 3], b"a\xffb")),
        "column `c`, row 1: text is not UTF-8"
    );
    // The whole is UTF-8, but a value ends within a character.
    assert_eq!(
        flaw(text(&[0, 1, 2, 2], "ä".as_bytes())),
        "column `c`, row 0: text is not UTF-8"
    );
    assert_eq!(
        flaw(text(&[0, 2, 1, 3], b"abc")),
        "column `c`, row 1: offsets descend from 2 to 1"
    );
    assert_eq!(
        flaw(text(&[1, 1, 2, 3], b"abc")),
        "column `c`: offsets begin with 1, not with zero"
    );
    assert_eq!(
        flaw(text(&[0, 1, 2, 9], b"abc")),
        "column `c`: offsets end at 9, the data at 3"
    );
    assert_eq!(
        flaw(text(&[0, 1, 3], b"abc")),
        "column `c`: a buffer of 3 offsets where 4 are due"
    );
    assert_eq!(
        flaw(text(&[0, 1, 2, u32::MAX], b"abc")),
        "column `c`: more than 2147483647 bytes of text, or values of lists"
    );
}

#[test]
fn wrong_validity() {
    let ints = |nullable, validity: &[u8]| {
        let field = crate::guest::Field {
            nullable,
            ..field("c", tag::INT64)
        };
        let values = Values::Int64(vec![1, 2, 3]);
        Guest::of(field, &[(3, Some(validity.to_vec()), values)])
    };
    assert_eq!(
        flaw(ints(true, &[])),
        "column `c`: a buffer of 0 bytes of validity where 1 are due"
    );
    assert_eq!(
        flaw(ints(true, &[7, 7])),
        "column `c`: a buffer of 2 bytes of validity where 1 are due"
    );
    assert_eq!(
        flaw(ints(false, &[5])),
        "column `c`, row 1: NULL in a column that is not nullable"
    );
    // Bits behind the last value say nothing.
    let columns = run(ints(true, &[0b1111_1101])).expect("nothing is wrong");
    assert_eq!(columns[0].null_count(), 1);
}

#[test]
fn wrong_values() {
    let keys = |keys: &[u32]| {
        Guest::of_fields(
            &[
                crate::guest::Field {
                    children: 1,
                    ..field("c", tag::DICTIONARY)
                },
                field("values", tag::UTF8),
            ],
            &[
                (3, None, Values::Keys(keys.to_vec())),
                (2, None, Values::Varlen(vec![0, 1, 2], b"ab".to_vec())),
            ],
        )
    };
    assert_eq!(
        flaw(keys(&[0, 1, 2])),
        "column `c`, row 2: key 2 into a dictionary of 2"
    );
    let decimals = |value: i128| {
        let words = vec![0, 0, value as u64, (value >> 64) as u64, 0, 0];
        Guest::of(
            crate::guest::Field {
                payload: vec![5, 2],
                ..field("c", tag::DECIMAL)
            },
            &[(3, None, Values::Words(words))],
        )
    };
    assert!(run(decimals(-99_999)).is_ok());
    assert_eq!(
        flaw(decimals(-100_000)),
        "column `c`, row 1: a decimal of more than 5 digits"
    );
    let times = |ticks| {
        Guest::of(
            crate::guest::Field {
                payload: vec![2],
                ..field("c", tag::TIME)
            },
            &[(3, None, Values::Int64(vec![0, ticks, 86_399_999_999]))],
        )
    };
    assert!(run(times(1)).is_ok());
    assert_eq!(flaw(times(-1)), "column `c`, row 1: -1 is no time of day");
    assert_eq!(
        flaw(times(86_400_000_000)),
        "column `c`, row 1: 86400000000 is no time of day"
    );
    assert_eq!(
        flaw(Guest::of(
            field("c", tag::BOOLEAN),
            &[(3, None, Values::Bits(vec![]))]
        )),
        "column `c`: a buffer of 0 bytes of bits where 1 are due"
    );
}

#[test]
fn wrong_children() {
    let lists = |offsets: &[u32], child: u32| {
        let values = (0..i64::from(child)).collect();
        Guest::of_fields(
            &[
                crate::guest::Field {
                    children: 1,
                    ..field("c", tag::LIST)
                },
                field("item", tag::INT64),
            ],
            &[
                (3, None, Values::Offsets(offsets.to_vec())),
                (child, None, Values::Int64(values)),
            ],
        )
    };
    assert!(run(lists(&[0, 1, 1, 4], 4)).is_ok());
    assert_eq!(
        flaw(lists(&[0, 1, 1, 4], 3)),
        "column `c.item`: 3 values where 4 are due"
    );
    assert_eq!(
        flaw(lists(&[0, 4, 1, 4], 4)),
        "column `c`, row 1: offsets descend from 4 to 1"
    );
    let members = Guest::of_fields(
        &[
            crate::guest::Field {
                children: 1,
                ..field("c", tag::STRUCT)
            },
            field("member", tag::INT64),
        ],
        &[
            (3, None, Values::None),
            (2, None, Values::Int64(vec![1, 2])),
        ],
    );
    assert_eq!(flaw(members), "column `c.member`: 2 values where 3 are due");
}

#[test]
fn wrong_schemas() {
    let stating = |fields: &[crate::guest::Field]| {
        let mut guest = Guest::default();
        guest.output = Some(guest.memory.fields(fields));
        let text = says(run(guest));
        let text = text.strip_prefix("plugin `test` (v1.2.3) for `t.c` returned a wrong result: ");
        let text = text.and_then(|text| text.strip_suffix(FAULT));
        text.expect("a wrong result").to_owned()
    };
    let parent = |name, kind, children| crate::guest::Field {
        children,
        ..field(name, kind)
    };
    assert_eq!(
        stating(&[parent("c", tag::LIST, 2), field("a", tag::INT64)]),
        "column `c`: 2 children, and 1 follow"
    );
    assert_eq!(
        stating(&[parent("c", tag::INT64, 1), field("a", tag::INT64)]),
        "column `c`: 1 children where 0 are due"
    );
    assert_eq!(
        stating(&[parent("c", tag::MAP, 1), field("a", tag::INT64)]),
        "column `c`: a map's child is a struct of a key and a value; \
         neither it nor the key is nullable"
    );
    let deep: Vec<_> = (0..20).map(|_| parent("c", tag::LIST, 1)).collect();
    assert_eq!(stating(&deep), "column `c`: more than 16 levels");
    let many: Vec<_> = (0..5_000).map(|_| field("c", tag::INT64)).collect();
    assert_eq!(stating(&many), "5000 fields, and there may be 4096");
    assert_eq!(
        stating(&[crate::guest::Field {
            payload: vec![39, 0],
            ..field("c", tag::DECIMAL)
        }]),
        "column `c`: decimal(39, 0)"
    );
}

#[test]
fn output_that_does_not_fit() {
    let plugin = load(Guest::of(field("c", tag::INT64), &[]), &limits()).expect("it loads");
    let wanting = |data_type| {
        let column = Column::new(ArrowField::new("number", data_type, false));
        says(plugin.generator(Settings {
            column: "t.c".to_owned(),
            wanted: vec![column],
            ..Settings::default()
        }))
    };
    assert_eq!(
        wanting(DataType::Utf8),
        "plugin `test` (v1.2.3) for `t.c` returned a wrong result: \
         column `number`: Int64 cannot fill Utf8"
            .to_owned()
            + FAULT
    );
}

#[test]
fn error_texts() {
    let mut guest = Guest::running("");
    let text = guest
        .memory
        .text(&[b"\x1b[31mred".as_slice(), &[b'x'; 100_000]].concat());
    guest.batch = error(Some(2), text);
    assert_eq!(
        says(run(guest)),
        format!(
            "plugin `test` (v1.2.3) on rows 40–42 of `t.c` gave up at row 42: \\u{{1b}}[31mred{}…",
            "x".repeat(232)
        )
    );
    let mut guest = Guest::running("");
    let text = guest.memory.text(b"\xff\xfe");
    guest.batch = error(None, text);
    assert_eq!(
        says(run(guest)),
        "plugin `test` (v1.2.3) on rows 40–42 of `t.c` returned what is no value of the \
         contract: invalid utf-8 sequence of 1 bytes from index 0"
            .to_owned()
            + FAULT
    );
}
