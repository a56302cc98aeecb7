use prodlike_sdk::testing::{Job, Table};

use super::*;

fn redacted(options: &str, value: &str) -> String {
    let job = Job::new(options).input(Table::of_text(&[Some(value), None]));
    let table = job.apply::<Redact>().unwrap();
    assert_eq!(table.text(0)[1], None);
    table.text(0)[0].unwrap().to_owned()
}

#[test]
fn what_identifies_somebody_is_found() {
    for (value, expected) in [
        ("Mail anna.müller+news@mail.example.org.", "Mail [email]."),
        ("<bob@example.com>,eve@example.net", "<[email]>,[email]"),
        (
            "See https://example.org/a?b=1, or www.example.com.",
            "See [url], or [url].",
        ),
        (
            "see https://x.example/?mail=a@b.example now",
            "see [url] now",
        ),
        (
            "IBAN DE89 3704 0044 0532 0130 00 bitte",
            "IBAN [iban] bitte",
        ),
        ("GB29NWBK60161331926819;no8330001234567", "[iban];[iban]"),
        ("card 4111 1111 1111 1111 12/27", "card [card] 12/27"),
        ("5555-5555-5555-4444", "[card]"),
        ("Ruf +49 (0)151 1234-5678 an", "Ruf [phone] an"),
        ("+4915112345678 10.5.2024", "[phone] 10.5.2024"),
        (
            "0151 12345678, (555) 010-0199 or 555.010.0199",
            "[phone], [phone] or [phone]",
        ),
        ("from 192.0.2.7: 2001:db8::1.", "from [ip]: [ip]."),
        ("ä4111111111111111", "ä4111111111111111"),
        ("Größe ä+4915112345678ö", "Größe ä+4915112345678ö"),
    ] {
        assert_eq!(redacted("{}", value), expected);
    }
}

#[test]
fn other_texts_stay_as_they_are() {
    for value in [
        "",
        "@home",
        "a@b",
        "Order 12345678 of 2024-01-31, 01.02.2024 10:30",
        "4111 1111 1111 1112",
        "GB29 NWBK 6016 1331 9268 18",
        "1.234.567,89 EUR",
        "version 1.2.3.",
        "cafe: 10:30",
        "https:// and www.",
        "日本語のテキスト",
        "++(((...",
    ] {
        assert_eq!(redacted("{}", value), value);
    }
}

#[test]
fn options_choose_what_is_looked_for_and_what_stands_for_it() {
    let value = "a@b.example +4915112345678";
    assert_eq!(
        redacted(r#"{"entities": ["phone"]}"#, value),
        "a@b.example [phone]"
    );
    assert_eq!(redacted(r#"{"tags": {"email": "*"}}"#, value), "* [phone]");
    assert_eq!(
        redacted(r#"{"whole": true}"#, &format!("x {value} y")),
        "[email] [phone]"
    );
    assert_eq!(redacted(r#"{"whole": true}"#, "nothing"), "nothing");
    let error = |options| {
        Job::new(options)
            .configure::<Redact>()
            .err()
            .unwrap()
            .to_string()
    };
    assert!(error(r#"{"entities": []}"#).starts_with("option `entities`"));
    assert!(error(r#"{"entities": ["name"]}"#).starts_with("option `entities[0]`"));
}

/// Texts of a megabyte must not take minutes.
#[test]
fn long_texts_take_linear_time() {
    for piece in ["a.", "1 ", "+1", "a@", "www.", "DE12 ", "1:", "ä("] {
        let text = piece.repeat(1 << 16);
        redacted("{}", &text);
    }
}
