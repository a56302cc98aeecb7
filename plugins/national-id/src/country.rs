//! What the numbers of a country look like, and which of them no office issues.

use crate::check::{Check, Rest};

/// A country's numbers.
#[derive(Debug)]
pub(crate) struct Scheme {
    pub(crate) code: &'static str,
    /// What they are called there.
    pub(crate) name: &'static str,
    /// See [`crate::pattern`].
    pub(crate) pattern: &'static str,
    pub(crate) check: Check,
}

const fn scheme(
    code: &'static str,
    name: &'static str,
    pattern: &'static str,
    check: Check,
) -> Scheme {
    Scheme {
        code,
        name,
        pattern,
        check,
    }
}

/// Those that the plugin knows. The remark says why nobody has such a number; in Australia,
/// Brazil and Switzerland numbers are drawn from all series, and one of them may be somebody's.
#[rustfmt::skip]
pub(crate) static SCHEMES: &[Scheme] = &[
    // Serial numbers begin with 100.
    scheme("AT", "Sozialversicherungsnummer", "0{0-9}*? {DD}{MM}{YY}", Check::Weighted(&[3, 7, 9, 5, 8, 4, 2, 1, 6], Rest::Mod11)),
    scheme("AU", "Tax file number", "{100-999} {000-999} {0-9}*?", Check::Weighted(&[1, 4, 3, 7, 5, 8, 6, 9], Rest::Mod11)),
    // Months beyond the twelfth, and not those of the bis register (21 to 32, 41 to 52).
    scheme("BE", "Rijksregisternummer", "{00-99}.{13-19}.{01-28}-{001-997} ??", Check::Mod97),
    scheme("BR", "CPF", "{000-999}.{000-999}.{000-999}-??", Check::Brazilian),
    // Numbers that begin with 0 are not issued.
    scheme("CA", "Social insurance number", "0{00-99} {000-999} {00-99}?", Check::Luhn),
    scheme("CH", "AHV-Nummer", "756.{0000-9999}.{0000-9999}.{0-9}?", Check::Weighted(&[1, 3], Rest::To10)),
    // Between those of persons and those of companies.
    scheme("CL", "RUT", "49.{000-999}.{000-999}-?", Check::Chilean),
    // No province has the number 10.
    scheme("CN", "Resident identity number", "10{0000-9999}{YYYY}{MM}{DD}{000-999}?", Check::Mod11Dash2),
    // Months 13 to 19 belong to nobody.
    scheme("CZ", "Rodné číslo", "{00-99}{13-19}{01-28}/{00-99}*?", Check::By11),
    // Numbers that begin with 0 are the tax offices' test numbers.
    scheme("DE", "Steuerliche Identifikationsnummer", "0{0-9} {000-999} {000-999} {00-99}?", Check::Mod11And10),
    // Days raised by sixty are test persons. The 4 stands for births from 1937 to 2036.
    scheme("DK", "CPR-nummer", "{DD+60}{MM}{YY}-4{000-999}", Check::None),
    // Identity numbers have not come near 99 million.
    scheme("ES", "DNI", "99{000000-999999}?", Check::Spanish),
    // Serials from 900 on are for tests.
    scheme("FI", "Henkilötunnus", "{DD}{MM}{YY}{FI}9{00-99}?", Check::Finnish),
    // No department has the number 00.
    scheme("FR", "Numéro de sécurité sociale", "{1-2} {YY} {MM} 00 {001-999} {001-999} ??", Check::Mod97),
    // No number begins with QQ, as HMRC's own examples do.
    scheme("GB", "National Insurance number", "QQ {00-99} {00-99} {00-99} {A-D}", Check::None),
    // Months beyond the twelfth.
    scheme("GR", "AMKA", "{01-28}{13-19}{00-99}{0000-9999}?", Check::Luhn),
    // Numbers of the insured begin with 0 or 1.
    scheme("HU", "TAJ szám", "99{0-9} {000-999} {00-99}?", Check::Weighted(&[3, 7], Rest::Mod10)),
    // Numbers that begin with 9 are not issued to residents.
    scheme("IL", "Teudat zehut", "9{0000000-9999999}?", Check::Luhn),
    // Numbers never begin with 0 or 1.
    scheme("IN", "Aadhaar", "{0-1}{000-999} {0000-9999} {000-999}?", Check::Verhoeff),
    // Z9xx is no municipality and no foreign state.
    scheme("IT", "Codice fiscale", "{B-D}{L-N}{R-T}{B-D}{L-N}{R-T}{YY}{ML}{DD}Z9{00-99}?", Check::Italian),
    // Numbers from 990 million on are the registry's test numbers.
    scheme("NL", "Burgerservicenummer", "99{00000-99999}*?", Check::Weighted(&[9, 8, 7, 6, 5, 4, 3, 2], Rest::Mod11)),
    // Months raised by eighty are the tax administration's synthetic persons.
    scheme("NO", "Fødselsnummer", "{DD}{MM+80}{YY}9{0-9}*??", Check::Norwegian),
    // Months 13 to 19 belong to no century.
    scheme("PL", "PESEL", "{00-99}{13-19}{01-28}{0000-9999}?", Check::Weighted(&[1, 3, 7, 9], Rest::To10)),
    // Numbers that begin with 40 are not issued.
    scheme("PT", "NIF", "40{0-9} {000-999} {00-99}?", Check::Weighted(&[9, 8, 7, 6, 5, 4, 3, 2], Rest::To11)),
    // No county has the number 00.
    scheme("RO", "Cod numeric personal", "{RO}{YY}{MM}{DD}00{001-999}?", Check::Weighted(&[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9], Rest::Mod11Or1)),
    // The tax agency's test persons have serials from 980 on.
    scheme("SE", "Personnummer", "{YY}{MM}{DD}-98{0-9}?", Check::Luhn),
    // Identity numbers never begin with 0.
    scheme("TR", "T.C. kimlik numarası", "0{00000000-99999999}??", Check::Turkish),
    // Areas from 900 on with groups below 50 are neither numbers of social security nor of the IRS.
    scheme("US", "Social security number", "{900-999}-{01-49}-{0001-9999}", Check::None),
    // The eleventh digit is 0, 1 or 2 in real ones.
    scheme("ZA", "Identity number", "{YY}{MM}{DD}{0000-9999}98?", Check::Luhn),
];
