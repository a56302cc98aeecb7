//! Vehicle identification numbers (ISO 3779) with the check digit that North America asks for.
//!
//! A VIN begins with a manufacturer's code, tells the model year in its tenth place and ends
//! with a serial number. Places four to eight, which describe the model, are drawn.

use prodlike_sdk::prelude::*;

/// What a manifest may say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// The first model year, from 1980.
    #[schemars(range(min = 1980, max = 2039))]
    from: u16,
    /// The last model year, up to 2039.
    #[schemars(range(min = 1980, max = 2039))]
    to: u16,
    /// Makes that come, by name; all there are where the list is empty.
    makes: Vec<String>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            from: 2005,
            to: 2025,
            makes: Vec::new(),
        }
    }
}

#[derive(Clone, Copy)]
enum Output {
    Vin,
    Make,
    Year,
}

const OUTPUTS: [(&str, Output); 3] = [
    ("vin", Output::Vin),
    ("make", Output::Make),
    ("model_year", Output::Year),
];

/// Manufacturers' codes, makes and how often they come.
const MAKES: [(&str, &str, u64); 30] = [
    ("WVW", "Volkswagen", 90),
    ("1VW", "Volkswagen", 10),
    ("WAU", "Audi", 50),
    ("WBA", "BMW", 50),
    ("WDD", "Mercedes-Benz", 50),
    ("WP0", "Porsche", 8),
    ("W0L", "Opel", 25),
    ("VF1", "Renault", 45),
    ("VF3", "Peugeot", 40),
    ("VF7", "Citroën", 30),
    ("ZFA", "Fiat", 30),
    ("ZAR", "Alfa Romeo", 6),
    ("VSS", "Seat", 20),
    ("TMB", "Škoda", 35),
    ("YV1", "Volvo", 20),
    ("SAL", "Land Rover", 10),
    ("SAJ", "Jaguar", 4),
    ("UU1", "Dacia", 20),
    ("JTD", "Toyota", 60),
    ("4T1", "Toyota", 40),
    ("JHM", "Honda", 30),
    ("1HG", "Honda", 35),
    ("JN1", "Nissan", 30),
    ("JM1", "Mazda", 20),
    ("JF1", "Subaru", 12),
    ("KMH", "Hyundai", 40),
    ("KNA", "Kia", 35),
    ("1FA", "Ford", 50),
    ("1G1", "Chevrolet", 45),
    ("5YJ", "Tesla", 15),
];
/// Characters of a VIN: no I, O or Q.
const CHARACTERS: &[u8; 33] = b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
/// Characters of the model year, from 1980 and again from 2010.
const YEARS: &[u8; 30] = b"ABCDEFGHJKLMNPRSTVWXY123456789";
/// Characters of a plant and serial number together, by which unique numbers differ.
const SERIALS: u64 = 33 * 1_000_000;

struct Vehicle {
    options: Options,
    outputs: Vec<Output>,
    names: Vec<String>,
    /// Positions in the list of makes, by weight.
    makes: Vec<usize>,
    weights: Weighted,
    unique: bool,
}

impl Plugin for Vehicle {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("vin", "", "A vehicle identification number")
            .output("make", "", "The make that the row's VIN tells")
            .output("model_year", "", "The model year that the row's VIN tells")
            .example(
                "Young cars of one make",
                r#"{"from": 2020, "to": 2025, "makes": ["Kia"]}"#,
            )
    }

    fn configure(options: Options, settings: &Settings) -> Result<Vehicle, Error> {
        let outputs = settings.outputs(&OUTPUTS)?;
        if settings.unique && !outputs.iter().any(|output| matches!(output, Output::Vin)) {
            return Err(Error::unsupported("only `vin` can be unique"));
        }
        if options.from < 1980 || options.from > options.to || options.to > 2039 {
            return Err(Error::option("from", "years go from 1980 to 2039, upwards"));
        }
        for (index, make) in options.makes.iter().enumerate() {
            if MAKES.iter().all(|(_, known, _)| known != make) {
                let path = format!("makes[{index}]");
                return Err(Error::option(path, "that make is not known"));
            }
        }
        let wanted =
            |make: &str| options.makes.is_empty() || options.makes.iter().any(|m| m == make);
        let makes: Vec<usize> = (0..MAKES.len())
            .filter(|&make| wanted(MAKES[make].1))
            .collect();
        let weights = Weighted::new(makes.iter().map(|&make| MAKES[make].2))
            .ok_or_else(|| Error::option("makes", "there is none"))?;
        let names = match settings.wanted.as_slice() {
            [] => vec![OUTPUTS[0].0.to_owned()],
            wanted => wanted.iter().map(|field| field.name.clone()).collect(),
        };
        Ok(Vehicle {
            outputs,
            names,
            options,
            makes,
            weights,
            unique: settings.unique,
        })
    }
}

impl Generator for Vehicle {
    fn output(&self) -> Vec<Field> {
        let field = |(output, name): (&Output, &String)| match output {
            Output::Vin => Field::utf8(name),
            Output::Make => Field::dictionary(name),
            Output::Year => Field::int64(name),
        };
        self.outputs.iter().zip(&self.names).map(field).collect()
    }

    fn generate(&self, rows: &Rows, _: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let unique = self.unique.then(|| rows.unique(SERIALS, 0)).transpose()?;
        let column = |output: &Output| match output {
            Output::Vin => {
                let mut vins = Utf8Builder::with_capacity(rows.len(), 17);
                for row in rows {
                    let serial = unique.as_ref().map(|unique| unique.apply(row.number()));
                    let vin = self.vin(row, serial);
                    vins.push_with(|text| vin.iter().for_each(|&byte| text.push_ascii(byte)));
                }
                vins.finish()
            }
            Output::Make => {
                let mut names = DictionaryBuilder::default();
                let keys: Vec<u32> = self
                    .makes
                    .iter()
                    .map(|&make| names.position(MAKES[make].1))
                    .collect();
                for row in rows {
                    names.push_key(keys[self.weights.draw(&mut row.stream(MAKE))]);
                }
                names.finish()
            }
            Output::Year => {
                let mut years = Int64Builder::with_capacity(rows.len());
                years.extend(rows.iter().map(|row| self.year(row)));
                years.finish()
            }
        };
        Ok(self.outputs.iter().map(column).collect())
    }
}

/// Streams of random numbers.
const MAKE: u64 = 0;
const YEAR: u64 = 1;
const MODEL: u64 = 2;

impl Vehicle {
    fn year(&self, row: Row) -> i64 {
        row.stream(YEAR)
            .range(self.options.from.into(), self.options.to.into())
    }

    fn vin(&self, row: Row, serial: Option<u64>) -> [u8; 17] {
        let make = self.makes[self.weights.draw(&mut row.stream(MAKE))];
        let mut rng = row.stream(MODEL);
        let mut vin = [b'0'; 17];
        vin[..3].copy_from_slice(MAKES[make].0.as_bytes());
        for place in &mut vin[3..8] {
            *place = CHARACTERS[rng.below(33) as usize];
        }
        vin[9] = YEARS[(self.year(row) - 1980) as usize % 30];
        let mut serial = serial.unwrap_or_else(|| rng.below(SERIALS));
        for place in vin[11..].iter_mut().rev() {
            *place = b'0' + (serial % 10) as u8;
            serial /= 10;
        }
        vin[10] = CHARACTERS[serial as usize % 33];
        vin[8] = check(&vin);
        vin
    }
}

/// Returns the check digit: a weighted sum modulo 11, X for 10 (49 CFR 565.15).
fn check(vin: &[u8; 17]) -> u8 {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let value = |byte: u8| match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'H' => byte - b'A' + 1,
        b'J'..=b'R' => byte - b'J' + 1,
        _ => byte.saturating_sub(b'S') + 2,
    };
    let sum: u32 = vin
        .iter()
        .zip(WEIGHTS)
        .map(|(&byte, weight)| u32::from(value(byte)) * weight)
        .sum();
    match sum % 11 {
        10 => b'X',
        digit => b'0' + digit as u8,
    }
}

prodlike_sdk::export!(Vehicle: generator);

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use prodlike_sdk::testing::Job;

    use super::*;

    #[test]
    fn check_digits_are_those_of_known_numbers() {
        for vin in [
            b"11111111111111111",
            b"1M8GDM9AXKP042788",
            b"5GZCZ43D13S812715",
        ] {
            assert_eq!(check(vin), vin[8]);
        }
    }

    #[test]
    fn vins_agree_with_make_and_year_and_do_not_repeat() {
        let job = Job::new("{}")
            .rows(10_000)
            .unique()
            .wanted(&["vin", "make", "model_year"]);
        let table = job.generate::<Vehicle>().unwrap();
        let (vins, makes) = (table.text(0), table.text(1));
        let years = table.column(2).as_int64().unwrap().to_vec();
        for ((vin, make), year) in vins.iter().flatten().zip(makes.iter().flatten()).zip(years) {
            let bytes: &[u8; 17] = vin.as_bytes().try_into().unwrap();
            assert_eq!(check(bytes), bytes[8], "{vin}");
            assert!(
                MAKES
                    .iter()
                    .any(|(code, known, _)| vin.starts_with(code) && known == make)
            );
            assert_eq!(YEARS[(year as usize - 1980) % 30], bytes[9]);
        }
        assert_eq!(vins.iter().collect::<HashSet<_>>().len(), 10_000);
    }

    #[test]
    fn wrong_options_are_named() {
        let error = |options: &str| {
            Job::new(options)
                .configure::<Vehicle>()
                .err()
                .unwrap()
                .to_string()
        };
        assert!(error(r#"{"makes": ["Kia", "Kai"]}"#).starts_with("option `makes[1]`"));
        assert!(error(r#"{"from": 2030, "to": 2020}"#).starts_with("option `from`"));
    }

    #[test]
    fn more_rows_than_numbers_are_refused() {
        let job = Job::new("{}").rows(1);
        let vehicle = job.clone().unique().configure::<Vehicle>().unwrap();
        let rows = Job::new("{}").rows(40_000_000).batch_rows(0, 1);
        assert!(vehicle.generate(&rows, &Batch::new(&[], &[])).is_err());
    }
}
