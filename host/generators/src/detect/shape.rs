//! What the values of a string column look like.

use super::checksum::{is_american, is_card, is_iban, is_imei, national_share};
use super::dictionary::{first_name, last_name};
use super::form::{
    SALUTATIONS, beginning, is_capitalised, is_company, is_date, is_decimal, is_dialled, is_email,
    is_full_name, is_han, is_ip, is_login, is_mac, is_name_word, is_path, is_phone, is_postcode,
    is_street, is_url, is_user_agent, is_uuid, is_version,
};
use crate::country::is_country;

/// Shares of a column's distinct values, each in [0, 1], that look like something.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    /// Values looked at.
    pub(super) n_values: usize,
    pub(super) email: f64,
    pub(super) url: f64,
    pub(super) uuid: f64,
    pub(super) ip: f64,
    /// Addresses that no version number looks like: one of its numbers is large.
    pub(super) surely_ip: f64,
    pub(super) mac: f64,
    pub(super) iban: f64,
    pub(super) card: f64,
    pub(super) imei: f64,
    /// Numbers of one state's people, by their check digits.
    pub(super) national: f64,
    /// Numbers with the hyphens of a social security number.
    pub(super) social_security: f64,
    pub(super) user_agent: f64,
    pub(super) path: f64,
    /// Telephone numbers by their punctuation.
    pub(super) phone: f64,
    /// Those, and strings of as many digits.
    pub(super) dialled: f64,
    pub(super) postcode: f64,
    pub(super) date: f64,
    pub(super) decimal: f64,
    pub(super) country: f64,
    pub(super) company: f64,
    pub(super) street: f64,
    pub(super) full_name: f64,
    pub(super) first_name: f64,
    pub(super) last_name: f64,
    /// A family name with an initial before or after it, in one word: `jsmith`, `SMITHJ`.
    pub(super) login: f64,
    pub(super) flag: f64,
    pub(super) salutation: f64,
    pub(super) state_of_a_thing: f64,
    /// One to four words of letters that all begin with a capital, as names do.
    pub(super) capitalised: f64,
    /// No spaces, and a digit or nothing but capitals.
    pub(super) code: f64,
    /// No spaces and no capitals.
    pub(super) slug: f64,
    /// Has a digit.
    pub(super) digit: f64,
    /// Mean words of a value.
    pub(super) words: f64,
    /// Mean characters of a value.
    pub(super) length: f64,
}

impl Shape {
    pub(super) fn of(values: &[String]) -> Shape {
        let values: Vec<&str> = values
            .iter()
            .map(|value| beginning(value.trim()))
            .filter(|value| !value.is_empty())
            .collect();
        let n = values.len() as f64;
        if values.is_empty() {
            return Shape::default();
        }
        let share =
            |test: fn(&str) -> bool| values.iter().filter(|value| test(value)).count() as f64 / n;
        let mean =
            |measure: fn(&str) -> f64| values.iter().map(|value| measure(value)).sum::<f64>() / n;
        Shape {
            n_values: values.len(),
            email: share(is_email),
            url: share(is_url),
            uuid: share(is_uuid),
            ip: share(is_ip),
            surely_ip: share(|value| is_ip(value) && !is_version(value)),
            mac: share(is_mac),
            iban: share(is_iban),
            card: share(is_card),
            imei: share(is_imei),
            national: national_share(&values),
            social_security: share(is_american),
            user_agent: share(is_user_agent),
            path: share(is_path),
            phone: share(is_phone),
            dialled: share(|value| is_phone(value) || is_dialled(value)),
            postcode: share(is_postcode),
            date: share(is_date),
            decimal: share(is_decimal),
            country: share(|value| {
                is_country(value) || value.len() < 4 && is_country(&value.to_uppercase())
            }),
            company: share(is_company),
            street: share(is_street),
            full_name: share(is_full_name),
            first_name: share(|value| is_capitalised(value) && first_name(value) != 0),
            last_name: share(|value| is_capitalised(value) && last_name(value) != 0),
            login: share(is_login),
            flag: share(|value| FLAGS.contains(&value.to_lowercase().as_str())),
            salutation: share(|value| {
                SALUTATIONS.contains(&value.trim_end_matches('.').to_lowercase().as_str())
            }),
            state_of_a_thing: share(|value| {
                STATES_OF_THINGS.contains(&value.to_lowercase().replace(['-', ' '], "_").as_str())
                    || value.starts_with(char::is_lowercase)
            }),
            capitalised: share(|value| {
                let words = value.split_whitespace();
                (1..=4).contains(&words.clone().count())
                    && words
                        .clone()
                        .all(|word| is_name_word(word.trim_end_matches(['.', ','])))
                    && !value.contains(|letter: char| letter.is_numeric())
            }),
            code: share(|value| {
                !value.contains(char::is_whitespace)
                    && (value.contains(|letter: char| letter.is_ascii_digit())
                        || !value.contains(char::is_lowercase))
                    && !value.contains(is_han)
            }),
            slug: share(|value| {
                !value.contains(|c: char| c.is_whitespace() || c.is_uppercase() || is_han(c))
            }),
            digit: share(|value| value.contains(|letter: char| letter.is_ascii_digit())),
            // Where no spaces are written, four letters are taken for a word.
            words: mean(|value| {
                let han = value.chars().filter(|letter| is_han(*letter)).count();
                value.split_whitespace().count() as f64 + (han / 4) as f64
            }),
            length: mean(|value| value.chars().count() as f64),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.n_values == 0
    }
}

#[rustfmt::skip]
const FLAGS: &[&str] = &[
    "y", "n", "yes", "no", "t", "f", "true", "false", "0", "1", "on", "off", "ja", "nein", "oui",
    "non", "si", "sí", "unknown", "none", "null", "n/a", "nee", "sim", "não", "tak", "nie", "да",
    "нет", "はい", "いいえ", "是", "否", "nej", "vrai", "faux", "wahr", "falsch",
];

#[rustfmt::skip]
const STATES_OF_THINGS: &[&str] = &[
    "active", "inactive", "open", "closed", "pending", "new", "done", "ok", "error", "failed",
    "failure", "success", "successful", "running", "stopped", "started", "finished", "complete",
    "completed", "canceled", "cancelled", "enabled", "disabled", "draft", "published", "archived",
    "deleted", "approved", "rejected", "paid", "unpaid", "shipped", "delivered", "processing",
    "queued", "ready", "waiting", "valid", "invalid", "expired", "on", "off", "up", "down",
    "in_progress", "on_hold", "unknown", "blocked", "resolved", "returned", "refunded", "idle",
    "live", "suspended", "accepted", "declined", "confirmed", "received", "sent", "locked",
];
