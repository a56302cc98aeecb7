//! Generators by name.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringBuilder};
use prodlike_core::generator::{
    GenerateArgs, Generator, GeneratorError, GeneratorRegistry, GeneratorSpec,
};
use prodlike_core::schema::{DataType, SemanticType};

use crate::address;
use crate::binary::Binary;
use crate::code::Code;
use crate::context::Rows;
use crate::degrees;
use crate::device::Device;
use crate::local::{Home, Speller};
use crate::noise::Noise;
use crate::scalar::{self, BIRTHS, Days, PUBLIC};
use crate::style::Style;
use crate::vocabulary::{Numbering, Vocabulary};

/// The generators that come with the engine: one per identifying semantic type, and
/// `country`.
///
/// `code`, `document_number` and `postcode` take templates ([`crate::mine_templates`]);
/// some others read off them how the real column writes its numbers; the rest ignore them.
#[derive(Clone, Copy, Debug, Default)]
pub struct NativeGenerators;

impl GeneratorRegistry for NativeGenerators {
    fn build(&self, spec: &GeneratorSpec) -> Result<Arc<dyn Generator>, GeneratorError> {
        let semantic = available().find(|semantic| semantic.as_str() == spec.name);
        let Some(semantic) = semantic else {
            return Err(GeneratorError::Unknown {
                name: spec.name.clone(),
                known: self.names(),
            });
        };
        if !spec.options.is_empty() {
            let name = spec.name.clone();
            return Err(GeneratorError::Options { name });
        }
        Ok(Arc::new(Native::new(semantic, spec)))
    }

    fn names(&self) -> Vec<String> {
        available().map(|it| it.as_str().to_string()).collect()
    }
}

fn available() -> impl Iterator<Item = SemanticType> {
    SemanticType::ALL
        .iter()
        .copied()
        .filter(|semantic| semantic.is_identifying() || *semantic == SemanticType::Country)
}

/// A column's generator.
struct Native {
    semantic: SemanticType,
    unique: bool,
    strings: Strings,
    home: Home,
    style: Style,
    lengths: Vec<u32>,
    /// Digits of a code, for columns of integers.
    digits: Option<u32>,
}

enum Strings {
    Vocabulary(Vocabulary),
    Code(Code),
    Binary(Binary),
    /// Spelt by the row's country, or a standard one.
    Local,
    Device(Device),
    /// Latitude or longitude.
    Degrees,
}

impl Native {
    fn new(semantic: SemanticType, spec: &GeneratorSpec) -> Native {
        let unique = spec.unique;
        let takes_templates = matches!(
            semantic,
            SemanticType::Code | SemanticType::DocumentNumber | SemanticType::Postcode
        );
        let style = Style::new(&spec.templates);
        let strings = match vocabulary(semantic, unique) {
            _ if semantic == SemanticType::Binary => {
                Strings::Binary(Binary::new(&spec.templates, unique))
            }
            _ if takes_templates && !spec.templates.is_empty() => {
                Strings::Code(Code::new(&spec.templates, unique))
            }
            Some(vocabulary) => Strings::Vocabulary(vocabulary),
            None => match semantic {
                SemanticType::Iban | SemanticType::NationalId => Strings::Local,
                SemanticType::Latitude | SemanticType::Longitude => Strings::Degrees,
                _ => match Device::new(semantic, &style) {
                    Some(device) => Strings::Device(device),
                    None => Strings::Code(Code::new(&spec.templates, unique)),
                },
            },
        };
        Native {
            semantic,
            unique,
            strings,
            home: Home::new(spec.locale.as_deref()),
            lengths: spec.lengths.clone(),
            digits: Code::digits(&spec.templates),
            style,
        }
    }

    /// The range of the generators that make dates.
    fn days(&self) -> Option<Days> {
        match self.strings {
            Strings::Vocabulary(Vocabulary::Day(days)) => Some(days),
            _ => None,
        }
    }

    /// Whether the row's country, or the column's own, decides how values are spelt.
    fn is_local(&self, args: &GenerateArgs<'_>) -> bool {
        let styled = match self.semantic {
            SemanticType::Text => !self.lengths.is_empty(),
            SemanticType::State => self.style.is_abbreviation(),
            SemanticType::Phone => self.style.shape().is_some(),
            _ => false,
        };
        let told = self.home.land.is_some() || !args.context.is_empty();
        match self.semantic {
            SemanticType::Iban | SemanticType::NationalId => true,
            SemanticType::FirstName
            | SemanticType::LastName
            | SemanticType::FullName
            | SemanticType::Phone
            | SemanticType::Address
            | SemanticType::City
            | SemanticType::State
            | SemanticType::Postcode
            | SemanticType::Company
            | SemanticType::Title
            | SemanticType::Text => told || styled,
            _ => false,
        }
    }

    fn strings(&self, args: &GenerateArgs<'_>) -> Result<ArrayRef, GeneratorError> {
        if let Strings::Binary(binary) = &self.strings {
            return binary.generate(args);
        }
        let mut builder = StringBuilder::with_capacity(args.rows.len(), args.rows.len() * 16);
        let is_address = matches!(self.semantic, SemanticType::Email | SemanticType::Username);
        if is_address && !args.context.is_empty() {
            let rows = Rows::new(args, self.home.land);
            address::fill(self.semantic, self.unique, &rows, args, &mut builder);
            return Ok(Arc::new(builder.finish()));
        }
        if self.is_local(args) {
            self.local(args, &mut builder);
            return Ok(Arc::new(builder.finish()));
        }
        match &self.strings {
            Strings::Binary(_) => {}
            Strings::Code(code) => code.generate(args, |value| builder.append_value(value)),
            Strings::Degrees => {
                let rows = Rows::new(args, self.home.land);
                degrees::strings(self.semantic, self.unique, &rows, args, &mut builder)?;
            }
            Strings::Vocabulary(vocabulary) => {
                if let (Some(days), true) = (self.days(), self.unique) {
                    scalar::check_days(self.semantic, days, args)?;
                }
                self.numbered(
                    args,
                    vocabulary.capacity(),
                    &mut builder,
                    |number, lap, noise, out| {
                        vocabulary.write(number, lap, noise, out);
                    },
                );
            }
            Strings::Device(device) => {
                self.numbered(
                    args,
                    device.capacity(),
                    &mut builder,
                    |number, lap, _, out| {
                        device.write(number, lap, out);
                    },
                );
            }
            Strings::Local => self.local(args, &mut builder),
        }
        Ok(Arc::new(builder.finish()))
    }

    /// Spells a number a row.
    fn numbered(
        &self,
        args: &GenerateArgs<'_>,
        capacity: u64,
        builder: &mut StringBuilder,
        mut write: impl FnMut(u64, u64, &mut Noise, &mut String),
    ) {
        let numbering = Numbering::new(args, capacity, self.unique);
        let mut value = String::new();
        for (&row, &seed) in args.rows.iter().zip(args.seeds) {
            let mut noise = Noise::new(seed);
            let (number, lap) = numbering.number(row, &mut noise);
            value.clear();
            write(number, lap, &mut noise, &mut value);
            builder.append_value(&value);
        }
    }

    fn local(&self, args: &GenerateArgs<'_>, builder: &mut StringBuilder) {
        let rows = Rows::new(args, self.home.land);
        let speller = Speller {
            semantic: self.semantic,
            placeless: vocabulary(self.semantic, self.unique),
            home: self.home,
            style: &self.style,
            lengths: &self.lengths,
            rows: &rows,
        };
        let numbering =
            (self.unique).then(|| Numbering::new(args, speller.unique_capacity(), true));
        let mut value = String::new();
        for (at, (&row, &seed)) in args.rows.iter().zip(args.seeds).enumerate() {
            let mut noise = Noise::new(seed);
            value.clear();
            let place = numbering.as_ref().map(|numbering| numbering.place(row));
            let names = rows.names(at);
            if self.semantic == SemanticType::FullName && names != (None, None) {
                speller.known_name(
                    rows.land(at),
                    names,
                    place.unwrap_or(0),
                    &mut noise,
                    &mut value,
                );
            } else if let Some(place) = place {
                let land = speller.unique_land(at);
                let capacity = speller.capacity(land);
                let (number, lap) = (place % capacity, place / capacity);
                if self.semantic == SemanticType::FullName && rows.has_names() {
                    // Apart from the rows whose names are known, which count from 0 too.
                    speller.known_name(land, names, place, &mut noise, &mut value);
                } else {
                    speller.write(land, number, lap, &mut noise, &mut value);
                }
            } else if !speller.follow_place(at, &mut noise, &mut value) {
                let land = rows.land(at);
                let number = speller.draw(land, &mut noise);
                speller.write(land, number, 0, &mut noise, &mut value);
            }
            builder.append_value(&value);
        }
    }
}

/// The vocabulary of a semantic type, where there is one that needs no country.
fn vocabulary(semantic: SemanticType, unique: bool) -> Option<Vocabulary> {
    Some(match semantic {
        SemanticType::FirstName => Vocabulary::FirstName,
        SemanticType::LastName => Vocabulary::LastName,
        SemanticType::FullName => Vocabulary::FullName,
        SemanticType::Username => Vocabulary::Username,
        SemanticType::Email => Vocabulary::Email,
        SemanticType::Phone => Vocabulary::Phone,
        SemanticType::Address => Vocabulary::Address,
        SemanticType::City => Vocabulary::City,
        SemanticType::State => Vocabulary::State,
        SemanticType::Country => Vocabulary::Country,
        SemanticType::Postcode => Vocabulary::Postcode,
        SemanticType::Company => Vocabulary::Company,
        SemanticType::JobTitle => Vocabulary::JobTitle,
        SemanticType::DocumentNumber => Vocabulary::DocumentNumber,
        SemanticType::Ip => Vocabulary::Ip,
        SemanticType::Url => Vocabulary::Url,
        SemanticType::Title => Vocabulary::Title { unique },
        SemanticType::Text => Vocabulary::Text,
        SemanticType::Uuid => Vocabulary::Uuid,
        SemanticType::PublicNumber => Vocabulary::Number,
        SemanticType::DateOfBirth => Vocabulary::Day(BIRTHS),
        SemanticType::PublicDatetime => Vocabulary::Day(PUBLIC),
        _ => return None,
    })
}

impl Generator for Native {
    fn context(&self) -> &[SemanticType] {
        use SemanticType::{City, Country, FirstName, FullName, LastName, State, Username};
        match self.semantic {
            // No two countries share a phone, an account or the shape of an identity number;
            // of all else a unique column has no two ways to spell the same.
            SemanticType::FirstName
            | SemanticType::LastName
            | SemanticType::Address
            | SemanticType::City
            | SemanticType::Company
                if !self.unique =>
            {
                &[Country]
            }
            SemanticType::Phone | SemanticType::Iban | SemanticType::NationalId => &[Country],
            SemanticType::State if !self.unique => &[City, Country],
            SemanticType::Postcode if !self.unique => &[City, State, Country],
            SemanticType::Latitude | SemanticType::Longitude if !self.unique => &[City, Country],
            SemanticType::FullName => &[FirstName, LastName, Country],
            SemanticType::Username => &[FirstName, LastName, FullName],
            SemanticType::Email => &[Username, FirstName, LastName, FullName],
            _ => &[],
        }
    }

    fn generate(&self, args: &GenerateArgs<'_>) -> Result<ArrayRef, GeneratorError> {
        match (args.data_type, self.semantic, self.days()) {
            (DataType::String, _, _)
            | (DataType::Uuid, SemanticType::Uuid, _)
            | (_, SemanticType::Binary, _) => self.strings(args),
            (data_type, _, Some(days)) if data_type.is_temporal() => {
                scalar::days(self.semantic, days, self.unique, args)
            }
            (_, _, Some(days)) => scalar::day_numbers(self.semantic, days, self.unique, args),
            (_, SemanticType::PublicNumber, _) => {
                scalar::public_numbers(self.semantic, self.unique, args)
            }
            (_, SemanticType::Latitude | SemanticType::Longitude, _) => {
                let rows = Rows::new(args, self.home.land);
                degrees::numbers(self.semantic, self.unique, &rows, args)
            }
            (
                _,
                SemanticType::Phone
                | SemanticType::Postcode
                | SemanticType::NationalId
                | SemanticType::CardNumber,
                _,
            ) => {
                let rows = Rows::new(args, self.home.land);
                scalar::shaped(
                    self.semantic,
                    self.digits,
                    self.home,
                    self.unique,
                    &rows,
                    args,
                )
            }
            _ => scalar::digits(self.semantic, self.digits, self.unique, args),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may end here")]

    use super::*;
    use arrow::array::{Array, AsArray};
    use arrow::util::display::array_value_to_string;
    use prodlike_core::schema::TimeUnit;
    use prodlike_models::philox::mix;
    use std::collections::{BTreeSet, HashSet};

    const UNITS: [TimeUnit; 4] = [
        TimeUnit::Second,
        TimeUnit::Millisecond,
        TimeUnit::Microsecond,
        TimeUnit::Nanosecond,
    ];

    fn data_types() -> Vec<DataType> {
        let mut types = vec![
            DataType::Boolean,
            DataType::Int8,
            DataType::Int16,
            DataType::Int32,
            DataType::Int64,
            DataType::UInt8,
            DataType::UInt16,
            DataType::UInt32,
            DataType::Float32,
            DataType::Float64,
            DataType::Decimal(1, 0),
            DataType::Decimal(2, 2),
            DataType::Decimal(5, 1),
            DataType::Decimal(10, 2),
            DataType::Decimal(18, 0),
            DataType::Decimal(18, 18),
            DataType::Decimal(3, 9),
            DataType::Decimal(9, -2),
            DataType::Decimal(38, 38),
            DataType::Decimal(38, 20),
            DataType::String,
            DataType::Date,
            DataType::UInt64,
            DataType::Int128,
            DataType::UInt128,
            DataType::Time(TimeUnit::Microsecond),
            DataType::Time(TimeUnit::Nanosecond),
            DataType::TimeTz,
            DataType::TimestampTz,
            DataType::Interval,
            DataType::Enum(vec!["a".into()]),
            DataType::Uuid,
            DataType::Blob,
            DataType::Bit,
            DataType::Other("INTEGER[]".into()),
        ];
        types.extend(UNITS.map(DataType::Timestamp));
        types
    }

    fn build(name: &str, unique: bool, templates: &[(&str, u32)]) -> Arc<dyn Generator> {
        let templates = templates
            .iter()
            .map(|(text, weight)| (text.to_string(), *weight))
            .collect();
        NativeGenerators
            .build(&GeneratorSpec {
                name: name.into(),
                unique,
                templates,
                ..GeneratorSpec::default()
            })
            .unwrap()
    }

    fn run(
        generator: &dyn Generator,
        data_type: &DataType,
        rows: &[u64],
        table_rows: u64,
    ) -> Result<ArrayRef, GeneratorError> {
        let seeds: Vec<u64> = rows.iter().map(|row| mix(row ^ 0xABCD)).collect();
        generator.generate(&GenerateArgs {
            data_type,
            rows,
            seeds: &seeds,
            key: 11,
            table_rows,
            context: &[],
        })
    }

    fn strings(name: &str, unique: bool, n_rows: u64) -> Vec<String> {
        let rows: Vec<u64> = (0..n_rows).collect();
        let array = run(&*build(name, unique, &[]), &DataType::String, &rows, n_rows).unwrap();
        array
            .as_string::<i32>()
            .iter()
            .map(|value| value.unwrap().to_string())
            .collect()
    }

    #[test]
    fn every_identifying_type_has_a_generator() {
        let names = NativeGenerators.names();
        for semantic in SemanticType::ALL
            .iter()
            .filter(|semantic| semantic.is_identifying())
        {
            assert!(names.iter().any(|it| it == semantic.as_str()), "{semantic}");
        }
        let spec = GeneratorSpec {
            name: "first_nam".into(),
            ..GeneratorSpec::default()
        };
        let error = NativeGenerators.build(&spec).err().unwrap();
        assert_eq!(error.to_string(), "unknown generator `first_nam`");
        assert!(matches!(error, GeneratorError::Unknown { known, .. } if known == names));
    }

    #[test]
    fn values_do_not_hang_on_the_batch() {
        let rows: Vec<u64> = (0..997).collect();
        let mixed: Vec<u64> = (0..997).rev().collect();
        for name in NativeGenerators.names() {
            for unique in [false, true] {
                for data_type in data_types() {
                    let generator = build(&name, unique, &[("A99", 3), ("99999999", 1)]);
                    let Ok(whole) = run(&*generator, &data_type, &rows, 997) else {
                        continue;
                    };
                    let again = build(&name, unique, &[("A99", 3), ("99999999", 1)]);
                    for part in [&rows[..1], &rows[100..613], &mixed[..]] {
                        let part_of = run(&*again, &data_type, part, 997).unwrap();
                        for (place, &row) in part.iter().enumerate() {
                            assert_eq!(
                                part_of.slice(place, 1).to_data(),
                                whole.slice(row as usize, 1).to_data(),
                                "{name} {data_type} row {row}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn types_work_or_are_refused() {
        let rows: Vec<u64> = (0..500).collect();
        for name in NativeGenerators.names() {
            for unique in [false, true] {
                let generator = build(&name, unique, &[]);
                for data_type in data_types() {
                    match run(&*generator, &data_type, &rows, 500) {
                        Ok(array) => {
                            assert_eq!(array.len(), 500);
                            assert_eq!(array.null_count(), 0);
                            assert_eq!(Some(array.data_type()), data_type.to_arrow().as_ref());
                            let values: BTreeSet<String> = (0..500)
                                .map(|row| array_value_to_string(&array, row).unwrap())
                                .collect();
                            assert!(!unique || values.len() == 500, "{name} {data_type}");
                        }
                        Err(GeneratorError::DataType { .. }) => {
                            assert_ne!(data_type, DataType::String, "{name}");
                        }
                        Err(GeneratorError::Capacity { .. }) => assert!(unique, "{name}"),
                        Err(error) => panic!("{error}"),
                    }
                }
            }
        }
    }

    /// What of DESIGN's promises must work, not only fail cleanly.
    #[test]
    fn carried_types_of_digits_and_days() {
        let rows: Vec<u64> = (0..2_000).collect();
        for (name, types) in [
            (
                "phone",
                vec![
                    DataType::Int32,
                    DataType::Int64,
                    DataType::UInt32,
                    DataType::Float64,
                ],
            ),
            (
                "document_number",
                vec![DataType::Int32, DataType::Int64, DataType::Decimal(18, 0)],
            ),
            (
                "postcode",
                vec![DataType::Int16, DataType::Int32, DataType::Int64],
            ),
            (
                "code",
                vec![DataType::Int16, DataType::Int32, DataType::Int64],
            ),
            (
                "public_number",
                vec![
                    DataType::Int16,
                    DataType::UInt64,
                    DataType::UInt128,
                    DataType::Float64,
                    DataType::Decimal(10, 2),
                    DataType::Decimal(38, 30),
                    DataType::Interval,
                ],
            ),
            (
                "date_of_birth",
                vec![DataType::Date, DataType::Timestamp(TimeUnit::Microsecond)],
            ),
            (
                "public_datetime",
                vec![
                    DataType::Date,
                    DataType::Timestamp(TimeUnit::Nanosecond),
                    DataType::TimestampTz,
                    DataType::Time(TimeUnit::Nanosecond),
                    DataType::TimeTz,
                ],
            ),
            ("uuid", vec![DataType::Uuid]),
            ("binary", vec![DataType::Blob, DataType::Bit]),
        ] {
            for unique in [false, true] {
                for data_type in &types {
                    let array = run(&*build(name, unique, &[]), data_type, &rows, 2_000).unwrap();
                    let values: BTreeSet<String> = (0..2_000)
                        .map(|row| array_value_to_string(&array, row).unwrap())
                        .collect();
                    assert!(
                        values.len() >= if unique { 2_000 } else { 90 },
                        "{name} {data_type}"
                    );
                }
            }
        }
    }

    #[test]
    fn unique_strings_stay_unique_beyond_their_vocabulary() {
        let rows: Vec<u64> = (0..200_000).collect();
        for name in NativeGenerators.names() {
            let array = run(&*build(&name, true, &[]), &DataType::String, &rows, 200_000).unwrap();
            let distinct: HashSet<&str> = array.as_string::<i32>().iter().flatten().collect();
            assert_eq!(distinct.len(), rows.len(), "{name}");
        }
    }

    #[test]
    fn unique_values_do_not_change_as_the_table_grows() {
        let rows: Vec<u64> = (0..100).collect();
        for name in ["full_name", "email", "address", "uuid"] {
            let generator = build(name, true, &[]);
            let small = run(&*generator, &DataType::String, &rows, 100).unwrap();
            let large = run(&*generator, &DataType::String, &rows, 1_000_000).unwrap();
            assert_eq!(small.to_data(), large.to_data(), "{name}");
        }
    }

    #[test]
    fn narrow_types_are_used_up_before_they_are_refused() {
        let rows: Vec<u64> = (0..128).collect();
        let generator = build("public_number", true, &[]);
        let array = run(&*generator, &DataType::Int8, &rows, 128).unwrap();
        let distinct: BTreeSet<String> = (0..128)
            .map(|row| array_value_to_string(&array, row).unwrap())
            .collect();
        assert_eq!(distinct.len(), 128);
        let error = run(&*generator, &DataType::Int8, &rows, 129).unwrap_err();
        assert_eq!(
            error.to_string(),
            "generator `public_number` cannot make 129 distinct values of type TINYINT"
        );
        let error = run(
            &*build("date_of_birth", true, &[]),
            &DataType::Date,
            &[0],
            800_000,
        );
        assert!(matches!(error, Err(GeneratorError::Capacity { .. })));
    }

    #[test]
    fn addresses_of_the_network_are_reserved() {
        for email in strings("email", false, 2_000) {
            let (name, domain) = email.split_once('@').unwrap();
            assert!(
                name.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'.'),
                "{email}"
            );
            assert!(
                ["example.com", "example.org", "example.net"]
                    .iter()
                    .any(|end| domain == *end || domain.ends_with(&format!(".{end}")))
            );
        }
        for ip in strings("ip", false, 2_000) {
            let ip: std::net::Ipv4Addr = ip.parse().unwrap();
            assert!(ip.is_private() || ip.is_documentation(), "{ip}");
        }
        for ip in strings("ip", true, 200_000) {
            assert!(ip.parse::<std::net::IpAddr>().is_ok(), "{ip}");
        }
        assert!(
            strings("phone", true, 100_000)
                .iter()
                .all(|phone| phone.contains("-555-01"))
        );
    }

    #[test]
    fn days_lie_in_their_public_ranges() {
        let rows: Vec<u64> = (0..20_000).collect();
        for (name, first, last) in [
            ("date_of_birth", -10_958, 13_148),
            ("public_datetime", 10_957, 20_088),
        ] {
            let generator = build(name, false, &[]);
            let dates = run(&*generator, &DataType::Date, &rows, 20_000).unwrap();
            let dates = dates
                .as_primitive::<arrow::datatypes::Date32Type>()
                .values();
            assert!(dates.iter().all(|day| (first..=last).contains(day)));
            let spread = (
                dates.iter().min().unwrap() - first,
                last - dates.iter().max().unwrap(),
            );
            assert!(spread.0 < 30 && spread.1 < 30, "{name} {spread:?}");
            let stamp = DataType::Timestamp(TimeUnit::Millisecond);
            let stamps = run(&*generator, &stamp, &rows, 20_000).unwrap();
            let stamps = stamps.as_primitive::<arrow::datatypes::TimestampMillisecondType>();
            assert_eq!(stamps.value(7), i64::from(dates[7]) * 86_400_000);
        }
        assert!(
            strings("date_of_birth", false, 9)
                .iter()
                .all(|date| date.len() == 10)
        );
    }

    #[test]
    fn values_are_varied() {
        for (name, least) in [
            ("first_name", 2_500),
            ("last_name", 2_500),
            ("full_name", 4_990),
            ("email", 4_990),
            ("phone", 4_500),
            ("address", 4_980),
            ("city", 4_000),
            ("company", 4_980),
            ("title", 4_500),
            ("text", 4_990),
            ("state", 50),
            ("job_title", 3_000),
        ] {
            let distinct: BTreeSet<String> = strings(name, false, 5_000).into_iter().collect();
            assert!(distinct.len() >= least, "{name}: {}", distinct.len());
        }
    }

    #[test]
    fn templates_shape_postcodes_and_document_numbers() {
        for name in ["postcode", "document_number", "code"] {
            let array = run(
                &*build(name, false, &[("A9A 9A9", 1)]),
                &DataType::String,
                &[0, 1],
                2,
            )
            .unwrap();
            assert!(
                array
                    .as_string::<i32>()
                    .iter()
                    .all(|value| value.unwrap().len() == 7)
            );
        }
        let array = run(
            &*build("code", false, &[("999", 1)]),
            &DataType::Int64,
            &[0],
            1,
        )
        .unwrap();
        let code = array.as_primitive::<arrow::datatypes::Int64Type>().value(0);
        assert!((100..1_000).contains(&code), "{code}");
    }
}
