//! What a column's name says it is, where its values do not speak against it.

use prodlike_core::schema::SemanticType;

use super::lexicon::*;
use super::name::Name;
use super::shape::Shape;
use super::spread::{FEW, Spread};
use super::wording::singular_of;
use super::{ColumnFacts, Found, shaped};

/// Finds what the name says, where the values do not speak against it.
pub(super) fn named(
    facts: &ColumnFacts<'_>,
    name: &Name,
    shape: &Shape,
    spread: &Spread,
) -> Option<Found> {
    if is_secret(name) {
        // Secrets are codes: nothing of them is worth learning.
        return Some((SemanticType::Code, "named like a secret".into()));
    }
    if name.is_qualified() {
        return None;
    }
    let semantic = identifier(name, shape, spread)
        .or_else(|| place(name, shape, spread))
        .or_else(|| person(name, shape, spread))
        .or_else(|| thing(facts, name, shape, spread))?;
    let reason = match semantic {
        SemanticType::Categorical => spread.few(),
        _ => format!("named like {}", singular_of(semantic)),
    };
    Some((semantic, reason))
}

fn is_secret(name: &Name) -> bool {
    name.has(SECRET)
        || name.pair(&["mot"], &["de"]) && name.ends_with("passe")
        || name.pair(&["parola"], &["chiave"])
        || name.ends_with("token")
        || name.ends_with("hash")
        || name.pair(&["api", "access", "private"], &["key"])
}

fn identifier(name: &Name, shape: &Shape, spread: &Spread) -> Option<SemanticType> {
    let closed = spread.is_closed() && spread.distinct <= FEW;
    if name.is_email() {
        // A column of other things is not an address only because it is called `mail`.
        let other = shape.email == 0.0 && !shape.is_empty() && closed;
        return (!other).then_some(SemanticType::Email);
    }
    if name.is_user_agent() && !closed {
        return Some(SemanticType::UserAgent);
    }
    if name.is_mac_address() && !closed {
        return Some(SemanticType::MacAddress);
    }
    if name.has(&["ip", "ipv"]) && !closed {
        return Some(SemanticType::Ip);
    }
    if name.is_username() {
        return Some(SemanticType::Username);
    }
    if (name.has(URL)
        || name.pair(
            &["web", "strona"],
            &["site", "page", "address", "www", "adresse"],
        ))
        && (!closed || shape.url >= 0.5)
    {
        return Some(SemanticType::Url);
    }
    if name.has(&["uuid", "guid"]) {
        return Some(SemanticType::Uuid);
    }
    if name.has(FILE_PATH) && !closed {
        return Some(SemanticType::FilePath);
    }
    if name.is_birth_date() && !closed {
        return Some(SemanticType::DateOfBirth);
    }
    // Five agents' numbers on ten thousand rows are still theirs.
    if name.is_phone() && (!closed || shape.dialled >= 0.5) {
        return Some(SemanticType::Phone);
    }
    if closed {
        return None;
    }
    if name.is_iban() {
        return Some(SemanticType::Iban);
    }
    if name.is_national_id() {
        return Some(SemanticType::NationalId);
    }
    if name.is_card() {
        return Some(SemanticType::CardNumber);
    }
    if name.is_document() {
        // An account may be kept as an IBAN, whatever it is called.
        return Some(if shape.iban >= 0.5 {
            SemanticType::Iban
        } else {
            SemanticType::DocumentNumber
        });
    }
    if shape.decimal >= 0.8 {
        if name.is_latitude() {
            return Some(SemanticType::Latitude);
        }
        if name.is_longitude() {
            return Some(SemanticType::Longitude);
        }
    }
    None
}

fn place(name: &Name, shape: &Shape, spread: &Spread) -> Option<SemanticType> {
    let closed = spread.is_closed() && spread.distinct <= FEW;
    if name.is_postcode()
        || name.may_be_postcode() && (shape.is_empty() || shape.digit >= 0.9 && !closed)
    {
        return Some(SemanticType::Postcode);
    }
    if name.has(COUNTRY) {
        return (shape.is_empty() || shape.country >= 0.9).then_some(SemanticType::Country);
    }
    if name.has(PARTS_OF_ADDRESSES) && name.has(NUMBER) || name.is(&["hausnummer", "huisnummer"]) {
        return Some(SemanticType::Code);
    }
    if name.has(ADDRESS) {
        return Some(if name.pair(&["wallet", "memory"], &["address"]) {
            SemanticType::Code
        } else {
            SemanticType::Address
        });
    }
    if name.has(CITY) || name.pair(&["birth"], &["place"]) {
        return Some(SemanticType::City);
    }
    if name.has(STATE) && !name.has(CIVIL) {
        let of_a_thing = shape.state_of_a_thing >= 0.5 && spread.distinct <= FEW;
        return (!of_a_thing).then_some(SemanticType::State);
    }
    if name.has(REGION) && spread.distinct > FEW {
        return Some(SemanticType::State);
    }
    None
}

fn person(name: &Name, shape: &Shape, spread: &Spread) -> Option<SemanticType> {
    let vocabulary = spread.is_closed() && spread.distinct <= FEW;
    if name.is_full_name() {
        return Some(SemanticType::FullName);
    }
    if name.is_given_name() {
        return Some(SemanticType::FirstName);
    }
    if name.is_family_name() {
        return Some(SemanticType::LastName);
    }
    if name.pair(&["display"], NAME) && !vocabulary {
        return Some(SemanticType::FullName);
    }
    if name.is_person() {
        // `last_contact` is a day, and `agent` may be a program.
        let named = shape.full_name.max(shape.first_name);
        let vocabulary = spread.is_closed() && named < 0.3;
        let is_other = shape.code >= 0.8 || shape.digit >= 0.5 || shape.login >= 0.3;
        return (!vocabulary && !is_other).then_some(SemanticType::FullName);
    }
    None
}

fn thing(
    facts: &ColumnFacts<'_>,
    name: &Name,
    shape: &Shape,
    spread: &Spread,
) -> Option<SemanticType> {
    if name.is_company() {
        return Some(SemanticType::Company);
    }
    if name.is_code() && shape.words < 2.5 && shape.digit >= 0.5 {
        return (!spread.is_closed() && !spread.repeats(10)).then_some(SemanticType::Code);
    }
    if name.has(JOB)
        || name.has(&["job", "position", "poste"])
            && (name.has(&["title", "name", "intitule"]) || name.column.len() == 1)
        || name.is_people() && name.is(&["title", "titel"])
    {
        return Some(if shape.salutation >= 0.8 || spread.is_closed() {
            SemanticType::Categorical
        } else {
            SemanticType::JobTitle
        });
    }
    if name.ends_in(TEXT) || name.has(&["description", "comment", "remark", "biography"]) {
        // A handful of recurring phrases is a vocabulary, whatever it is called.
        return Some(if spread.is_closed() && spread.distinct <= FEW {
            SemanticType::Categorical
        } else if shape.words < 3.0 && !shape.is_empty() {
            return None;
        } else {
            SemanticType::Text
        });
    }
    if name.ends_in(TITLE) {
        return Some(if spread.is_closed() {
            SemanticType::Categorical
        } else {
            SemanticType::Title
        });
    }
    if name.ends_in(NAME)
        || name
            .column
            .first()
            .is_some_and(|word| NAME.contains(&word.as_str()))
    {
        return Some(plain_name(facts, name, shape, spread));
    }
    None
}

/// What a column is that is called `name`, or somebody's name.
fn plain_name(
    facts: &ColumnFacts<'_>,
    name: &Name,
    shape: &Shape,
    spread: &Spread,
) -> SemanticType {
    if name.column.len() == 1 {
        if name.is_people() {
            // Some languages say `name` for the given one; it is one word then.
            let is_single = shape.words < 1.2 && shape.capitalised >= 0.8 && !name.is(&["name"]);
            return match is_single {
                true => SemanticType::FirstName,
                false => SemanticType::FullName,
            };
        }
        if name.table_ends_in(COMPANIES) {
            return SemanticType::Company;
        }
        if name.table_has(&["country"]) && (shape.is_empty() || shape.country >= 0.9) {
            return SemanticType::Country;
        }
        if name.table_ends_in(CITY) {
            return SemanticType::City;
        }
        if name.table_ends_in(STATE) {
            return SemanticType::State;
        }
    }
    if name.is_people() && shape.words >= 1.5 && shape.capitalised >= 0.6 && !spread.is_closed() {
        return SemanticType::FullName;
    }
    // The values may still say whose name it is.
    if let Some((semantic, _)) = shaped(shape, spread) {
        return semantic;
    }
    let title = spread.distinct > 50 && !spread.is_closed()
        || spread.distinct > FEW && spread.mostly_distinct()
        || facts.is_unique;
    match title && !(name.is_lookup() && spread.distinct <= 100) {
        true => SemanticType::Title,
        false => SemanticType::Categorical,
    }
}
