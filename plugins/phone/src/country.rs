//! Calling codes and mobile prefixes.

/// How a country numbers its telephones.
#[derive(Debug)]
pub(crate) struct Country {
    /// As ISO 3166 writes it.
    pub(crate) code: &'static str,
    name: &'static str,
    pub(crate) calling: &'static str,
    /// What is dialled before a number within the country.
    pub(crate) trunk: &'static str,
    /// What mobile numbers begin with; area codes where they are not told apart.
    pub(crate) prefixes: &'static [&'static str],
    /// Digits behind the calling code.
    pub(crate) digits: usize,
}

const fn country(
    code: &'static str,
    name: &'static str,
    calling: &'static str,
    trunk: &'static str,
    prefixes: &'static [&'static str],
    digits: usize,
) -> Country {
    Country {
        code,
        name,
        calling,
        trunk,
        prefixes,
        digits,
    }
}

/// Those that the plugin knows, by code.
pub(crate) static COUNTRIES: [Country; 36] = [
    country("AR", "Argentina", "+54", "0", &["911", "9351", "9341"], 11),
    country(
        "AT",
        "Austria",
        "+43",
        "0",
        &["650", "660", "664", "676", "699"],
        10,
    ),
    country("AU", "Australia", "+61", "0", &["4"], 9),
    country("BE", "Belgium", "+32", "0", &["46", "47", "48", "49"], 9),
    country(
        "BR",
        "Brazil",
        "+55",
        "0",
        &["119", "219", "319", "619"],
        11,
    ),
    country(
        "CA",
        "Canada",
        "+1",
        "1",
        &["416", "514", "604", "403", "613"],
        10,
    ),
    country(
        "CH",
        "Switzerland",
        "+41",
        "0",
        &["76", "77", "78", "79"],
        9,
    ),
    country("CL", "Chile", "+56", "", &["9"], 9),
    country("CN", "China", "+86", "0", &["13", "15", "18"], 11),
    country(
        "CZ",
        "Czech Republic",
        "+420",
        "",
        &["60", "72", "73", "77"],
        9,
    ),
    country(
        "DE",
        "Germany",
        "+49",
        "0",
        &["151", "152", "157", "160", "170", "171", "176"],
        11,
    ),
    country("DK", "Denmark", "+45", "", &["2", "4", "5"], 8),
    country("ES", "Spain", "+34", "", &["6", "71", "72"], 9),
    country("FI", "Finland", "+358", "0", &["40", "41", "44", "50"], 9),
    country("FR", "France", "+33", "0", &["6", "7"], 9),
    country(
        "GB",
        "United Kingdom",
        "+44",
        "0",
        &["74", "75", "77", "78", "79"],
        10,
    ),
    country("GR", "Greece", "+30", "", &["69"], 10),
    country("HU", "Hungary", "+36", "06", &["20", "30", "70"], 9),
    country("IE", "Ireland", "+353", "0", &["83", "85", "86", "87"], 9),
    country("IN", "India", "+91", "0", &["7", "8", "9"], 10),
    country(
        "IT",
        "Italy",
        "+39",
        "",
        &["320", "328", "333", "338", "347"],
        10,
    ),
    country("JP", "Japan", "+81", "0", &["70", "80", "90"], 10),
    country("KR", "South Korea", "+82", "0", &["10"], 10),
    country("MX", "Mexico", "+52", "", &["55", "33", "81"], 10),
    country("NL", "Netherlands", "+31", "0", &["6"], 9),
    country("NO", "Norway", "+47", "", &["4", "9"], 8),
    country("NZ", "New Zealand", "+64", "0", &["21", "22", "27"], 9),
    country(
        "PL",
        "Poland",
        "+48",
        "",
        &["50", "51", "60", "66", "69", "79"],
        9,
    ),
    country("PT", "Portugal", "+351", "", &["91", "92", "93", "96"], 9),
    country("RO", "Romania", "+40", "0", &["72", "73", "74", "75"], 9),
    country("RU", "Russia", "+7", "8", &["903", "916", "925", "926"], 10),
    country("SE", "Sweden", "+46", "0", &["70", "72", "73", "76"], 9),
    country("TR", "Turkey", "+90", "0", &["532", "542", "552"], 10),
    country("UA", "Ukraine", "+380", "0", &["50", "67", "95"], 9),
    country(
        "US",
        "United States",
        "+1",
        "1",
        &["202", "212", "312", "415", "617"],
        10,
    ),
    country("ZA", "South Africa", "+27", "0", &["60", "72", "82"], 9),
];

/// Other names of countries.
const NAMES: [(&str, &str); 8] = [
    ("USA", "US"),
    ("United States of America", "US"),
    ("UK", "GB"),
    ("England", "GB"),
    ("Czechia", "CZ"),
    ("The Netherlands", "NL"),
    ("Korea", "KR"),
    ("Deutschland", "DE"),
];

impl Country {
    /// Returns a country by its code or name, in any case.
    pub(crate) fn find(name: &str) -> Option<&'static Country> {
        let name = name.trim();
        let known = NAMES
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        let name = known.map_or(name, |(_, code)| code);
        COUNTRIES.iter().find(|country| {
            country.code.eq_ignore_ascii_case(name) || country.name.eq_ignore_ascii_case(name)
        })
    }
}

/// Whether a text is a number as one would dial it from abroad: a plus, and 8 to 15 digits of
/// which the first is no zero.
pub(crate) fn is_phone(text: &str) -> bool {
    let Some(rest) = text.trim().strip_prefix('+') else {
        return false;
    };
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    rest.starts_with(|first: char| ('1'..='9').contains(&first))
        && (8..=15).contains(&digits)
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b" -()/.".contains(&byte))
}
