//! Names, recognised by the lists that they are made of.

use std::collections::HashSet;

use prodlike_sdk::prelude::*;

use crate::Person;
use crate::cultures::{Culture, Name};

/// All names there are, in small letters.
pub(crate) struct Known {
    first: HashSet<String>,
    last: HashSet<String>,
}

impl Known {
    fn new(cultures: &[Culture]) -> Known {
        let mut known = Known {
            first: HashSet::new(),
            last: HashSet::new(),
        };
        let add = |set: &mut HashSet<String>, name: &Name| {
            set.insert(name.native.to_lowercase());
            set.insert(name.latin.to_lowercase());
        };
        for names in cultures.iter().map(Culture::names) {
            for name in names.male.iter().chain(&names.female) {
                add(&mut known.first, name);
            }
            for (his, hers) in &names.last {
                add(&mut known.last, his);
                add(&mut known.last, hers);
            }
        }
        known
    }

    /// Whether a text is a given and a family name, in either order.
    fn is_full(&self, text: &str) -> bool {
        let is_pair = |left: &str, right: &str| {
            self.first.contains(left) && self.last.contains(right)
                || self.last.contains(left) && self.first.contains(right)
        };
        let mut spaces = text.match_indices(' ');
        spaces.any(|(at, _)| is_pair(text[..at].trim_end_matches(','), &text[at + 1..]))
    }
}

/// Longer texts are no names; they need not be searched.
const LONGEST: usize = 80;

impl Detector for Person {
    fn detect(&self, input: &Batch<'_>) -> Result<Vec<Finding>, Error> {
        let Ok(texts) = input.column(0)?.utf8() else {
            return Ok(Vec::new());
        };
        let known = self.known.get_or_init(|| Known::new(&self.cultures));
        let mut matched = [0; 3];
        for text in texts.iter().flatten().filter(|text| text.len() <= LONGEST) {
            let text = text.trim().to_lowercase();
            matched[0] += u32::from(known.first.contains(&text));
            matched[1] += u32::from(known.last.contains(&text));
            matched[2] += u32::from(known.is_full(&text));
        }
        // Colours, trades and towns are family names too.
        let chances = [0.03, 0.05, 0.01];
        let findings = (0..).zip(matched).zip(chances);
        Ok(findings
            .map(|((semantic, matched), chance)| Finding {
                semantic,
                matched,
                chance,
            })
            .collect())
    }
}
