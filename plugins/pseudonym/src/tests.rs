use std::collections::HashSet;

use prodlike_sdk::testing::{Job, Table};

use super::*;

fn pseudonyms(key: &[u8], values: &[&str]) -> Vec<String> {
    let values: Vec<Option<&str>> = values.iter().copied().map(Some).collect();
    let job = Job::new("{}")
        .secret("key", key)
        .input(Table::of_text(&values));
    let table = job.apply::<Pseudonym>().unwrap();
    table
        .text(0)
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .collect()
}

#[test]
fn shapes_stay() {
    let values = [
        "Anna-Maria Müller",
        "AB-1234/x",
        "anna.mueller@mail.example.org",
        "",
        "7",
        "Пётр",
        "山田太郎",
        "a text that is far longer than what one permutation can number, 1234567890",
    ];
    for (value, pseudonym) in values.iter().zip(pseudonyms(b"secret", &values)) {
        assert_eq!(value.chars().count(), pseudonym.chars().count());
        for (a, b) in value.chars().zip(pseudonym.chars()) {
            assert_eq!(Alphabet::of(a), Alphabet::of(b), "{value} {pseudonym}");
        }
        assert!(value.len() < 4 || *value != pseudonym, "{value}");
    }
    assert!(pseudonyms(b"secret", &values)[2].ends_with(".org"));
}

use alphabet::Alphabet;

#[test]
fn one_key_joins_and_another_does_not() {
    let values: Vec<String> = (0..2000)
        .map(|i| format!("person{i}@example{}.com", i % 7))
        .collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let first = pseudonyms(b"one", &values);
    assert_eq!(first, pseudonyms(b"one", &values));
    let other: HashSet<String> = pseudonyms(b"two", &values).into_iter().collect();
    assert!(first.iter().all(|pseudonym| !other.contains(pseudonym)));
}

/// All numbers of four and of five digits, many texts of three letters: permutations.
#[test]
fn small_domains_are_permuted() {
    let permutation = Permutation::new(b"k");
    for range in [
        1..10i128,
        1000..10_000,
        10_000..100_000,
        1_000_000..1_010_000,
    ] {
        let images: HashSet<i128> = range
            .clone()
            .map(|x| {
                permutation
                    .number(x, (i64::MIN.into(), i64::MAX.into()))
                    .unwrap()
            })
            .collect();
        assert_eq!(images.len() as i128, range.end - range.start);
        assert!(
            images
                .iter()
                .all(|image| image.ilog10() == range.start.ilog10())
        );
    }
    let letters = || 'a'..='p';
    let words: Vec<String> = letters()
        .flat_map(|a| letters().flat_map(move |b| letters().map(move |c| format!("{a}{b}{c}"))))
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let images: HashSet<String> = pseudonyms(b"k", &words).into_iter().collect();
    assert_eq!(images.len(), 16 * 16 * 16);
}

/// Those with as many digits as the type can just hold, and all of 8 bits.
#[test]
fn numbers_stay_within_their_type() {
    let permutation = Permutation::new(b"k");
    let bounds = |kind: Kind| kind.bounds().unwrap();
    for (kind, range) in [
        (Kind::Int32, 2_147_480_000..2_147_483_648i128),
        (Kind::Int32, -2_147_483_648..-2_147_480_000),
        (Kind::UInt64, u64::MAX as i128 - 1000..u64::MAX as i128 + 1),
        (Kind::Int8, -128..128),
    ] {
        let (least, most) = bounds(kind);
        let images: HashSet<i128> = range
            .clone()
            .map(|x| permutation.number(x, (least, most)).unwrap())
            .collect();
        assert_eq!(images.len() as i128, range.end - range.start);
        assert!(images.iter().all(|image| (least..=most).contains(image)));
    }
}

#[test]
fn times_and_long_texts_are_refused() {
    let key = |job: Job| job.secret("key", b"k");
    let time = Field::new("at", Kind::Time(TimeUnit::Second));
    let times = Table::new([(time, Column::from(vec![5i32]))]);
    let error = key(Job::new("{}")).input(times).apply::<Pseudonym>();
    assert!(error.unwrap_err().to_string().contains("neither texts"));
    let long = "a".repeat(4_096);
    let fits = key(Job::new("{}")).input(Table::of_text(&[Some(&long)]));
    assert!(fits.apply::<Pseudonym>().is_ok());
    let long = long + "a";
    let longer = key(Job::new("{}")).input(Table::of_text(&[Some(&long)]));
    assert!(longer.apply::<Pseudonym>().is_err());
}

#[test]
fn emails_do_not_collide() {
    let values: Vec<String> = (0..20_000)
        .map(|i| format!("u{i:05}@example.com"))
        .collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let images: HashSet<String> = pseudonyms(b"k", &values).into_iter().collect();
    assert_eq!(images.len(), values.len());
}

#[test]
fn a_key_is_needed_and_not_shown() {
    let job = Job::new("{}").input(Table::of_text(&[Some("x")]));
    let error = job.apply::<Pseudonym>().unwrap_err().to_string();
    assert_eq!(error, "the secret `key` is missing");
}

#[test]
fn scripts_without_pseudonyms_are_refused_without_being_quoted() {
    let job = Job::new("{}")
        .secret("key", b"k")
        .input(Table::of_text(&[Some("ជីវិត")]));
    let error = job.apply::<Pseudonym>().unwrap_err().to_string();
    assert!(error.contains("script") && !error.contains('ជ'), "{error}");
}
