//! Plugins whose values are no function of row and seed.

use prodlike_plugin::{Error, Replay, Rows, Settings};

use crate::guest::{Guest, List, Values, answer, field, tag};
use crate::hostile::{limits, load, says};

/// A generator that returns seeds, after some instructions.
fn seeds(code: &str) -> Guest {
    let mut guest = Guest::of(field("c", tag::INT64), &[]);
    let node = guest
        .memory
        .nodes(&[(0, None, Values::Raw(5, List::default()))]);
    let at = node.at;
    guest.batch = format!(
        "{code}
         (i32.store (i32.const {at}) (local.get $n-rows))
         (i32.store offset=20 (i32.const {at}) (local.get $seeds))
         (i32.store offset=24 (i32.const {at}) (local.get $n-rows))
         {}",
        answer(node)
    );
    guest
}

/// Adds something to every seed.
fn adding(value: &str) -> String {
    format!(
        "(local.set $numbers (local.get $seeds))
         (loop
            (i64.store (local.get $numbers) (i64.add (i64.load (local.get $numbers)) {value}))
            (local.set $numbers (i32.add (local.get $numbers) (i32.const 8)))
            (br_if 0 (i32.lt_u (local.get $numbers)
                (i32.add (local.get $seeds) (i32.shl (local.get $n-rows) (i32.const 3))))))"
    )
}

fn run(guest: Guest, replay: Replay, n_batches: u64) -> Result<(), Error> {
    let generator = load(guest, &limits())?.generator(Settings {
        column: "t.c".to_owned(),
        replay,
        ..Settings::default()
    })?;
    for batch in 0..n_batches {
        let seeds: Vec<u64> = (batch * 100..batch * 100 + 100).collect();
        let rows = Rows {
            count: 100,
            first: batch * 100,
            seeds: &seeds,
            total: n_batches * 100,
            ..Rows::default()
        };
        generator.generate(&rows, &[])?;
    }
    Ok(())
}

const HINT: &str = "\nhint: A value may depend on its row, seed and input only, never on earlier \
                    rows, the batch, or randomness of the language: see `prodlike plugin check`";

#[test]
fn functions_of_row_and_seed_pass() {
    let always = Replay {
        one_in: 1,
        ..Replay::default()
    };
    run(seeds(""), always, 50).unwrap();
    run(
        seeds(&adding("(i64.mul (local.get $key) (i64.const 3))")),
        always,
        50,
    )
    .unwrap();
}

#[test]
fn state_across_rows_is_found() {
    let counting = adding(
        "(global.get $count) (global.set $count (i64.add (global.get $count) (i64.const 1)))",
    );
    assert_eq!(
        says(run(seeds(&counting), Replay::default(), 1)),
        "plugin `test` (v1.2.3) on rows 0–99 of `t.c` is not a function of row and seed: \
         column `c` differs at row 0"
            .to_owned()
            + HINT
    );
    // Where nobody looks, nothing is found.
    run(seeds(&counting), Replay::NEVER, 1).unwrap();
}

#[test]
fn frozen_randomness_is_found() {
    // What a new instance draws is the same each time, as with Python's `random`.
    let once = "(global.set $count (i64.add (i64.mul (global.get $count) (i64.const 7)) \
                (i64.const 5)))";
    let code = format!("{once} {}", adding("(global.get $count)"));
    assert!(matches!(
        run(seeds(&code), Replay::default(), 1),
        Err(Error::NotFunction { fresh: false, .. })
    ));
}

#[test]
fn dependence_on_the_batch_is_found() {
    let count = adding("(i64.extend_i32_u (local.get $n-rows))");
    assert_eq!(
        says(run(seeds(&count), Replay::default(), 1)),
        "plugin `test` (v1.2.3) on rows 50–99 of `t.c` is not a function of row and seed: \
         column `c` differs at row 50"
            .to_owned()
            + HINT
    );
    let first = adding("(local.get $first)");
    assert!(matches!(
        run(seeds(&first), Replay::default(), 1),
        Err(Error::NotFunction {
            row: 50,
            fresh: true,
            ..
        })
    ));
}

#[test]
fn what_begins_late_is_found_by_sampling() {
    // The first batch is always made again; this one is honest for ten.
    let late = "(global.set $count (i64.add (global.get $count) (i64.const 1)))
        (if (i64.gt_u (global.get $count) (i64.const 10)) (then (local.set $n-numbers (i32.const 1))))";
    let code = format!(
        "{late} {}",
        adding("(i64.mul (i64.extend_i32_u (local.get $n-numbers)) (global.get $count))")
    );
    let replay = Replay {
        one_in: 4,
        key: 17,
        ..Replay::default()
    };
    let error = run(seeds(&code), replay, 100);
    assert!(matches!(error, Err(Error::NotFunction { .. })));
}
