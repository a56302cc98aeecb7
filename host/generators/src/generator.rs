//! Generators by name.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringBuilder};
use prodlike_core::generator::{
    GenerateArgs, Generator, GeneratorError, GeneratorRegistry, GeneratorSpec,
};
use prodlike_core::schema::{DataType, SemanticType};

use crate::binary::Binary;
use crate::code::Code;
use crate::noise::Noise;
use crate::scalar::{self, BIRTHS, Days, PUBLIC};
use crate::vocabulary::{Numbering, Vocabulary};

/// The generators that come with the engine: one per identifying semantic type, and
/// `country`.
///
/// `code`, `document_number` and `postcode` take templates ([`crate::mine_templates`]);
/// the others ignore them.
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
        Ok(Arc::new(Native::new(semantic, spec)))
    }

    fn names(&self) -> Vec<&'static str> {
        available().map(SemanticType::as_str).collect()
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
    /// Digits of a code, for columns of integers.
    digits: Option<u32>,
}

enum Strings {
    Vocabulary(Vocabulary),
    Code(Code),
    Binary(Binary),
}

impl Native {
    fn new(semantic: SemanticType, spec: &GeneratorSpec) -> Native {
        let unique = spec.unique;
        let takes_templates = matches!(
            semantic,
            SemanticType::Code | SemanticType::DocumentNumber | SemanticType::Postcode
        );
        let strings = match semantic {
            _ if takes_templates && !spec.templates.is_empty() => None,
            SemanticType::FirstName => Some(Vocabulary::FirstName),
            SemanticType::LastName => Some(Vocabulary::LastName),
            SemanticType::FullName => Some(Vocabulary::FullName),
            SemanticType::Username => Some(Vocabulary::Username),
            SemanticType::Email => Some(Vocabulary::Email),
            SemanticType::Phone => Some(Vocabulary::Phone),
            SemanticType::Address => Some(Vocabulary::Address),
            SemanticType::City => Some(Vocabulary::City),
            SemanticType::State => Some(Vocabulary::State),
            SemanticType::Country => Some(Vocabulary::Country),
            SemanticType::Postcode => Some(Vocabulary::Postcode),
            SemanticType::Company => Some(Vocabulary::Company),
            SemanticType::JobTitle => Some(Vocabulary::JobTitle),
            SemanticType::DocumentNumber => Some(Vocabulary::DocumentNumber),
            SemanticType::Ip => Some(Vocabulary::Ip),
            SemanticType::Url => Some(Vocabulary::Url),
            SemanticType::Title => Some(Vocabulary::Title { unique }),
            SemanticType::Text => Some(Vocabulary::Text),
            SemanticType::Uuid => Some(Vocabulary::Uuid),
            SemanticType::PublicNumber => Some(Vocabulary::Number),
            SemanticType::DateOfBirth => Some(Vocabulary::Day(BIRTHS)),
            SemanticType::PublicDatetime => Some(Vocabulary::Day(PUBLIC)),
            _ => None,
        };
        let strings = match strings {
            _ if semantic == SemanticType::Binary => {
                Strings::Binary(Binary::new(&spec.templates, unique))
            }
            Some(vocabulary) => Strings::Vocabulary(vocabulary),
            None => Strings::Code(Code::new(&spec.templates, unique)),
        };
        Native {
            semantic,
            unique,
            strings,
            digits: Code::digits(&spec.templates),
        }
    }

    /// The range of the generators that make dates.
    fn days(&self) -> Option<Days> {
        match self.strings {
            Strings::Vocabulary(Vocabulary::Day(days)) => Some(days),
            _ => None,
        }
    }

    fn strings(&self, args: &GenerateArgs<'_>) -> Result<ArrayRef, GeneratorError> {
        if let Strings::Binary(binary) = &self.strings {
            return binary.generate(args);
        }
        let mut builder = StringBuilder::with_capacity(args.rows.len(), args.rows.len() * 16);
        match &self.strings {
            Strings::Binary(_) => {}
            Strings::Code(code) => code.generate(args, |value| builder.append_value(value)),
            Strings::Vocabulary(vocabulary) => {
                if let (Some(days), true) = (self.days(), self.unique) {
                    scalar::check_days(self.semantic, days, args)?;
                }
                let numbering = Numbering::new(args, vocabulary.capacity(), self.unique);
                let mut value = String::new();
                for (&row, &seed) in args.rows.iter().zip(args.seeds) {
                    let mut noise = Noise::new(seed);
                    let (number, lap) = numbering.number(row, &mut noise);
                    value.clear();
                    vocabulary.write(number, lap, &mut noise, &mut value);
                    builder.append_value(&value);
                }
            }
        }
        Ok(Arc::new(builder.finish()))
    }
}

impl Generator for Native {
    fn generate(&self, args: &GenerateArgs<'_>) -> Result<ArrayRef, GeneratorError> {
        match (args.data_type, self.semantic, self.days()) {
            (DataType::String, _, _)
            | (DataType::Uuid, SemanticType::Uuid, _)
            | (_, SemanticType::Binary, _) => self.strings(args),
            (_, _, Some(days)) => scalar::days(self.semantic, days, self.unique, args),
            (_, SemanticType::PublicNumber, _) => {
                scalar::public_numbers(self.semantic, self.unique, args)
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
            assert!(names.contains(&semantic.as_str()), "{semantic}");
        }
        let spec = GeneratorSpec {
            name: "first_nam".into(),
            unique: false,
            templates: Vec::new(),
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
                    let generator = build(name, unique, &[("A99", 3), ("99999999", 1)]);
                    let Ok(whole) = run(&*generator, &data_type, &rows, 997) else {
                        continue;
                    };
                    let again = build(name, unique, &[("A99", 3), ("99999999", 1)]);
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
                let generator = build(name, unique, &[]);
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
            let array = run(&*build(name, true, &[]), &DataType::String, &rows, 200_000).unwrap();
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
