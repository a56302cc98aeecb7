//! Strings by number: each vocabulary spells a number below its capacity as one value.
//!
//! Every spelling can be read back to its number (the separators never occur inside a
//! word), which is why no two numbers, and no two laps, are spelt alike. What hangs on
//! noise instead of on the number only ever comes after the part that can be read back.

use prodlike_models::permutation::Permutation;

use prodlike_core::generator::GenerateArgs;

use crate::country;
use crate::noise::Noise;
use crate::scalar::Days;
use crate::words::{
    ADJECTIVES, COMPANY_FORMS, COMPANY_TRADES, DOMAINS, ENDS, FIRST, JOB_FIELD, JOB_POSITION,
    JOB_SENIORITY, LAST, NOUNS, Name, REMARKS, STATE, STREET, STREET_KINDS, TOWN, TOWN_PREFIXES,
    VERBS,
};

/// Area codes that could be (no N11, no leading 0 or 1) times the hundred numbers
/// 555-0100 to 555-0199, which North America keeps for fiction.
pub(crate) const PHONES: u64 = AREA_CODES * 100;
const AREA_CODES: u64 = 8 * 89;
/// Postcodes run from 00501 to 99950.
pub(crate) const POSTCODES: u64 = 99_450;
pub(crate) const FIRST_POSTCODE: u64 = 501;
/// Numbers held in the time fields of a UUID; the rest of it is noise.
const UUIDS: u64 = 1 << 60;
/// 10/8, 172.16/12 and 192.168/16, then the three documentation networks.
const IPS: u64 = (1 << 24) + (1 << 20) + (1 << 16) + 3 * 256;

/// What a string column is filled with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Vocabulary {
    FirstName,
    LastName,
    FullName,
    Username,
    Email,
    Phone,
    Address,
    City,
    State,
    Country,
    Postcode,
    Company,
    JobTitle,
    DocumentNumber,
    Ip,
    Url,
    /// Two-word titles are too few to be numbered, so a unique column goes without.
    Title {
        unique: bool,
    },
    Text,
    Uuid,
    Day(Days),
    Number,
}

impl Vocabulary {
    /// Returns how many values there are before a lap has to make them longer.
    pub(crate) fn capacity(self) -> u64 {
        let product = |sizes: &[usize]| sizes.iter().map(|&size| size as u64).product();
        match self {
            Vocabulary::FirstName => FIRST.len() as u64,
            Vocabulary::LastName => LAST.len() as u64,
            Vocabulary::FullName => product(&[FIRST.len(), LAST.len()]),
            Vocabulary::Username => product(&[FIRST.len(), LAST.len(), 2]),
            Vocabulary::Email => product(&[FIRST.len(), LAST.len(), DOMAINS.len()]),
            Vocabulary::Phone => PHONES,
            Vocabulary::Address => product(&[9_989, STREET.len(), STREET_KINDS.len()]),
            Vocabulary::City => product(&[TOWN_PREFIXES.len(), TOWN.len()]),
            Vocabulary::State => STATE.len() as u64,
            Vocabulary::Country => country::COUNT as u64,
            Vocabulary::Postcode => POSTCODES,
            Vocabulary::Company => {
                product(&[LAST.len(), COMPANY_TRADES.len(), COMPANY_FORMS.len()])
            }
            Vocabulary::JobTitle => {
                product(&[JOB_SENIORITY.len(), JOB_FIELD.len(), JOB_POSITION.len()])
            }
            Vocabulary::DocumentNumber => 26 * 100_000_000,
            Vocabulary::Ip => IPS,
            Vocabulary::Url => {
                product(&[DOMAINS.len(), NOUNS.len(), ADJECTIVES.len(), NOUNS.len()])
            }
            Vocabulary::Title { .. } => product(&[ADJECTIVES.len(), NOUNS.len(), NOUNS.len()]),
            Vocabulary::Text => product(&[
                ADJECTIVES.len(),
                NOUNS.len(),
                VERBS.len(),
                ADJECTIVES.len(),
                NOUNS.len(),
                ENDS.len(),
            ]),
            Vocabulary::Uuid => UUIDS,
            Vocabulary::Day(days) => days.count,
            Vocabulary::Number => 100,
        }
    }

    /// Appends the value of a number below the capacity, on a lap.
    pub(crate) fn write(self, index: u64, lap: u64, noise: &mut Noise, out: &mut String) {
        let mut index = Mixed(index);
        match self {
            Vocabulary::FirstName => {
                out.push_str(&index.name(&FIRST).name);
                double(lap, &FIRST, out);
            }
            Vocabulary::LastName => {
                out.push_str(&index.name(&LAST).name);
                double(lap, &LAST, out);
            }
            Vocabulary::FullName => {
                out.push_str(&index.name(&FIRST).name);
                initials(lap, out);
                out.push(' ');
                out.push_str(&index.name(&LAST).name);
            }
            Vocabulary::Username => {
                out.push_str(&index.name(&FIRST).lower);
                let last = index.name(&LAST);
                out.push(if index.take(2) == 0 { '_' } else { '.' });
                out.push_str(&last.lower);
                numeral(lap, "", out);
            }
            Vocabulary::Email => {
                out.push_str(&index.name(&FIRST).lower);
                out.push('.');
                out.push_str(&index.name(&LAST).lower);
                numeral(lap, "", out);
                out.push('@');
                out.push_str(index.word(DOMAINS));
            }
            Vocabulary::Phone => {
                let (area, line) = phone(index.0);
                out.push_str("+1-");
                push_number(area, 3, out);
                out.push_str("-555-");
                push_number(line, 4, out);
                numeral(lap, " x", out);
            }
            Vocabulary::Address => {
                push_number(11 + index.take(9_989) as u64, 1, out);
                out.push(' ');
                out.push_str(&index.name(&STREET).name);
                out.push(' ');
                out.push_str(index.word(STREET_KINDS));
                numeral(lap, " Apt ", out);
                if noise.below(8) == 0 {
                    out.push_str(", Unit ");
                    push_number(1 + noise.below(60), 1, out);
                }
            }
            Vocabulary::City => {
                let town = index.name(&TOWN);
                out.push_str(index.word(TOWN_PREFIXES));
                out.push_str(&town.name);
                again(lap, out);
            }
            Vocabulary::State => {
                out.push_str(index.word(STATE));
                again(lap, out);
            }
            Vocabulary::Country => {
                out.push_str(country::name(index.0 as usize));
                again(lap, out);
            }
            Vocabulary::Postcode => {
                push_number(FIRST_POSTCODE + index.0, 5, out);
                if lap > 0 {
                    out.push('-');
                    push_number(lap, 4, out);
                }
            }
            Vocabulary::Company => {
                out.push_str(&index.name(&LAST).name);
                out.push(' ');
                out.push_str(index.word(COMPANY_TRADES));
                again(lap, out);
                out.push(' ');
                out.push_str(index.word(COMPANY_FORMS));
            }
            Vocabulary::JobTitle => {
                out.push_str(index.word(JOB_SENIORITY));
                out.push(' ');
                let field = index.take(JOB_FIELD.len());
                out.push_str(&JOB_FIELD[field]);
                out.push(' ');
                out.push_str(index.word(JOB_POSITION));
                again(lap, out);
            }
            Vocabulary::DocumentNumber => {
                // ISO 3166 leaves XA to XZ to users: no country issues under them.
                out.push('X');
                out.push(char::from(b'A' + index.take(26) as u8));
                push_number(index.0, 8, out);
                numeral(lap, "-", out);
            }
            Vocabulary::Ip => write_ip(index.0, lap, out),
            Vocabulary::Url => {
                out.push_str("https://");
                out.push_str(index.word(DOMAINS));
                out.push('/');
                push_lower(index.word(NOUNS), out);
                out.push('/');
                push_lower(index.word(ADJECTIVES), out);
                out.push('-');
                push_lower(index.word(NOUNS), out);
                numeral(lap, "/", out);
            }
            Vocabulary::Title { unique } => {
                let adjective = index.word(ADJECTIVES);
                let (noun, last) = (index.word(NOUNS), index.word(NOUNS));
                match noise.below(if unique { 3 } else { 5 }) {
                    0 => push_words(&[adjective, noun, last], out),
                    1 => push_words(&["The", adjective, noun, last], out),
                    2 => push_words(&[noun, "and", adjective, last], out),
                    _ => push_words(&[adjective, noun], out),
                }
                again(lap, out);
            }
            Vocabulary::Text => {
                let mut lower = |words: &[&'static str], before: &str, out: &mut String| {
                    out.push_str(before);
                    push_lower(index.word(words), out);
                };
                lower(ADJECTIVES, "The ", out);
                lower(NOUNS, " ", out);
                lower(VERBS, " ", out);
                lower(ADJECTIVES, " the ", out);
                lower(NOUNS, " ", out);
                lower(ENDS, " ", out);
                numeral(lap, ", case ", out);
                out.push('.');
                if noise.below(2) == 0 {
                    out.push(' ');
                    out.push_str(noise.pick(REMARKS));
                }
            }
            Vocabulary::Uuid => {
                let high = (index.0 >> 12) << 16 | 0x4000 | index.0 & 0xFFF;
                let low = 1 << 63 | noise.next() >> 2;
                push_hex(high >> 32, 8, out);
                for part in [high >> 16, high, low >> 48] {
                    out.push('-');
                    push_hex(part & 0xFFFF, 4, out);
                }
                out.push('-');
                push_hex(low & 0xFFFF_FFFF_FFFF, 12, out);
                numeral(lap, "-", out);
            }
            Vocabulary::Day(days) => {
                let (year, month, day) = civil(days.first + index.0 as i64);
                push_number(year, 4, out);
                for part in [month, day] {
                    out.push('-');
                    push_number(part, 2, out);
                }
                if lap > 0 {
                    out.push(' ');
                    push_number(lap / 3600, 2, out);
                    for part in [lap / 60 % 60, lap % 60] {
                        out.push(':');
                        push_number(part, 2, out);
                    }
                }
            }
            Vocabulary::Number => push_number(lap * 100 + index.0, 1, out),
        }
    }
}

/// How rows become numbers: through a permutation where no value may repeat, else by chance.
pub(crate) struct Numbering {
    capacity: u64,
    domain: u64,
    permutation: Option<Permutation>,
}

impl Numbering {
    /// The permutation spans the whole vocabulary, so that a small table's values do not
    /// all begin alike, and do not change as the table grows within it.
    pub(crate) fn new(args: &GenerateArgs<'_>, capacity: u64, unique: bool) -> Numbering {
        let capacity = capacity.max(1);
        let domain = capacity.max(args.table_rows).min(1 << 63);
        let permutation = unique.then(|| Permutation::new(args.key, domain));
        Numbering {
            capacity,
            domain,
            permutation,
        }
    }

    /// Returns the place of a row in the permutation: unlike any other row's.
    pub(crate) fn place(&self, row: u64) -> u64 {
        match &self.permutation {
            Some(permutation) => permutation.apply(row % self.domain),
            None => row,
        }
    }

    /// Returns number and lap of one row.
    pub(crate) fn number(&self, row: u64, noise: &mut Noise) -> (u64, u64) {
        match &self.permutation {
            Some(permutation) => {
                // A row outside the table is a broken promise, not a reason to panic.
                let row = if row < self.domain {
                    row
                } else {
                    row % self.domain
                };
                let place = permutation.apply(row);
                if place < self.capacity {
                    (place, 0)
                } else {
                    (place % self.capacity, place / self.capacity)
                }
            }
            None => (noise.below(self.capacity), 0),
        }
    }
}

/// A number taken apart digit by digit, each digit to a base of its own.
pub(crate) struct Mixed(pub(crate) u64);

impl Mixed {
    pub(crate) fn take(&mut self, base: usize) -> usize {
        let digit = self.0 % base as u64;
        self.0 /= base as u64;
        digit as usize
    }

    pub(crate) fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.take(words.len())]
    }

    pub(crate) fn name<'a>(&mut self, names: &'a [Name]) -> &'a Name {
        &names[self.take(names.len())]
    }
}

/// Returns area code and line number (0100 to 0199) of a telephone number.
pub(crate) fn phone(index: u64) -> (u64, u64) {
    let (area, line) = (index / 100 % AREA_CODES, index % 100);
    // 89 of the hundred endings: those from 90 on are reserved, 11 are services.
    let ending = area % 89;
    let ending = if ending >= 11 { ending + 1 } else { ending };
    (200 + area / 89 * 100 + ending, 100 + line)
}

/// A second name for laps beyond the first, then a number behind it.
fn double(lap: u64, names: &[Name], out: &mut String) {
    if lap > 0 {
        let mut rest = Mixed(lap - 1);
        out.push('-');
        out.push_str(&rest.name(names).name);
        numeral(rest.0, " ", out);
    }
}

/// Middle initials that count laps: none, A., …, Z., A. A., …
pub(crate) fn initials(lap: u64, out: &mut String) {
    let mut rest = lap;
    while rest > 0 {
        rest -= 1;
        out.push(' ');
        out.push(char::from(b'A' + (rest % 26) as u8));
        out.push('.');
        rest /= 26;
    }
}

/// Counts further values of the same name from 2 on.
pub(crate) fn again(lap: u64, out: &mut String) {
    if lap > 0 {
        numeral(lap + 1, " ", out);
    }
}

pub(crate) fn numeral(lap: u64, before: &str, out: &mut String) {
    if lap > 0 {
        out.push_str(before);
        push_number(lap, 1, out);
    }
}

fn write_ip(index: u64, lap: u64, out: &mut String) {
    if lap > 0 {
        out.push_str("2001:db8");
        for part in [lap >> 16, lap & 0xFFFF, index >> 16, index & 0xFFFF] {
            out.push(':');
            push_hex(part, 1, out);
        }
        out.push_str("::1");
        return;
    }
    let (ten, private, office) = (1 << 24, 1 << 20, 1 << 16);
    let address = if index < ten {
        10 << 24 | index
    } else if index < ten + private {
        172 << 24 | 16 << 16 | (index - ten)
    } else if index < ten + private + office {
        192 << 24 | 168 << 16 | (index - ten - private)
    } else {
        let rest = index - ten - private - office;
        [0xC000_0200, 0xC633_6400, 0xCB00_7100][(rest >> 8) as usize % 3] | rest & 0xFF
    };
    for (part, shift) in [24, 16, 8, 0].into_iter().enumerate() {
        if part > 0 {
            out.push('.');
        }
        push_number(address >> shift & 0xFF, 1, out);
    }
}

fn push_words(words: &[&str], out: &mut String) {
    for (position, word) in words.iter().enumerate() {
        if position > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
}

pub(crate) fn push_lower(word: &str, out: &mut String) {
    let start = out.len();
    out.push_str(word);
    out[start..].make_ascii_lowercase();
}

/// Appends a number, padded with zeros to a width of at most 20.
pub(crate) fn push_number(number: u64, width: usize, out: &mut String) {
    let mut digits = [b'0'; 20];
    let mut rest = number;
    let mut start = digits.len();
    while rest > 0 {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let start = start.min(digits.len() - width.clamp(1, 20));
    out.push_str(str::from_utf8(&digits[start..]).unwrap_or_default());
}

pub(crate) fn push_hex(number: u64, width: u32, out: &mut String) {
    let needed = (64 - number.leading_zeros()).div_ceil(4);
    for place in (0..needed.max(width)).rev() {
        let digit = if place < 16 {
            number >> (4 * place) & 0xF
        } else {
            0
        };
        out.push(char::from(b"0123456789abcdef"[digit as usize]));
    }
}

/// Returns year, month and day of a day number counted from 1970-01-01
/// (H. Hinnant, "chrono-compatible low-level date algorithms"), for years from 0 on.
pub(crate) fn civil(days: i64) -> (u64, u64, u64) {
    let shifted = (days + 719_468).max(0) as u64;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spell(vocabulary: Vocabulary, index: u64, lap: u64) -> String {
        let mut out = String::new();
        vocabulary.write(index, lap, &mut Noise::new(1), &mut out);
        out
    }

    #[test]
    fn days_are_spelt_by_the_calendar() {
        for (days, date) in [
            (0, (1970, 1, 1)),
            (-10_958, (1940, 1, 1)),
            (13_148, (2005, 12, 31)),
            (11_016, (2000, 2, 29)),
            (20_088, (2024, 12, 31)),
            (-719_162, (1, 1, 1)),
        ] {
            assert_eq!(civil(days), date);
        }
    }

    #[test]
    fn telephones_stay_in_fiction() {
        for index in 0..PHONES {
            let (area, line) = phone(index);
            assert!(
                (200..1000).contains(&area) && area % 100 != 11 && area % 100 < 90,
                "{area}"
            );
            assert!((100..200).contains(&line));
        }
        assert_eq!(spell(Vocabulary::Phone, 0, 0), "+1-200-555-0100");
        assert_eq!(
            spell(Vocabulary::Phone, PHONES - 1, 12),
            "+1-989-555-0199 x12"
        );
    }

    #[test]
    fn laps_make_longer_values() {
        assert_eq!(spell(Vocabulary::State, 0, 0), "Alabama");
        assert_eq!(spell(Vocabulary::State, 0, 1), "Alabama 2");
        assert_eq!(spell(Vocabulary::Postcode, 0, 0), "00501");
        assert_eq!(spell(Vocabulary::Postcode, 99_449, 7), "99950-0007");
        assert_eq!(spell(Vocabulary::Ip, 5, 0), "10.0.0.5");
        assert_eq!(spell(Vocabulary::Ip, IPS - 1, 0), "203.0.113.255");
        assert_eq!(spell(Vocabulary::Ip, 5, 1), "2001:db8:0:1:0:5::1");
        let name = |lap| spell(Vocabulary::FullName, 0, lap);
        assert_ne!(name(0), name(1));
        assert!(
            name(1).contains(" A. ") && name(27).contains(" A. A. "),
            "{}",
            name(27)
        );
    }

    #[test]
    fn uuids_are_of_version_four() {
        for index in [0, 1, UUIDS / 3, UUIDS - 1] {
            let uuid = spell(Vocabulary::Uuid, index, 0);
            assert_eq!(uuid.len(), 36);
            assert_eq!((&uuid[14..15], uuid.matches('-').count()), ("4", 4));
            assert!(matches!(&uuid[19..20], "8" | "9" | "a" | "b"), "{uuid}");
        }
    }
}
