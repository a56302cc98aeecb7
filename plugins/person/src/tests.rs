use std::collections::HashSet;

use prodlike_sdk::ascii;
use prodlike_sdk::testing::{Job, Table};

use super::*;

const ALL: [&str; 6] = [
    "first_name",
    "last_name",
    "full_name",
    "gender",
    "username",
    "email",
];

fn texts(name: &str, semantic: &str, values: &[Option<&str>]) -> (Field, Column) {
    let texts: Utf8Builder = values.iter().copied().collect();
    let field = Field::utf8(name).semantic(semantic).nullable(true);
    (field, texts.finish())
}

#[test]
fn every_culture_has_names_for_addresses() {
    for culture in cultures::all() {
        let names = culture.names();
        let last = names.last.iter().flat_map(|(his, hers)| [his, hers]);
        for name in names.male.iter().chain(&names.female).chain(last) {
            let plain = name.ascii.bytes().all(|byte| byte.is_ascii_lowercase());
            assert!(plain && name.ascii.len() >= 2, "{name:?}");
            let is_latin =
                |letter| letter < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&letter);
            assert!(name.latin.chars().all(is_latin), "{name:?}");
        }
        let both: HashSet<&str> = names.male.iter().map(|name| name.native.as_str()).collect();
        assert!(
            names
                .female
                .iter()
                .all(|name| !both.contains(name.native.as_str())
                    || matches!(name.native.as_str(), "Andrea" | "Claude" | "Robin")),
            "{}",
            culture.language
        );
    }
}

#[test]
fn no_country_has_two_cultures() {
    let known = known(&cultures::all(), None);
    let codes: HashSet<&str> = known.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes.len(), known.len());
    assert!(
        codes
            .iter()
            .all(|code| prodlike_sdk::country::code(code).is_some())
    );
}

#[test]
fn outputs_of_a_row_are_one_person() {
    let table = Job::new("{}").wanted(&ALL).generate::<Person>().unwrap();
    let columns: Vec<Vec<&str>> = (0..6)
        .map(|column| table.text(column).into_iter().flatten().collect())
        .collect();
    let cell = |column: usize, row: usize| columns[column][row];
    for row in 0..1000 {
        let [first, last, full, gender, user, email] =
            [0, 1, 2, 3, 4, 5].map(|column| cell(column, row));
        assert!(
            full == format!("{first} {last}") || full == format!("{last} {first}"),
            "{full}"
        );
        assert!(["female", "male"].contains(&gender));
        assert_eq!(email.split_once('@').unwrap().0, user);
        assert!(email.ends_with(".example"));
        // Umlauts may be two letters: the consonants stay.
        let consonants = |text: &str| ascii(text).replace(['a', 'e', 'i', 'o', 'u'], "");
        assert!(
            consonants(user).contains(&consonants(last)),
            "{user} {last}"
        );
    }
}

#[test]
fn people_follow_country_and_gender() {
    let countries = [
        Some("Germany"),
        Some("JP"),
        Some("Poland"),
        Some("Hungary"),
        None,
    ];
    let genders = [Some("F"), Some("male"), Some("Frau"), Some("2"), Some("M")];
    let input = Table::new([
        texts("land", "country", &countries),
        texts("Gender", "categorical", &genders),
    ]);
    let job = Job::new("{}").locale("fr_FR").input(input).wanted(&ALL);
    for seed in 0..50 {
        let table = job.clone().seed(seed).generate::<Person>().unwrap();
        assert_eq!(
            table.text(3).into_iter().flatten().collect::<Vec<_>>(),
            ["female", "male", "female", "female", "male"]
        );
        let emails: Vec<&str> = table.text(5).into_iter().flatten().collect();
        for (email, code) in emails.iter().zip(["de", "jp", "pl", "hu", "fr"]) {
            assert!(email.ends_with(&format!("@mail.{code}.example")), "{email}");
        }
        let cultures = cultures::all();
        let of = |language: &str| cultures.iter().find(|it| it.language == language).unwrap();
        let has = |names: &[Name], name: &str| names.iter().any(|it| it.latin == name);
        let first: Vec<&str> = table.text(0).into_iter().flatten().collect();
        assert!(has(&of("de").names().female, first[0]));
        assert!(has(&of("ja").names().male, first[1]));
        assert!(has(&of("fr").names().male, first[4]));
        // Women's form, and the order of the country.
        assert!(!table.text(1)[2].unwrap().ends_with("ski"));
        assert!(table.text(2)[3].unwrap().ends_with(first[3]));
    }
}

#[test]
fn locales_say_language_and_script() {
    let full = |locale: &str, options: &str| {
        let job = Job::new(options)
            .locale(locale)
            .rows(1)
            .wanted(&["full_name"]);
        job.generate::<Person>().unwrap().text(0)[0]
            .unwrap()
            .to_owned()
    };
    let is_han = |text: &str| text.chars().all(|letter| letter > '\u{3000}');
    assert!(is_han(&full("ja_JP", "{}")));
    assert!(!is_han(&full("ja_JP", r#"{"script": "latin"}"#)));
    assert!(is_han(&full(
        "de_DE",
        r#"{"countries": ["CN"], "script": "native"}"#
    )));
    let names = cultures::all();
    let french = names.iter().find(|it| it.language == "fr").unwrap().names();
    let name = full("fr_CH", "{}");
    let first = name.split(' ').next().unwrap();
    assert!(
        french
            .male
            .iter()
            .chain(&french.female)
            .any(|it| it.latin == first),
        "{name}"
    );
}

#[test]
fn accounts_do_not_repeat() {
    let job = Job::new(r#"{"countries": ["VN"]}"#).rows(20_000).unique();
    for output in ["email", "username"] {
        let table = job.clone().wanted(&[output]).generate::<Person>().unwrap();
        assert_eq!(
            table.text(0).into_iter().collect::<HashSet<_>>().len(),
            20_000
        );
    }
    assert!(job.wanted(&["full_name"]).configure::<Person>().is_err());
}

#[test]
fn names_are_detected_and_other_words_are_not() {
    let found = |values: &[Option<&str>]| -> Vec<u32> {
        let job = Job::new("{}").input(Table::of_text(values));
        let found = job.detect::<Person>().unwrap();
        found.iter().map(|finding| finding.matched).collect()
    };
    assert_eq!(
        found(&[Some("Anna"), Some("günter"), None, Some("x")]),
        [2, 0, 0]
    );
    assert_eq!(
        found(&[Some("Müller"), Some("Nováková"), Some("van den Berg")]),
        [0, 3, 0]
    );
    assert_eq!(
        found(&[
            Some("Fleur van den Berg"),
            Some("Smith, John"),
            Some("Red Brick"),
            Some("")
        ]),
        [0, 0, 2]
    );
    let table = Job::new("{}")
        .wanted(&["full_name"])
        .generate::<Person>()
        .unwrap();
    let found = Job::new("{}").input(table).detect::<Person>().unwrap();
    assert_eq!(found[2].matched, 1000);
}

#[test]
fn wrong_options_are_named() {
    let error = |options: &str| {
        Job::new(options)
            .configure::<Person>()
            .err()
            .unwrap()
            .to_string()
    };
    assert!(error(r#"{"countries": ["DE", "XX"]}"#).starts_with("option `countries[1]`"));
    assert!(error(r#"{"women": 101}"#).starts_with("option `women`"));
    assert!(error(r#"{"domains": ["a b"]}"#).starts_with("option `domains[0]`"));
}
