//! What a column's name says it is, where its values do not speak against it.

use prodlike_core::schema::SemanticType;

use super::lexicon::*;
use super::name::Name;
use super::shape::Shape;
use super::wording::singular_of;
use super::{ColumnFacts, FEW, Found, Spread, shaped};

/// Finds what the name says, where the values do not speak against it.
pub(super) fn named(
    facts: &ColumnFacts<'_>,
    name: &Name,
    shape: &Shape,
    spread: &Spread,
) -> Option<Found> {
    if let Some(semantic) = secret(name) {
        return Some((semantic, "named like a secret".into()));
    }
    if name.is_qualified() {
        return None;
    }
    let semantic = identifier(name, shape, spread)
        .or_else(|| place(name, shape, spread))
        .or_else(|| person(name, shape, spread))
        .or_else(|| thing(facts, name, shape, spread))?;
    let reason = match semantic {
        SemanticType::Categorical => "few distinct values".into(),
        _ => format!("named like {}", singular_of(semantic)),
    };
    Some((semantic, reason))
}

/// Secrets are codes: nothing of them is worth learning.
fn secret(name: &Name) -> Option<SemanticType> {
    (name.has(&["password", "passwd", "pwd", "passwort", "secret", "salt"])
        || name.ends_with("token")
        || name.ends_with("hash")
        || name.pair(&["api", "access", "private"], &["key"]))
    .then_some(SemanticType::Code)
}

fn identifier(name: &Name, shape: &Shape, spread: &Spread) -> Option<SemanticType> {
    let closed = spread.is_closed() && spread.distinct <= FEW;
    if name.has(EMAIL) || name.pair(&["e"], &["mail"]) {
        // A column of other things is not an address only because it is called `mail`.
        let other = shape.email == 0.0 && !shape.is_empty() && closed;
        return (!other).then_some(SemanticType::Email);
    }
    if name.has(&["username", "login", "nickname", "nick", "handle"])
        || name.pair(&["user", "screen"], &["name"])
    {
        return Some(SemanticType::Username);
    }
    if name.has(&["ip", "ipv"]) && !closed {
        return Some(SemanticType::Ip);
    }
    if name.has(&[
        "url", "uri", "link", "website", "homepage", "webpage", "href",
    ]) || name.pair(&["web"], &["site", "page", "address"])
    {
        return Some(SemanticType::Url);
    }
    if name.has(&["uuid", "guid"]) {
        return Some(SemanticType::Uuid);
    }
    if name.has(PHONE) && !closed {
        return Some(SemanticType::Phone);
    }
    if name.is_document() && !closed {
        return Some(SemanticType::DocumentNumber);
    }
    if name.is_birth_date() {
        return Some(SemanticType::DateOfBirth);
    }
    None
}

fn place(name: &Name, shape: &Shape, spread: &Spread) -> Option<SemanticType> {
    if name.is_postcode() {
        return Some(SemanticType::Postcode);
    }
    if name.has(COUNTRY) {
        return (shape.is_empty() || shape.country >= 0.9).then_some(SemanticType::Country);
    }
    if name.has(PARTS_OF_ADDRESSES) && name.has(&["number", "no", "nr", "num", "hausnummer"]) {
        return Some(SemanticType::Code);
    }
    if name.has(ADDRESS) {
        return Some(if name.pair(&["mac", "wallet", "memory"], &["address"]) {
            SemanticType::Code
        } else {
            SemanticType::Address
        });
    }
    if name.has(CITY) || name.pair(&["birth"], &["place"]) {
        return Some(SemanticType::City);
    }
    if name.has(STATE) {
        let of_a_thing = shape.state_of_a_thing >= 0.5 && spread.distinct <= FEW;
        return (!of_a_thing).then_some(SemanticType::State);
    }
    if name.has(&["region", "territory", "district"]) && spread.distinct > FEW {
        return Some(SemanticType::State);
    }
    None
}

fn person(name: &Name, shape: &Shape, spread: &Spread) -> Option<SemanticType> {
    if name.pair(
        &["first", "given", "fore", "middle", "christian", "vor"],
        NAME,
    ) || name.has(&[
        "firstname",
        "forename",
        "fname",
        "vorname",
        "prenom",
        "prénom",
        "givenname",
    ]) {
        return Some(SemanticType::FirstName);
    }
    if name.pair(&["last", "family", "sur", "maiden", "birth", "nach"], NAME)
        || name.has(&[
            "surname",
            "lname",
            "nachname",
            "apellido",
            "lastname",
            "familienname",
        ])
    {
        return Some(SemanticType::LastName);
    }
    if name.pair(&["full", "display", "legal", "contact"], NAME) || name.has(&["fullname"]) {
        return Some(SemanticType::FullName);
    }
    if name.ends_with("by") && name.column.len() > 1 {
        return Some(SemanticType::Username);
    }
    if name.is_person() {
        let vocabulary = spread.is_closed() && shape.full_name < 0.3;
        return (!vocabulary && shape.code < 0.8).then_some(SemanticType::FullName);
    }
    None
}

fn thing(
    facts: &ColumnFacts<'_>,
    name: &Name,
    shape: &Shape,
    spread: &Spread,
) -> Option<SemanticType> {
    let before_name = name.column.len() < 2 || NAME.contains(&name.last());
    if name
        .column
        .iter()
        .rev()
        .take(2)
        .any(|word| COMPANY.contains(&word.as_str()))
        && (before_name || COMPANY.contains(&name.last()))
    {
        return Some(SemanticType::Company);
    }
    if name.has(&["occupation", "profession", "beruf", "designation"])
        || name.has(&["job", "position"])
            && (name.has(&["title", "name"]) || name.column.len() == 1)
        || name.is_people() && name.is(&["title"])
    {
        return Some(if shape.salutation >= 0.8 || spread.is_closed() {
            SemanticType::Categorical
        } else {
            SemanticType::JobTitle
        });
    }
    if TEXT.contains(&name.last()) || name.has(&["description", "comment", "remark", "biography"]) {
        // A handful of recurring phrases is a vocabulary, whatever it is called.
        return Some(if spread.is_closed() && spread.distinct <= FEW {
            SemanticType::Categorical
        } else if shape.words < 3.0 && !shape.is_empty() {
            return None;
        } else {
            SemanticType::Text
        });
    }
    if name.ends_with("title") || name.ends_with("headline") || name.ends_with("titel") {
        return Some(if spread.is_closed() {
            SemanticType::Categorical
        } else {
            SemanticType::Title
        });
    }
    if NAME.contains(&name.last()) {
        let plain = name.column.len() == 1;
        if plain && name.is_people() {
            return Some(SemanticType::FullName);
        }
        if plain
            && name
                .table
                .last()
                .is_some_and(|word| COMPANIES.contains(&word.as_str()))
        {
            return Some(SemanticType::Company);
        }
        if plain && name.table_has(&["country"]) && (shape.is_empty() || shape.country >= 0.9) {
            return Some(SemanticType::Country);
        }
        if plain
            && name
                .table
                .last()
                .is_some_and(|word| CITY.contains(&word.as_str()))
        {
            return Some(SemanticType::City);
        }
        if plain
            && name
                .table
                .last()
                .is_some_and(|word| STATE.contains(&word.as_str()))
        {
            return Some(SemanticType::State);
        }
        // The values may still say whose name it is.
        if let Some((semantic, _)) = shaped(shape, spread) {
            return Some(semantic);
        }
        let title = spread.distinct > 50 && !spread.is_closed()
            || spread.distinct > FEW && spread.mostly_distinct()
            || facts.is_unique;
        return Some(
            match title && !(name.is_lookup() && spread.distinct <= 100) {
                true => SemanticType::Title,
                false => SemanticType::Categorical,
            },
        );
    }
    None
}
