//! What a column means, judged by its name, its type and a few of its values.
//!
//! In this order: a key is a key; a shape that nothing else has (an email address, a
//! checksum) beats any name; then the name, in the words people give columns; then the
//! weaker shapes; and what is left is learned only where its values are few. Reasons
//! say which rule spoke and never quote a value, since they end up in the manifest.

use prodlike_core::schema::{DataType, SemanticType};

use crate::shape::Shape;
use crate::tokens::{singular, tokens};

/// What is known of a column before it is named.
#[derive(Clone, Copy, Debug)]
pub struct ColumnFacts<'a> {
    /// The table it is in.
    pub table: &'a str,
    /// Its name.
    pub column: &'a str,
    /// What its bytes are.
    pub data_type: &'a DataType,
    /// Rows of the table.
    pub rows: u64,
    /// Rows in which it is NULL.
    pub nulls: u64,
    /// Distinct count, NULL left out.
    pub distinct: u64,
    /// Up to a few hundred of the distinct values, as text.
    pub values: &'a [String],
    /// Whether it is part of a primary or foreign key.
    pub is_key: bool,
    /// Whether it is declared unique.
    pub is_unique: bool,
}

/// A proposal for the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// What the column means.
    pub semantic: SemanticType,
    /// Why, for a comment; holds no value of the column.
    pub reason: String,
}

/// Returns what a column means.
pub fn detect(facts: &ColumnFacts<'_>) -> Detection {
    let name = Name::new(facts);
    let (semantic, reason) = match facts.data_type {
        DataType::Boolean => (SemanticType::Boolean, "boolean".into()),
        _ if facts.is_key && !facts.data_type.is_exact_number() && !is_judged(facts.data_type) => {
            (SemanticType::Id, "key".into())
        }
        DataType::Date | DataType::Timestamp(_) | DataType::TimestampTz
            if !facts.is_key && name.is_birth_date() =>
        {
            (
                SemanticType::DateOfBirth,
                "named like a date of birth".into(),
            )
        }
        DataType::Interval => (SemanticType::Numerical, "a span of time".into()),
        data_type if data_type.is_temporal() => (SemanticType::Datetime, "date or time".into()),
        DataType::Enum(_) => (SemanticType::Categorical, "a declared domain".into()),
        DataType::Uuid => (SemanticType::Uuid, "UUID is meaningless".into()),
        DataType::Bit if facts.distinct <= FEW_BITS => {
            (SemanticType::Categorical, "few distinct values".into())
        }
        DataType::Bit => (
            SemanticType::Binary,
            "bits: only how many there are is learned".into(),
        ),
        DataType::Blob => (
            SemanticType::Binary,
            "bytes: only how many there are is learned".into(),
        ),
        DataType::String => string(facts, &name),
        DataType::Other(kind) => other(kind),
        _ => number(facts, &name),
    };
    Detection { semantic, reason }
}

/// Whether a key of the type is told from other columns further down.
fn is_judged(data_type: &DataType) -> bool {
    data_type.is_temporal()
        || data_type.is_float()
        || matches!(data_type, DataType::String | DataType::Other(_))
}

/// A semantic type and the reason for it.
type Found = (SemanticType, String);

/// Values that one column may have and still count as a closed vocabulary.
const FEW: u64 = 20;
/// Strings of bits that one column may have and still count as flags.
const FEW_BITS: u64 = 100;
/// Distinct values from which on a column is no vocabulary, however often they repeat.
const MANY: u64 = 1_000;

fn string(facts: &ColumnFacts<'_>, name: &Name) -> Found {
    let shape = Shape::of(facts.values);
    let telling = telling_shape(&shape);
    if facts.is_key {
        return match telling {
            Some((semantic, _)) => (
                SemanticType::Id,
                format!("key; its values look like {}", plural(semantic)),
            ),
            None => (SemanticType::Id, "key".into()),
        };
    }
    if let Some(found) = telling {
        return found;
    }
    if shape.flag > 0.99 {
        return (SemanticType::Categorical, "a flag".into());
    }
    let spread = Spread::of(facts);
    named(facts, name, &shape, &spread)
        .or_else(|| shaped(&shape, &spread))
        .unwrap_or_else(|| counted(facts, name, &shape, &spread))
}

/// How many values there are for how many rows.
struct Spread {
    filled: u64,
    distinct: u64,
}

impl Spread {
    fn of(facts: &ColumnFacts<'_>) -> Spread {
        Spread {
            filled: facts.rows.saturating_sub(facts.nulls),
            distinct: facts.distinct,
        }
    }

    fn mostly_distinct(&self) -> bool {
        self.filled > 0 && self.distinct.saturating_mul(2) > self.filled
    }

    /// Few values, each of them often: the column is surely a vocabulary.
    fn is_closed(&self) -> bool {
        self.distinct > 0 && self.distinct <= 50 && self.distinct.saturating_mul(20) <= self.filled
    }
}

/// Shapes that nothing else has.
fn telling_shape(shape: &Shape) -> Option<Found> {
    [
        (shape.email, SemanticType::Email),
        (shape.url, SemanticType::Url),
        (shape.uuid, SemanticType::Uuid),
        (shape.ip, SemanticType::Ip),
        (
            shape.iban.max(shape.card).max(shape.social_security),
            SemanticType::DocumentNumber,
        ),
    ]
    .into_iter()
    .find(|(share, _)| *share >= 0.8)
    .map(|(_, semantic)| (semantic, format!("values look like {}", plural(semantic))))
}

/// Shapes that a name may overrule.
fn shaped(shape: &Shape, spread: &Spread) -> Option<Found> {
    let semantic = if shape.phone >= 0.8 {
        SemanticType::Phone
    } else if shape.postcode >= 0.8 {
        SemanticType::Postcode
    } else if shape.street >= 0.5 {
        SemanticType::Address
    } else if shape.company >= 0.3 && spread.distinct > 2 {
        SemanticType::Company
    } else if shape.full_name >= 0.7 && spread.distinct > 2 {
        SemanticType::FullName
    } else if shape.country >= 0.95 && spread.distinct > 4 {
        SemanticType::Country
    } else if shape.first_name >= 0.7 && spread.distinct > FEW {
        SemanticType::FirstName
    } else if shape.last_name >= 0.7 && spread.distinct > FEW {
        SemanticType::LastName
    } else {
        return None;
    };
    Some((semantic, format!("values look like {}", plural(semantic))))
}

/// What is left is learned where its values are few, and generated where they are many.
fn counted(facts: &ColumnFacts<'_>, name: &Name, shape: &Shape, spread: &Spread) -> Found {
    if spread.distinct == 0 {
        return (SemanticType::Categorical, "no values".into());
    }
    let prose = shape.words >= 5.0 || shape.length > 40.0 && shape.words >= 2.0;
    if prose && (spread.distinct > FEW || spread.mostly_distinct()) {
        return (SemanticType::Text, "values are prose".into());
    }
    let many = spread.distinct > MANY
        || spread.distinct > FEW && spread.mostly_distinct() && !name.is_lookup()
        || facts.is_unique && !name.is_lookup();
    if !many {
        return (SemanticType::Categorical, "few distinct values".into());
    }
    let (semantic, kind) = if shape.date >= 0.8 {
        (SemanticType::PublicDatetime, "are dates held as text")
    } else if shape.decimal >= 0.8 {
        (SemanticType::PublicNumber, "are numbers held as text")
    } else if shape.code >= 0.7 || shape.slug >= 0.8 {
        (SemanticType::Code, "look like codes")
    } else {
        (SemanticType::Title, "look like titles")
    };
    (semantic, format!("many distinct values that {kind}"))
}

fn number(facts: &ColumnFacts<'_>, name: &Name) -> Found {
    let whole = facts.data_type.is_integer_like();
    if facts.is_key && whole {
        return (SemanticType::Id, "key".into());
    }
    let semantic = if name.is_qualified() || name.has(PARTS_OF_ADDRESSES) {
        None
    } else if name.has(PHONE) {
        Some(SemanticType::Phone)
    } else if name.is_document() {
        Some(SemanticType::DocumentNumber)
    } else if name.is_postcode() {
        Some(SemanticType::Postcode)
    } else {
        None
    };
    if let Some(semantic) = semantic {
        return (semantic, format!("named like {}", singular_of(semantic)));
    }
    let filled = facts.rows.saturating_sub(facts.nulls);
    let one_each = facts.is_unique || filled > 1 && facts.distinct == filled;
    if whole && one_each && name.ends_with("id") {
        return (SemanticType::Id, "unique, and named like a key".into());
    }
    (SemanticType::Numerical, "a number".into())
}

fn other(kind: &str) -> Found {
    let semantic = match kind {
        "JSON" => SemanticType::Text,
        _ => SemanticType::Categorical,
    };
    (semantic, "by its type, which is not carried yet".into())
}

/// The words of a column's name and of its table's.
struct Name {
    column: Vec<String>,
    table: Vec<String>,
}

impl Name {
    fn new(facts: &ColumnFacts<'_>) -> Name {
        let table = tokens(facts.table)
            .iter()
            .map(|word| singular(word))
            .collect();
        Name {
            column: tokens(facts.column),
            table,
        }
    }

    fn has(&self, words: &[&str]) -> bool {
        self.column
            .iter()
            .any(|word| words.contains(&word.as_str()))
    }

    /// Whether two words follow each other, the second being one of several.
    fn pair(&self, first: &[&str], second: &[&str]) -> bool {
        self.column
            .windows(2)
            .any(|pair| first.contains(&pair[0].as_str()) && second.contains(&pair[1].as_str()))
    }

    fn last(&self) -> &str {
        self.column.last().map_or("", String::as_str)
    }

    fn ends_with(&self, word: &str) -> bool {
        self.last() == word
    }

    /// Whether the column is a single word.
    fn is(&self, words: &[&str]) -> bool {
        self.column.len() == 1 && self.has(words)
    }

    fn table_has(&self, words: &[&str]) -> bool {
        self.table.iter().any(|word| words.contains(&word.as_str()))
    }

    /// Whether the name is of something about a thing, not of the thing: `email_verified`,
    /// `phone_type`, `num_addresses`.
    fn is_qualified(&self) -> bool {
        QUALIFIERS.contains(&self.last())
            || self
                .column
                .first()
                .is_some_and(|word| QUESTIONS.contains(&word.as_str()))
                && self.column.len() > 1
    }

    /// Whether the table is a list of kinds, which is a vocabulary however small.
    fn is_lookup(&self) -> bool {
        self.table
            .last()
            .is_some_and(|word| LOOKUPS.contains(&word.as_str()))
    }

    fn is_people(&self) -> bool {
        self.table
            .last()
            .is_some_and(|word| PEOPLE.contains(&word.as_str()))
    }

    fn is_birth_date(&self) -> bool {
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

    fn is_postcode(&self) -> bool {
        self.has(&["zip", "postcode", "plz", "pincode", "postal", "zipcode"])
            || self.pair(
                &["post", "pin", "codigo", "code"],
                &["code", "postal", "postale"],
            )
            || self.ends_with("postleitzahl")
    }

    fn is_document(&self) -> bool {
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
    fn is_person(&self) -> bool {
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

/// Finds what the name says, where the values do not speak against it.
fn named(facts: &ColumnFacts<'_>, name: &Name, shape: &Shape, spread: &Spread) -> Option<Found> {
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

const NAME: &[&str] = &["name", "nombre", "nom", "naam", "nome"];
const EMAIL: &[&str] = &["email", "mail", "correo", "courriel"];
const COUNTRY: &[&str] = &[
    "country",
    "nation",
    "nationality",
    "citizenship",
    "pays",
    "pais",
    "país",
    "land",
    "staat",
];
const ADDRESS: &[&str] = &[
    "address",
    "addr",
    "adresse",
    "direccion",
    "dirección",
    "street",
    "strasse",
    "straße",
    "calle",
    "rue",
    "anschrift",
    "hausnummer",
];
const PARTS_OF_ADDRESSES: &[&str] = &[
    "house",
    "building",
    "apartment",
    "apt",
    "suite",
    "hausnummer",
    "floor",
];
const CITY: &[&str] = &[
    "city",
    "town",
    "ville",
    "ciudad",
    "cidade",
    "stadt",
    "ort",
    "municipality",
    "village",
    "suburb",
    "locality",
    "comune",
    "wohnort",
    "birthplace",
    "geburtsort",
];
const STATE: &[&str] = &[
    "state",
    "province",
    "county",
    "bundesland",
    "prefecture",
    "canton",
    "kanton",
    "provincia",
    "departement",
    "estado",
];
const BIRTH_BUT_NO_DATE: &[&str] = &[
    "place",
    "city",
    "country",
    "state",
    "name",
    "order",
    "weight",
    "rate",
    "certificate",
    "ort",
    "year",
    "month",
    "town",
    "given",
];

const PHONE: &[&str] = &[
    "phone",
    "telephone",
    "tel",
    "mobile",
    "cell",
    "cellphone",
    "fax",
    "telefon",
    "telefax",
    "handy",
    "telefono",
    "teléfono",
    "movil",
    "celular",
    "landline",
    "msisdn",
    "telefonnummer",
    "whatsapp",
    "mobil",
];

const DOCUMENTS: &[&str] = &[
    "ssn",
    "iban",
    "passport",
    "nif",
    "nie",
    "dni",
    "cpf",
    "cnpj",
    "curp",
    "nino",
    "imei",
    "imsi",
    "vin",
    "bsn",
    "pesel",
    "siret",
    "siren",
    "tin",
    "ein",
    "itin",
    "mrn",
    "nhs",
    "personnummer",
    "reisepass",
    "aadhaar",
    "steuernummer",
];

const COMPANY: &[&str] = &[
    "company",
    "employer",
    "organisation",
    "organization",
    "org",
    "firm",
    "firma",
    "firmen",
    "business",
    "corporation",
    "vendor",
    "supplier",
    "entreprise",
    "empresa",
    "unternehmen",
    "societe",
    "merchant",
    "arbeitgeber",
];

/// Tables whose rows are companies.
const COMPANIES: &[&str] = &[
    "airline",
    "company",
    "vendor",
    "supplier",
    "manufacturer",
    "employer",
    "organization",
    "organisation",
    "firm",
    "bank",
    "insurer",
    "shipper",
    "publisher",
    "agency",
    "merchant",
    "retailer",
    "business",
    "corporation",
    "firma",
    "unternehmen",
    "empresa",
    "lieferant",
];

/// Tables whose rows are people, and words for people.
const PEOPLE: &[&str] = &[
    "customer",
    "client",
    "employee",
    "user",
    "person",
    "patient",
    "contact",
    "author",
    "actor",
    "staff",
    "member",
    "player",
    "student",
    "teacher",
    "artist",
    "composer",
    "driver",
    "doctor",
    "physician",
    "nurse",
    "passenger",
    "guest",
    "visitor",
    "applicant",
    "candidate",
    "subscriber",
    "owner",
    "manager",
    "director",
    "singer",
    "musician",
    "writer",
    "performer",
    "speaker",
    "participant",
    "worker",
    "voter",
    "donor",
    "tenant",
    "resident",
    "borrower",
    "holder",
    "friend",
    "spouse",
    "beneficiary",
    "instructor",
    "professor",
    "rider",
    "pilot",
    "coach",
    "referee",
    "seller",
    "buyer",
    "salesperson",
    "reviewer",
    "editor",
    "cardholder",
    "lead",
    "prospect",
    "kunde",
    "kunden",
    "mitarbeiter",
    "benutzer",
    "utilisateur",
    "cliente",
    "usuario",
    "empleado",
    "persona",
    "personne",
    "schüler",
    "lehrer",
    "arzt",
];

/// Columns that name a person by the part played.
const PERSONS_BY_PART: &[&str] = &[
    "composer",
    "artist",
    "author",
    "director",
    "actor",
    "actress",
    "writer",
    "singer",
    "performer",
    "owner",
    "cardholder",
    "holder",
    "supervisor",
    "manager",
    "editor",
    "reviewer",
    "doctor",
    "physician",
    "nurse",
    "teacher",
    "instructor",
    "professor",
    "passenger",
    "patient",
    "guest",
    "recipient",
    "receiver",
    "sender",
    "beneficiary",
    "spouse",
    "father",
    "mother",
    "salesperson",
    "driver",
    "inspector",
    "contact",
    "lyricist",
    "producer",
    "photographer",
    "translator",
    "assignee",
    "applicant",
    "tenant",
    "landlord",
    "person",
];

const TEXT: &[&str] = &[
    "description",
    "desc",
    "comment",
    "note",
    "body",
    "message",
    "text",
    "content",
    "bio",
    "biography",
    "summary",
    "remark",
    "feedback",
    "review",
    "abstract",
    "detail",
    "narrative",
    "memo",
    "observation",
    "kommentar",
    "bemerkung",
    "beschreibung",
    "commentaire",
    "descripcion",
    "about",
    "reason",
    "instruction",
    "transcript",
    "subject",
    "plot",
    "synopsis",
];

/// Tables that list kinds of things.
const LOOKUPS: &[&str] = &[
    "type",
    "category",
    "genre",
    "kind",
    "status",
    "currency",
    "language",
    "color",
    "colour",
    "role",
    "department",
    "unit",
    "priority",
    "severity",
    "level",
    "tier",
    "group",
    "class",
    "permission",
    "tag",
    "lookup",
    "enum",
    "code",
];

/// Last words that turn a thing into something said about it.
const QUALIFIERS: &[&str] = &[
    "type",
    "kind",
    "status",
    "flag",
    "count",
    "class",
    "category",
    "group",
    "size",
    "tier",
    "level",
    "format",
    "source",
    "method",
    "verified",
    "confirmed",
    "valid",
    "enabled",
    "score",
    "rate",
    "amount",
    "length",
    "language",
    "currency",
    "total",
    "price",
    "balance",
    "limit",
    "preference",
    "consent",
    "allowed",
    "provider",
    "brand",
    "model",
    "order",
    "rank",
    "created",
    "updated",
    "opt",
    "optin",
    "expiry",
    "expired",
    "version",
];

/// First words that make a name a question or a count.
const QUESTIONS: &[&str] = &[
    "is", "has", "num", "count", "n", "allow", "accept", "send", "can",
];

/// The type in the plural, for reasons.
fn plural(semantic: SemanticType) -> &'static str {
    match semantic {
        SemanticType::FirstName => "given names",
        SemanticType::LastName => "family names",
        SemanticType::FullName => "names of people",
        SemanticType::Email => "email addresses",
        SemanticType::Phone => "telephone numbers",
        SemanticType::Address => "street addresses",
        SemanticType::Postcode => "postcodes",
        SemanticType::Country => "countries",
        SemanticType::Company => "companies",
        SemanticType::DocumentNumber => "document, account or card numbers",
        SemanticType::Ip => "IP addresses",
        SemanticType::Url => "links",
        SemanticType::Uuid => "UUIDs",
        other => other.as_str(),
    }
}

/// The type in the singular, for reasons.
fn singular_of(semantic: SemanticType) -> &'static str {
    match semantic {
        SemanticType::FirstName => "a given name",
        SemanticType::LastName => "a family name",
        SemanticType::FullName => "a person's name",
        SemanticType::Username => "a user name",
        SemanticType::Email => "an email address",
        SemanticType::Phone => "a telephone number",
        SemanticType::Address => "an address",
        SemanticType::City => "a town",
        SemanticType::State => "a state or region",
        SemanticType::Country => "a country",
        SemanticType::Postcode => "a postcode",
        SemanticType::Company => "a company",
        SemanticType::JobTitle => "a job title",
        SemanticType::DateOfBirth => "a date of birth",
        SemanticType::DocumentNumber => "a document, account or card number",
        SemanticType::Ip => "an IP address",
        SemanticType::Url => "a link",
        SemanticType::Title => "a title",
        SemanticType::Text => "free text",
        SemanticType::Code => "a code",
        SemanticType::Uuid => "a UUID",
        other => other.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SemanticType::*;

    /// Rows, NULLs and distinct count of a column.
    type Counts = (u64, u64, u64);

    fn detect_in(
        place: &str,
        data_type: &str,
        (rows, nulls, distinct): Counts,
        values: &[&str],
        is_key: bool,
        is_unique: bool,
    ) -> Detection {
        let (table, column) = place.split_once('.').unwrap_or(("", place));
        let values: Vec<String> = values.iter().map(|value| value.to_string()).collect();
        let data_type = &DataType::from_duckdb(data_type);
        detect(&ColumnFacts {
            table,
            column,
            data_type,
            rows,
            nulls,
            distinct,
            values: &values,
            is_key,
            is_unique,
        })
    }

    fn check(
        place: &str,
        data_type: &str,
        counts: Counts,
        values: &[&str],
        expected: SemanticType,
    ) {
        let found = detect_in(place, data_type, counts, values, false, false);
        assert_eq!(
            found.semantic, expected,
            "{place} {data_type}: {}",
            found.reason
        );
        for value in values.iter().filter(|value| value.len() > 2) {
            assert!(
                !found.reason.contains(value),
                "{place}: reason `{}`",
                found.reason
            );
        }
    }

    fn check_strings(cases: &[(&str, Counts, &[&str], SemanticType)]) {
        for (place, counts, values, expected) in cases {
            check(place, "VARCHAR", *counts, values, *expected);
        }
    }

    const PEOPLE_NAMES: &[&str] = &[
        "Anna Smith",
        "Robert Brown",
        "Mark Taylor",
        "Laura Callahan",
    ];
    const TOWNS: &[&str] = &["Amsterdam", "Bangalore", "Berlin", "Bordeaux"];
    const STREETS: &[&str] = &[
        "1 Infinite Loop",
        "11, Place Bellecour",
        "1033 N Park Ave",
        "Theodor-Heuss-Straße 34",
    ];
    const COUNTRIES: &[&str] = &[
        "Argentina",
        "USA",
        "United Kingdom",
        "Czech Republic",
        "Canada",
    ];
    const POSTCODES: &[&str] = &["00-358", "00192", "01007-010", "T1H 1Y8"];
    const PHONES: &[&str] = &["+1 (204) 452-6452", "+49 030 26442298", "(780) 428-9482"];
    const STATES: &[&str] = &["AB", "AZ", "BC", "Dublin", "RJ"];
    const MAILS: &[&str] = &["jane@chinookcorp.com", "astrid.gruber@apple.at"];

    #[test]
    fn chinook() {
        check_strings(&[
            (
                "customer.firstname",
                (59, 0, 57),
                &["Aaron", "Bjørn", "Astrid"],
                FirstName,
            ),
            (
                "customer.lastname",
                (59, 0, 59),
                &["Almeida", "Barnett", "Köhler"],
                LastName,
            ),
            (
                "customer.company",
                (59, 49, 10),
                &["Apple Inc.", "Telus", "JetBrains"],
                Company,
            ),
            ("customer.address", (59, 0, 59), STREETS, Address),
            ("customer.city", (59, 0, 53), TOWNS, City),
            ("customer.state", (59, 29, 25), STATES, State),
            ("customer.country", (59, 0, 24), COUNTRIES, Country),
            ("customer.postalcode", (59, 4, 55), POSTCODES, Postcode),
            ("customer.phone", (59, 1, 58), PHONES, Phone),
            ("customer.fax", (59, 47, 12), PHONES, Phone),
            ("customer.email", (59, 0, 59), MAILS, Email),
            (
                "employee.lastname",
                (8, 0, 8),
                &["Adams", "Edwards"],
                LastName,
            ),
            (
                "employee.firstname",
                (8, 0, 8),
                &["Andrew", "Nancy"],
                FirstName,
            ),
            (
                "employee.title",
                (8, 0, 5),
                &["General Manager", "IT Staff"],
                JobTitle,
            ),
            (
                "employee.address",
                (8, 0, 8),
                &["1111 6 Ave SW", "590 Columbia Boulevard"],
                Address,
            ),
            ("employee.city", (8, 0, 3), &["Calgary", "Edmonton"], City),
            ("employee.state", (8, 0, 1), &["AB"], State),
            ("employee.country", (8, 0, 1), &["Canada"], Country),
            (
                "employee.postalcode",
                (8, 0, 8),
                &["T1H 1Y8", "T1K 5N8"],
                Postcode,
            ),
            ("employee.phone", (8, 0, 7), PHONES, Phone),
            ("employee.fax", (8, 0, 8), PHONES, Phone),
            ("employee.email", (8, 0, 8), MAILS, Email),
            (
                "artist.name",
                (275, 0, 275),
                &["AC/DC", "A Cor Do Som", "Metallica"],
                FullName,
            ),
            (
                "album.title",
                (347, 0, 347),
                &["Balls to the Wall", "Facelift"],
                Title,
            ),
            (
                "track.name",
                (3503, 0, 3257),
                &["#1 Zero", "Restless and Wild"],
                Title,
            ),
            (
                "track.composer",
                (3503, 978, 852),
                &["A. Jamal", "AC/DC", "Kurt Cobain"],
                FullName,
            ),
            (
                "genre.name",
                (25, 0, 25),
                &["Alternative & Punk", "Blues", "Bossa Nova"],
                Categorical,
            ),
            (
                "mediatype.name",
                (5, 0, 5),
                &["AAC audio file", "MPEG audio file"],
                Categorical,
            ),
            (
                "playlist.name",
                (18, 0, 14),
                &["90’s Music", "Audiobooks", "Classical"],
                Categorical,
            ),
            ("invoice.billingaddress", (412, 0, 59), STREETS, Address),
            ("invoice.billingcity", (412, 0, 53), TOWNS, City),
            ("invoice.billingstate", (412, 202, 25), STATES, State),
            ("invoice.billingcountry", (412, 0, 24), COUNTRIES, Country),
            (
                "invoice.billingpostalcode",
                (412, 28, 55),
                POSTCODES,
                Postcode,
            ),
            (
                "invoice.Total",
                (412, 0, 23),
                &["0.99", "13.86"],
                Categorical,
            ),
        ]);
        for (place, data_type, expected) in [
            ("employee.birthdate", "TIMESTAMP", DateOfBirth),
            ("employee.hiredate", "TIMESTAMP", Datetime),
            ("invoice.InvoiceDate", "TIMESTAMP", Datetime),
            ("invoice.Total", "DECIMAL(10,2)", Numerical),
            ("track.unit_price", "DECIMAL(5,2)", Numerical),
            ("track.milliseconds", "INTEGER", Numerical),
            ("track.bytes", "INTEGER", Numerical),
            ("invoiceline.Quantity", "INTEGER", Numerical),
        ] {
            check(place, data_type, (3503, 0, 3000), &[], expected);
        }
    }

    #[test]
    fn nycflights() {
        check_strings(&[
            (
                "flights.carrier",
                (336_776, 0, 16),
                &["UA", "9E"],
                Categorical,
            ),
            (
                "flights.origin",
                (336_776, 0, 3),
                &["EWR", "LGA"],
                Categorical,
            ),
            (
                "flights.dest",
                (336_776, 0, 105),
                &["IAH", "ORD"],
                Categorical,
            ),
            (
                "flights.tailnum",
                (336_776, 2512, 4043),
                &["N14228", "N24211", "D942DN"],
                Code,
            ),
            (
                "planes.tailnum",
                (3322, 0, 3322),
                &["N10156", "N102UW"],
                Code,
            ),
            (
                "planes.type",
                (3322, 0, 3),
                &["Fixed wing multi engine", "Rotorcraft"],
                Categorical,
            ),
            (
                "planes.manufacturer",
                (3322, 0, 35),
                &["EMBRAER", "AIRBUS INDUSTRIE"],
                Categorical,
            ),
            (
                "planes.model",
                (3322, 0, 127),
                &["EMB-145XR", "A320-214"],
                Categorical,
            ),
            (
                "planes.engine",
                (3322, 0, 6),
                &["Turbo-fan", "4 Cycle"],
                Categorical,
            ),
            ("airports.faa", (1458, 0, 1458), &["04G", "JFK"], Code),
            (
                "airports.name",
                (1458, 0, 1440),
                &["Lansdowne Airport", "Moton Field"],
                Title,
            ),
            ("airports.dst", (1458, 0, 3), &["A", "N", "U"], Categorical),
            (
                "airports.tzone",
                (1458, 3, 9),
                &["America/New_York", "\\N"],
                Categorical,
            ),
            ("airlines.carrier", (16, 0, 16), &["9E", "AA"], Categorical),
            (
                "airlines.name",
                (16, 0, 16),
                &["Endeavor Air Inc.", "Virgin America"],
                Company,
            ),
            ("weather.origin", (26_115, 0, 3), &["EWR"], Categorical),
        ]);
        for (place, data_type, expected) in [
            ("airports.lat", "DOUBLE", Numerical),
            ("airports.lon", "DOUBLE", Numerical),
            ("flights.flight", "BIGINT", Numerical),
            ("flights.distance", "BIGINT", Numerical),
            ("flights.time_hour", "TIMESTAMP", Datetime),
            ("weather.temp", "DOUBLE", Numerical),
            ("planes.year", "BIGINT", Numerical),
        ] {
            check(place, data_type, (3322, 0, 300), &[], expected);
        }
    }

    #[test]
    fn names_in_other_spellings_and_languages() {
        let many = (1_000, 0, 900);
        check_strings(&[
            ("Kunde.Vorname", many, &["Jürgen"], FirstName),
            ("Kunde.Nachname", many, &["Weiß"], LastName),
            ("Kunde.Straße", many, &["Hauptweg 4"], Address),
            ("Kunde.PLZ", many, &["10115"], Postcode),
            ("Kunde.Wohnort", many, &["Köln"], City),
            ("clients.prenom", many, &["Amélie"], FirstName),
            ("clientes.correo", many, &["a@b.es"], Email),
            ("clientes.apellido", many, &["García"], LastName),
            ("t.EMailAddress", many, &[], Email),
            ("t.contactEmail", many, &[], Email),
            ("t.CUSTOMER_FULL_NAME", many, &[], FullName),
            ("t.customerName", many, &[], FullName),
            ("orders.ship_to_name", many, PEOPLE_NAMES, FullName),
            ("t.user_name", many, &["jdoe"], Username),
            ("t.login", many, &["jdoe"], Username),
            ("t.created_by", many, &["jdoe"], Username),
            ("t.mobile_number", many, &["0170123456"], Phone),
            ("t.homephone", many, &["555 123"], Phone),
            ("t.street_address_2", many, &["Floor 3"], Address),
            ("t.addressLine1", many, &["Old Mill"], Address),
            ("t.ip_address", many, &["::1"], Ip),
            ("t.ssn", many, &["078051120"], DocumentNumber),
            ("t.passport_no", many, &["C01X00T47"], DocumentNumber),
            ("t.accountNumber", many, &["00012345"], DocumentNumber),
            ("t.tax_id", many, &["12-3456789"], DocumentNumber),
            ("t.date_of_birth", many, &["1980-02-03"], DateOfBirth),
            ("t.birth_place", many, &["Oslo"], City),
            ("t.job_title", (50, 0, 40), &["Night Baker"], JobTitle),
            ("t.website", many, &["acme.com"], Url),
            ("t.homepage_url", many, &["acme.com"], Url),
            ("t.password_hash", many, &["x1", "y2"], Code),
            ("t.api_key", many, &["x1"], Code),
            ("t.employer", many, &["Acme"], Company),
            ("suppliers.company_name", many, &["Acme"], Company),
            ("books.title", many, &["Moby Dick"], Title),
            ("books.author", many, &["H. Melville"], FullName),
            (
                "film.description",
                many,
                &["A Epic Drama of a Feminist And a Mad Scientist"],
                Text,
            ),
            ("cities.name", many, TOWNS, City),
            ("countries.name", (240, 0, 240), COUNTRIES, Country),
            ("patients.name", (9, 0, 9), &["J. D."], FullName),
            (
                "products.name",
                (77, 0, 77),
                &["Chai", "Aniseed Syrup"],
                Title,
            ),
            (
                "categories.name",
                (30, 0, 30),
                &["Sea Food", "Produce"],
                Categorical,
            ),
        ]);
    }

    #[test]
    fn qualified_names_are_not_what_they_qualify() {
        check_strings(&[
            (
                "t.email_status",
                (1_000, 0, 4),
                &["bounced", "ok"],
                Categorical,
            ),
            (
                "t.phone_type",
                (1_000, 0, 3),
                &["home", "work"],
                Categorical,
            ),
            ("t.has_email", (1_000, 0, 2), &["Y", "N"], Categorical),
            ("t.card_type", (1_000, 0, 3), &["Visa", "Amex"], Categorical),
            (
                "t.company_size",
                (1_000, 0, 4),
                &["1-10", "11-50"],
                Categorical,
            ),
            (
                "orders.state",
                (1_000, 0, 4),
                &["open", "Closed", "in progress"],
                Categorical,
            ),
            (
                "adult.occupation",
                (32_561, 0, 15),
                &["Sales", "Tech-support"],
                Categorical,
            ),
            (
                "users.title",
                (5_000, 0, 4),
                &["Mr", "Mrs.", "Dr"],
                Categorical,
            ),
            (
                "t.country_code",
                (1_000, 0, 40),
                &["DE", "us", "FRA"],
                Country,
            ),
            ("t.land", (1_000, 0, 3), &["arable", "pasture"], Categorical),
            ("t.region", (1_000, 0, 4), &["North", "South"], Categorical),
            ("t.capacity", (1_000, 0, 4), &["low", "high"], Categorical),
        ]);
        for (place, expected) in [
            ("t.phone", Phone),
            ("t.num_phones", Numerical),
            ("t.ssn", DocumentNumber),
            ("t.card_number", DocumentNumber),
            ("t.credit_limit", Numerical),
            ("t.zip_code", Postcode),
            ("t.tax_rate", Numerical),
            ("t.account_balance", Numerical),
            ("t.latitude", Numerical),
            ("t.order_id", Numerical),
        ] {
            check(place, "BIGINT", (1_000, 0, 800), &[], expected);
        }
        check("t.order_id", "BIGINT", (1_000, 0, 1_000), &[], Id);
        check("t.total", "DOUBLE", (1_000, 0, 1_000), &[], Numerical);
        check("t.active", "BOOLEAN", (1_000, 0, 2), &[], Boolean);
        check("t.birth_year", "INTEGER", (1_000, 0, 60), &[], Numerical);
        check("t.dob", "DATE", (1_000, 0, 900), &[], DateOfBirth);
        check("t.ref", "UUID", (1_000, 0, 1_000), &[], Uuid);
    }

    #[test]
    fn values_speak_where_names_do_not() {
        let many = (1_000, 0, 900);
        check_strings(&[
            ("t.c1", many, MAILS, Email),
            ("t.address", many, MAILS, Email),
            ("t.c1", many, &["https://example.com/a"], Url),
            (
                "t.c1",
                many,
                &["6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
                Uuid,
            ),
            ("t.c1", many, &["10.1.2.3", "2001:db8::1"], Ip),
            ("t.c1", many, &["DE89370400440532013000"], DocumentNumber),
            ("t.c1", many, &["4111 1111 1111 1111"], DocumentNumber),
            ("t.c1", many, &["123-45-6789"], DocumentNumber),
            ("t.c1", many, PHONES, Phone),
            ("t.c1", many, &["M6H 1A1", "SW1A 1AA"], Postcode),
            ("t.c1", many, &["69 Salem Street", "8 King Ave"], Address),
            (
                "t.c1",
                (90, 0, 60),
                &["Acme Inc.", "Muster GmbH", "Borg"],
                Company,
            ),
            ("t.c1", (9_000, 0, 5), PEOPLE_NAMES, FullName),
            (
                "t.c1",
                many,
                &["Anna", "Robert", "Laura", "Margaret"],
                FirstName,
            ),
            ("t.c1", (9_000, 0, 24), COUNTRIES, Country),
            (
                "t.c1",
                many,
                &["We met him at the old harbor", "It never rains here at all"],
                Text,
            ),
            ("t.c1", many, &["Quiet River", "Copper Song"], Title),
            ("t.c1", many, &["AX-100", "BQ-221"], Code),
            ("t.c1", many, &["red-shoe", "blue-hat"], Code),
            ("t.c1", many, &["2013-01-01T10:00:00Z"], PublicDatetime),
            ("t.c1", many, &["12.50", "-3.10"], PublicNumber),
            ("t.c1", (1_000, 0, 12), &["red", "blue"], Categorical),
            ("t.c1", (1_000, 1_000, 0), &[], Categorical),
            ("t.c1", (0, 0, 0), &[], Categorical),
        ]);
    }

    #[test]
    fn keys_and_unique_columns() {
        let key = |place, data_type, values: &[&str]| {
            detect_in(place, data_type, (100, 0, 100), values, true, true)
        };
        assert_eq!(key("customer.id", "INTEGER", &[]).semantic, Id);
        assert_eq!(key("planes.tailnum", "VARCHAR", &["N10156"]).semantic, Id);
        assert_eq!(
            key("weather.time_hour", "TIMESTAMP", &[]).semantic,
            Datetime
        );
        let mail = key("users.email", "VARCHAR", MAILS);
        assert_eq!(mail.semantic, Id);
        assert_eq!(mail.reason, "key; its values look like email addresses");
        let unique = |place, values: &[&str]| {
            detect_in(place, "VARCHAR", (10, 0, 10), values, false, true).semantic
        };
        assert_eq!(unique("t.sku", &["A1", "B2"]), Code);
        assert_eq!(unique("currency.iso", &["EUR", "USD"]), Categorical);
        assert_eq!(unique("status.name", &["Open", "Shut"]), Categorical);
    }
}
