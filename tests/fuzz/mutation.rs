//! Small damage to bytes and texts.

use proptest::collection::vec;
use proptest::prelude::{Just, any};
use proptest::prop_oneof;
use proptest::sample::{Index, select};
use proptest::strategy::{BoxedStrategy, Strategy};

/// One damage, at a place that is relative to the length.
#[derive(Clone, Debug)]
pub(super) enum Damage {
    Set(Index, u8),
    Remove(Index, usize),
    Repeat(Index, usize),
    Insert(Index, Vec<u8>),
    /// Replaces the number or word at the place.
    Replace(Index, Vec<u8>),
    Truncate(Index),
}

/// What breaks readers: limits, signs, floats that are none, quotes, other scripts, nesting.
const TOKENS: [&str; 40] = [
    "0",
    "-1",
    "1",
    "255",
    "256",
    "65536",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "1e308",
    "1e-320",
    "NaN",
    "-inf",
    "0.1",
    "true",
    "null",
    "\"",
    "'",
    "\"\"\"",
    "\\",
    "\\u0000",
    "\r\n",
    "\n",
    ",",
    ";",
    "\t",
    "=",
    "[[",
    "]]",
    "{",
    "}",
    "#",
    "\u{feff}",
    "日本",
    "🦀",
    "\u{202e}",
    "../../etc/passwd",
    "--",
];

/// One to four damages; `tokens` are worth inserting here.
pub(super) fn damages(tokens: &'static [&'static str]) -> BoxedStrategy<Vec<Damage>> {
    let token = || {
        let known: Vec<Vec<u8>> = TOKENS
            .iter()
            .chain(tokens)
            .map(|token| token.as_bytes().to_vec())
            .collect();
        prop_oneof![8 => select(known), 1 => vec(any::<u8>(), 0..12), 1 => Just(vec![b'x'; 70_000])]
    };
    let one = prop_oneof![
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        1 => (any::<Index>(), 1..40usize).prop_map(|(at, length)| Damage::Remove(at, length)),
        1 => (any::<Index>(), 1..200usize).prop_map(|(at, length)| Damage::Repeat(at, length)),
        1 => (any::<Index>(), token()).prop_map(|(at, token)| Damage::Insert(at, token)),
        4 => (any::<Index>(), token()).prop_map(|(at, token)| Damage::Replace(at, token)),
        1 => any::<Index>().prop_map(Damage::Truncate),
    ];
    vec(one, 1..5).boxed()
}

/// The bytes, damaged.
pub(super) fn damaged(bytes: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for damage in damages {
        let n = bytes.len();
        match damage {
            _ if n == 0 => {}
            Damage::Set(at, byte) => bytes[at.index(n)] = *byte,
            Damage::Remove(at, length) => {
                let at = at.index(n);
                bytes.drain(at..n.min(at + length));
            }
            Damage::Repeat(at, length) => {
                let at = at.index(n);
                let again = bytes[at..n.min(at + length)].to_vec();
                bytes.splice(at..at, again);
            }
            Damage::Insert(at, token) => {
                let at = at.index(n);
                bytes.splice(at..at, token.iter().copied());
            }
            Damage::Replace(at, token) => {
                let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
                // The next word, so that most replacements leave the grammar whole.
                let at = at.index(n);
                let Some(start) = bytes[at..].iter().position(is_word) else {
                    continue;
                };
                let start = at + start;
                let end = bytes[start..]
                    .iter()
                    .position(|byte| !is_word(byte))
                    .map_or(n, |length| start + length);
                bytes.splice(start..end, token.iter().copied());
            }
            Damage::Truncate(at) => bytes.truncate(at.index(n)),
        }
    }
    bytes
}
