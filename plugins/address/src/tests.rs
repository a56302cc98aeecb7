use std::collections::{HashMap, HashSet};

use prodlike_sdk::testing::{Job, Table};

use super::*;

fn texts(name: &str, semantic: &str, values: &[Option<&str>]) -> (Field, Column) {
    let texts: Utf8Builder = values.iter().copied().collect();
    let field = Field::utf8(name).semantic(semantic).nullable(true);
    (field, texts.finish())
}

#[test]
fn outputs_of_a_row_are_one_place() {
    let names: Vec<&str> = OUTPUTS.iter().map(|(name, _)| *name).collect();
    let table = Job::new("{}")
        .rows(5_000)
        .wanted(&names)
        .generate::<Address>()
        .unwrap();
    let columns: HashMap<&str, Vec<&str>> = (names.iter().zip(0..))
        .filter(|(name, _)| !name.ends_with("itude"))
        .map(|(name, column)| (*name, table.text(column).into_iter().flatten().collect()))
        .collect();
    let cell = |name: &str, row: usize| columns[name][row];
    let degrees = |column: usize| table.column(column).floats().unwrap();
    let mut seen: HashMap<(&str, &str), HashSet<(&str, &str)>> = HashMap::new();
    for row in 0..5_000 {
        let [address, street, city, region, code, postcode] = [
            "address",
            "street",
            "city",
            "region",
            "country_code",
            "postcode",
        ]
        .map(|name| cell(name, row));
        assert!(
            address.contains(street) && address.contains(city) && address.contains(postcode),
            "{address}"
        );
        assert_eq!(country::code(cell("country", row)), Some(code));
        seen.entry((code, city))
            .or_default()
            .insert((region, cell("time_zone", row)));
        if city == "Berlin" {
            assert!((degrees(8).get(row).unwrap() - 52.52).abs() < 0.05);
            assert!((degrees(9).get(row).unwrap() - 13.40).abs() < 0.05);
            assert!(postcode.starts_with('1') && postcode.len() == 5);
        }
    }
    assert!(seen.len() > 200 && seen.values().all(|places| places.len() == 1));
}

#[test]
fn places_follow_what_columns_tell() {
    let input = Table::new([
        texts(
            "land",
            "country",
            &[Some("Germany"), Some("US"), Some("USA"), None],
        ),
        texts(
            "ort",
            "city",
            &[Some("Dresden"), Some("Nowhere"), None, None],
        ),
        texts("staat", "state", &[None, Some("Hawaii"), Some("CA"), None]),
    ]);
    let wanted = ["city", "region", "time_zone", "country_code"];
    let job = Job::new("{}").locale("pt_PT").input(input).wanted(&wanted);
    for seed in 0..20 {
        let table = job.clone().seed(seed).generate::<Address>().unwrap();
        assert_eq!(table.text(0)[0], Some("Dresden"));
        assert_eq!(table.text(1)[2], Some("California"));
        assert_eq!(table.text(2)[2], Some("America/Los_Angeles"));
        assert_eq!(table.text(2)[3], Some("Europe/Lisbon"));
        let codes: Vec<&str> = table.text(3).into_iter().flatten().collect();
        assert_eq!(codes, ["DE", "US", "US", "PT"]);
    }
}

#[test]
fn larger_towns_are_more_frequent() {
    let job = Job::new(r#"{"countries": ["FR"]}"#)
        .rows(10_000)
        .wanted(&["city"]);
    let table = job.generate::<Address>().unwrap();
    let count = |city| table.text(0).iter().filter(|it| **it == Some(city)).count();
    let (paris, marseille) = (count("Paris"), count("Marseille"));
    assert!(
        (2 * marseille).abs_diff(paris) < paris / 5,
        "{paris} {marseille}"
    );
}

#[test]
fn what_cannot_be_is_refused() {
    let error = |job: Job| job.configure::<Address>().err().unwrap().to_string();
    assert!(error(Job::new(r#"{"countries": ["AQ"]}"#)).starts_with("option `countries[0]`"));
    assert!(error(Job::new("{}").unique()).contains("may repeat"));
}
