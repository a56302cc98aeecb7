//! People: given name, family name, user name and email address of one row fit one another, its
//! country and its gender.
//!
//! All outputs draw the same person from the row's seed, so columns that are filled by several
//! of them agree. The gender is that of an input column called so (`gender`, `sex`, `anrede`…),
//! if the manifest shows one. Addresses end with `.example`, which RFC 2606 reserves: no mail
//! reaches anybody.

mod cultures;
mod detect;
mod gender;

use std::cell::OnceCell;

use prodlike_sdk::prelude::*;

use cultures::{Culture, Name};
use gender::{Gender, Genders};

/// What a manifest may say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Countries, as ISO 3166 writes them (`DE`), where no column tells; the locale's, or all
    /// there are, where the list is empty.
    countries: Vec<String>,
    /// The script of names that have one of their own.
    script: Script,
    /// Women of a hundred people, where no column tells.
    #[schemars(range(min = 0, max = 100))]
    women: u32,
    /// What email addresses end with, each as likely; where there is none, `mail.`, the
    /// country's code and `.example`.
    domains: Vec<String>,
}

/// How names are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Script {
    /// In the own script where the locale's language is written in it, else in Latin letters.
    #[default]
    Auto,
    /// In the own script.
    Native,
    /// In Latin letters.
    Latin,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            countries: Vec::new(),
            script: Script::Auto,
            women: 50,
            domains: Vec::new(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Output {
    FirstName,
    LastName,
    FullName,
    Gender,
    Username,
    Email,
}

const OUTPUTS: [(&str, Output); 6] = [
    ("full_name", Output::FullName),
    ("first_name", Output::FirstName),
    ("last_name", Output::LastName),
    ("gender", Output::Gender),
    ("username", Output::Username),
    ("email", Output::Email),
];

/// Streams of random numbers: columns that agree on something draw it from the same one.
mod stream {
    pub(crate) const COUNTRY: u64 = 0;
    pub(crate) const GENDER: u64 = 1;
    pub(crate) const FIRST: u64 = 2;
    pub(crate) const LAST: u64 = 3;
    pub(crate) const ACCOUNT: u64 = 4;
    pub(crate) const DOMAIN: u64 = 5;
}

struct Person {
    options: Options,
    columns: Vec<(String, Output)>,
    cultures: Vec<Culture>,
    /// The culture of each country.
    countries: Countries<usize>,
    unique: bool,
    known: OnceCell<detect::Known>,
}

impl Plugin for Person {
    type Options = Options;

    fn about() -> About {
        about!()
            .output(
                "full_name",
                "full_name",
                "Both names in the country's order",
            )
            .output("first_name", "first_name", "A given name")
            .output("last_name", "last_name", "A family name")
            .output("gender", "", "`female` or `male`, as the given name is")
            .output(
                "username",
                "username",
                "An account's name, made of the names",
            )
            .output(
                "email",
                "email",
                "The user name at a domain that nobody has",
            )
            .context("country")
            .finds("first_name")
            .finds("last_name")
            .finds("full_name")
            .example("Of two countries", r#"{"countries": ["DE", "AT"]}"#)
            .example(
                "Japanese names in kanji, at one company",
                r#"{"countries": ["JP"], "script": "native", "domains": ["sakura.example"]}"#,
            )
    }

    fn configure(options: Options, settings: &Settings) -> Result<Person, Error> {
        let columns = settings.columns(&OUTPUTS)?;
        let differs =
            |(_, output): &(String, Output)| matches!(output, Output::Username | Output::Email);
        // Other columns beside one that tells rows apart may repeat.
        if settings.unique && !columns.iter().any(differs) {
            return Err(Error::unsupported(
                "only `username` and `email` can be unique: names repeat",
            ));
        }
        if options.women > 100 {
            return Err(Error::option("women", "it must be from 0 to 100"));
        }
        for (index, domain) in options.domains.iter().enumerate() {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
            if domain.is_empty() || !domain.bytes().all(allowed) {
                let path = format!("domains[{index}]");
                return Err(Error::option(path, "it is no name of a domain"));
            }
        }
        let cultures = cultures::all();
        let known = known(&cultures, settings.locale.as_deref());
        Ok(Person {
            countries: Countries::new(known, &options.countries, settings)?,
            options,
            columns,
            cultures,
            unique: settings.unique,
            known: OnceCell::new(),
        })
    }
}

/// Returns the position of each country's culture: in the locale's country that of its language.
fn known(cultures: &[Culture], locale: Option<&str>) -> Vec<(&'static str, usize)> {
    let mut known: Vec<(&'static str, usize)> = Vec::new();
    for (position, culture) in cultures.iter().enumerate() {
        known.extend(culture.countries.split(' ').map(|code| (code, position)));
    }
    let spoken = locale.and_then(|locale| locale.split_once('_'));
    if let Some((language, country)) = spoken
        && let Some(position) = cultures.iter().position(|it| it.language == language)
    {
        let here = known.iter_mut().filter(|(code, _)| *code == country);
        here.for_each(|(_, culture)| *culture = position);
    }
    known
}

/// The person of a row.
struct Someone<'a> {
    country: &'static str,
    culture: &'a Culture,
    gender: Gender,
    first: &'a Name,
    last: &'a Name,
}

impl Generator for Person {
    fn output(&self) -> Vec<Field> {
        let field = |(name, output): &(String, Output)| match output {
            Output::Gender => Field::dictionary(name),
            _ => Field::utf8(name),
        };
        self.columns.iter().map(field).collect()
    }

    fn generate(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        // The numbers that make accounts differ have two digits at least.
        let numbers = rows.total().max(90);
        let unique = self.unique.then(|| rows.unique(numbers, 0)).transpose()?;
        let countries = self.countries.of(input)?;
        let genders = Genders::of(input)?;
        let someone = |row: Row| {
            let (country, &culture) = countries.get(row, stream::COUNTRY);
            let women = self.options.women.into();
            let gender = genders.get(row).unwrap_or_else(|| {
                match row.stream(stream::GENDER).chance(women, 100) {
                    true => Gender::Female,
                    false => Gender::Male,
                }
            });
            self.someone(row, country, &self.cultures[culture], gender)
        };
        let number = |row: Row| {
            unique
                .as_ref()
                .map(|unique| 10 + unique.apply(row.number()))
        };
        let columns = self.columns.iter().map(|(_, output)| {
            if let Output::Gender = output {
                let mut genders = DictionaryBuilder::with_values(Gender::NAMES);
                for row in rows {
                    genders.push_key(someone(row).gender as u32);
                }
                return genders.finish();
            }
            let mut texts = Utf8Builder::with_capacity(rows.len(), 24);
            for row in rows {
                let someone = someone(row);
                texts.push_with(|text| match output {
                    Output::FirstName => text.push_str(self.spelt(&someone, someone.first)),
                    Output::LastName => text.push_str(self.spelt(&someone, someone.last)),
                    Output::FullName => self.full_name(&someone, text),
                    Output::Gender => {}
                    Output::Username => someone.account(row, number(row), text),
                    Output::Email => {
                        someone.account(row, number(row), text);
                        self.domain(&someone, row, text);
                    }
                });
            }
            texts.finish()
        });
        Ok(columns.collect())
    }
}

impl Person {
    fn someone<'a>(
        &'a self,
        row: Row,
        country: &'static str,
        culture: &'a Culture,
        gender: Gender,
    ) -> Someone<'a> {
        let names = culture.names();
        let given = match gender {
            Gender::Female => &names.female,
            Gender::Male => &names.male,
        };
        let first = row.stream(stream::FIRST).below(given.len() as u64);
        let last = row.stream(stream::LAST).below(names.last.len() as u64);
        let (his, hers) = &names.last[last as usize];
        Someone {
            country,
            culture,
            gender,
            first: &given[first as usize],
            last: match gender {
                Gender::Female => hers,
                Gender::Male => his,
            },
        }
    }

    /// Whether a culture's names are written in its own script.
    fn is_native(&self, culture: &Culture) -> bool {
        match self.options.script {
            Script::Native => true,
            Script::Latin => false,
            // Only a locale makes one country stand out.
            Script::Auto => {
                culture.has_script && self.options.countries.is_empty() && {
                    let local = self.countries.local();
                    local.is_some_and(|&local| self.cultures[local].language == culture.language)
                }
            }
        }
    }

    fn spelt<'a>(&self, someone: &Someone<'a>, name: &'a Name) -> &'a str {
        match self.is_native(someone.culture) {
            true => &name.native,
            false => &name.latin,
        }
    }

    fn full_name(&self, someone: &Someone<'_>, text: &mut Text) {
        let native = self.is_native(someone.culture) && someone.culture.has_script;
        let (in_native, in_latin) = someone.culture.family_first;
        let family_first = if native { in_native } else { in_latin };
        let names = match family_first {
            true => [someone.last, someone.first],
            false => [someone.first, someone.last],
        };
        text.push_str(self.spelt(someone, names[0]));
        text.push_str(if native {
            someone.culture.between()
        } else {
            " "
        });
        text.push_str(self.spelt(someone, names[1]));
    }

    fn domain(&self, someone: &Someone<'_>, row: Row, text: &mut Text) {
        text.push('@');
        if let Some(domain) = row.stream(stream::DOMAIN).pick(&self.options.domains) {
            text.push_str(domain);
            return;
        }
        text.push_str("mail.");
        for byte in someone.country.bytes() {
            text.push_ascii(byte.to_ascii_lowercase());
        }
        text.push_str(".example");
    }
}

impl Someone<'_> {
    /// Writes the name of an account; with a number, it differs from that of any other.
    fn account(&self, row: Row, number: Option<u64>, text: &mut Text) {
        let (first, last) = (self.first.ascii.as_str(), self.last.ascii.as_str());
        let mut rng = row.stream(stream::ACCOUNT);
        let initial = first.get(..1).unwrap_or(first);
        let (left, between, right) = match rng.below(10) {
            0..4 => (first, ".", last),
            4..6 => (initial, "", last),
            6..8 => (first, "", last),
            8 => (first, "_", last),
            _ => (last, ".", first),
        };
        text.push_str(left);
        text.push_str(between);
        text.push_str(right);
        let number = number.or_else(|| rng.chance(2, 5).then(|| 10 + rng.below(90)));
        if let Some(number) = number {
            text.push_digits(number, number.ilog10() as usize + 1);
        }
    }
}

prodlike_sdk::export!(Person: generator, detector);

#[cfg(test)]
mod tests;
