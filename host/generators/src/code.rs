//! Codes: what a column of them looks like, and more of the same kind.
//!
//! A template is a string in which `9` stands for a digit, `A` for a capital, `a` for a
//! small letter and `*` for a digit or capital; any other character stands for itself,
//! as does one after `\`.

use std::collections::{BTreeMap, BTreeSet};

use prodlike_core::generator::GenerateArgs;
use prodlike_models::permutation::Permutation;
use prodlike_models::philox::mix;

use crate::noise::Noise;
use crate::vocabulary::push_number;

/// What a code looks like where nothing could be learned of it.
const DEFAULT: &str = "AAA-99999";
/// Values longer than this are not codes.
const LONGEST: usize = 64;
/// Templates kept of one column.
const MOST: usize = 20;
/// Longest prefix that is kept as it is.
const PREFIX: usize = 4;
/// Distinct values that must share a prefix at the least.
const PREFIX_VALUES: usize = 10;
/// A code's number stays below this; what more it holds is noise.
const NUMBERS: u64 = 1 << 60;

/// One place of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Literal(char),
    Digit,
    Upper,
    Lower,
    Alphanumeric,
}

impl Place {
    fn letters(self) -> &'static [u8] {
        match self {
            Place::Literal(_) => b"",
            Place::Digit => b"0123456789",
            Place::Upper => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            Place::Lower => b"abcdefghijklmnopqrstuvwxyz",
            Place::Alphanumeric => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        }
    }

    /// Whether some character fits both.
    fn meets(self, other: Place) -> bool {
        let fits = |place: Place, letter: char| match place {
            Place::Literal(own) => own == letter,
            _ => letter.is_ascii() && place.letters().contains(&(letter as u8)),
        };
        match (self, other) {
            (Place::Literal(letter), place) | (place, Place::Literal(letter)) => {
                fits(place, letter)
            }
            _ => self
                .letters()
                .iter()
                .any(|&letter| fits(other, letter.into())),
        }
    }
}

/// A parsed template.
#[derive(Clone, Debug)]
struct Template {
    places: Vec<Place>,
    /// Open places that a number is spelt with; further ones are filled with noise.
    numbered: usize,
    capacity: u64,
    weight: u64,
}

impl Template {
    fn parse(text: &str, weight: u32) -> Template {
        let mut letters = text.chars();
        let mut places = Vec::new();
        while let Some(letter) = letters.next() {
            places.push(match letter {
                '9' => Place::Digit,
                'A' => Place::Upper,
                'a' => Place::Lower,
                '*' => Place::Alphanumeric,
                '\\' => Place::Literal(letters.next().unwrap_or('\\')),
                other => Place::Literal(other),
            });
        }
        let (mut numbered, mut capacity) = (0, 1_u64);
        let choices = places.iter().map(|place| place.letters().len() as u64);
        for choices in choices.filter(|choices| *choices > 0) {
            if capacity.saturating_mul(choices) > NUMBERS {
                break;
            }
            capacity *= choices;
            numbered += 1;
        }
        Template {
            places,
            numbered,
            capacity,
            weight: u64::from(weight.max(1)),
        }
    }

    /// Whether some value fits both.
    fn meets(&self, other: &Template) -> bool {
        self.places.len() == other.places.len()
            && self
                .places
                .iter()
                .zip(&other.places)
                .all(|(left, right)| left.meets(*right))
    }

    fn write(&self, number: u64, noise: &mut Noise, out: &mut String) {
        let (mut rest, mut numbered) = (number, self.numbered);
        for place in &self.places {
            if let Place::Literal(letter) = place {
                out.push(*letter);
                continue;
            }
            let letters = place.letters();
            let choices = letters.len() as u64;
            let choice = if numbered > 0 {
                numbered -= 1;
                // By constants, where it can be: division is slow.
                let (more, digit) = match choices {
                    10 => (rest / 10, rest % 10),
                    26 => (rest / 26, rest % 26),
                    _ => (rest / choices, rest % choices),
                };
                rest = more;
                digit
            } else {
                noise.below(choices)
            };
            out.push(char::from(letters[choice as usize]));
        }
    }
}

/// Codes of a few templates.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    templates: Vec<Template>,
    unique: bool,
}

impl Code {
    /// In a unique column a template that could make a value of a heavier one is left
    /// out, so that values of two templates never meet.
    pub(crate) fn new(templates: &[(String, u32)], unique: bool) -> Code {
        let mut parsed: Vec<Template> = templates
            .iter()
            .filter(|(text, _)| !text.is_empty())
            .map(|(text, weight)| Template::parse(text, *weight))
            .collect();
        if parsed.is_empty() {
            parsed.push(Template::parse(DEFAULT, 1));
        }
        parsed.sort_by_key(|template| std::cmp::Reverse(template.weight));
        let mut templates: Vec<Template> = Vec::new();
        for template in parsed {
            if !unique || !templates.iter().any(|kept| kept.meets(&template)) {
                templates.push(template);
            }
        }
        Code { templates, unique }
    }

    /// Returns the digits of the longest template made of digits only.
    pub(crate) fn digits(templates: &[(String, u32)]) -> Option<u32> {
        templates
            .iter()
            .map(|(text, weight)| Template::parse(text, *weight).places)
            .filter(|places| {
                places.iter().all(|place| match place {
                    Place::Digit => true,
                    Place::Literal(letter) => letter.is_ascii_digit(),
                    _ => false,
                })
            })
            .map(|places| places.len() as u32)
            .filter(|&digits| digits > 0)
            .max()
    }

    /// Calls `push` with one code a row.
    pub(crate) fn generate(&self, args: &GenerateArgs<'_>, mut push: impl FnMut(&str)) {
        let mut out = String::new();
        let plan = self.unique.then(|| Unique::new(&self.templates, args));
        let total: u64 = self.templates.iter().map(|template| template.weight).sum();
        for (&row, &seed) in args.rows.iter().zip(args.seeds) {
            let mut noise = Noise::new(seed);
            out.clear();
            match &plan {
                Some(plan) => plan.write(row, &mut noise, &mut out),
                None => {
                    let mut ticket = noise.below(total);
                    let template = self.templates.iter().find(|template| {
                        let found = ticket < template.weight;
                        ticket = ticket.saturating_sub(template.weight);
                        found
                    });
                    if let Some(template) = template {
                        template.write(noise.below(template.capacity), &mut noise, &mut out);
                    }
                }
            }
            push(&out);
        }
    }
}

/// Which rows of a unique column take which template.
struct Unique<'a> {
    /// Shuffles the rows of the table.
    rows: Permutation,
    n_rows: u64,
    /// Template, its rows, and the permutation of its numbers.
    shares: Vec<(&'a Template, u64, Permutation)>,
    /// Takes the rows that no template has values for.
    longest: &'a Template,
}

impl<'a> Unique<'a> {
    fn new(templates: &'a [Template], args: &GenerateArgs<'_>) -> Unique<'a> {
        let n_rows = args.table_rows.clamp(1, 1 << 63);
        let total: u128 = templates
            .iter()
            .map(|template| u128::from(template.weight))
            .sum();
        let mut shares: Vec<u64> = templates
            .iter()
            .map(|template| {
                let share = u128::from(n_rows) * u128::from(template.weight) / total;
                share.min(u128::from(template.capacity)) as u64
            })
            .collect();
        let mut rest = n_rows - shares.iter().sum::<u64>();
        for (share, template) in shares.iter_mut().zip(templates) {
            let more = rest.min(template.capacity - *share);
            *share += more;
            rest -= more;
        }
        let longest = templates
            .iter()
            .max_by_key(|template| template.places.len())
            .unwrap_or(&templates[0]);
        let shares = templates
            .iter()
            .zip(shares)
            .enumerate()
            .map(|(place, (template, share))| {
                let key = mix(args.key ^ mix(place as u64 + 1));
                (template, share, Permutation::new(key, template.capacity))
            })
            .collect();
        Unique {
            rows: Permutation::new(args.key, n_rows),
            n_rows,
            shares,
            longest,
        }
    }

    fn write(&self, row: u64, noise: &mut Noise, out: &mut String) {
        let row = if row < self.n_rows {
            row
        } else {
            row % self.n_rows
        };
        let mut place = self.rows.apply(row);
        for (template, share, numbers) in &self.shares {
            if place < *share {
                template.write(numbers.apply(place), noise, out);
                return;
            }
            place -= share;
        }
        // Longer than every template, and the digits behind it count laps: new values.
        self.longest
            .write(place % self.longest.capacity, noise, out);
        push_number(place / self.longest.capacity, 1, out);
    }
}

/// Returns the templates of a column of codes, heaviest first, with their rows.
///
/// Letters and digits are generalised to their class; spaces and punctuation stay. The
/// one exception is a prefix of at most four characters that all values share, where
/// at least ten distinct values (and `floor` of them) do. A template is kept where at
/// least `floor` distinct entities have it (rows, where there are no entities). NULLs,
/// empty values and those of more than 64 characters are ignored, as are rows beyond
/// the end of `entities`.
pub fn mine_templates(
    values: &[Option<&str>],
    entities: Option<&[u32]>,
    floor: u32,
) -> Vec<(String, u32)> {
    let n_rows = entities.map_or(values.len(), <[u32]>::len);
    let codes = || {
        values
            .iter()
            .take(n_rows)
            .enumerate()
            .filter_map(|(row, value)| {
                let value = (*value)?;
                let short = value.char_indices().nth(LONGEST).is_none();
                (short && !value.is_empty() && !value.contains(char::is_control))
                    .then_some((row, value))
            })
    };
    let entity = |row: usize| entities.map_or(row as u32, |entities| entities[row]);
    let prefix = prefix(codes().map(|(row, value)| (entity(row), value)), floor);

    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut backing: Vec<(u32, u32)> = Vec::new();
    let mut rows: Vec<u32> = Vec::new();
    let mut text = String::new();
    for (row, value) in codes() {
        generalise(value, prefix, &mut text);
        let number = match numbers.get(&text) {
            Some(number) => *number,
            None => {
                numbers.insert(text.clone(), rows.len() as u32);
                rows.push(0);
                rows.len() as u32 - 1
            }
        };
        rows[number as usize] = rows[number as usize].saturating_add(1);
        backing.push((number, entity(row)));
    }
    backing.sort_unstable();
    backing.dedup();
    let mut distinct = vec![0_u32; rows.len()];
    for (number, _) in backing {
        distinct[number as usize] += 1;
    }
    let mut templates: Vec<(String, u32)> = numbers
        .into_iter()
        .filter(|(_, number)| distinct[*number as usize] >= floor.max(1))
        .map(|(text, number)| (text, rows[number as usize]))
        .collect();
    templates.sort_by(|(left, more), (right, less)| less.cmp(more).then_with(|| left.cmp(right)));
    templates.truncate(MOST);
    templates
}

/// Returns how many characters at the start may be kept as they are.
///
/// At least one character of every value stays open: a value that is nothing but the
/// prefix would be a real one.
fn prefix<'a>(codes: impl Iterator<Item = (u32, &'a str)>, floor: u32) -> usize {
    let mut shared: Option<Vec<char>> = None;
    let (mut distinct, mut backing) = (BTreeSet::new(), BTreeSet::new());
    let wanted = PREFIX_VALUES.max(floor as usize);
    for (entity, value) in codes {
        let shared = shared.get_or_insert_with(|| value.chars().take(PREFIX).collect());
        let common = shared
            .iter()
            .zip(value.chars())
            .take_while(|(own, other)| **own == *other);
        let common = common.count().min(value.chars().count() - 1);
        shared.truncate(common);
        if shared.is_empty() {
            return 0;
        }
        if distinct.len() < wanted {
            distinct.insert(value);
        }
        if backing.len() < wanted {
            backing.insert(entity);
        }
    }
    match shared {
        Some(shared) if distinct.len() >= wanted && backing.len() >= floor as usize => shared.len(),
        _ => 0,
    }
}

fn generalise(value: &str, prefix: usize, out: &mut String) {
    out.clear();
    for (place, letter) in value.chars().enumerate() {
        if place >= prefix && letter.is_alphanumeric() {
            out.push(match letter {
                _ if letter.is_numeric() => '9',
                _ if letter.is_lowercase() => 'a',
                _ => 'A',
            });
        } else {
            if matches!(letter, '9' | 'A' | 'a' | '*' | '\\') {
                out.push('\\');
            }
            out.push(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prodlike_core::schema::DataType;

    fn generate(templates: &[(&str, u32)], unique: bool, n_rows: u64) -> Vec<String> {
        let templates: Vec<_> = templates
            .iter()
            .map(|(text, weight)| (text.to_string(), *weight))
            .collect();
        let rows: Vec<u64> = (0..n_rows).collect();
        let seeds: Vec<u64> = rows.iter().map(|row| mix(row + 77)).collect();
        let args = GenerateArgs {
            data_type: &DataType::String,
            rows: &rows,
            seeds: &seeds,
            key: 3,
            table_rows: n_rows,
            context: &[],
        };
        let mut codes = Vec::new();
        Code::new(&templates, unique).generate(&args, |code| codes.push(code.to_string()));
        codes
    }

    fn mine(values: &[&str], entities: Option<&[u32]>, floor: u32) -> Vec<(String, u32)> {
        let values: Vec<_> = values.iter().map(|value| Some(*value)).collect();
        mine_templates(&values, entities, floor)
    }

    #[test]
    fn templates_say_what_a_code_looks_like() {
        for code in generate(&[(r"\A9-Aa*\9x", 1)], false, 500) {
            let bytes = code.as_bytes();
            assert_eq!(
                (bytes[0], bytes[2], bytes[6], bytes[7]),
                (b'A', b'-', b'9', b'x')
            );
            assert!(bytes[1].is_ascii_digit() && bytes[3].is_ascii_uppercase());
            assert!(bytes[4].is_ascii_lowercase() && !bytes[5].is_ascii_lowercase());
        }
        assert_eq!(generate(&[], false, 1)[0].len(), DEFAULT.len());
        let long = "A".repeat(60);
        assert!(
            generate(&[(&long, 1)], true, 50)
                .iter()
                .all(|code| code.len() == 60)
        );
    }

    #[test]
    fn weights_are_kept_where_they_can_be() {
        for unique in [false, true] {
            let codes = generate(&[("999999", 3), ("AAAA", 1)], unique, 10_000);
            let digits = codes.iter().filter(|code| code.len() == 6).count();
            assert!((7_300..7_700).contains(&digits), "{digits}");
        }
    }

    #[test]
    fn unique_codes_widen_and_never_meet() {
        for templates in [
            &[("9", 1)][..],
            &[("9", 5), ("99", 5), ("*9", 1), ("A", 1)],
            &[("X", 1), ("XY", 1)],
            &[("99", 1), ("999", 1), ("9999", 9)],
            &[("Aa-99", 1)],
        ] {
            let codes = generate(templates, true, 50_000);
            assert_eq!(
                codes.iter().collect::<BTreeSet<_>>().len(),
                50_000,
                "{templates:?}"
            );
        }
    }

    #[test]
    fn mined_templates_hold_no_letter_or_digit_of_a_value() {
        let values: Vec<String> = (0..40).map(|i| format!("{i:02}-Qz {}", i % 7)).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        assert_eq!(mine(&values, None, 10), [("99-Aa 9".to_string(), 40)]);
        assert_eq!(mine(&values, Some(&[5; 40]), 10), []);
        assert_eq!(
            mine(&["*a", "*b", "\\c"], None, 2),
            [(r"\*a".to_string(), 2)]
        );
    }

    #[test]
    fn mined_prefixes_are_short_and_widely_shared() {
        let tails: Vec<String> = (0..30).map(|i| format!("N{}UA", 100 + i * 7)).collect();
        let mut tails: Vec<&str> = tails.iter().map(String::as_str).collect();
        assert_eq!(mine(&tails, None, 10), [("N999AA".to_string(), 30)]);
        assert_eq!(mine(&tails[..9], None, 2), [("A999AA".to_string(), 9)]);
        tails.push("N");
        assert_eq!(
            mine(&tails, None, 1),
            [("A999AA".into(), 30), ("A".into(), 1)]
        );

        let orders: Vec<String> = (0..30).map(|i| format!("ABC-2024-{i:04}")).collect();
        let orders: Vec<&str> = orders.iter().map(String::as_str).collect();
        assert_eq!(
            mine(&orders, None, 10),
            [(r"\ABC-9999-9999".to_string(), 30)]
        );
        let codes = generate(&[(r"\ABC-9999-9999", 1)], true, 10);
        assert!(codes.iter().all(|code| code.starts_with("ABC-")));
    }

    #[test]
    fn mining_skips_what_is_no_code() {
        let long = "x".repeat(65);
        let values = [
            None,
            Some(""),
            Some(long.as_str()),
            Some("a\nb"),
            Some("ab"),
            Some("cd"),
        ];
        assert_eq!(mine_templates(&values, None, 1), [("aa".to_string(), 2)]);
        assert_eq!(
            mine_templates(&values, Some(&[1, 2, 3, 4, 5]), 1),
            [("aa".to_string(), 1)]
        );
    }

    #[test]
    fn digits_are_those_of_digit_templates() {
        let digits = |texts: &[&str]| {
            Code::digits(
                &texts
                    .iter()
                    .map(|text| (text.to_string(), 1))
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(digits(&["AA99", "9999", r"\999"]), Some(4));
        assert_eq!(digits(&["A9", ""]), None);
    }
}
