//! Which language and country values come from.
//!
//! Every value votes: by its script, its letters, and what its meaning adds (names by the
//! lists they are in, telephones by their prefix, accounts by their country). A vote is
//! split among the locales it is for, so what only one locale has weighs most. The winner
//! must have a quarter of all votes and be clear of the next, or there is none: customers
//! of ten countries have no locale.

use prodlike_core::schema::SemanticType;

use super::dictionary::{LOCALES, Locales, first_name, last_name, locale};
use super::form::{beginning, company, full_name, street};

/// Weight of a vote, divisible by the numbers of locales it may be split among.
const VOTE: u64 = 2_520;

/// Returns the locale of a column's values, where they tell.
pub(super) fn of(semantic: SemanticType, values: &[String]) -> Option<&'static str> {
    if !speaks(semantic) {
        return None;
    }
    let mut votes = vec![0_u64; LOCALES.len()];
    for value in values.iter().map(|value| beginning(value)) {
        for set in [script(value), letters(value), meant(semantic, value)] {
            let n = u64::from(set.count_ones());
            for (place, votes) in votes.iter_mut().enumerate() {
                if set & (1 << place) != 0 {
                    *votes += VOTE / n;
                }
            }
        }
    }
    let (place, &most) = votes
        .iter()
        .enumerate()
        .max_by_key(|&(place, votes)| (votes, usize::MAX - place))?;
    let next = votes
        .iter()
        .enumerate()
        .filter(|&(other, _)| other != place)
        .map(|(_, &votes)| votes)
        .max()
        .unwrap_or(0);
    let enough = most * 4 >= VOTE * values.len() as u64 && most >= VOTE * 2;
    (enough && most * 4 >= next * 5).then(|| LOCALES[place])
}

/// Whether values of a type differ from country to country.
fn speaks(semantic: SemanticType) -> bool {
    use SemanticType::*;
    matches!(
        semantic,
        FirstName
            | LastName
            | FullName
            | Username
            | Email
            | Phone
            | Address
            | City
            | State
            | Postcode
            | Company
            | JobTitle
            | Iban
            | Url
            | Title
            | Text
    )
}

/// Locales by the script, where it is not Latin.
fn script(value: &str) -> Locales {
    let has = |from: char, to: char| value.chars().any(|letter| (from..=to).contains(&letter));
    if has('\u{3040}', '\u{30ff}') {
        locale("ja_JP")
    } else if has('\u{ac00}', '\u{d7af}') {
        locale("ko_KR")
    } else if has('\u{4e00}', '\u{9fff}') {
        locale("ja_JP") | locale("zh_CN")
    } else if value.contains(['і', 'ї', 'є', 'ґ']) {
        locale("uk_UA")
    } else if has('\u{400}', '\u{4ff}') {
        locale("ru_RU")
    } else if has('\u{370}', '\u{3ff}') {
        locale("el_GR")
    } else if value.contains(['پ', 'چ', 'گ', 'ژ']) {
        locale("fa_IR")
    } else if has('\u{600}', '\u{6ff}') {
        locale("ar_SA")
    } else {
        0
    }
}

/// Letters that few languages have.
const LETTERS: &[(&[char], &[&str])] = &[
    (&['ß'], &["de_DE"]),
    (&['ł', 'ż', 'ź', 'ś', 'ę', 'ą', 'ń'], &["pl_PL"]),
    (&['ã', 'õ'], &["pt_BR"]),
    (&['ñ', '¿', '¡'], &["es_ES"]),
    (&['ş', 'ğ', 'ı', 'İ'], &["tr_TR"]),
    (&['å'], &["sv_SE"]),
    (&['œ', 'ê', 'ë', 'î', 'è'], &["fr_FR"]),
    (&['ò', 'ì', 'ù'], &["it_IT"]),
    (&['ü'], &["de_DE", "tr_TR"]),
    (&['ä', 'ö'], &["de_DE", "sv_SE"]),
    (&['ç'], &["fr_FR", "pt_BR", "tr_TR"]),
    (&['ó', 'í', 'á', 'ú'], &["es_ES", "pt_BR"]),
];

fn letters(value: &str) -> Locales {
    let value = value.to_lowercase();
    LETTERS
        .iter()
        .filter(|(letters, _)| value.contains(*letters))
        .flat_map(|(_, places)| places.iter())
        .fold(0, |all, place| all | locale(place))
}

/// Locales by what a value means.
fn meant(semantic: SemanticType, value: &str) -> Locales {
    let value = value.trim();
    match semantic {
        SemanticType::FirstName => first_name(value),
        SemanticType::LastName => last_name(value),
        SemanticType::FullName => full_name(value),
        SemanticType::Company => company(value).unwrap_or(0),
        SemanticType::Address => street(value).unwrap_or(0),
        SemanticType::Phone => find(value.trim_start_matches("00"), PREFIXES, |value, prefix| {
            value.starts_with(prefix)
        }),
        SemanticType::Iban => find(value, ACCOUNTS, |value, country| value.starts_with(country)),
        SemanticType::Email | SemanticType::Url => {
            let host = value.split("://").last().unwrap_or(value);
            let host = host.split('/').next().unwrap_or(host).to_lowercase();
            find(&host, DOMAINS, |host, end| host.ends_with(end))
        }
        SemanticType::Postcode => postcode(value),
        SemanticType::Text | SemanticType::Title => prose(value),
        _ => 0,
    }
}

fn find(value: &str, list: &[(&str, &str)], test: fn(&str, &str) -> bool) -> Locales {
    list.iter()
        .find(|(listed, _)| test(value, listed))
        .map_or(0, |(_, place)| locale(place))
}

const PREFIXES: &[(&str, &str)] = &[
    ("+1", "en_US"),
    ("+44", "en_GB"),
    ("+49", "de_DE"),
    ("+33", "fr_FR"),
    ("+39", "it_IT"),
    ("+34", "es_ES"),
    ("+31", "nl_NL"),
    ("+351", "pt_PT"),
    ("+55", "pt_BR"),
    ("+90", "tr_TR"),
    ("+81", "ja_JP"),
    ("+86", "zh_CN"),
    ("+82", "ko_KR"),
    ("+48", "pl_PL"),
    ("+46", "sv_SE"),
    ("+30", "el_GR"),
    ("+380", "uk_UA"),
    ("+7", "ru_RU"),
    ("+966", "ar_SA"),
    ("+98", "fa_IR"),
];

const ACCOUNTS: &[(&str, &str)] = &[
    ("GB", "en_GB"),
    ("DE", "de_DE"),
    ("FR", "fr_FR"),
    ("IT", "it_IT"),
    ("ES", "es_ES"),
    ("NL", "nl_NL"),
    ("PT", "pt_PT"),
    ("BR", "pt_BR"),
    ("TR", "tr_TR"),
    ("PL", "pl_PL"),
    ("SE", "sv_SE"),
    ("GR", "el_GR"),
    ("UA", "uk_UA"),
    ("SA", "ar_SA"),
];

const DOMAINS: &[(&str, &str)] = &[
    (".uk", "en_GB"),
    (".de", "de_DE"),
    (".fr", "fr_FR"),
    (".it", "it_IT"),
    (".es", "es_ES"),
    (".nl", "nl_NL"),
    (".pt", "pt_PT"),
    (".br", "pt_BR"),
    (".tr", "tr_TR"),
    (".jp", "ja_JP"),
    (".cn", "zh_CN"),
    (".kr", "ko_KR"),
    (".pl", "pl_PL"),
    (".se", "sv_SE"),
    (".gr", "el_GR"),
    (".ua", "uk_UA"),
    (".ru", "ru_RU"),
];

/// Locales by a postcode's punctuation; five bare digits are everybody's.
fn postcode(value: &str) -> Locales {
    let shape: String = value
        .chars()
        .map(|letter| match letter {
            '0'..='9' => '9',
            'A'..='Z' => 'A',
            other => other,
        })
        .collect();
    let place = match shape.as_str() {
        "99999-9999" => "en_US",
        "99999-999" => "pt_BR",
        "9999 AA" | "9999AA" => "nl_NL",
        "99-999" => "pl_PL",
        "999-9999" => "ja_JP",
        "9999-999" => "pt_PT",
        "999 99" => "sv_SE",
        "999999" => "ru_RU",
        _ if shape.ends_with(" 9AA") => "en_GB",
        _ => return 0,
    };
    locale(place)
}

/// Locales by the small words of prose.
fn prose(value: &str) -> Locales {
    const WORDS: &[(&str, &[&str])] = &[
        ("en_US", &["the", "and", "of", "with", "is", "to", "for"]),
        (
            "de_DE",
            &["der", "die", "das", "und", "nicht", "mit", "ist", "ein"],
        ),
        (
            "fr_FR",
            &["le", "les", "des", "et", "une", "est", "dans", "pour"],
        ),
        (
            "es_ES",
            &["el", "los", "las", "y", "del", "una", "con", "para"],
        ),
        (
            "it_IT",
            &["il", "che", "di", "gli", "della", "per", "non", "sono"],
        ),
        ("pt_BR", &["o", "os", "não", "uma", "com", "do", "da", "em"]),
        (
            "nl_NL",
            &["het", "een", "van", "niet", "voor", "zijn", "met"],
        ),
        ("pl_PL", &["w", "na", "z", "się", "nie", "jest", "do"]),
        ("sv_SE", &["och", "att", "det", "som", "är", "inte"]),
        ("tr_TR", &["ve", "bir", "bu", "için", "ile"]),
    ];
    let value = value.to_lowercase();
    let words: Vec<&str> = value
        .split(|letter: char| !letter.is_alphabetic())
        .collect();
    let score = |list: &[&str]| words.iter().filter(|word| list.contains(word)).count();
    let best = WORDS
        .iter()
        .map(|(place, list)| (score(list), locale(place)))
        .max_by_key(|(score, _)| *score);
    best.filter(|(score, _)| *score >= 2)
        .map_or(0, |(_, place)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_tell_where_they_come_from() {
        use SemanticType::*;
        let cases: &[(SemanticType, &[&str], Option<&str>)] = &[
            (
                Phone,
                &["+49 30 123456", "+49 89 98765", "030 555"],
                Some("de_DE"),
            ),
            (
                Iban,
                &["NL91ABNA0417164300", "NL02ABNA0123456789"],
                Some("nl_NL"),
            ),
            (Postcode, &["SW1A 1AA", "M1 1AE"], Some("en_GB")),
            (Postcode, &["10115", "20095"], None),
            (
                FullName,
                &["山田 太郎", "さとう はな", "鈴木 一郎"],
                Some("ja_JP"),
            ),
            (LastName, &["Иванов", "Петрова", "Сидоров"], Some("ru_RU")),
            (
                FirstName,
                &["Jürgen", "Günther", "Uwe", "Heinz"],
                Some("de_DE"),
            ),
            (Address, &["Via Roma 1", "Piazza Dante 3"], Some("it_IT")),
            (Company, &["Müller GmbH", "Weiß & Co. KG"], Some("de_DE")),
            (Email, &["a@b.fr", "c@d.fr", "e@f.com"], Some("fr_FR")),
            (Email, &["a@b.com"], None),
            (
                Text,
                &["Der Hund und die Katze", "Das ist nicht gut"],
                Some("de_DE"),
            ),
            (Uuid, &["ß"], None),
            (City, &[], None),
        ];
        for (semantic, values, expected) in cases {
            let values: Vec<String> = values.iter().map(|value| value.to_string()).collect();
            assert_eq!(of(*semantic, &values), *expected, "{semantic} {values:?}");
        }
    }
}
