//! Tests of what columns of one row have to do with each other, and of check digits, each
//! verified by arithmetic of its own.

#![allow(clippy::unwrap_used, reason = "a test may end here")]

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, StringArray};
use arrow::datatypes::{Float64Type, Int64Type};
use prodlike_core::generator::{GenerateArgs, GeneratorRegistry, GeneratorSpec, Sibling};
use prodlike_core::schema::{DataType, LOCALES, SemanticType};
use prodlike_models::philox::mix;

use crate::NativeGenerators;
use crate::cultures::fold;
use crate::lands::{self, LANDS};

fn column(
    name: &str,
    spec: GeneratorSpec,
    data_type: &DataType,
    rows: &[u64],
    table_rows: u64,
    context: &[(SemanticType, ArrayRef)],
) -> ArrayRef {
    let spec = GeneratorSpec {
        name: name.into(),
        ..spec
    };
    let generator = NativeGenerators.build(&spec).unwrap();
    let seeds: Vec<u64> = rows
        .iter()
        .map(|row| mix(row ^ mix(name.len() as u64)))
        .collect();
    let wanted = generator.context();
    let context: Vec<Sibling> = context
        .iter()
        .filter(|(semantic, _)| wanted.contains(semantic))
        .map(|(semantic, values)| Sibling {
            data_type: DataType::String,
            name: semantic.to_string(),
            semantic: *semantic,
            values: Arc::clone(values),
        })
        .collect();
    generator
        .generate(&GenerateArgs {
            data_type,
            rows,
            seeds: &seeds,
            key: 5,
            table_rows,
            context: &context,
        })
        .unwrap()
}

fn texts(
    name: &str,
    spec: GeneratorSpec,
    n: u64,
    context: &[(SemanticType, ArrayRef)],
) -> ArrayRef {
    let rows: Vec<u64> = (0..n).collect();
    column(name, spec, &DataType::String, &rows, n, context)
}

fn unique() -> GeneratorSpec {
    GeneratorSpec {
        unique: true,
        ..GeneratorSpec::default()
    }
}

fn in_locale(locale: &str) -> GeneratorSpec {
    GeneratorSpec {
        locale: Some(locale.into()),
        ..GeneratorSpec::default()
    }
}

fn repeated(values: &[Option<&str>], n: u64) -> ArrayRef {
    let each = (0..n).map(|row| values[row as usize % values.len()]);
    Arc::new(each.collect::<StringArray>())
}

fn luhn_holds(text: &str) -> bool {
    let digits: Vec<u32> = text
        .chars()
        .filter_map(|letter| letter.to_digit(10))
        .collect();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 => *digit,
            _ => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn iban_holds(text: &str) -> bool {
    let plain: String = text.chars().filter(|letter| *letter != ' ').collect();
    let moved = format!("{}{}", &plain[4..], &plain[..4]);
    let digits: String = moved
        .chars()
        .map(|letter| letter.to_digit(36).unwrap().to_string())
        .collect();
    let rest = digits
        .bytes()
        .fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    rest == 1
}

#[test]
fn cards_and_accounts_check_out() {
    let shapes = [
        vec![],
        vec![("9999 9999 9999 9999".into(), 1)],
        vec![("999999999999999".into(), 1)],
    ];
    for templates in shapes {
        for is_unique in [false, true] {
            let spec = GeneratorSpec {
                templates: templates.clone(),
                unique: is_unique,
                ..GeneratorSpec::default()
            };
            for card in texts("card_number", spec, 5_000, &[])
                .as_string::<i32>()
                .iter()
                .flatten()
            {
                assert!(luhn_holds(card) && card.starts_with("9999"), "{card}");
            }
        }
    }
    let rows: Vec<u64> = (0..2_000).collect();
    let cards = column("card_number", unique(), &DataType::Int64, &rows, 2_000, &[]);
    for card in cards.as_primitive::<Int64Type>().values() {
        assert!(luhn_holds(&card.to_string()) && (*card).ilog10() == 15);
    }
    let countries: Vec<Option<&str>> = LANDS.iter().map(|land| Some(land.code)).collect();
    let context = [(SemanticType::Country, repeated(&countries, 6_000))];
    for spec in [GeneratorSpec::default(), unique()] {
        let ibans = texts("iban", spec, 6_000, &context);
        let distinct: HashSet<&str> = ibans.as_string::<i32>().iter().flatten().collect();
        assert_eq!(distinct.len(), 6_000);
        for (row, iban) in ibans.as_string::<i32>().iter().flatten().enumerate() {
            let land = &LANDS[row % LANDS.len()];
            assert!(iban_holds(iban), "{iban}");
            assert!(
                land.iban.is_empty() || iban.starts_with(land.code),
                "{iban}"
            );
        }
    }
}

#[test]
fn addresses_follow_names_in_any_split_of_the_rows() {
    let n = 3_000;
    let countries = [
        Some("Germany"),
        Some("JP"),
        Some("Brasil"),
        None,
        Some("Atlantis"),
    ];
    let country = (SemanticType::Country, repeated(&countries, n));
    let first = texts(
        "first_name",
        GeneratorSpec::default(),
        n,
        std::slice::from_ref(&country),
    );
    let last = texts(
        "last_name",
        GeneratorSpec::default(),
        n,
        std::slice::from_ref(&country),
    );
    let context = [
        country,
        (SemanticType::FirstName, Arc::clone(&first)),
        (SemanticType::LastName, Arc::clone(&last)),
    ];
    for spec in [GeneratorSpec::default(), unique()] {
        let emails = texts("email", spec.clone(), n, &context);
        let full = texts("full_name", spec.clone(), n, &context);
        let accounts = texts("username", spec.clone(), n, &context);
        let with_account = [(SemanticType::Username, Arc::clone(&accounts))];
        let by_account = texts("email", spec.clone(), n, &with_account);
        for row in 0..n as usize {
            let text = |array: &ArrayRef| array.as_string::<i32>().value(row).to_string();
            let folded = |array: &ArrayRef| {
                let mut out = String::new();
                fold(&text(array), &mut out);
                out
            };
            for value in [text(&emails), text(&accounts)] {
                assert!(value.starts_with(&folded(&first)), "{value}");
                assert!(value.contains(&folded(&last)), "{value}");
            }
            assert!(text(&full).starts_with(&text(&first)) && text(&full).ends_with(&text(&last)));
            assert!(
                text(&by_account).starts_with(&text(&accounts)),
                "{}",
                text(&by_account)
            );
            assert!(
                text(&emails)
                    .rsplit('.')
                    .nth(1)
                    .unwrap()
                    .ends_with("example")
            );
        }
        // Any part of the rows, with its part of the context, makes the same.
        for (from, to) in [(0, 1), (17, 900), (899, 3_000)] {
            let rows: Vec<u64> = (from..to).collect();
            let part = |array: &ArrayRef| array.slice(from as usize, (to - from) as usize);
            let parts: Vec<_> = context
                .iter()
                .map(|(of, array)| (*of, part(array)))
                .collect();
            let again = column("email", spec.clone(), &DataType::String, &rows, n, &parts);
            assert_eq!(again.as_string::<i32>(), part(&emails).as_string::<i32>());
        }
    }
}

#[test]
fn a_million_rows_of_one_name_have_a_million_addresses() {
    let n = 1_000_000;
    let names = [
        (SemanticType::FirstName, repeated(&[Some("Ana"), None], n)),
        (
            SemanticType::LastName,
            repeated(&[Some("Silva9"), Some("龘")], n),
        ),
    ];
    let values = texts("email", unique(), n, &names);
    let distinct: HashSet<&str> = values.as_string::<i32>().iter().flatten().collect();
    assert_eq!(distinct.len() as u64, n);
    let n = 100_000;
    let countries = [
        Some("US"),
        Some("Canada"),
        Some("DE"),
        Some("SE"),
        Some("Nowhere"),
    ];
    let country = [(SemanticType::Country, repeated(&countries, n))];
    for name in ["phone", "national_id", "iban"] {
        let values = texts(name, unique(), n, &country);
        let distinct: HashSet<&str> = values.as_string::<i32>().iter().flatten().collect();
        assert_eq!(distinct.len() as u64, n, "{name}");
    }
}

#[test]
fn places_agree() {
    let n = 4_000;
    let countries = [
        Some("DE"),
        Some("Vereinigte Staaten"),
        Some("fra"),
        Some("日本"),
    ];
    let country = (SemanticType::Country, repeated(&countries, n));
    let of = |name: &str, context: &[(SemanticType, ArrayRef)]| {
        texts(name, GeneratorSpec::default(), n, context)
    };
    let city = of("city", std::slice::from_ref(&country));
    let context = [country, (SemanticType::City, Arc::clone(&city))];
    let (state, postcode) = (of("state", &context), of("postcode", &context));
    let phone = of("phone", &context);
    let rows: Vec<u64> = (0..n).collect();
    let degrees = |name| {
        column(
            name,
            GeneratorSpec::default(),
            &DataType::Float64,
            &rows,
            n,
            &context,
        )
    };
    let (north, east) = (degrees("latitude"), degrees("longitude"));
    let mut listed = 0;
    for row in 0..n as usize {
        let text = |array: &ArrayRef| array.as_string::<i32>().value(row).to_string();
        let code = ["DE", "US", "FR", "JP"][row % 4];
        let land = LANDS.iter().position(|land| land.code == code).unwrap();
        let calling = ["+49", "+1", "+33", "+81"][row % 4];
        assert!(text(&phone).starts_with(calling), "{}", text(&phone));
        let at = |array: &ArrayRef| array.as_primitive::<Float64Type>().value(row);
        let (north, east) = (at(&north), at(&east));
        if let Some((_, place)) = lands::by_city(&text(&city), Some(land)) {
            listed += 1;
            assert_eq!(text(&state), place.state);
            let away = |degrees: f64, hundredths: i64| (degrees - hundredths as f64 / 100.0).abs();
            assert!(away(north, place.at.0) < 0.1 && away(east, place.at.1) < 0.1);
        } else {
            let [south, top, west, right] = LANDS[land].bounds.map(|edge| edge as f64 / 100.0);
            assert!((south..=top).contains(&north) && (west..=right).contains(&east));
        }
        if code == "DE" {
            assert!(text(&postcode).len() == 5, "{}", text(&postcode));
        }
    }
    assert!(listed > n as usize / 3, "{listed}");
}

#[test]
fn every_locale_speaks() {
    for locale in LOCALES {
        for name in [
            "first_name",
            "last_name",
            "full_name",
            "city",
            "address",
            "company",
            "title",
            "text",
        ] {
            let values = texts(name, in_locale(locale), 200, &[]);
            let distinct: HashSet<&str> = values.as_string::<i32>().iter().flatten().collect();
            assert!(distinct.len() >= 3, "{locale} {name}: {distinct:?}");
            assert!(
                distinct.iter().all(|value| !value.trim().is_empty()),
                "{locale} {name}"
            );
            let spec = GeneratorSpec {
                unique: true,
                ..in_locale(locale)
            };
            let values = texts(name, spec, 5_000, &[]);
            let distinct: HashSet<&str> = values.as_string::<i32>().iter().flatten().collect();
            assert_eq!(distinct.len(), 5_000, "{locale} {name}");
        }
    }
    let first = |locale| texts("first_name", in_locale(locale), 50, &[]);
    let is_kanji = |array: &ArrayRef| {
        array
            .as_string::<i32>()
            .iter()
            .flatten()
            .all(|name| name.chars().all(|c| c > '\u{3000}'))
    };
    assert!(is_kanji(&first("ja_JP")) && !is_kanji(&first("de_DE")));
}

#[test]
fn prose_is_as_long_as_the_real_column() {
    let spec = GeneratorSpec {
        lengths: vec![40, 80, 120, 400],
        ..in_locale("de_DE")
    };
    let values = texts("text", spec, 2_000, &[]);
    let lengths: Vec<usize> = values
        .as_string::<i32>()
        .iter()
        .flatten()
        .map(|text| text.chars().count())
        .collect();
    let mean = lengths.iter().sum::<usize>() / lengths.len();
    assert!((150..260).contains(&mean), "{mean}");
    assert!(lengths.iter().all(|length| *length <= 400));
}

#[test]
fn wishes_do_not_go_round_in_circles() {
    fn depth(semantic: SemanticType, above: &[SemanticType]) {
        assert!(!above.contains(&semantic), "{above:?}");
        let spec = GeneratorSpec {
            name: semantic.to_string(),
            ..GeneratorSpec::default()
        };
        let Ok(generator) = NativeGenerators.build(&spec) else {
            return;
        };
        for next in generator.context() {
            depth(*next, &[above, &[semantic]].concat());
        }
    }
    SemanticType::ALL
        .iter()
        .for_each(|semantic| depth(*semantic, &[]));
}
