//! Calling codes and mobile prefixes.

/// How a country numbers its telephones.
#[derive(Debug)]
pub(crate) struct Country {
    /// As ISO 3166 writes it.
    pub(crate) code: &'static str,
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
    calling: &'static str,
    trunk: &'static str,
    prefixes: &'static [&'static str],
    digits: usize,
) -> Country {
    Country {
        code,
        calling,
        trunk,
        prefixes,
        digits,
    }
}

/// Those that the plugin knows, by code.
pub(crate) static COUNTRIES: [Country; 36] = [
    country("AR", "+54", "0", &["911", "9351", "9341"], 11),
    country("AT", "+43", "0", &["650", "660", "664", "676", "699"], 10),
    country("AU", "+61", "0", &["4"], 9),
    country("BE", "+32", "0", &["46", "47", "48", "49"], 9),
    country("BR", "+55", "0", &["119", "219", "319", "619"], 11),
    country("CA", "+1", "1", &["416", "514", "604", "403", "613"], 10),
    country("CH", "+41", "0", &["76", "77", "78", "79"], 9),
    country("CL", "+56", "", &["9"], 9),
    country("CN", "+86", "0", &["13", "15", "18"], 11),
    country("CZ", "+420", "", &["60", "72", "73", "77"], 9),
    country(
        "DE",
        "+49",
        "0",
        &["151", "152", "157", "160", "170", "171", "176"],
        11,
    ),
    country("DK", "+45", "", &["2", "4", "5"], 8),
    country("ES", "+34", "", &["6", "71", "72"], 9),
    country("FI", "+358", "0", &["40", "41", "44", "50"], 9),
    country("FR", "+33", "0", &["6", "7"], 9),
    country("GB", "+44", "0", &["74", "75", "77", "78", "79"], 10),
    country("GR", "+30", "", &["69"], 10),
    country("HU", "+36", "06", &["20", "30", "70"], 9),
    country("IE", "+353", "0", &["83", "85", "86", "87"], 9),
    country("IN", "+91", "0", &["7", "8", "9"], 10),
    country("IT", "+39", "", &["320", "328", "333", "338", "347"], 10),
    country("JP", "+81", "0", &["70", "80", "90"], 10),
    country("KR", "+82", "0", &["10"], 10),
    country("MX", "+52", "", &["55", "33", "81"], 10),
    country("NL", "+31", "0", &["6"], 9),
    country("NO", "+47", "", &["4", "9"], 8),
    country("NZ", "+64", "0", &["21", "22", "27"], 9),
    country("PL", "+48", "", &["50", "51", "60", "66", "69", "79"], 9),
    country("PT", "+351", "", &["91", "92", "93", "96"], 9),
    country("RO", "+40", "0", &["72", "73", "74", "75"], 9),
    country("RU", "+7", "8", &["903", "916", "925", "926"], 10),
    country("SE", "+46", "0", &["70", "72", "73", "76"], 9),
    country("TR", "+90", "0", &["532", "542", "552"], 10),
    country("UA", "+380", "0", &["50", "67", "95"], 9),
    country("US", "+1", "1", &["202", "212", "312", "415", "617"], 10),
    country("ZA", "+27", "0", &["60", "72", "82"], 9),
];

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
