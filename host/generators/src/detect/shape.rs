//! What the values of a string column look like.

use crate::country::is_country;
use crate::words::{is_first_name, is_last_name};

/// Shares of a column's distinct values, each in [0, 1], that look like something.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    /// Values looked at.
    pub(crate) n_values: usize,
    pub(crate) email: f64,
    pub(crate) url: f64,
    pub(crate) uuid: f64,
    pub(crate) ip: f64,
    pub(crate) iban: f64,
    pub(crate) card: f64,
    pub(crate) social_security: f64,
    pub(crate) phone: f64,
    pub(crate) postcode: f64,
    pub(crate) date: f64,
    pub(crate) decimal: f64,
    pub(crate) country: f64,
    pub(crate) company: f64,
    pub(crate) street: f64,
    pub(crate) full_name: f64,
    pub(crate) first_name: f64,
    pub(crate) last_name: f64,
    pub(crate) flag: f64,
    pub(crate) salutation: f64,
    pub(crate) state_of_a_thing: f64,
    /// No spaces, and a digit or nothing but capitals.
    pub(crate) code: f64,
    /// No spaces and no capitals.
    pub(crate) slug: f64,
    /// Mean words of a value.
    pub(crate) words: f64,
    /// Mean characters of a value.
    pub(crate) length: f64,
}

impl Shape {
    pub(crate) fn of(values: &[String]) -> Shape {
        let values: Vec<&str> = values
            .iter()
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
            .collect();
        let n = values.len() as f64;
        if values.is_empty() {
            return Shape::default();
        }
        let share =
            |test: fn(&str) -> bool| values.iter().filter(|value| test(value)).count() as f64 / n;
        let mean = |measure: fn(&str) -> usize| {
            values.iter().map(|value| measure(value)).sum::<usize>() as f64 / n
        };
        Shape {
            n_values: values.len(),
            email: share(is_email),
            url: share(is_url),
            uuid: share(is_uuid),
            ip: share(|value| value.len() > 6 && value.parse::<std::net::IpAddr>().is_ok()),
            iban: share(is_iban),
            card: share(is_card),
            social_security: share(|value| fits(value, "999-99-9999")),
            phone: share(is_phone),
            postcode: share(is_postcode),
            date: share(is_date),
            decimal: share(is_decimal),
            country: share(|value| {
                is_country(value) || value.len() < 4 && is_country(&value.to_uppercase())
            }),
            company: share(is_company),
            street: share(is_street),
            full_name: share(is_full_name),
            first_name: share(|value| is_capitalised(value) && is_first_name(value)),
            last_name: share(|value| is_capitalised(value) && is_last_name(value)),
            flag: share(|value| FLAGS.contains(&value.to_lowercase().as_str())),
            salutation: share(|value| {
                SALUTATIONS.contains(&value.trim_end_matches('.').to_lowercase().as_str())
            }),
            state_of_a_thing: share(|value| {
                STATES_OF_THINGS.contains(&value.to_lowercase().replace(['-', ' '], "_").as_str())
            }),
            code: share(|value| {
                !value.contains(char::is_whitespace)
                    && (value.contains(|letter: char| letter.is_ascii_digit())
                        || !value.contains(char::is_lowercase))
            }),
            slug: share(|value| !value.contains(|c: char| c.is_whitespace() || c.is_uppercase())),
            words: mean(|value| value.split_whitespace().count()),
            length: mean(|value| value.chars().count()),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.n_values == 0
    }
}

const FLAGS: &[&str] = &[
    "y", "n", "yes", "no", "t", "f", "true", "false", "0", "1", "on", "off", "ja", "nein", "oui",
    "non", "si", "sí", "unknown", "none", "null", "n/a",
];

const SALUTATIONS: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "herr", "frau", "m", "mme", "mlle", "sr",
    "sra", "dr. med", "prof. dr",
];

#[rustfmt::skip]
const STATES_OF_THINGS: &[&str] = &[
    "active", "inactive", "open", "closed", "pending", "new", "done", "ok", "error", "failed",
    "failure", "success", "successful", "running", "stopped", "started", "finished", "complete",
    "completed", "canceled", "cancelled", "enabled", "disabled", "draft", "published", "archived",
    "deleted", "approved", "rejected", "paid", "unpaid", "shipped", "delivered", "processing",
    "queued", "ready", "waiting", "valid", "invalid", "expired", "on", "off", "up", "down",
    "in_progress", "on_hold", "unknown", "blocked", "resolved", "returned", "refunded", "idle",
    "live", "suspended", "accepted", "declined", "confirmed", "received", "sent", "locked",
];

#[rustfmt::skip]
const LEGAL_FORMS: &[&str] = &[
    "inc", "llc", "ltd", "limited", "corp", "corporation", "co", "company", "plc", "llp", "lp",
    "gmbh", "ag", "kg", "ohg", "gbr", "ug", "mbh", "ev", "eg", "sa", "sas", "sarl", "sl", "srl",
    "spa", "bv", "nv", "oy", "ab", "as", "aps", "kk", "pty", "ltda", "lda", "se", "group",
    "holding", "holdings", "sons", "bros", "brothers", "airlines", "airways",
];

#[rustfmt::skip]
const STREET_WORDS: &[&str] = &[
    "street", "st", "avenue", "ave", "road", "rd", "lane", "ln", "drive", "dr", "boulevard",
    "blvd", "court", "ct", "place", "pl", "square", "sq", "way", "highway", "hwy", "terrace",
    "parkway", "pkwy", "crescent", "rue", "allée", "chemin", "calle", "avenida", "av", "rua",
    "via", "viale", "piazza", "plaza", "weg", "platz", "allee", "straße", "strasse", "str",
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

fn is_email(value: &str) -> bool {
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

fn is_url(value: &str) -> bool {
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

fn is_uuid(value: &str) -> bool {
    let bare = value.trim_start_matches('{').trim_end_matches('}');
    bare.len() == 36
        && bare.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// ISO 13616: the letters as numbers, the first four characters last, modulo 97.
fn is_iban(value: &str) -> bool {
    let bare: Vec<u8> = value.bytes().filter(|byte| *byte != b' ').collect();
    if !(15..=34).contains(&bare.len())
        || !bare.iter().all(u8::is_ascii_alphanumeric)
        || !bare[..2].iter().all(u8::is_ascii_uppercase)
        || !bare[2..4].iter().all(u8::is_ascii_digit)
    {
        return false;
    }
    let rest = bare[4..]
        .iter()
        .chain(&bare[..4])
        .fold(0_u32, |rest, byte| match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            _ => (rest * 100 + u32::from(byte.to_ascii_uppercase() - b'A') + 10) % 97,
        });
    rest == 1
}

/// ISO 7812: 13 to 19 digits with Luhn's checksum, and a card network's first digit.
fn is_card(value: &str) -> bool {
    if !value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b' ' || byte == b'-')
    {
        return false;
    }
    let digits: Vec<u32> = value
        .chars()
        .filter_map(|letter| letter.to_digit(10))
        .collect();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, double) => double / 10 + double % 10,
        })
        .sum();
    (13..=19).contains(&digits.len()) && (2..=6).contains(&digits[0]) && sum.is_multiple_of(10)
}

fn is_phone(value: &str) -> bool {
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

fn is_postcode(value: &str) -> bool {
    let capitals = value.to_uppercase();
    let parts: Vec<&str> = capitals.split(' ').collect();
    let british = parts.len() == 2
        && (2..=4).contains(&parts[0].len())
        && parts[0].starts_with(|letter: char| letter.is_ascii_uppercase())
        && parts[0].contains(|letter: char| letter.is_ascii_digit())
        && parts[0].bytes().all(|byte| byte.is_ascii_alphanumeric())
        && fits(parts[1], "9AA");
    british
        || ["99999-9999", "A9A 9A9", "99999-999", "9999 AA", "999 99"]
            .iter()
            .any(|template| fits(&capitals, template))
}

fn is_date(value: &str) -> bool {
    let date = value.get(..10).unwrap_or(value);
    let tail = value.get(10..).unwrap_or("");
    [
        "9999-99-99",
        "9999/99/99",
        "99.99.9999",
        "99/99/9999",
        "99-99-9999",
    ]
    .iter()
    .any(|template| fits(date, template))
        && (tail.is_empty() || tail.starts_with(['T', ' ']))
}

fn is_decimal(value: &str) -> bool {
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

fn is_company(value: &str) -> bool {
    let last = value.split_whitespace().next_back().unwrap_or_default();
    let last: String = last
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .collect();
    value.contains(' ') && LEGAL_FORMS.contains(&last.to_lowercase().as_str())
}

fn is_street(value: &str) -> bool {
    let words: Vec<String> = value
        .split(|letter: char| letter.is_whitespace() || letter == ',')
        .map(|word| word.trim_end_matches('.').to_lowercase())
        .collect();
    let named = words.iter().any(|word| {
        STREET_WORDS.contains(&word.as_str())
            || ["straße", "strasse", "weg", "gasse", "platz", "allee"]
                .iter()
                .any(|end| word.len() > end.len() && word.ends_with(end))
    });
    named && words.len() > 1 && value.contains(|letter: char| letter.is_ascii_digit())
}

fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && word.chars().count() > 1
        && letters.all(|letter| letter.is_alphabetic() || letter == '\'' || letter == '-')
}

/// Two to four capitalised words, one of which is a given name in a name's place:
/// `Anna Smith`, `Anna B. Smith`, `Smith, Anna`.
fn is_full_name(value: &str) -> bool {
    let (value, turned) = match value.split_once(", ") {
        Some((last, first)) => (format!("{first} {last}"), true),
        None => (value.to_string(), false),
    };
    let words: Vec<&str> = value
        .split_whitespace()
        .filter(|word| !SALUTATIONS.contains(&word.trim_end_matches('.').to_lowercase().as_str()))
        .collect();
    (2..=4).contains(&words.len())
        && words.iter().all(|word| {
            is_capitalised(word.trim_end_matches('.'))
                || word.trim_end_matches('.').chars().count() == 1
                || ["de", "da", "van", "von", "der", "den", "la", "di"].contains(word)
        })
        && (is_first_name(words[0]) || turned && words.iter().any(|word| is_first_name(word)))
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
        check(
            is_iban,
            &["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"],
            &[
                "DE88370400440532013000",
                "DE89",
                "de89370400440532013000",
                "ÄÖ89370400440532013000",
            ],
        );
        check(
            is_card,
            &["4111 1111 1111 1111", "378282246310005"],
            &[
                "4111111111111112",
                "411111",
                "9111111111111111",
                "",
                "-- --",
            ],
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
