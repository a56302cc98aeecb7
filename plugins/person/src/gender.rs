//! Genders as columns tell them.

use prodlike_sdk::prelude::*;

/// What a given name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gender {
    Female,
    Male,
}

/// What columns are called that tell it.
const COLUMNS: [&str; 13] = [
    "gender",
    "sex",
    "geschlecht",
    "anrede",
    "salutation",
    "civilite",
    "sexe",
    "sexo",
    "genero",
    "genere",
    "sesso",
    "geslacht",
    "kon",
];
const FEMALE: [&str; 15] = [
    "f", "female", "w", "weiblich", "woman", "girl", "frau", "femme", "femenino", "mujer", "donna",
    "ms", "mrs", "miss", "mme",
];
const MALE: [&str; 13] = [
    "m",
    "male",
    "mannlich",
    "maennlich",
    "man",
    "boy",
    "herr",
    "homme",
    "masculino",
    "hombre",
    "uomo",
    "mr",
    "monsieur",
];

impl Gender {
    /// In the order of the variants.
    pub(crate) const NAMES: [&str; 2] = ["female", "male"];

    fn of_text(text: &str) -> Option<Gender> {
        let text = prodlike_sdk::ascii(text);
        match text.as_str() {
            text if FEMALE.contains(&text) => Some(Gender::Female),
            text if MALE.contains(&text) => Some(Gender::Male),
            "1" => Some(Gender::Male),
            "2" => Some(Gender::Female),
            _ => None,
        }
    }
}

/// The genders of a batch's rows, as far as a column tells them.
pub(crate) struct Genders {
    told: Vec<Option<Gender>>,
}

impl Genders {
    /// Reads the column that is called so, if there is one: texts, or the numbers of ISO 5218.
    pub(crate) fn of(input: &Batch<'_>) -> Result<Genders, Error> {
        let is_one = |view: &View<'_>| {
            let name = prodlike_sdk::ascii(&view.field().name);
            COLUMNS.contains(&name.as_str())
        };
        let Some(view) = input.iter().find(is_one) else {
            return Ok(Genders { told: Vec::new() });
        };
        let told = match view.field().is_text() {
            true => {
                let texts = view.utf8()?;
                texts.iter().map(|text| Gender::of_text(text?)).collect()
            }
            false => {
                let numbers = view.integers()?;
                let gender = |row| match numbers.get(row)? {
                    1 => Some(Gender::Male),
                    2 => Some(Gender::Female),
                    _ => None,
                };
                (0..view.len()).map(gender).collect()
            }
        };
        Ok(Genders { told })
    }

    /// Returns a row's gender, if it is told.
    pub(crate) fn get(&self, row: Row) -> Option<Gender> {
        self.told.get(row.index()).copied().flatten()
    }
}
