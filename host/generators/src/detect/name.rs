//! The words of a column's name, and what they say together.

use super::ColumnFacts;
use super::lexicon::*;
use crate::tokens::{singular, tokens};

/// The words of a column's name and of its table's.
pub(super) struct Name {
    pub(super) column: Vec<String>,
    pub(super) table: Vec<String>,
}

impl Name {
    pub(super) fn new(facts: &ColumnFacts<'_>) -> Name {
        let table = tokens(facts.table)
            .iter()
            .map(|word| singular(word))
            .collect();
        Name {
            column: tokens(facts.column),
            table,
        }
    }

    pub(super) fn has(&self, words: &[&str]) -> bool {
        self.column
            .iter()
            .any(|word| words.contains(&word.as_str()))
    }

    /// Whether two words follow each other, the second being one of several.
    pub(super) fn pair(&self, first: &[&str], second: &[&str]) -> bool {
        self.column
            .windows(2)
            .any(|pair| first.contains(&pair[0].as_str()) && second.contains(&pair[1].as_str()))
    }

    pub(super) fn last(&self) -> &str {
        self.column.last().map_or("", String::as_str)
    }

    pub(super) fn ends_with(&self, word: &str) -> bool {
        self.last() == word
    }

    /// Whether the column is a single word.
    pub(super) fn is(&self, words: &[&str]) -> bool {
        self.column.len() == 1 && self.has(words)
    }

    pub(super) fn table_has(&self, words: &[&str]) -> bool {
        self.table.iter().any(|word| words.contains(&word.as_str()))
    }

    /// Whether the name is of something about a thing, not of the thing: `email_verified`,
    /// `phone_type`, `num_addresses`.
    pub(super) fn is_qualified(&self) -> bool {
        QUALIFIERS.contains(&self.last())
            || self
                .column
                .first()
                .is_some_and(|word| QUESTIONS.contains(&word.as_str()))
                && self.column.len() > 1
    }

    /// Whether the table is a list of kinds, which is a vocabulary however small.
    pub(super) fn is_lookup(&self) -> bool {
        self.table
            .last()
            .is_some_and(|word| LOOKUPS.contains(&word.as_str()))
    }

    pub(super) fn is_people(&self) -> bool {
        self.table
            .last()
            .is_some_and(|word| PEOPLE.contains(&word.as_str()))
    }

    pub(super) fn is_birth_date(&self) -> bool {
        self.has(&[
            "dob",
            "birthdate",
            "birthday",
            "geburtstag",
            "geburtsdatum",
            "born",
        ]) || self.has(&["birth", "geburts", "naissance", "nacimiento", "nascimento"])
            && !self.has(BIRTH_BUT_NO_DATE)
    }

    pub(super) fn is_postcode(&self) -> bool {
        self.has(&["zip", "postcode", "plz", "pincode", "postal", "zipcode"])
            || self.pair(
                &["post", "pin", "codigo", "code"],
                &["code", "postal", "postale"],
            )
            || self.ends_with("postleitzahl")
    }

    pub(super) fn is_document(&self) -> bool {
        let number = &["no", "nr", "num", "number", "nummer"][..];
        self.has(DOCUMENTS)
            || self.pair(
                &[
                    "account",
                    "acct",
                    "bank",
                    "card",
                    "document",
                    "license",
                    "licence",
                    "policy",
                    "insurance",
                    "medicare",
                    "konto",
                    "registration",
                    "security",
                ],
                number,
            )
            || self.pair(
                &["tax", "national", "identity", "vat", "steuer", "ausweis"],
                number,
            )
            || self.pair(
                &["tax", "national", "identity", "vat", "steuer"],
                &["id", "code"],
            )
            || self.pair(&["social"], &["security", "insurance"])
            || self.pair(&["license", "licence"], &["plate"])
            || self.pair(&["credit", "debit", "bank"], &["card", "account"])
                && self.column.len() == 2
            || self.has(&["kontonummer", "steuernummer", "ausweisnummer", "cuenta"])
    }

    /// Whether the name is a person's part in something: `composer`, `owner_name`.
    pub(super) fn is_person(&self) -> bool {
        let column = match self.column.as_slice() {
            [rest @ .., last] if NAME.contains(&last.as_str()) => rest,
            all => all,
        };
        let named = column.len() < self.column.len();
        column.last().is_some_and(|word| {
            let word = singular(word);
            PERSONS_BY_PART.contains(&word.as_str()) || named && PEOPLE.contains(&word.as_str())
        })
    }
}
