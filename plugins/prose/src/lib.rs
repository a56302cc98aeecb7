//! Sentences: from templates, or from what `learn` counted.
//!
//! Learning counts pairs of neighbouring words, each row once; the host keeps those that
//! enough entities share. Texts are walks along these pairs, as often as each was counted: no
//! text of the source comes out but by way of pairs that many wrote.

use std::collections::BTreeMap;

use prodlike_sdk::prelude::*;

/// What a manifest may say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Texts in which `{list}` stands for a word of that list, and `#` for a digit. Where there
    /// are some, nothing that was learned is used.
    templates: Vec<String>,
    /// Words by the names of their lists.
    words: BTreeMap<String, Vec<String>>,
    /// Words of a learned text at most.
    #[schemars(range(min = 1, max = 1000))]
    max_words: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            templates: Vec::new(),
            words: BTreeMap::new(),
            max_words: 60,
        }
    }
}

/// A template, read once.
enum Part {
    Literal(String),
    Words(Vec<String>),
    Digit,
}

/// What may follow a word: the draw, and the words; the empty one ends the text.
struct Next {
    draw: Weighted,
    words: Vec<String>,
}

enum Source {
    Templates(Vec<Vec<Part>>),
    Pairs(BTreeMap<String, Next>),
}

struct Prose {
    source: Source,
    max_words: u32,
    name: String,
}

/// Between the two words of a key; no word holds it, as words end at white space.
const BETWEEN: char = ' ';
/// What is said where nothing else is.
const DEFAULT: [&str; 4] = [
    "Please call back on {day}.",
    "Delivered on {day}, signed by the neighbour.",
    "Asked for invoice ####, sent by mail.",
    "No answer on {day}, try again.",
];
const DAYS: [&str; 5] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];

impl Plugin for Prose {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("text", "text", "A sentence or several")
            .example(
                "Notes of a workshop",
                r#"{"templates": ["Changed {part}, {part} is worn (order ####)"], "words": {"part": ["brakes", "tyres", "oil"]}}"#,
            )
    }

    fn configure(options: Options, settings: &Settings) -> Result<Prose, Error> {
        if !(1..=1000).contains(&options.max_words) {
            return Err(Error::option("max_words", "it must be from 1 to 1000"));
        }
        if settings.unique {
            return Err(Error::unsupported("texts may repeat"));
        }
        let source = if !options.templates.is_empty() || settings.learned.is_empty() {
            Source::Templates(templates(&options)?)
        } else {
            Source::Pairs(pairs(settings)?)
        };
        Ok(Prose {
            source,
            max_words: options.max_words,
            name: settings
                .wanted
                .first()
                .map_or("text".into(), |field| field.name.clone()),
        })
    }
}

fn templates(options: &Options) -> Result<Vec<Vec<Part>>, Error> {
    if options.templates.is_empty() {
        let days: Vec<String> = DAYS.iter().map(|&day| day.into()).collect();
        let words = BTreeMap::from([("day".to_owned(), days)]);
        return DEFAULT
            .iter()
            .map(|text| template(text, &words, "templates"))
            .collect();
    }
    let all = options.templates.iter().enumerate();
    all.map(|(index, text)| template(text, &options.words, &format!("templates[{index}]")))
        .collect()
}

fn template(
    text: &str,
    words: &BTreeMap<String, Vec<String>>,
    path: &str,
) -> Result<Vec<Part>, Error> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '#']) {
        if at > 0 {
            parts.push(Part::Literal(rest[..at].to_owned()));
        }
        if rest[at..].starts_with('#') {
            parts.push(Part::Digit);
            rest = &rest[at + 1..];
            continue;
        }
        let (name, behind) = rest[at + 1..]
            .split_once('}')
            .ok_or_else(|| Error::option(path, "a `{` is not closed"))?;
        let list = words.get(name).filter(|list| !list.is_empty());
        let list =
            list.ok_or_else(|| Error::option(path, format!("`words` has no list `{name}`")))?;
        parts.push(Part::Words(list.clone()));
        rest = behind;
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    Ok(parts)
}

/// Returns what follows what; a pair without its beginning is never reached, and a word that
/// nothing follows ends the text.
fn pairs(settings: &Settings) -> Result<BTreeMap<String, Next>, Error> {
    let mut followers: BTreeMap<String, Vec<(String, u64)>> = BTreeMap::new();
    for count in &settings.learned {
        if let Some((word, next)) = count.key.split_once(BETWEEN) {
            followers
                .entry(word.to_owned())
                .or_default()
                .push((next.to_owned(), count.rows));
        }
    }
    let mut pairs = BTreeMap::new();
    for (word, next) in followers {
        let (words, rows): (Vec<String>, Vec<u64>) = next.into_iter().unzip();
        if let Some(draw) = Weighted::new(rows) {
            pairs.insert(word, Next { draw, words });
        }
    }
    if pairs.contains_key("") {
        Ok(pairs)
    } else {
        Err(Error::unsupported(
            "too few entities share a beginning of these texts",
        ))
    }
}

impl Generator for Prose {
    fn output(&self) -> Vec<Field> {
        vec![Field::utf8(&self.name)]
    }

    fn generate(&self, rows: &Rows, _: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let mut texts = Utf8Builder::with_capacity(rows.len(), 48);
        for row in rows {
            let mut rng = row.rng();
            texts.push_with(|text| match &self.source {
                Source::Templates(templates) => {
                    for part in rng.pick(templates).into_iter().flatten() {
                        match part {
                            Part::Literal(literal) => text.push_str(literal),
                            Part::Digit => text.push_digits(rng.below(10), 1),
                            Part::Words(words) => {
                                text.push_str(rng.pick(words).map_or("", String::as_str));
                            }
                        }
                    }
                }
                Source::Pairs(pairs) => self.walk(pairs, &mut rng, text),
            });
        }
        Ok(vec![texts.finish()])
    }
}

impl Prose {
    fn walk(&self, pairs: &BTreeMap<String, Next>, rng: &mut Rng, text: &mut Text) {
        let mut word = "";
        for place in 0..self.max_words {
            let Some(next) = pairs.get(word) else { return };
            word = &next.words[next.draw.draw(rng)];
            if word.is_empty() {
                return;
            }
            if place > 0 {
                text.push(' ');
            }
            text.push_str(word);
        }
    }
}

impl Learn for Prose {
    /// Pairs of words: `"" first`, `first second`, … `last ""`.
    fn keys(&self, input: &Batch<'_>) -> Result<Column, Error> {
        let texts = input.column(0)?.utf8()?;
        let mut keys = ListBuilder::new(Utf8Builder::default());
        for value in texts.iter() {
            let Some(value) = value else {
                keys.push_with(|_| 0);
                continue;
            };
            keys.push_with(|keys| {
                let mut count = 0;
                let mut before = "";
                for word in value.split_whitespace().chain([""]) {
                    if before.is_empty() && word.is_empty() {
                        break;
                    }
                    keys.push_with(|text| {
                        text.push_str(before);
                        text.push(BETWEEN);
                        text.push_str(word);
                    });
                    before = word;
                    count += 1;
                }
                count
            });
        }
        Ok(keys.finish(Utf8Builder::finish))
    }
}

prodlike_sdk::export!(Prose: generator, learn);

#[cfg(test)]
mod tests {
    use prodlike_sdk::testing::{Job, Table};

    use super::*;

    #[test]
    fn templates_are_filled() {
        let options = r#"{"templates": ["{a}-##!"], "words": {"a": ["x", "y"]}}"#;
        let table = Job::new(options).generate::<Prose>().unwrap();
        for text in table.text(0).into_iter().flatten() {
            assert!(
                text.starts_with(['x', 'y']) && text.ends_with('!') && text.len() == 5,
                "{text}"
            );
            assert!(text[2..4].bytes().all(|byte| byte.is_ascii_digit()));
        }
    }

    #[test]
    fn pairs_are_learned_and_walked() {
        let texts = Table::of_text(&[Some("the cat sat"), None, Some("")]);
        let job = Job::new("{}").input(texts.clone());
        let keys = job
            .configure::<Prose>()
            .unwrap()
            .keys(&texts.batch())
            .unwrap();
        let list = Table::new([(Field::list("keys", Field::utf8("item")), keys)]);
        let list = list.column(0);
        assert_eq!(list.list(0), Some(0..4));
        assert_eq!(list.list(2), Some(4..4));
        let items: Vec<&str> = list
            .child(0)
            .unwrap()
            .utf8()
            .unwrap()
            .iter()
            .flatten()
            .collect();
        assert_eq!(items, [" the", "the cat", "cat sat", "sat "]);

        let learned = [
            (" a", 3),
            (" the", 1),
            ("a ", 1),
            ("a dog", 3),
            ("dog ", 4),
            ("the dog", 1),
        ];
        let table = Job::new("{}")
            .learned(&learned)
            .rows(4000)
            .generate::<Prose>()
            .unwrap();
        let texts = table.text(0);
        let share = |wanted: &str| {
            texts
                .iter()
                .flatten()
                .filter(|text| **text == wanted)
                .count() as f64
                / 4000.0
        };
        assert!((share("the dog") - 0.25).abs() < 0.03);
        assert!((share("a dog") - 0.5625).abs() < 0.03);
        assert!((share("a") - 0.1875).abs() < 0.03);
    }

    #[test]
    fn circles_end() {
        let learned = [(" a", 1), ("a a", 1)];
        let table = Job::new(r#"{"max_words": 5}"#)
            .learned(&learned)
            .generate::<Prose>()
            .unwrap();
        assert!(table.text(0).iter().all(|text| *text == Some("a a a a a")));
    }

    #[test]
    fn wrong_templates_are_named() {
        let error = |options: &str| {
            Job::new(options)
                .configure::<Prose>()
                .err()
                .unwrap()
                .to_string()
        };
        assert!(error(r#"{"templates": ["x", "{y}"]}"#).starts_with("option `templates[1]`"));
        assert!(error(r#"{"templates": ["{y"]}"#).starts_with("option `templates[0]`"));
    }
}
