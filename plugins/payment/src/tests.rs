use std::collections::HashSet;

use prodlike_sdk::testing::{Job, Table};

use super::*;

#[test]
fn known_numbers_are_recognised() {
    for card in [
        "4111 1111 1111 1111",
        "5555555555554444",
        "378282246310005",
        "30569309025904",
    ] {
        assert!(card::is_card(card), "{card}");
    }
    for other in [
        "4111111111111112",
        "1234567812345670",
        "",
        "4",
        "41111111111111111111",
    ] {
        assert!(!card::is_card(other), "{other}");
    }
    // Examples of SWIFT's registry.
    for iban in [
        "DE89370400440532013000",
        "GB29 NWBK 6016 1331 9268 19",
        "FR1420041010050500013M02606",
        "NO9386011117947",
        "BE68539007547034",
        "ES9121000418450200051332",
        "MT84MALT011000012345MTLCAST001S",
    ] {
        assert!(iban::is_iban(iban), "{iban}");
    }
    for other in [
        "DE89370400440532013001",
        "DE8937040044053201300",
        "XX00",
        "",
        "D",
    ] {
        assert!(!iban::is_iban(other), "{other}");
    }
}

#[test]
fn every_country_gives_ibans_that_validate() {
    for country in &iban::COUNTRIES {
        let options = format!(r#"{{"countries": ["{}"]}}"#, country.code);
        let table = Job::new(&options)
            .wanted(&["iban"])
            .generate::<Payment>()
            .unwrap();
        for iban in table.text(0).into_iter().flatten() {
            assert!(
                iban::is_iban(iban) && iban.starts_with(country.code),
                "{iban}"
            );
        }
    }
}

/// National check digits of published examples come out of the digits before them.
#[test]
fn national_check_digits_are_those_of_published_accounts() {
    for (code, account) in [
        ("BE", "539007547034"),
        ("ES", "21000418450200051332"),
        ("PT", "000201231234567890154"),
        ("NO", "86011117947"),
        ("FR", "30006000011234567890189"),
    ] {
        let country = iban::Country::find(code).unwrap();
        let mut bytes = account.as_bytes().to_vec();
        country.complete(&mut bytes);
        assert_eq!(String::from_utf8(bytes).unwrap(), account, "{code}");
    }
}

#[test]
fn cards_are_of_their_brand_and_unique() {
    let job = Job::new("{}")
        .wanted(&["card_number", "card_brand", "card_expiry"])
        .unique();
    let table = job.rows(20_000).generate::<Payment>().unwrap();
    let numbers = table.text(0);
    for (number, brand) in numbers
        .iter()
        .flatten()
        .zip(table.text(1).into_iter().flatten())
    {
        assert!(card::is_card(number), "{number}");
        assert_eq!(brand == "Visa", number.starts_with('4'), "{number} {brand}");
    }
    assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), 20_000);
    let ibans = Job::new("{}")
        .wanted(&["iban"])
        .unique()
        .rows(20_000)
        .generate::<Payment>()
        .unwrap();
    assert_eq!(
        ibans.text(0).into_iter().collect::<HashSet<_>>().len(),
        20_000
    );
}

#[test]
fn accounts_follow_the_rows_country_and_share_their_bank() {
    let countries = Table::new([(
        Field::utf8("land").semantic("country").nullable(true),
        [Some("Germany"), Some("GB"), None, Some("Atlantis")]
            .into_iter()
            .collect::<Utf8Builder>()
            .finish(),
    )]);
    let job = Job::new("{}")
        .locale("nl_NL")
        .input(countries)
        .wanted(&["iban", "bic"]);
    let table = job.generate::<Payment>().unwrap();
    let (ibans, bics) = (table.text(0), table.text(1));
    let codes: Vec<&str> = ibans.iter().flatten().map(|iban| &iban[..2]).collect();
    assert_eq!(codes, ["DE", "GB", "NL", "NL"]);
    assert_eq!(ibans[1].unwrap()[4..8], bics[1].unwrap()[..4]);
}

#[test]
fn detector_tells_cards_from_accounts() {
    let values = [
        Some("4111111111111111"),
        None,
        Some("DE89370400440532013000"),
        Some("x"),
    ];
    let found = Job::new("{}")
        .input(Table::of_text(&values))
        .detect::<Payment>()
        .unwrap();
    assert_eq!(
        found
            .iter()
            .map(|finding| finding.matched)
            .collect::<Vec<_>>(),
        [1, 1]
    );
}

#[test]
fn wrong_options_are_named() {
    let error = |options: &str| {
        Job::new(options)
            .configure::<Payment>()
            .err()
            .unwrap()
            .to_string()
    };
    assert!(error(r#"{"brands": [{"brand": "vis"}]}"#).starts_with("option `brands[0].brand`"));
    assert!(error(r#"{"countries": ["DE", "XX"]}"#).starts_with("option `countries[1]`"));
    assert!(error(r#"{"colour": 1}"#).contains("colour"));
    assert!(error(r#"{"brands": []}"#).starts_with("option `brands`"));
}
