//! Values that follow a country: names, towns, streets, companies, prose, and the numbers
//! whose shape a country decides.
//!
//! The country is the row's where the table has one, else the column's own locale's, else
//! nobody's: then the vocabularies that need no country speak. A unique column may follow
//! the row only where no two countries can spell the same text: accounts begin with their
//! country, telephones with a calling code, and identity numbers differ in shape.

use std::sync::LazyLock;

use fake::locales::{Data, EN};
use prodlike_core::schema::SemanticType;

use crate::context::Rows;
use crate::cultures::Culture;
use crate::lands::{self, LANDS, Land, Place};
use crate::noise::Noise;
use crate::pattern::Patterns;
use crate::style::Style;
use crate::vocabulary::{Mixed, Vocabulary, again, initials, numeral, push_number};
use crate::words::Name;

/// Where a column is at home.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Home {
    pub(crate) land: Option<usize>,
    /// The language of the locale, which need not be the land's first.
    culture: Option<Culture>,
}

impl Home {
    pub(crate) fn new(locale: Option<&str>) -> Home {
        let Some(locale) = locale else {
            return Home::default();
        };
        let land = lands::by_locale(locale).or_else(|| lands::by_locale("en_GB"));
        let culture = match locale.split_once('_') {
            Some(("fr", _)) => Some(Culture::French),
            Some(("it", _)) => Some(Culture::Italian),
            Some(("de", _)) => Some(Culture::German),
            Some(("nl", _)) => Some(Culture::Dutch),
            Some(("en", country)) if country != "IN" => Some(Culture::English),
            _ => None,
        };
        Home { land, culture }
    }

    fn culture(self, land: Option<usize>) -> Culture {
        match (land, self.culture) {
            (Some(_), Some(culture)) if land == self.land => culture,
            (Some(land), _) => LANDS[land].culture,
            (None, _) => Culture::English,
        }
    }

    /// Whether a culture's names are written in its own script here.
    fn is_native(self, culture: Culture) -> bool {
        let own = self.land.map(|land| self.culture(Some(land)));
        !culture.words().is_native || own.is_some_and(|own| own.words().is_native)
    }
}

/// Spells the values of one column.
pub(crate) struct Speller<'a> {
    pub(crate) semantic: SemanticType,
    /// What is spelt where there is no country.
    pub(crate) placeless: Option<Vocabulary>,
    pub(crate) home: Home,
    pub(crate) style: &'a Style,
    pub(crate) lengths: &'a [u32],
    pub(crate) rows: &'a Rows,
}

/// Which lands' identity numbers can be told from all others' by their shape.
static TOLD_APART: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let ids = || LANDS.iter().map(|land| &land.national_id);
    ids()
        .enumerate()
        .map(|(at, own)| !own.is_empty() && ids().take(at).all(|earlier| !earlier.meet(own)))
        .collect()
});

/// The land that stands for none, for numbers that every land shapes.
fn standard(semantic: SemanticType) -> usize {
    let code = match semantic {
        SemanticType::Iban => "de_DE",
        _ => "en_US",
    };
    lands::by_locale(code).unwrap_or(0)
}

impl<'a> Speller<'a> {
    /// The numbers of a land, where the semantic type is one that lands shape.
    fn shape(&self, land: Option<usize>) -> Option<&'static Patterns> {
        let of = |land: &'static Land| match self.semantic {
            SemanticType::Phone => Some(&land.phone),
            SemanticType::Postcode => Some(&land.postcode),
            SemanticType::Iban => Some(&land.iban),
            SemanticType::NationalId => Some(&land.national_id),
            _ => None,
        };
        let land = land.or((self.semantic != SemanticType::Postcode).then_some(0));
        let own = of(LANDS.get(land?)?)?;
        match own.is_empty() || land == Some(0) && self.semantic == SemanticType::Iban {
            true => of(&LANDS[standard(self.semantic)]),
            false => Some(own),
        }
    }

    /// The land of a row of a unique column.
    pub(crate) fn unique_land(&self, at: usize) -> Option<usize> {
        let may_follow = match self.semantic {
            SemanticType::Iban => true,
            SemanticType::Phone => self.style.is_international(),
            SemanticType::NationalId => self.style.is_spaced(),
            _ => false,
        };
        if !may_follow || self.rows.is_home() {
            return self.home.land;
        }
        let land = self.rows.land(at);
        if self.semantic == SemanticType::NationalId {
            return land.filter(|&land| TOLD_APART.get(land) == Some(&true));
        }
        land
    }

    /// Returns how many values a unique column has before laps make them longer: the least
    /// of all lands where rows may have any.
    pub(crate) fn unique_capacity(&self) -> u64 {
        match self.rows.is_home() {
            true => self.capacity(self.home.land),
            false => 1_000,
        }
    }

    /// Returns how many values a land has.
    pub(crate) fn capacity(&self, land: Option<usize>) -> u64 {
        if let Some(shape) = self.shape(land) {
            return shape.capacity.max(1);
        }
        let culture = self.home.culture(land);
        let words = culture.words();
        let product = |sizes: &[usize]| sizes.iter().map(|&size| size as u64).product::<u64>();
        let placeless = self.placeless.map_or(1, Vocabulary::capacity);
        let Some(land) = land.map(|land| &LANDS[land]) else {
            return placeless;
        };
        let own = match self.semantic {
            SemanticType::FirstName => product(&[culture.first().len()]),
            SemanticType::LastName => product(&[culture.last().len()]),
            SemanticType::FullName => product(&[culture.first().len(), culture.last().len()]),
            SemanticType::City => {
                (land.places.len() + words.towns.0.len() * words.towns.1.len()) as u64
            }
            SemanticType::State => product(&[land.places.len()]),
            SemanticType::Address => product(&[240, words.stems.len(), words.streets.len()]),
            SemanticType::Company => product(&[
                culture.last().len(),
                culture.last().len(),
                words.company_forms.len(),
            ]),
            SemanticType::Title => product(&[words.nouns.len(), words.nouns.len()]),
            SemanticType::Text => match words.sentence.iter().map(Vec::len).product::<usize>() {
                0 => product(&[words.nouns.len(), words.nouns.len()]),
                sentences => sentences as u64,
            },
            _ => 0,
        };
        if own == 0 { placeless } else { own }
    }

    /// Appends the value of a number below a land's capacity, on a lap.
    pub(crate) fn write(
        &self,
        land: Option<usize>,
        number: u64,
        lap: u64,
        noise: &mut Noise,
        out: &mut String,
    ) {
        if let Some(shape) = self.shape(land) {
            return self.write_shape(land, shape, number, lap, out);
        }
        let culture = self.home.culture(land);
        let words = culture.words();
        let native = self.home.is_native(culture);
        let mut index = Mixed(number);
        let Some(place) = land.map(|land| &LANDS[land]) else {
            return self.write_placeless(number, lap, noise, out);
        };
        let pick = |index: &mut Mixed, list: &[&'static str]| -> &'static str {
            match list {
                [] => "",
                list => list[index.take(list.len())],
            }
        };
        match self.semantic {
            SemanticType::FirstName | SemanticType::LastName => {
                let names = match self.semantic {
                    SemanticType::FirstName => culture.first(),
                    _ => culture.last(),
                };
                out.push_str(spelt(&names[index.take(names.len())], native));
                if lap > 0 {
                    let mut rest = Mixed(lap - 1);
                    out.push(' ');
                    out.push_str(spelt(&names[rest.take(names.len())], native));
                    numeral(rest.0, " ", out);
                }
            }
            SemanticType::FullName => {
                let first = spelt(&culture.first()[index.take(culture.first().len())], native);
                let last = spelt(&culture.last()[index.take(culture.last().len())], native);
                self.whole(culture, first, last, lap, out);
            }
            SemanticType::City => {
                let listed = place.places.len() as u64;
                match number.checked_sub(listed) {
                    None => {
                        let place = &place.places[number as usize];
                        out.push_str(if native { place.native } else { place.city });
                    }
                    Some(made) => {
                        let mut index = Mixed(made);
                        out.push_str(pick(&mut index, &words.towns.0));
                        out.push_str(pick(&mut index, &words.towns.1));
                    }
                }
                again(lap, out);
            }
            SemanticType::State => {
                out.push_str(self.state(&place.places[number as usize % place.places.len()]));
                again(lap, out);
            }
            SemanticType::Address if !words.streets.is_empty() => {
                let house = 1 + index.take(240) as u64;
                let stem = pick(&mut index, &words.stems);
                for letter in pick(&mut index, &words.streets).chars() {
                    match letter {
                        '*' => out.push_str(stem),
                        '#' => push_number(house, 1, out),
                        letter => out.push(letter),
                    }
                }
                numeral(lap, " / ", out);
            }
            SemanticType::Company if !words.company_forms.is_empty() => {
                let names = culture.last();
                let (one, two) = (index.take(names.len()), index.take(names.len()));
                out.push_str(spelt(&names[one], native));
                if one != two {
                    out.push_str(if native && words.is_native {
                        "・"
                    } else {
                        " & "
                    });
                    out.push_str(spelt(&names[two], native));
                }
                again(lap, out);
                out.push_str(if native && words.between.is_empty() {
                    ""
                } else {
                    " "
                });
                out.push_str(pick(&mut index, &words.company_forms));
            }
            SemanticType::Title if !words.nouns.is_empty() => {
                self.title(words, &mut index, out);
                again(lap, out);
            }
            SemanticType::Text if !words.nouns.is_empty() => {
                self.prose(words, number, lap, noise, out);
            }
            _ => self.write_placeless(number, lap, noise, out),
        }
    }

    fn write_placeless(&self, number: u64, lap: u64, noise: &mut Noise, out: &mut String) {
        match self.placeless {
            Some(Vocabulary::State) if self.style.is_abbreviation() => {
                let states = EN::ADDRESS_STATE_ABBR;
                out.push_str(
                    states
                        .get(number as usize % states.len().max(1))
                        .unwrap_or(&""),
                );
                let more = number / states.len().max(1) as u64;
                again(lap * 2 + more.min(1), out);
            }
            Some(Vocabulary::Text) => {
                Vocabulary::Text.write(number, lap, noise, out);
                self.lengthen(noise, out, |noise, out| {
                    let number = noise.below(Vocabulary::Text.capacity());
                    Vocabulary::Text.write(number, 0, noise, out);
                });
            }
            Some(vocabulary) => vocabulary.write(number, lap, noise, out),
            None => {}
        }
    }

    /// Appends a number in its land's shape and the column's style.
    fn write_shape(
        &self,
        land: Option<usize>,
        shape: &Patterns,
        number: u64,
        lap: u64,
        out: &mut String,
    ) {
        let spaced = self.style.is_spaced();
        let start = out.len();
        match self.semantic {
            SemanticType::Iban => {
                shape.write(number, |_| true, out);
                if self.style.shape().is_some() && spaced {
                    group(start, 4, out);
                }
            }
            SemanticType::Phone => {
                shape.write(number, |_| true, out);
                if !self.style.is_international() {
                    national(land, start, out);
                }
                if !spaced {
                    out.retain(|letter| letter.is_ascii_digit() || letter == '+');
                }
                return numeral(lap, " x", out);
            }
            _ => {
                let spaced = spaced || self.is_mixed();
                shape.write(
                    number,
                    |letter| spaced || letter.is_ascii_alphanumeric(),
                    out,
                );
            }
        }
        numeral(lap, "#", out);
    }

    fn whole(&self, culture: Culture, first: &str, last: &str, lap: u64, out: &mut String) {
        let words = culture.words();
        let native = self.home.is_native(culture);
        if words.family_first && native {
            out.push_str(last);
            out.push_str(words.between);
            out.push_str(first);
            initials(lap, out);
        } else {
            out.push_str(first);
            initials(lap, out);
            out.push(' ');
            out.push_str(last);
        }
    }

    /// Appends the whole name of a row whose parts are columns too.
    pub(crate) fn known_name(
        &self,
        land: Option<usize>,
        (first, last): (Option<&str>, Option<&str>),
        lap: u64,
        noise: &mut Noise,
        out: &mut String,
    ) {
        let culture = self.home.culture(land);
        let native = self.home.is_native(culture);
        let mut draw = |names: &'static [Name]| {
            let at = noise.below(names.len() as u64) as usize;
            names.get(at).map_or("", |name| spelt(name, native))
        };
        let first = first.unwrap_or_else(|| draw(culture.first()));
        let last = last.unwrap_or_else(|| draw(culture.last()));
        self.whole(culture, first, last, lap, out);
    }

    /// Draws a row's number where values may repeat: towns are the listed ones half the time.
    pub(crate) fn draw(&self, land: Option<usize>, noise: &mut Noise) -> u64 {
        let capacity = self.capacity(land);
        if let (SemanticType::City, Some(land)) = (self.semantic, land) {
            let listed = LANDS[land].places.len() as u64;
            if noise.below(2) == 0 {
                return noise.below(listed);
            }
        }
        noise.below(capacity)
    }

    /// Appends what follows from the row's town or state, if anything does.
    pub(crate) fn follow_place(&self, at: usize, noise: &mut Noise, out: &mut String) -> bool {
        let place = match (self.rows.place(at), self.rows.state(at)) {
            (Some((_, place)), _) => place,
            (None, Some(state)) if self.semantic == SemanticType::Postcode => {
                let Some(land) = self.rows.land(at) else {
                    return false;
                };
                let is_there = |place: &&Place| place.state == state || place.state_code == state;
                match LANDS[land].places.iter().find(is_there) {
                    Some(place) => place,
                    None => return false,
                }
            }
            _ => return false,
        };
        match self.semantic {
            SemanticType::State => out.push_str(self.state(place)),
            SemanticType::Postcode => {
                let spaced = self.style.is_spaced() || self.is_mixed();
                let keep = |letter: u8| spaced || letter.is_ascii_alphanumeric();
                place
                    .postcode
                    .write(noise.below(place.postcode.capacity), keep, out);
            }
            _ => return false,
        }
        true
    }

    /// Whether the column has postcodes of several countries, each with signs of its own: the
    /// heaviest template is then one country's, and says nothing of the others.
    fn is_mixed(&self) -> bool {
        self.semantic == SemanticType::Postcode && !self.rows.is_home()
    }

    fn state(&self, place: &'static Place) -> &'static str {
        match self.style.is_abbreviation() && !place.state_code.is_empty() {
            true => place.state_code,
            false => place.state,
        }
    }

    fn title(&self, words: &crate::cultures::Words, index: &mut Mixed, out: &mut String) {
        let (one, two) = (index.take(words.nouns.len()), index.take(words.nouns.len()));
        out.push_str(words.nouns[one]);
        if one != two {
            let space = if words.between.is_empty() { "" } else { " " };
            for word in [space, words.and, space, words.nouns[two]] {
                out.push_str(word);
            }
        }
    }

    /// Appends sentences until they are as long as the real column's.
    fn prose(
        &self,
        words: &crate::cultures::Words,
        number: u64,
        lap: u64,
        noise: &mut Noise,
        out: &mut String,
    ) {
        let sentence = |number: u64, lap: u64, out: &mut String| {
            let mut index = Mixed(number);
            if words.sentence[0].is_empty() {
                self.title(words, &mut index, out);
            } else {
                for (place, list) in words.sentence.iter().enumerate() {
                    if place > 0 {
                        out.push_str(words.between);
                    }
                    out.push_str(list[index.take(list.len())]);
                }
            }
            let closed = out.ends_with('。');
            numeral(lap, if closed { "" } else { " " }, out);
            if !closed {
                out.push('.');
            }
        };
        let capacity = self.capacity(self.home.land);
        sentence(number, lap, out);
        self.lengthen(noise, out, |noise, out| {
            sentence(noise.below(capacity), 0, out)
        });
    }

    /// Adds sentences up to a length drawn from the real column's, and cuts at a word what
    /// goes beyond; never into the first sentence, which makes the value what it is.
    fn lengthen(
        &self,
        noise: &mut Noise,
        out: &mut String,
        mut more: impl FnMut(&mut Noise, &mut String),
    ) {
        let Some(last) = self.lengths.len().checked_sub(1) else {
            return;
        };
        let at = noise.below(last as u64 + 1) as usize;
        let (low, high) = (self.lengths[at], self.lengths[(at + 1).min(last)]);
        let wanted =
            (u64::from(low) + noise.below(u64::from(high.saturating_sub(low)) + 1)) as usize;
        let wanted = wanted.min(1 << 20);
        let first = out.len();
        let mut letters = out.chars().count();
        while letters + 1 < wanted {
            let before = out.len();
            if !out.ends_with('。') {
                out.push(' ');
            }
            more(noise, out);
            letters += out[before..].chars().count();
        }
        if letters > wanted {
            let end = out
                .char_indices()
                .nth(wanted)
                .map_or(out.len(), |(end, _)| end);
            let end = out[..end].rfind([' ', '。']).map_or(first, |space| space);
            out.truncate(end.max(first));
        }
    }
}

fn spelt(name: &'static Name, native: bool) -> &'static str {
    if native { &name.native } else { &name.name }
}

/// Puts a space behind every few characters.
fn group(start: usize, every: usize, out: &mut String) {
    let mut at = start + every;
    while at < out.len() {
        out.insert(at, ' ');
        at += every + 1;
    }
}

/// Turns an international number into one as dialled at home.
fn national(land: Option<usize>, start: usize, out: &mut String) {
    const NO_TRUNK: &[&str] = &[
        "US", "CA", "ES", "PT", "PL", "CZ", "DK", "NO", "GR", "MX", "CL", "LU", "IT", "CO",
    ];
    let Some(space) = out[start..].find(' ') else {
        return;
    };
    out.replace_range(start..=start + space, "");
    let code = land.map_or("US", |land| LANDS[land].code);
    if !NO_TRUNK.contains(&code) && !out[start..].starts_with('0') {
        out.insert(start, '0');
    }
}
