//! Words of a column's name, however it is written.
//!
//! `billing_postal_code`, `BillingPostalCode` and `billingpostalcode` mean the same.
//! Names without separators are cut only where every piece is a known word, so that
//! `capacity` holds no city and `statement` no state.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::detect::lexicon;

/// Words that column names are made of: those the rules of detection ask for, and the
/// common company they keep in names written without separators.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "about", "account", "acct", "actor", "addr", "address", "adresse", "agent", "airline", "album",
    "alt", "apartment", "api", "apt", "artist", "author", "bank", "bic", "bill", "billing", "bio",
    "birth", "birthdate", "birthday", "body", "brand", "building", "business", "by", "card",
    "cardholder", "carrier", "cell", "cellphone", "citizenship", "city", "client", "code", "comment",
    "company", "composer", "contact", "content", "count", "country", "county", "created", "credit",
    "customer", "date", "datetime", "day", "debit", "delivery", "dept", "department", "desc",
    "description", "detail", "director", "display", "district", "dob", "doctor", "document",
    "driver", "drivers", "email", "emergency", "employee", "employer", "ext", "extension",
    "family", "father", "fax", "file", "first", "flag", "fore", "format", "from", "full", "given",
    "group", "guest", "hash", "hire", "hired", "holder", "home", "host", "hotel", "house", "iban", "id",
    "image", "insurance", "invoice", "ip", "is", "item", "job", "key", "kind", "label", "language",
    "last", "lat", "latitude", "legal", "license", "licence", "line", "link", "login", "lon",
    "long", "longitude", "mail", "mailing", "maiden", "manager", "manufacturer", "media", "member",
    "memo", "merchant", "message", "middle", "mobile", "mother", "name", "national", "nationality",
    "nick", "no", "note", "nr", "num", "number", "nummer", "occupation", "of", "office", "order",
    "org", "organisation", "organization", "owner", "page", "parent", "partner", "pass", "passenger",
    "passport", "password", "patient", "payment", "person", "personal", "phone", "photo", "pin",
    "place", "plate", "player", "policy", "position", "post", "postal", "postcode", "price",
    "primary", "product", "profession", "profile", "province", "publisher", "quantity", "receiver",
    "recipient", "ref", "reference", "region", "registration", "rep", "reply", "reports", "role",
    "sales", "school", "screen", "secondary", "secret", "security", "sender", "serial", "service",
    "ship", "shipping", "short", "site", "social", "source", "spouse", "ssn", "staff", "state",
    "status", "store", "street", "student", "subject", "suite", "summary", "supervisor", "supplier",
    "support", "sur", "surname", "tail", "tax", "tel", "telefon", "telephone", "text", "time",
    "title", "to", "token", "town", "track", "type", "unit", "updated", "url", "user", "value",
    "vat", "vendor", "verified", "web", "website", "work", "year", "zip",
    "nach", "vor", "geburts", "datum", "tag", "firma", "firmen", "kunde", "kunden", "strasse",
    "stadt", "ort", "plz", "konto", "steuer", "handy", "code", "postale", "codigo",
    "nombre", "nom", "prenom", "apellido", "ciudad", "ville", "pais", "pays", "telefono",
    "correo", "fecha", "nacimiento", "naissance", "direccion", "calle", "rue", "hausnummer",
    "numero", "numer", "dato", "data", "fiscale", "fiscal", "codice", "codigo", "kod", "codes",
    "vertrag", "rechnung", "auftrag", "auftrags", "artikel", "beleg", "bestell", "kredit",
    "ausweis", "reisepass", "versicherungs", "mitglieds", "klant", "klanten", "bank", "reken",
    "geb", "dat", "dt", "dta", "ymd", "trabajo", "hash", "mac", "agent", "browser", "uuid", "guid", "ssn", "mime", "content",
    "アドレス", "番号", "記事", "顧客", "会員", "社員", "社会", "保険",
];

/// Returns the words of a name in lower case, without accents, numbers left out.
pub(crate) fn tokens(name: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let letters: Vec<char> = name.chars().collect();
    let mut start = true;
    for (place, &letter) in letters.iter().enumerate() {
        if !letter.is_alphabetic() && letter != '〒' {
            start = true;
            continue;
        }
        let before = place.checked_sub(1).map(|place| letters[place]);
        let after = letters.get(place + 1);
        let camel = letter.is_uppercase()
            && (before.is_some_and(char::is_lowercase)
                || before.is_some_and(char::is_uppercase)
                    && after.is_some_and(|c| c.is_lowercase()));
        if start || camel {
            pieces.push(String::new());
        }
        start = false;
        if let Some(piece) = pieces.last_mut() {
            letter.to_lowercase().for_each(|letter| fold(letter, piece));
        }
    }
    pieces.into_iter().flat_map(split).collect()
}

/// Returns the singular of an English word, as far as table names need it.
pub(crate) fn singular(word: &str) -> String {
    match word {
        "people" | "persons" => return "person".into(),
        "children" => return "child".into(),
        "status" | "address" | "business" | "bus" | "class" => return word.into(),
        _ => {}
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    if let Some(stem) = word.strip_suffix("sses") {
        return format!("{stem}ss");
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with('s') => stem.into(),
        _ => word.into(),
    }
}

/// Returns a word in lower case, without accents.
pub(crate) fn folded(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    word.chars()
        .flat_map(char::to_lowercase)
        .for_each(|letter| fold(letter, &mut out));
    out
}

/// Appends a letter without its accent: `prénom` and `prenom` are one name.
fn fold(letter: char, out: &mut String) {
    out.push_str(match letter {
        'à'..='å' | 'ą' | 'ă' | 'ā' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'è'..='ë' | 'ę' | 'ě' | 'ē' => "e",
        'ì'..='ï' | 'ı' | 'ī' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ő' => "o",
        'œ' => "oe",
        'ù'..='ü' | 'ů' | 'ű' | 'ū' => "u",
        'ý' | 'ÿ' => "y",
        'ś' | 'š' | 'ş' => "s",
        'ß' => "ss",
        'ź' | 'ż' | 'ž' => "z",
        'ğ' => "g",
        'ř' => "r",
        'ď' | 'đ' => "d",
        'ť' => "t",
        'ё' => "е",
        // A combining accent, which a decomposed letter leaves behind.
        '\u{300}'..='\u{36f}' => "",
        letter => {
            out.push(letter);
            return;
        }
    });
}

/// Every word a name may be cut into: those above, and the lexicon's longer ones. Short
/// ones would cut words that only look composed.
static KNOWN: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let long = |word: &&str| word.len() > 3 && word.chars().count() > 1;
    WORDS
        .iter()
        .copied()
        .chain(
            lexicon::ALL
                .iter()
                .flat_map(|list| list.iter().copied())
                .filter(long),
        )
        .collect()
});

fn is_word(word: &str) -> bool {
    KNOWN.contains(word)
}

/// Cuts a word into the fewest known ones, or leaves it whole.
fn split(word: String) -> Vec<String> {
    if is_word(&word) || word.len() > 64 {
        return vec![word];
    }
    let bare = singular(&word);
    if is_word(&bare) {
        return vec![bare];
    }
    // best[i] is where the last piece of the best cut of word[..i] starts.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; word.len() + 1];
    best[0] = Some((0, 0));
    for end in 1..=word.len() {
        if !word.is_char_boundary(end) {
            continue;
        }
        for start in 0..end {
            let Some((pieces, _)) = best[start] else {
                continue;
            };
            let piece = &word[start..end];
            let known = is_word(piece) || end == word.len() && is_word(&singular(piece));
            if known && best[end].is_none_or(|(fewest, _)| pieces + 1 < fewest) {
                best[end] = Some((pieces + 1, start));
            }
        }
    }
    let mut pieces = Vec::new();
    let mut end = word.len();
    while end > 0 {
        let Some((_, start)) = best[end] else {
            return vec![word];
        };
        let piece = &word[start..end];
        pieces.push(if is_word(piece) {
            piece.to_string()
        } else {
            singular(piece)
        });
        end = start;
    }
    pieces.reverse();
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_at_their_words() {
        for (name, words) in [
            ("first_name", "first name"),
            ("firstname", "firstname"),
            ("custfirstname", "cust firstname"),
            ("FirstName", "first name"),
            ("billingpostalcode", "billing postal code"),
            ("BillingAddress", "billing address"),
            ("customerIPAddress", "customer ip address"),
            ("URL", "url"),
            ("address_line_2", "address line"),
            ("Address1", "address"),
            ("E-Mail", "e mail"),
            ("tailnum", "tail num"),
            ("dateofbirth", "date of birth"),
            ("Geburtsort", "geburtsort"),
            ("phoneNumbers", "phone number"),
            ("notes", "note"),
            ("capacity", "capacity"),
            ("statement", "statement"),
            ("estate", "estate"),
            ("Straße", "strasse"),
            ("prénom", "prenom"),
            ("Kundennummer", "kunden nummer"),
            ("telefoonnummer", "telefoonnummer"),
            ("IPアドレス", "ip アドレス"),
            ("会員メールアドレス", "会員 メールアドレス"),
            ("größe", "grosse"),
            ("", ""),
            ("42", ""),
        ] {
            assert_eq!(tokens(name).join(" "), words, "{name}");
        }
    }

    #[test]
    fn tables_are_named_in_the_plural_too() {
        for (plural, one) in [
            ("customers", "customer"),
            ("companies", "company"),
            ("people", "person"),
            ("addresses", "address"),
            ("staff", "staff"),
            ("address", "address"),
        ] {
            assert_eq!(singular(plural), one);
        }
    }
}
