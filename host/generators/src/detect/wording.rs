//! How reasons call a semantic type.

use prodlike_core::schema::SemanticType;

/// The type in the plural, for reasons.
pub(super) fn plural(semantic: SemanticType) -> &'static str {
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
        SemanticType::DocumentNumber => "document or account numbers",
        SemanticType::CardNumber => "card numbers",
        SemanticType::Iban => "IBANs",
        SemanticType::NationalId => "national numbers",
        SemanticType::MacAddress => "MAC addresses",
        SemanticType::UserAgent => "browsers",
        SemanticType::FilePath => "file paths",
        SemanticType::Ip => "IP addresses",
        SemanticType::Url => "links",
        SemanticType::Uuid => "UUIDs",
        other => other.as_str(),
    }
}

/// The type in the singular, for reasons.
pub(super) fn singular_of(semantic: SemanticType) -> &'static str {
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
        SemanticType::DocumentNumber => "a document or account number",
        SemanticType::CardNumber => "a card number",
        SemanticType::Iban => "an IBAN",
        SemanticType::NationalId => "a national number",
        SemanticType::MacAddress => "a MAC address",
        SemanticType::UserAgent => "a browser",
        SemanticType::Latitude => "a latitude",
        SemanticType::Longitude => "a longitude",
        SemanticType::FilePath => "a file path",
        SemanticType::PublicNumber => "a date of birth",
        SemanticType::Ip => "an IP address",
        SemanticType::Url => "a link",
        SemanticType::Title => "a title",
        SemanticType::Text => "free text",
        SemanticType::Code => "a code",
        SemanticType::Uuid => "a UUID",
        other => other.as_str(),
    }
}
