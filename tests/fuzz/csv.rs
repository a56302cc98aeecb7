//! CSV files.

use prodlike_core::progress::{Cancel, Silent};
use prodlike_core::source::SourceSpec;
use prodlike_engine::init::InitOptions;
use prodlike_engine::{Source, init};
use proptest::prelude::any;
use proptest::sample::select;
use proptest::strategy::Strategy;

use super::mutation::{damaged, damages};
use super::run::run;

const FILES: [&str; 4] = [
    "id,name,amount,at\n1,Ann,3.50,2024-01-31\n2,\"O'Neil, Bob\",,2024-02-29\n3,\"a\"\"b\",-1e3,\n",
    "id;preis;datum\r\n1;3,50;31.01.2024\r\n2;4,00;29.02.2024\r\n",
    "a\tb\tc\n1\tx\ty\n2\t\"two\nlines\"\tz\n",
    "1,2,3\n4,5,6\n7,8,9\n",
];

#[test]
fn no_csv_file_breaks_init() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("t.csv");
    let file = select(&FILES[..]).prop_map(str::as_bytes);
    let inputs = (
        file,
        damages(&["\u{1f}", "2024-13-45", "99999999999999999999999"]),
        any::<bool>(),
    );
    run(60, &inputs, |(file, damages, repeat)| {
        let mut bytes = damaged(file, &damages);
        if repeat {
            bytes = bytes.repeat(50);
        }
        std::fs::write(&path, &bytes).unwrap();
        if let Ok(source) = Source::open(&path, 1) {
            let spec = [SourceSpec::one(&path)];
            let options = InitOptions::default();
            let _ = init::init(&source, &spec, &options, &Silent, &Cancel::default());
        }
        let left = std::fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(left, 1, "something is left beside the source");
    });
}
