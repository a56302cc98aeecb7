//! Codes of diagnoses in the shape of ICD-10, and National Provider Identifiers.
//!
//! Codes lie within the chapters of ICD-10 (WHO), whose letters and ranges are public; which
//! of the codes exist is not looked up, and no text of the classification is contained.

use prodlike_sdk::prelude::*;

/// What a manifest may say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Chapters of ICD-10 by their Roman numerals, and weights; those of a hospital's inpatients
    /// where the list is empty.
    chapters: Vec<Chapter>,
    /// Characters behind the point, 0 to 4.
    #[schemars(range(min = 0, max = 4))]
    subdivision: u8,
    /// Whether there is a point.
    point: bool,
}

/// A chapter and how often it comes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Chapter {
    /// `IX`, say.
    chapter: String,
    /// How often, beside the others.
    #[serde(default = "one")]
    weight: u32,
}

fn one() -> u32 {
    1
}

impl Default for Options {
    fn default() -> Options {
        Options {
            chapters: Vec::new(),
            subdivision: 1,
            point: true,
        }
    }
}

/// Chapters: numerals, first and last category, and weights as among inpatients.
const CHAPTERS: [(&str, &str, &str, u64); 21] = [
    ("I", "A00", "B99", 30),
    ("II", "C00", "D48", 95),
    ("III", "D50", "D89", 8),
    ("IV", "E00", "E90", 30),
    ("V", "F00", "F99", 60),
    ("VI", "G00", "G99", 40),
    ("VII", "H00", "H59", 20),
    ("VIII", "H60", "H95", 8),
    ("IX", "I00", "I99", 150),
    ("X", "J00", "J99", 65),
    ("XI", "K00", "K93", 100),
    ("XII", "L00", "L99", 15),
    ("XIII", "M00", "M99", 90),
    ("XIV", "N00", "N99", 55),
    ("XV", "O00", "O99", 50),
    ("XVI", "P00", "P96", 10),
    ("XVII", "Q00", "Q99", 6),
    ("XVIII", "R00", "R99", 50),
    ("XIX", "S00", "T98", 100),
    ("XX", "V01", "Y98", 5),
    ("XXI", "Z00", "Z99", 25),
];

#[derive(Clone, Copy)]
enum Output {
    Icd10,
    Chapter,
    Npi,
}

const OUTPUTS: [(&str, Output); 3] = [
    ("icd10", Output::Icd10),
    ("icd10_chapter", Output::Chapter),
    ("npi", Output::Npi),
];

/// Streams of random numbers.
const CHAPTER: u64 = 0;
const CODE: u64 = 1;
const NPI: u64 = 2;
/// NPIs begin with 1 or 2; eight digits follow before the check digit.
const NPIS: u64 = 200_000_000;

struct Medical {
    options: Options,
    outputs: Vec<Output>,
    names: Vec<String>,
    /// Numbers of the first category of each chapter, and of the one behind the last.
    chapters: Vec<(&'static str, u64, u64)>,
    weights: Weighted,
    unique: bool,
}

/// Returns a category's number: letters count hundreds.
fn category(code: &str) -> u64 {
    let bytes = code.as_bytes();
    u64::from(bytes[0] - b'A') * 100 + u64::from(bytes[1] - b'0') * 10 + u64::from(bytes[2] - b'0')
}

impl Plugin for Medical {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("icd10", "", "A code in the shape of ICD-10: I21.4")
            .output(
                "icd10_chapter",
                "",
                "The chapter that the row's code lies in: IX",
            )
            .output(
                "npi",
                "",
                "A National Provider Identifier, with its check digit",
            )
            .example(
                "Heart and lung alone",
                r#"{"chapters": [{"chapter": "IX"}, {"chapter": "X"}]}"#,
            )
            .example("Categories", r#"{"subdivision": 0}"#)
    }

    fn configure(options: Options, settings: &Settings) -> Result<Medical, Error> {
        if options.subdivision > 4 {
            return Err(Error::option("subdivision", "it must be from 0 to 4"));
        }
        let bounds = |(numeral, first, last, _): &(&'static str, &str, &str, u64)| {
            (*numeral, category(first), category(last) + 1)
        };
        let mut chapters: Vec<_> = CHAPTERS.iter().map(bounds).collect();
        let mut weights: Vec<u64> = CHAPTERS.iter().map(|chapter| chapter.3).collect();
        if !options.chapters.is_empty() {
            chapters.clear();
            weights.clear();
            for (index, wanted) in options.chapters.iter().enumerate() {
                let chapter = CHAPTERS.iter().find(|chapter| chapter.0 == wanted.chapter);
                let chapter = chapter.ok_or_else(|| {
                    let path = format!("chapters[{index}].chapter");
                    Error::option(path, "there are I to XXI")
                })?;
                chapters.push(bounds(chapter));
                weights.push(wanted.weight.into());
            }
        }
        let weights = Weighted::new(weights)
            .ok_or_else(|| Error::option("chapters", "one weight at least must not be 0"))?;
        let outputs = settings.outputs(&OUTPUTS)?;
        if settings.unique && outputs.iter().any(|output| !matches!(output, Output::Npi)) {
            return Err(Error::unsupported(
                "diagnoses repeat; only `npi` can be unique",
            ));
        }
        let names = match settings.wanted.as_slice() {
            [] => vec![OUTPUTS[0].0.to_owned()],
            wanted => wanted.iter().map(|field| field.name.clone()).collect(),
        };
        Ok(Medical {
            options,
            outputs,
            names,
            chapters,
            weights,
            unique: settings.unique,
        })
    }
}

impl Generator for Medical {
    fn output(&self) -> Vec<Field> {
        let field = |(output, name): (&Output, &String)| match output {
            Output::Chapter => Field::dictionary(name),
            Output::Icd10 | Output::Npi => Field::utf8(name),
        };
        self.outputs.iter().zip(&self.names).map(field).collect()
    }

    fn generate(&self, rows: &Rows, _: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let unique = self.unique.then(|| rows.unique(NPIS, 0)).transpose()?;
        let column = |output: &Output| match output {
            Output::Icd10 => {
                let mut codes = Utf8Builder::with_capacity(rows.len(), 8);
                rows.iter()
                    .for_each(|row| codes.push_with(|text| self.code(row, text)));
                codes.finish()
            }
            Output::Chapter => {
                let mut chapters = DictionaryBuilder::default();
                let keys: Vec<u32> = self
                    .chapters
                    .iter()
                    .map(|chapter| chapters.position(chapter.0))
                    .collect();
                rows.iter()
                    .for_each(|row| chapters.push_key(keys[self.chapter(row)]));
                chapters.finish()
            }
            Output::Npi => {
                let mut npis = Utf8Builder::with_capacity(rows.len(), 10);
                for row in rows {
                    let number = match &unique {
                        Some(unique) => unique.apply(row.number()),
                        None => row.stream(NPI).below(NPIS),
                    };
                    npis.push_with(|text| npi(number, text));
                }
                npis.finish()
            }
        };
        Ok(self.outputs.iter().map(column).collect())
    }
}

impl Medical {
    fn chapter(&self, row: Row) -> usize {
        self.weights.draw(&mut row.stream(CHAPTER))
    }

    fn code(&self, row: Row, text: &mut Text) {
        let (_, from, to) = self.chapters[self.chapter(row)];
        let mut rng = row.stream(CODE);
        let category = from + rng.below(to - from);
        text.push((b'A' + (category / 100) as u8).into());
        text.push_digits(category % 100, 2);
        if self.options.subdivision > 0 {
            if self.options.point {
                text.push('.');
            }
            let width = usize::from(self.options.subdivision);
            text.push_digits(rng.below(10u64.pow(width as u32)), width);
        }
    }
}

/// Writes an identifier: Luhn's rule over it with 80840 before (45 CFR 162.406).
fn npi(number: u64, text: &mut Text) {
    let body = 100_000_000 + number;
    // The prefix adds 24 to the sum of digits.
    let mut sum = 24;
    let mut rest = body;
    for place in 0..9 {
        let digit = rest % 10;
        rest /= 10;
        sum += if place % 2 == 0 {
            digit * 2 / 10 + digit * 2 % 10
        } else {
            digit
        };
    }
    text.push_digits(body, 9);
    text.push_digits((10 - sum % 10) % 10, 1);
}

prodlike_sdk::export!(Medical: generator);

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use prodlike_sdk::testing::Job;

    use super::*;

    /// The example of the standard: 123456789 has the check digit 3.
    #[test]
    fn npis_have_the_check_digit_of_the_standard() {
        let mut npis = Utf8Builder::default();
        npis.push_with(|text| npi(23_456_789, text));
        let npis = prodlike_sdk::testing::Table::new([(Field::utf8("npi"), npis.finish())]);
        assert_eq!(npis.text(0), [Some("1234567893")]);
    }

    #[test]
    fn npis_do_not_repeat() {
        let job = Job::new("{}").wanted(&["npi"]).unique().rows(10_000);
        let table = job.generate::<Medical>().unwrap();
        let npis: HashSet<_> = table.text(0).into_iter().flatten().collect();
        assert_eq!(npis.len(), 10_000);
        assert!(
            npis.iter()
                .all(|npi| npi.len() == 10 && npi.starts_with(['1', '2']))
        );
    }

    #[test]
    fn codes_lie_in_the_rows_chapter() {
        let table = Job::new("{}")
            .wanted(&["icd10", "icd10_chapter"])
            .generate::<Medical>()
            .unwrap();
        for (code, numeral) in table.text(0).into_iter().flatten().zip(table.text(1)) {
            let chapter = CHAPTERS
                .iter()
                .find(|chapter| Some(chapter.0) == numeral)
                .unwrap();
            assert!(
                (chapter.1..=chapter.2).contains(&&code[..3]),
                "{code} {numeral:?}"
            );
            assert!(code.len() == 5 && &code[3..4] == ".", "{code}");
        }
    }

    #[test]
    fn wrong_options_are_named() {
        let error = |options: &str| {
            Job::new(options)
                .configure::<Medical>()
                .err()
                .unwrap()
                .to_string()
        };
        let unknown = r#"{"chapters": [{"chapter": "ZZZ"}]}"#;
        assert!(error(unknown).starts_with("option `chapters[0].chapter`"));
        assert!(error(r#"{"subdivision": 9}"#).starts_with("option `subdivision`"));
    }
}
