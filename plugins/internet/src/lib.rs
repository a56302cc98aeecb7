//! What the Internet knows of a row: email address, link, domain, addresses of networks and
//! network cards, and the browser.
//!
//! Nothing here reaches anybody: domains end with `.example` (RFC 2606), addresses are of
//! ranges for documentation or of ranges that are routed nowhere. Email address and link of a
//! row are of its domain; browser and platform are those of its user agent. Where names of
//! people are shown (`first_name`, `last_name`), addresses are made of them.

mod agents;
mod network;
mod words;

use std::fmt::Write;
use std::net::IpAddr;

use prodlike_sdk::prelude::*;
use prodlike_sdk::{Permutation, Utf8View, ascii};

use agents::AGENTS;
use words::{ADJECTIVES, NOUNS, SECTIONS};

/// What a manifest may say.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Where IPv4 addresses are taken from.
    ipv4: network::Range,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    Email,
    Url,
    Domain,
    Ipv4,
    Ipv6,
    MacAddress,
    UserAgent,
    Browser,
    Platform,
}

const OUTPUTS: [(&str, Output); 9] = [
    ("email", Output::Email),
    ("url", Output::Url),
    ("domain", Output::Domain),
    ("ipv4", Output::Ipv4),
    ("ipv6", Output::Ipv6),
    ("mac_address", Output::MacAddress),
    ("user_agent", Output::UserAgent),
    ("browser", Output::Browser),
    ("platform", Output::Platform),
];

/// Streams of random numbers: columns that agree on something draw it from the same one.
mod stream {
    pub(crate) const DOMAIN: u64 = 0;
    pub(crate) const MAILBOX: u64 = 1;
    pub(crate) const PATH: u64 = 2;
    pub(crate) const IPV4: u64 = 3;
    pub(crate) const IPV6: u64 = 4;
    pub(crate) const MAC: u64 = 5;
    pub(crate) const AGENT: u64 = 6;
    pub(crate) const VERSION: u64 = 7;
}

struct Internet {
    options: Options,
    columns: Vec<(String, Output)>,
    agents: Weighted,
    unique: bool,
}

impl Plugin for Internet {
    type Options = Options;

    fn about() -> About {
        about!()
            .output("email", "email", "An address at the row's domain")
            .output("url", "url", "A link to a page of the row's domain")
            .output("domain", "", "A domain that nobody can have")
            .output("ipv4", "ip", "An address of the Internet, version 4")
            .output("ipv6", "ip", "An address of the Internet, version 6")
            .output("mac_address", "mac_address", "A network card's address")
            .output("user_agent", "user_agent", "What a browser says of itself")
            .output("browser", "", "The browser of the row's user agent")
            .output("platform", "", "The system of the row's user agent")
            .context("first_name")
            .context("last_name")
            .finds("email")
            .finds("url")
            .finds("ip")
            .finds("mac_address")
            .finds("user_agent")
            .example("Addresses of a company's network", r#"{"ipv4": "private"}"#)
    }

    fn configure(options: Options, settings: &Settings) -> Result<Internet, Error> {
        let columns = settings.columns(&OUTPUTS)?;
        let repeats = |output: &Output| {
            use Output::{Browser, Domain, Platform, UserAgent};
            matches!(output, Domain | UserAgent | Browser | Platform)
        };
        // Other columns beside one that tells rows apart may repeat.
        if settings.unique && columns.iter().all(|(_, output)| repeats(output)) {
            return Err(Error::unsupported(
                "only `email`, `url` and addresses of networks can be unique",
            ));
        }
        let agents = Weighted::new(AGENTS.iter().map(|agent| agent.weight));
        Ok(Internet {
            options,
            columns,
            agents: agents.ok_or_else(|| Error::other("no browser is known"))?,
            unique: settings.unique,
        })
    }
}

/// Unique numbers of a batch, and the names of people.
struct Context<'a> {
    unique: Option<Permutation>,
    first: Option<Utf8View<'a>>,
    last: Option<Utf8View<'a>>,
}

impl Context<'_> {
    fn number(&self, row: Row) -> Option<u64> {
        self.unique
            .as_ref()
            .map(|unique| unique.apply(row.number()))
    }
}

impl Generator for Internet {
    fn output(&self) -> Vec<Field> {
        let field = |(name, output): &(String, Output)| match output {
            Output::Browser | Output::Platform => Field::dictionary(name),
            _ => Field::utf8(name),
        };
        self.columns.iter().map(field).collect()
    }

    fn generate(&self, rows: &Rows, input: &Batch<'_>) -> Result<Vec<Column>, Error> {
        let text = |semantic| input.semantic(semantic).map(|view| view.utf8()).transpose();
        let (first, last) = (text("first_name")?, text("last_name")?);
        let columns = self.columns.iter().map(|(_, output)| {
            let n = match output {
                Output::Ipv4 => self.options.ipv4.len(),
                Output::Ipv6 | Output::MacAddress => 1 << network::UNIQUE_BITS,
                _ => rows.total().max(100),
            };
            let unique = self.unique.then(|| rows.unique(n, 0)).transpose()?;
            let context = Context {
                unique,
                first,
                last,
            };
            if let Output::Browser | Output::Platform = output {
                return Ok(self.agents(rows, *output));
            }
            let mut texts = Utf8Builder::with_capacity(rows.len(), 32);
            for row in rows {
                texts.push_with(|text| self.write(*output, row, &context, text));
            }
            Ok(texts.finish())
        });
        columns.collect()
    }
}

impl Internet {
    fn write(&self, output: Output, row: Row, context: &Context<'_>, text: &mut Text) {
        let number = context.number(row);
        match output {
            Output::Email => {
                mailbox(row, context, text);
                text.push('@');
                domain(row, text);
            }
            Output::Url => {
                text.push_str("https://www.");
                domain(row, text);
                path(row, number, text);
            }
            Output::Domain => domain(row, text),
            Output::Ipv4 => {
                let range = self.options.ipv4;
                let number = number.unwrap_or_else(|| row.stream(stream::IPV4).below(range.len()));
                // Texts take what is written.
                let _ = write!(text, "{}", range.address(number));
            }
            Output::Ipv6 => network::ipv6(&mut row.stream(stream::IPV6), number, text),
            Output::MacAddress => network::mac(&mut row.stream(stream::MAC), number, text),
            Output::UserAgent | Output::Browser | Output::Platform => {
                let agent = self.agents.draw(&mut row.stream(stream::AGENT));
                AGENTS[agent].write(&mut row.stream(stream::VERSION), text);
            }
        }
    }

    fn agents(&self, rows: &Rows, output: Output) -> Column {
        let mut names = DictionaryBuilder::default();
        for row in rows {
            let agent = &AGENTS[self.agents.draw(&mut row.stream(stream::AGENT))];
            names.push(match output {
                Output::Browser => agent.browser,
                _ => agent.platform,
            });
        }
        names.finish()
    }
}

/// Writes a row's domain, which is the same in all of its columns.
fn domain(row: Row, text: &mut Text) {
    let mut rng = row.stream(stream::DOMAIN);
    text.push_str(rng.pick(&ADJECTIVES).copied().unwrap_or_default());
    text.push('-');
    text.push_str(rng.pick(&NOUNS).copied().unwrap_or_default());
    text.push_str(".example");
}

/// Writes what is before the `@`: the row's names where some are shown; with a number, it
/// differs from all others.
fn mailbox(row: Row, context: &Context<'_>, text: &mut Text) {
    let name = |view: &Option<Utf8View<'_>>| {
        let name = view.and_then(|view| view.get(row.index())).map(ascii);
        name.filter(|name| !name.is_empty())
    };
    let mut rng = row.stream(stream::MAILBOX);
    let mut word = || rng.pick(&NOUNS).copied().unwrap_or_default().to_owned();
    let (first, last) = (word(), word());
    let (first, last) = match (name(&context.first), name(&context.last)) {
        (Some(first), None) => (first, None),
        (Some(first), Some(last)) => (first, Some(last)),
        (None, Some(last)) => (last, None),
        (None, None) => (first, Some(last)),
    };
    // RFC 5321 allows 64 bytes, and the number needs some.
    const LONGEST: usize = 24;
    text.push_str(first.get(..LONGEST).unwrap_or(&first));
    if let Some(last) = last {
        text.push('.');
        text.push_str(last.get(..LONGEST).unwrap_or(&last));
    }
    if let Some(number) = context.number(row) {
        // Names may end with digits.
        text.push('-');
        text.push_digits(number, number.checked_ilog10().unwrap_or(0) as usize + 1);
    }
}

fn path(row: Row, number: Option<u64>, text: &mut Text) {
    let mut rng = row.stream(stream::PATH);
    text.push('/');
    text.push_str(rng.pick(&SECTIONS).copied().unwrap_or_default());
    if number.is_none() && rng.chance(1, 4) {
        return;
    }
    text.push('/');
    text.push_str(rng.pick(&ADJECTIVES).copied().unwrap_or_default());
    text.push('-');
    text.push_str(rng.pick(&NOUNS).copied().unwrap_or_default());
    let number = number.or_else(|| rng.chance(1, 3).then(|| rng.below(1000)));
    if let Some(number) = number {
        text.push('-');
        text.push_digits(number, number.checked_ilog10().unwrap_or(0) as usize + 1);
    }
}

impl Detector for Internet {
    fn detect(&self, input: &Batch<'_>) -> Result<Vec<Finding>, Error> {
        let Ok(texts) = input.column(0)?.utf8() else {
            return Ok(Vec::new());
        };
        let looks: [fn(&str) -> bool; 5] = [is_email, is_url, is_ip, is_mac, is_agent];
        let findings = (0..).zip(looks).map(|(semantic, is_one)| {
            let matched = texts.iter().flatten().filter(|text| is_one(text.trim()));
            Finding {
                semantic,
                matched: matched.count() as u32,
                // Chance spells none of these.
                chance: 0.001,
            }
        });
        Ok(findings.collect())
    }
}

fn is_email(text: &str) -> bool {
    let Some((mailbox, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let allowed =
        |letter: char| letter.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(letter);
    !mailbox.is_empty()
        && mailbox.chars().all(allowed)
        && domain
            .rsplit_once('.')
            .is_some_and(|(name, last)| !name.is_empty() && last.len() > 1)
        && domain
            .chars()
            .all(|letter| letter.is_alphanumeric() || "-.".contains(letter))
}

fn is_url(text: &str) -> bool {
    let rest = ["http://", "https://", "ftp://", "www."];
    let rest = rest.iter().find_map(|start| text.strip_prefix(start));
    rest.is_some_and(|rest| rest.contains('.') && !rest.contains(char::is_whitespace))
}

fn is_ip(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

fn is_mac(text: &str) -> bool {
    let pairs = text.split([':', '-']);
    text.len() == 17
        && pairs.clone().count() == 6
        && pairs
            .into_iter()
            .all(|pair| pair.len() == 2 && u8::from_str_radix(pair, 16).is_ok())
}

fn is_agent(text: &str) -> bool {
    text.starts_with("Mozilla/") && text.contains('(')
}

prodlike_sdk::export!(Internet: generator, detector);

#[cfg(test)]
mod tests;
