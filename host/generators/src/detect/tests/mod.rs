//! Rules, by columns that show them.

mod labelled;

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

fn check(place: &str, data_type: &str, counts: Counts, values: &[&str], expected: SemanticType) {
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
        ("airports.lat", "DOUBLE", Latitude),
        ("airports.lon", "DOUBLE", Longitude),
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
        ("users.user_name", many, &["jdoe"], Username),
        ("patients.patient_nm", many, &["J. Doe"], FullName),
        ("adherents.cp_adh", many, &["75001"], Postcode),
        ("t.created_by", many, &["jdoe"], Username),
        ("t.mobile_number", many, &["0170123456"], Phone),
        ("t.homephone", many, &["555 123"], Phone),
        ("t.street_address_2", many, &["Floor 3"], Address),
        ("t.addressLine1", many, &["Old Mill"], Address),
        ("t.ip_address", many, &["::1"], Ip),
        ("t.ssn", many, &["078051120"], NationalId),
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
        ("t.ssn", NationalId),
        ("t.card_number", CardNumber),
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
        ("t.c1", many, &["DE89370400440532013000"], Iban),
        ("t.c1", many, &["4111 1111 1111 1111"], CardNumber),
        ("t.c1", many, &["123-45-6789"], NationalId),
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
    let number = |data_type, nulls, is_unique| {
        let counts = (100, nulls, 100 - nulls);
        detect_in("t.slot", data_type, counts, &["7", "12"], false, is_unique).semantic
    };
    // Declared so, not by chance.
    for data_type in ["INTEGER", "DOUBLE", "DECIMAL(9,2)"] {
        assert_eq!(number(data_type, 70, true), Id);
        assert_eq!(number(data_type, 0, false), Numerical);
    }
}

#[test]
fn undecided_text_is_generated() {
    let unheard_of: &[&str] = &["Zorbal Quint", "Mebri Tolan", "Vashti Korrel", "Ilmo Brast"];
    let words: &[&str] = &["Zorbal", "Mebri", "Vashti", "Ilmo"];
    let rare = [(12, 0, 11), (30, 0, 25), (1_000, 0, 400), (1_000, 0, 900)];
    let often = [(60_000, 0, 300), (3_000_000, 0, 5_000)];
    for counts in rare.into_iter().chain(often) {
        for values in [unheard_of, words] {
            for place in ["t.col7", "t.zzz", "people.q"] {
                let found = detect_in(place, "VARCHAR", counts, values, false, false);
                assert!(
                    found.semantic.is_identifying(),
                    "{place} {counts:?}: {found:?}"
                );
            }
        }
    }
    // A vocabulary is few values that come often, by itself or by its name.
    for (place, counts, values) in [
        ("t.zzz", (1_000, 0, 12), words),
        ("t.zzz", (60_000, 0, 300), &["AX1", "BQ7", "CC3"]),
        ("t.zzz", (60_000, 0, 300), &["soft drinks", "hard cheese"]),
        ("t.brand", (60_000, 0, 300), words),
        ("genre.label", (25, 0, 25), words),
    ] {
        check(place, "VARCHAR", counts, values, Categorical);
    }
}

#[test]
fn documents_are_generated() {
    let objects: &[&str] = &["{\"a\":1}", "{\"a\": 2}", "plain"];
    for (values, documents) in [
        (objects, true),
        (&["{}", "none"], true),
        (&["[1, 2]", "[\"x\"]", "[]"], true),
        (&["[{\"a\":1}]"], true),
        (&["[draft]", "[final]"], false),
        (&["{0}", "open"], false),
    ] {
        let found = detect_in("t.kind", "VARCHAR", (60_000, 0, 3), values, false, false);
        assert_eq!(
            found.reason == "values are JSON documents",
            documents,
            "{values:?}"
        );
        assert_eq!(found.semantic.is_identifying(), documents, "{values:?}");
    }
}

#[test]
fn devices_places_and_numbers_of_the_state() {
    let many = (1_000, 0, 900);
    check_strings(&[
        (
            "t.c1",
            many,
            &["00:1B:44:11:3A:B7", "001b.4411.3ab7"],
            MacAddress,
        ),
        (
            "t.c1",
            many,
            &["/home/a/b.txt", "C:\\Users\\a", "./x/y"],
            FilePath,
        ),
        (
            "t.c1",
            many,
            &["Mozilla/5.0 (X11; Linux x86_64)", "curl/8.1.2"],
            UserAgent,
        ),
        ("t.ua", many, &["x"], UserAgent),
        ("t.latitude", many, &["52.5200", "-3.1"], Latitude),
        (
            "device.firmware",
            (9_000, 0, 6),
            &["1.2.3.4", "1.2.3.5"],
            Categorical,
        ),
        ("t.platform", (1_000, 0, 3), &["web", "app"], Categorical),
    ]);
    let numbers = |text: &str| -> Vec<String> { text.split(' ').map(str::to_string).collect() };
    let found = |column: &str, data_type: &str, values: &[String]| {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        detect_in(column, data_type, many, &values, false, false).semantic
    };
    let degrees = numbers("52.52 13.405 -33.9");
    assert_eq!(found("t.lat", "DOUBLE", &degrees), Latitude);
    assert_eq!(found("t.home_lng", "DOUBLE", &degrees), Longitude);
    assert_eq!(found("t.lat_ms", "DOUBLE", &degrees), Numerical);
    assert_eq!(found("t.lat", "DOUBLE", &numbers("1052.5 13.1")), Numerical);
    assert_eq!(found("t.lat", "INTEGER", &numbers("1 2 3")), Numerical);
    // Twelve cards by their digits; ten of them and two others prove nothing.
    let cards = numbers(
        "4111111111111111 5555555555554444 4012888888881881 5105105105105100 6011111111111117 \
         6011000990139424 3530111333300000 3566002020360505 5200828282828210 4242424242424242 \
         4000056655665556 2223003122003222",
    );
    assert_eq!(found("t.k", "BIGINT", &cards), CardNumber);
    let mut chance = cards.clone();
    chance[3] = "5105105105105101".into();
    chance[5] = "6011000990139425".into();
    assert_eq!(found("t.k", "BIGINT", &chance), Numerical);
    assert_eq!(
        found("t.phone", "BIGINT", &numbers("4930123456 4989123456")),
        Phone
    );
    assert_eq!(
        found("t.phone", "DOUBLE", &numbers("4930123456.0 4989123456.0")),
        Phone
    );
    assert_eq!(found("t.cell", "INTEGER", &numbers("1 2 31")), Numerical);
}

#[test]
fn values_tell_their_locale() {
    let found = detect_in(
        "t.c1",
        "VARCHAR",
        (100, 0, 90),
        &["+49 30 26442298", "+49 (0)89 123456", "+49 221 98765"],
        false,
        false,
    );
    assert_eq!((found.semantic, found.locale), (Phone, Some("de_DE")));
    let learned = detect_in("t.size", "VARCHAR", (100, 0, 3), &["groß"], false, false);
    assert_eq!(learned.locale, None);
}

#[test]
fn nothing_in_a_column_stops_detection() {
    let long = "é".repeat(1 << 20);
    for value in [
        long.as_str(),
        "",
        " ",
        "\u{0}",
        "\u{301}",
        "𝔘𝔫𝔦",
        "-",
        "日",
        "://",
        ", ",
    ] {
        for name in ["", "é", "名", "日本.日本", "_._", "a.𝔘", "x.\u{301}"] {
            for data_type in ["VARCHAR", "DOUBLE", "BIGINT", "DATE", "INTEGER[]"] {
                let found = detect_in(name, data_type, (9, 9, 9), &[value], false, false);
                assert!(!found.reason.is_empty() && found.reason.len() < 80);
            }
        }
    }
}
