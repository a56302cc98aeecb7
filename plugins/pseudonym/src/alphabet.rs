//! Kinds of characters: each is replaced by another of its kind.

/// A run of characters that stand for one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Alphabet {
    first: u32,
    pub(crate) size: u32,
}

/// First and last character; runs do not overlap, and hold assigned characters only.
const RUNS: [(char, char); 20] = [
    ('0', '9'),
    ('A', 'Z'),
    ('a', 'z'),
    ('À', 'Ö'),
    ('Ø', 'Þ'),
    ('ß', 'ö'),
    ('ø', 'ÿ'),
    ('Ā', 'ſ'),
    ('Α', 'Ρ'),
    ('Σ', 'Ϋ'),
    ('ά', 'ώ'),
    ('А', 'Я'),
    ('а', 'я'),
    ('ѐ', 'џ'),
    ('א', 'ת'),
    ('ء', 'غ'),
    ('ف', 'ي'),
    ('ぁ', 'ゖ'),
    ('ァ', 'ヺ'),
    ('가', '힣'),
];
/// Chinese characters that every font has.
const HAN: (char, char) = ('一', '鿿');

impl Alphabet {
    /// Returns the kind that a character is of, if it is to be replaced.
    pub(crate) fn of(character: char) -> Option<Alphabet> {
        RUNS.iter()
            .chain([&HAN])
            .find(|(first, last)| (*first..=*last).contains(&character))
            .map(|&(first, last)| Alphabet {
                first: first.into(),
                size: u32::from(last) - u32::from(first) + 1,
            })
    }

    /// Returns a character's position.
    pub(crate) fn position(self, character: char) -> u32 {
        u32::from(character) - self.first
    }

    /// Returns the character at a position.
    pub(crate) fn character(self, position: u32) -> char {
        char::from_u32(self.first + position).unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}
