//! Email addresses and account names that follow the row's name.
//!
//! The name may be anybody's and may repeat, so in a unique column a number that is the
//! row's alone decides the separator, the domain and, where those are used up, the digits
//! at the end: all three can be read back from the address, hence no two rows share one.
//! A few hundred reserved hosts keep digits away from small tables.

use arrow::array::StringBuilder;
use prodlike_core::generator::GenerateArgs;
use prodlike_core::schema::SemanticType;

use crate::context::Rows;
use crate::cultures::{fold, parts};
use crate::noise::Noise;
use crate::vocabulary::{Numbering, numeral, push_lower};
use crate::words::{DOMAINS, FIRST, LAST, NOUNS, Name};

const SEPARATORS: [char; 3] = ['.', '_', '-'];
const ROOTS: [&str; 3] = ["example.com", "example.org", "example.net"];

/// Appends one address or account name a row.
pub(crate) fn fill(
    semantic: SemanticType,
    unique: bool,
    rows: &Rows,
    args: &GenerateArgs<'_>,
    builder: &mut StringBuilder,
) {
    let hosts = (DOMAINS.len() + ROOTS.len() * NOUNS.len()) as u64;
    let numbering = unique.then(|| Numbering::new(args, 1, true));
    let mut out = String::new();
    for (at, (&row, &seed)) in args.rows.iter().zip(args.seeds).enumerate() {
        let mut noise = Noise::new(seed);
        let mut number = match &numbering {
            Some(numbering) => numbering.place(row),
            // Half of all addresses have a number, as people do.
            None => noise.below(DOMAINS.len() as u64) * 3 + noise.below(3),
        };
        out.clear();
        let is_email = semantic == SemanticType::Email;
        let account = rows.username(at).filter(|_| is_email);
        let is_spelt = account.is_some_and(|account| local_part(account, &mut out));
        if !is_spelt {
            let separator = SEPARATORS[(number % 3) as usize];
            number /= 3;
            name(rows, at, separator, &mut noise, &mut out);
        } else if !unique {
            number /= 3;
        }
        let (host, lap) = match is_email {
            true => (number % hosts, number / hosts),
            false if unique => (0, number),
            false => (
                0,
                if noise.below(2) == 0 {
                    0
                } else {
                    1 + noise.below(99)
                },
            ),
        };
        // An account may end in digits of its own, but holds no plus.
        numeral(lap, if is_spelt { "+" } else { "" }, &mut out);
        if is_email {
            out.push('@');
            domain(host as usize, &mut out);
        }
        builder.append_value(&out);
    }
}

/// Appends an account name as an address may have it; whether anything was left of it.
fn local_part(account: &str, out: &mut String) -> bool {
    if account.is_ascii() {
        let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
        let letters = account.bytes().filter(fits);
        out.extend(letters.map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        fold(account, out);
    }
    !out.is_empty()
}

/// Appends given and family name; what is unknown or cannot be spelt is made up.
fn name(rows: &Rows, at: usize, separator: char, noise: &mut Noise, out: &mut String) {
    let (mut first, mut last) = rows.names(at);
    if let (None, None, Some(full)) = (first, last, rows.full(at)) {
        let (given, family) = parts(full);
        (first, last) = (
            Some(given),
            Some(family).filter(|family| !family.is_empty()),
        );
    }
    spell(first, &FIRST, noise, out);
    out.push(separator);
    spell(last, &LAST, noise, out);
}

fn spell(word: Option<&str>, others: &[Name], noise: &mut Noise, out: &mut String) {
    let start = out.len();
    if let Some(word) = word {
        fold(word, out);
    }
    if out.len() == start {
        // The same word for the same name, where there is one.
        let at = match word {
            Some(word) => word
                .bytes()
                .fold(7, |sum: u64, b| sum.wrapping_mul(31) + u64::from(b)),
            None => noise.next(),
        };
        if let Some(other) = others.get((at % others.len().max(1) as u64) as usize) {
            out.push_str(&other.lower);
        }
    }
}

fn domain(host: usize, out: &mut String) {
    match host.checked_sub(DOMAINS.len()) {
        None => out.push_str(DOMAINS[host]),
        Some(made) => {
            push_lower(NOUNS[made / ROOTS.len() % NOUNS.len()], out);
            out.push('.');
            out.push_str(ROOTS[made % ROOTS.len()]);
        }
    }
}
