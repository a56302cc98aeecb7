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
        let table: Vec<String> = tokens(facts.table)
            .iter()
            .map(|word| singular(word))
            .collect();
        let mut column = tokens(facts.column);
        // `cp_adherent` and `nom_adh` in a table of people say no more than `cp` and `nom`.
        if column.len() > 1 {
            let is_owner = |word: &String| {
                table.iter().any(|owner| {
                    PEOPLE.contains(&owner.as_str())
                        && !ACCOUNT_HOLDERS.contains(&owner.as_str())
                        && word.chars().count() > 2
                        && (owner.starts_with(word.as_str()) || singular(word) == *owner)
                })
            };
            let bare: Vec<String> = column
                .iter()
                .filter(|word| !is_owner(word))
                .cloned()
                .collect();
            if !bare.is_empty() {
                column = bare;
            }
        }
        Name { column, table }
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

    /// Whether a word of each list is there: `card_number`, `numero_carte`.
    fn both(&self, one: &[&str], other: &[&str]) -> bool {
        self.has(one) && self.has(other)
    }

    pub(super) fn last(&self) -> &str {
        self.column.last().map_or("", String::as_str)
    }

    pub(super) fn ends_with(&self, word: &str) -> bool {
        self.last() == word
    }

    pub(super) fn ends_in(&self, words: &[&str]) -> bool {
        words.contains(&self.last())
    }

    /// Whether the name is that of a number that something has, not of how many there are.
    pub(super) fn is_number(&self) -> bool {
        self.column.len() > 1 && (self.ends_in(NUMBER) || self.has(CODED) && self.has(NUMBER))
            || self.column.iter().any(|word| {
                ["nummer", "number", "番号"]
                    .iter()
                    .any(|end| word.strip_suffix(end).is_some_and(|stem| !stem.is_empty()))
            })
    }

    /// Whether the column is a single word.
    pub(super) fn is(&self, words: &[&str]) -> bool {
        self.column.len() == 1 && self.has(words)
    }

    pub(super) fn table_has(&self, words: &[&str]) -> bool {
        self.table.iter().any(|word| words.contains(&word.as_str()))
    }

    pub(super) fn table_ends_in(&self, words: &[&str]) -> bool {
        self.table
            .last()
            .is_some_and(|word| words.contains(&word.as_str()))
    }

    /// Whether the name is of something about a thing, not of the thing: `email_verified`,
    /// `phone_type`, `num_addresses`.
    pub(super) fn is_qualified(&self) -> bool {
        self.ends_in(QUALIFIERS) && self.column.len() > 1
            || self
                .column
                .first()
                .is_some_and(|word| QUESTIONS.contains(&word.as_str()))
                && self.column.len() > 1
                && !self.is_numbered()
    }

    /// Whether the name begins with `num` and yet means a number, not a count:
    /// `num_passeport`.
    fn is_numbered(&self) -> bool {
        self.column.first().is_some_and(|word| word == "num")
            && self.column.len() == 2
            && (self.has(DOCUMENTS)
                || self.has(NUMBERED)
                || self.has(NATIONAL_ID)
                || self.has(CARD))
    }

    /// Whether the table is a list of kinds, which is a vocabulary however small.
    pub(super) fn is_lookup(&self) -> bool {
        self.table_ends_in(LOOKUPS)
    }

    pub(super) fn is_people(&self) -> bool {
        self.table_ends_in(PEOPLE)
    }

    /// Whether the column's own name is that of a vocabulary.
    pub(super) fn is_vocabulary(&self) -> bool {
        self.column
            .iter()
            .any(|word| VOCABULARY.contains(&singular(word).as_str()))
            || self.ends_in(QUALIFIERS)
    }

    pub(super) fn is_email(&self) -> bool {
        self.has(EMAIL)
            || self.pair(&["e", "el", "эл"], &["mail", "post", "почта", "posta"])
            || self.pair(&["posta", "poczta"], &["elettronica", "elektroniczna"])
            || self.pair(&["correio"], &["eletronico"])
            || self.is(&["pec", "posta", "poczta", "почта"])
    }

    pub(super) fn is_username(&self) -> bool {
        self.has(USERNAME)
            || self.pair(&["user", "screen", "account", "login"], &["name"])
            || self.both(
                NAME,
                &[
                    "utente",
                    "usuario",
                    "uzytkownika",
                    "utilisateur",
                    "gebruiker",
                ],
            )
            || self.ends_in(BY) && self.column.len() > 1
    }

    pub(super) fn is_phone(&self) -> bool {
        self.has(PHONE)
    }

    pub(super) fn is_birth_date(&self) -> bool {
        self.has(BIRTH_DATE) && !self.has(BIRTH_BUT_NO_DATE)
            || self.pair(&["ne", "nee"], &["le"])
            || self.pair(&["d"], &["n"]) && self.column.len() == 2
    }

    pub(super) fn is_postcode(&self) -> bool {
        self.has(POSTCODE)
            || self.pair(
                &["post", "pin", "codigo", "code", "codice", "cod", "kod"],
                &[
                    "code",
                    "postal",
                    "postale",
                    "avviamento",
                    "pocztowy",
                    "poczt",
                ],
            )
    }

    /// Whether the name may be a postcode's, if the values agree.
    pub(super) fn may_be_postcode(&self) -> bool {
        self.ends_in(MAYBE_POSTCODE) && self.column.len() <= 2
    }

    pub(super) fn is_card(&self) -> bool {
        self.both(CARD, NUMBER)
            || self.pair(&["credit", "debit", "payment"], &["card"]) && self.column.len() == 2
            || self.both(CARD, &["credito", "debito", "bancaire", "credit", "kredit"])
            || self.is(CARD)
    }

    pub(super) fn is_iban(&self) -> bool {
        self.has(IBAN) && !self.has(COUNTRY) || self.both(&["coordinate"], &["bancarie"])
    }

    pub(super) fn is_national_id(&self) -> bool {
        self.has(NATIONAL_ID)
            || self.pair(&["social"], &["security", "insurance"])
            || self.pair(&["codice", "fiscal"], &["fiscale", "code"])
            || self.pair(
                &["national", "citizen", "personal", "identity"],
                &["id", "number"],
            )
            || self.pair(&["ni"], NUMBER)
            || self.pair(&["steuer"], &["id"])
            || self.is(&["cf"])
    }

    pub(super) fn is_document(&self) -> bool {
        self.has(DOCUMENTS)
            || self.both(NUMBERED, NUMBER)
            || self.pair(TAXED, &["id", "code"])
            || self.pair(&["partita"], &["iva"])
            || self.pair(&["sort", "routing", "swift"], &["code", "number"])
            || self.is(&["routing", "iva"])
            || self.pair(&["license", "licence", "reg", "number"], &["plate"])
            || self.pair(&["bank", "conta", "conto"], &["account", "corrente"])
            || self.pair(&["tablica", "гос"], &["rejestracyjna", "номер"])
    }

    pub(super) fn is_user_agent(&self) -> bool {
        self.pair(&["user"], &["agent"])
            || self.is(&["ua", "useragent"])
            || self.pair(&["browser"], &["string"])
    }

    pub(super) fn is_mac_address(&self) -> bool {
        self.pair(
            &["mac"],
            &["address", "addr", "adresse", "adres", "アドレス"],
        ) || self.pair(&["adresse", "direccion", "indirizzo"], &["mac"])
            || self.is(&["hwaddr", "mac"])
            || self.pair(&["hw", "hardware"], &["addr", "address"])
    }

    pub(super) fn is_given_name(&self) -> bool {
        self.has(FIRST_NAME) && !self.has(FULL_NAME)
            || self.is(GIVEN_ALONE)
            || self.pair(GIVEN, NAME)
            || self.pair(NAME, GIVEN)
    }

    pub(super) fn is_family_name(&self) -> bool {
        self.has(LAST_NAME)
            || self.pair(FAMILY, NAME)
            || self.pair(NAME, FAMILY)
            || self.pair(NAME, &["de"]) && self.has(FAMILY)
    }

    pub(super) fn is_full_name(&self) -> bool {
        self.has(FULL_NAME)
            || self.pair(WHOLE, NAME)
            || self.pair(NAME, WHOLE)
            || self.has(FIRST_NAME) && self.has(LAST_NAME)
            || self.pair(&["first"], &["last"])
    }

    /// Whether the name is a person's part in something: `composer`, `owner_name`,
    /// `nome_cliente`.
    pub(super) fn is_person(&self) -> bool {
        let (column, named) = match self.column.as_slice() {
            [rest @ .., last] if NAME.contains(&last.as_str()) => (rest, true),
            [first, rest @ ..] if NAME.contains(&first.as_str()) => (rest, true),
            all => (all, false),
        };
        column.last().is_some_and(|word| {
            let bare = NAME_ENDS
                .iter()
                .find_map(|end| word.strip_suffix(end).filter(|stem| !stem.is_empty()));
            let (word, named) = (bare.unwrap_or(word), named || bare.is_some());
            let word = singular(word);
            let is_any = |words: &[&str]| words.contains(&word.as_str());
            is_any(PERSONS_BY_PART) || named && is_any(PEOPLE)
        })
    }

    /// Whether the name is of a code that things have: `sku`, `order_no`.
    pub(super) fn is_code(&self) -> bool {
        self.has(CODE)
            || self.has(CODED)
                && (self.has(NUMBER)
                    || self.ends_in(&["code", "ref", "reference", "referenz", "referencia"]))
    }

    pub(super) fn is_latitude(&self) -> bool {
        self.is_coordinate(LATITUDE) || self.pair(&["geo"], &["breite"])
    }

    pub(super) fn is_longitude(&self) -> bool {
        self.is_coordinate(LONGITUDE) || self.pair(&["geo"], &["laenge", "lange"])
    }

    /// Whether a word says so in full, or a short one ends the name: `long_tail` does not.
    fn is_coordinate(&self, words: &[&str]) -> bool {
        self.column
            .iter()
            .any(|word| word.len() > 4 && words.contains(&word.as_str()))
            || self.ends_in(words)
            || self.has(words) && self.ends_in(&["deg", "degrees", "degree", "grad", "wgs"])
    }

    /// Whether the name is a company's in full: `company_name`, `ragione_sociale`.
    pub(super) fn is_company(&self) -> bool {
        let before_name = self.column.len() < 2 || self.ends_in(NAME);
        let in_end = self
            .column
            .iter()
            .rev()
            .take(2)
            .any(|word| COMPANY.contains(&word.as_str()));
        in_end && (before_name || self.ends_in(COMPANY))
            || self
                .column
                .first()
                .is_some_and(|word| NAME.contains(&word.as_str()))
                && self.ends_in(COMPANY)
            || self.pair(SOCIAL_REASON.0, SOCIAL_REASON.1)
    }
}
