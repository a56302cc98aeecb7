//! Forms that single values have: what an address, a telephone number or a person's name
//! looks like.

use super::dictionary::{
    LEGAL_FORMS, LEGAL_STARTS, Locales, STREET_ENDS, STREET_WORDS, first_name, han_name, last_name,
    locale,
};
use crate::tokens::folded;

/// As much of a value as tells what it is: a megabyte says no more than its first page.
pub(super) fn beginning(value: &str) -> &str {
    const MOST: usize = 1_024;
    let end = value
        .char_indices()
        .map(|(at, _)| at)
        .take_while(|at| *at <= MOST)
        .last();
    match end {
        Some(end) if value.len() > MOST => &value[..end],
        _ => value,
    }
}

#[rustfmt::skip]
pub(super) const SALUTATIONS: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "herr", "frau", "m", "mme", "mlle", "sr",
    "sra", "srta", "dr. med", "prof. dr", "sig", "sig.ra", "dott", "dra", "dhr", "mevr", "pan",
    "pani", "drs", "ing", "univ.prof", "dipl.-ing", "univ", "b.sc", "b.a", "m.sc", "md", "phd", "dds",
    "jr", "г-н", "г-жа", "тов",
];

/// Whether every character fits its template: `9` digit, `A` capital, anything else itself.
fn fits(value: &str, template: &str) -> bool {
    value.len() == template.len()
        && value
            .bytes()
            .zip(template.bytes())
            .all(|(byte, place)| match place {
                b'9' => byte.is_ascii_digit(),
                b'A' => byte.is_ascii_uppercase(),
                _ => byte == place,
            })
}

/// A letter of a script that is written without spaces.
pub(super) fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// A family name with an initial before or after it, in one word and one case.
pub(super) fn is_login(value: &str) -> bool {
    let name = value.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let is_one_case = !name.contains(char::is_uppercase) || !name.contains(char::is_lowercase);
    if !is_one_case || name.len() < 5 || !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    // A name itself is no login: `Baker` holds `Bake`.
    last_name(name) == 0
        && first_name(name) == 0
        && [&name[1..], &name[..name.len() - 1]]
            .iter()
            .any(|stem| last_name(stem) != 0)
}

pub(super) fn is_email(value: &str) -> bool {
    let Some((name, domain)) = value.split_once('@') else {
        return false;
    };
    !name.is_empty()
        && !value.contains(char::is_whitespace)
        && !domain.contains('@')
        && domain
            .split_once('.')
            .is_some_and(|(host, end)| !host.is_empty() && end.len() > 1)
}

pub(super) fn is_url(value: &str) -> bool {
    let lower = value.to_lowercase();
    let scheme = lower.split_once("://").is_some_and(|(scheme, rest)| {
        !scheme.is_empty()
            && !rest.is_empty()
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
    });
    !value.contains(char::is_whitespace) && (scheme || lower.starts_with("www."))
}

pub(super) fn is_uuid(value: &str) -> bool {
    let bare = value.trim_start_matches('{').trim_end_matches('}');
    bare.len() == 36
        && bare.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

pub(super) fn is_ip(value: &str) -> bool {
    value.len() > 6 && value.parse::<std::net::IpAddr>().is_ok()
}

/// Four small numbers with dots between them, which may count releases.
pub(super) fn is_version(value: &str) -> bool {
    value
        .split('.')
        .all(|part| part.parse::<u8>().is_ok_and(|number| number < 64))
}

/// Six pairs of hexadecimal digits, or Cisco's three fours.
pub(super) fn is_mac(value: &str) -> bool {
    let separator = match value.len() {
        17 if value.contains(':') => ':',
        17 => '-',
        14 => '.',
        _ => return false,
    };
    let width = if separator == '.' { 4 } else { 2 };
    value
        .split(separator)
        .all(|part| part.len() == width && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

pub(super) fn is_user_agent(value: &str) -> bool {
    let product = value.split_whitespace().next().unwrap_or_default();
    let is_product = product.split_once('/').is_some_and(|(name, version)| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && version.starts_with(|letter: char| letter.is_ascii_digit())
    });
    is_product
        && (value.contains('(')
            || ["curl", "python", "okhttp", "Java"]
                .iter()
                .any(|tool| product.starts_with(tool)))
}

/// An absolute or relative path of more than one part.
pub(super) fn is_path(value: &str) -> bool {
    let is_drive = value
        .as_bytes()
        .first()
        .is_some_and(u8::is_ascii_alphabetic)
        && value
            .get(1..3)
            .is_some_and(|mark| mark == ":\\" || mark == ":/");
    let parts = value.split('/').filter(|part| !part.is_empty()).count();
    is_drive
        || value.starts_with("\\\\")
        || (value.starts_with('/') || value.starts_with("./") || value.starts_with("~/"))
            && parts >= 2
            && !value.contains("//")
}

pub(super) fn is_phone(value: &str) -> bool {
    let body = match value.to_lowercase().rsplit_once(['x', 't']) {
        Some((body, extension))
            if !extension.is_empty()
                && extension
                    .trim_start_matches('.')
                    .trim()
                    .bytes()
                    .all(|b| b.is_ascii_digit()) =>
        {
            body.trim_end_matches(['e', 'x', ' ', 't']).to_string()
        }
        _ => value.to_string(),
    };
    let digits = body.bytes().filter(u8::is_ascii_digit).count();
    let plain = body
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-() ./".contains(&byte));
    let breaks = body.bytes().filter(|byte| b"-() ./".contains(byte)).count();
    plain
        && (7..=15).contains(&digits)
        && (body.starts_with('+') || body.starts_with('(') || breaks >= 2)
        && !is_date(value)
        && !is_decimal(value)
        && !fits(value, "999-99-9999")
        && value.parse::<std::net::IpAddr>().is_err()
}

/// A national number without its punctuation, or with little.
pub(super) fn is_dialled(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let breaks = value.bytes().filter(|byte| b" -/".contains(byte)).count();
    digits + breaks == value.len() && breaks < 2 && (8..=13).contains(&digits)
}

pub(super) fn is_postcode(value: &str) -> bool {
    let capitals = value.to_uppercase();
    let parts: Vec<&str> = capitals.split(' ').collect();
    let british = parts.len() == 2
        && (2..=4).contains(&parts[0].len())
        && parts[0].starts_with(|letter: char| letter.is_ascii_uppercase())
        && parts[0].contains(|letter: char| letter.is_ascii_digit())
        && parts[0].bytes().all(|byte| byte.is_ascii_alphanumeric())
        && fits(parts[1], "9AA");
    british
        || [
            "99999-9999",
            "A9A 9A9",
            "99999-999",
            "9999 AA",
            "999 99",
            "999-9999",
            "9999-999",
        ]
        .iter()
        .any(|template| fits(&capitals, template))
}

pub(super) fn is_date(value: &str) -> bool {
    let date = value.get(..10).unwrap_or(value);
    let tail = value.get(10..).unwrap_or("");
    let western = [
        "9999-99-99",
        "9999/99/99",
        "99.99.9999",
        "99/99/9999",
        "99-99-9999",
    ]
    .iter()
    .any(|template| fits(date, template))
        && (tail.is_empty() || tail.starts_with(['T', ' ']));
    let eastern = value.strip_suffix('日').is_some_and(|value| {
        let parts: Vec<&str> = value.split(['年', '月']).collect();
        parts.len() == 3 && parts.iter().all(|part| part.parse::<u16>().is_ok())
    });
    western || eastern
}

pub(super) fn is_decimal(value: &str) -> bool {
    let bare = value.trim_start_matches(['-', '+']);
    bare.split_once('.').is_some_and(|(whole, fraction)| {
        !fraction.is_empty()
            && !fraction.contains('.')
            && whole
                .bytes()
                .chain(fraction.bytes())
                .all(|byte| byte.is_ascii_digit())
    })
}

pub(super) fn is_company(value: &str) -> bool {
    company(value).is_some()
}

/// The locales of a company's legal form, where the value has one.
pub(super) fn company(value: &str) -> Option<Locales> {
    if let Some((_, place)) = LEGAL_STARTS.iter().find(|(start, _)| {
        value.starts_with(start) || start.chars().all(is_han) && value.contains(start)
    }) {
        return Some(locale(place));
    }
    if !value.contains(' ') {
        return None;
    }
    let bare: Vec<String> = value
        .split_whitespace()
        .map(|word| {
            folded(word)
                .chars()
                .filter(|letter| letter.is_alphabetic())
                .collect()
        })
        .collect();
    let last = bare.last()?;
    let form = LEGAL_FORMS.iter().find(|(form, _)| form == last);
    // `Klein, Weber and Roth`
    let is_firm = value.contains(", ")
        && bare.len() >= 3
        && ["and", "und", "et", "y", "e", "en", "i"].contains(&bare[bare.len() - 2].as_str());
    form.map(|(_, place)| locale(place))
        .or(is_firm.then_some(0))
}

pub(super) fn is_street(value: &str) -> bool {
    street(value).is_some()
}

/// The locales of a street's word, where the value has one and a number.
pub(super) fn street(value: &str) -> Option<Locales> {
    if !value.contains(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    if value.contains("丁目") || value.contains('番') && value.contains('号') {
        return Some(locale("ja_JP"));
    }
    let words: Vec<String> = value
        .split(|letter: char| letter.is_whitespace() || letter == ',')
        .map(|word| folded(word.trim_end_matches('.')))
        .collect();
    if words.len() < 2 {
        return None;
    }
    let find = |list: &[(&str, &str)], test: fn(&str, &str) -> bool| {
        words.iter().find_map(|word| {
            list.iter()
                .find(|(listed, _)| test(word, listed))
                .map(|(_, place)| locale(place))
        })
    };
    find(STREET_WORDS, |word, listed| word == listed).or_else(|| {
        find(STREET_ENDS, |word, end| {
            word.len() > end.len() + 2 && word.ends_with(end)
        })
    })
}

pub(super) fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars();
    letters
        .next()
        .is_some_and(|first| first.is_uppercase() || is_han(first))
        && word.chars().count() > 1
        && letters.all(|letter| letter.is_alphabetic() || letter == '\'' || letter == '-')
}

/// A word as it stands in a name: a capital in front, or a script that has none.
pub(super) fn is_name_word(word: &str) -> bool {
    let has_case = word
        .chars()
        .any(|letter| letter.is_uppercase() || letter.is_lowercase());
    let starts = !has_case || word.starts_with(char::is_uppercase);
    let is_code = word.chars().count() < 5 && word.chars().all(char::is_uppercase);
    starts
        && !is_code
        && word
            .chars()
            .all(|letter| letter.is_alphabetic() || letter == '\'' || letter == '-')
        || PARTICLES.contains(&word)
}

const PARTICLES: &[&str] = &[
    "de", "da", "do", "dos", "das", "van", "von", "der", "den", "la", "di", "del", "della", "zu",
    "le", "du", "ten", "ter", "het", "y", "e",
];

/// Two to four capitalised words, one of which is a name in a name's place:
/// `Anna Smith`, `Anna B. Smith`, `Smith, Anna`, `山田 太郎`.
pub(super) fn is_full_name(value: &str) -> bool {
    full_name(value) != 0
}

/// The locales of the names in a person's whole name; empty where it is none.
pub(super) fn full_name(value: &str) -> Locales {
    let (value, turned) = match value.split_once(", ") {
        Some((last, first)) => (format!("{first} {last}"), true),
        None => (value.to_string(), false),
    };
    let words: Vec<&str> = value
        .split_whitespace()
        .filter(|word| !SALUTATIONS.contains(&word.trim_end_matches('.').to_lowercase().as_str()))
        .collect();
    if words.len() == 2 && words.iter().all(|word| word.chars().all(is_han)) {
        return words.iter().fold(0, |all, word| all | han_name(word));
    }
    let is_shaped = (2..=5).contains(&words.len())
        && words.iter().all(|word| {
            is_capitalised(word.trim_end_matches('.'))
                || word.trim_end_matches('.').chars().count() == 1
                || PARTICLES.contains(word)
        });
    if !is_shaped {
        return 0;
    }
    let patronymic = words
        .iter()
        .skip(1)
        .any(|word| ["вич", "вна", "ична"].iter().any(|end| word.ends_with(end)));
    if patronymic {
        return locale("ru_RU");
    }
    let first = first_name(words[0]);
    match first {
        0 if turned => words.iter().fold(0, |all, word| all | first_name(word)),
        0 => 0,
        first => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(test: fn(&str) -> bool, yes: &[&str], no: &[&str]) {
        for value in yes {
            assert!(test(value), "{value}");
        }
        for value in no {
            assert!(!test(value), "{value}");
        }
    }

    #[test]
    fn identifiers_are_known_by_form_and_checksum() {
        check(
            is_email,
            &["a.b@c.de"],
            &["@c.de", "a@b", "a b@c.de", "a@b@c.de", "@"],
        );
        check(
            is_url,
            &["https://a.b/c", "www.a.b"],
            &["a.b", "see http://a b", "://x", "a://"],
        );
        check(
            is_uuid,
            &["6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
            &["6ba7b810", "", "{}"],
        );
    }

    #[test]
    fn telephones_are_no_dates_and_no_numbers() {
        check(
            is_phone,
            &[
                "+55 (12) 3923-5555",
                "(780) 428-9482",
                "030-123 4567",
                "+4930123456",
                "555-0100-22 x12",
                "212.555.0187",
            ],
            &[
                "2013-01-01",
                "01.02.2013 10:00",
                "1234567",
                "3.14159265",
                "192.168.100.200",
                "",
                "x",
                "1-2",
                "123-45-6789",
                "x12345678",
            ],
        );
        check(
            is_date,
            &["2013-01-01T10:00:00Z", "31.12.2020"],
            &["2013-1-1", "20130101", "é"],
        );
        check(
            is_postcode,
            &["M6H 1A1", "SW1A 1AA", "94043-1351"],
            &["10115", "A1 1", "", "é é"],
        );
    }

    #[test]
    fn people_companies_and_streets() {
        check(
            is_full_name,
            &[
                "Anna Smith",
                "Smith, Anna",
                "Dr. John Q. Public",
                "Maria da Silva",
            ],
            &[
                "Anna",
                "anna smith",
                "Fixed Wing",
                "Balls to the Wall",
                "",
                ", ",
            ],
        );
        check(
            is_company,
            &["Endeavor Air Inc.", "Muster GmbH", "Acme S.A."],
            &["Inc.", "EMBRAER", "", "Rock And Roll"],
        );
        check(
            is_street,
            &[
                "8210 111 ST NW Street",
                "Theodor-Heuss-Straße 34",
                "69 Salem Street",
            ],
            &["Main Street", "12 Monkeys", "Straße", ""],
        );
    }
}
