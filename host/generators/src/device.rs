//! Cards, network cards, browsers and paths.
//!
//! Card numbers begin with 9999: ISO/IEC 7812-1 gives the first digit 9 to national
//! standards bodies, which put their ISO 3166 number behind it, and 999 is no country's. So
//! no issuer has them, and the Luhn digit is right. Addresses of network cards have the
//! "locally administered" bit of IEEE 802 set, and so no maker.

use prodlike_core::schema::SemanticType;

use crate::checks::Check;
use crate::pattern::Patterns;
use crate::style::Style;
use crate::vocabulary::{Mixed, numeral, push_hex, push_lower, push_number};
use crate::words::{ADJECTIVES, FIRST, NOUNS};

/// First digits of every card number.
const ISSUER: &str = "9999";
const FOLDERS: [&str; 8] = [
    "Documents",
    "Downloads",
    "Pictures",
    "Projects",
    "Reports",
    "Music",
    "Archive",
    "Work",
];
const EXTENSIONS: [&str; 12] = [
    "pdf", "docx", "xlsx", "csv", "txt", "png", "jpg", "zip", "json", "mp3", "pptx", "log",
];

/// What is spelt.
pub(crate) enum Device {
    /// A card, and where its separators are: place in the digits, separator.
    Card {
        patterns: Patterns,
        separators: Vec<(usize, char)>,
    },
    /// Separator of the pairs, and whether letters are capitals.
    Mac(Option<char>, bool),
    Agent(Patterns),
    /// Whether paths have drive letters.
    Path(bool),
}

impl Device {
    pub(crate) fn new(semantic: SemanticType, style: &Style) -> Option<Device> {
        Some(match semantic {
            SemanticType::CardNumber => {
                let shape = style.shape().unwrap_or_default();
                let digits = shape.chars().filter(|&letter| letter == '9').count();
                let known = (12..=19).contains(&digits)
                    && shape
                        .chars()
                        .all(|letter| matches!(letter, '9' | ' ' | '-'));
                let mut separators = Vec::new();
                let mut place = 0;
                for letter in shape.chars().filter(|_| known) {
                    match letter {
                        '9' => place += 1,
                        letter => separators.push((place, letter)),
                    }
                }
                Device::Card {
                    patterns: card(if known { digits } else { 16 }),
                    separators,
                }
            }
            SemanticType::MacAddress => Device::Mac(
                match style.shape() {
                    Some(_) => style.separator(),
                    None => Some(':'),
                },
                style.is_upper(),
            ),
            SemanticType::UserAgent => Device::Agent(Patterns::new(&agents(), Check::None)),
            SemanticType::FilePath => Device::Path(style.is_drive()),
            _ => return None,
        })
    }

    /// Returns how many values there are before a lap makes them longer.
    pub(crate) fn capacity(&self) -> u64 {
        match self {
            Device::Card { patterns, .. } | Device::Agent(patterns) => patterns.capacity,
            Device::Mac(..) => 1 << 46,
            Device::Path(_) => {
                let sizes = [FIRST.len(), FOLDERS.len(), ADJECTIVES.len(), NOUNS.len()];
                sizes.iter().map(|&size| size as u64).product::<u64>() * EXTENSIONS.len() as u64
            }
        }
    }

    /// Appends the value of a number below the capacity, on a lap.
    pub(crate) fn write(&self, number: u64, lap: u64, out: &mut String) {
        match self {
            Device::Card {
                patterns,
                separators,
            } => {
                patterns.write(number, |_| true, out);
                for (before, &(place, separator)) in separators.iter().enumerate() {
                    if place + before <= out.len() {
                        out.insert(place + before, separator);
                    }
                }
                numeral(lap, "#", out);
            }
            Device::Mac(separator, upper) => {
                // The two low bits of the first byte: one card, locally administered.
                let first = number & 0x3F;
                let address = (first << 2 | 2) << 40 | number >> 6;
                for pair in (0..6).rev() {
                    push_hex(address >> (8 * pair) & 0xFF, 2, out);
                    if let (Some(separator), true) = (separator, pair > 0) {
                        out.push(*separator);
                    }
                }
                if *upper {
                    out.make_ascii_uppercase();
                }
                numeral(lap, "#", out);
            }
            Device::Agent(patterns) => {
                patterns.write(number, |_| true, out);
                numeral(lap, " Build/", out);
            }
            Device::Path(drive) => {
                let mut index = Mixed(number);
                let user = index.name(&FIRST);
                let folder = FOLDERS[index.take(FOLDERS.len())];
                let (adjective, noun) = (index.word(ADJECTIVES), index.word(NOUNS));
                let extension = EXTENSIONS[index.take(EXTENSIONS.len())];
                let slash = if *drive { '\\' } else { '/' };
                out.push_str(if *drive { "C:\\Users" } else { "/home" });
                out.push(slash);
                out.push_str(&user.lower);
                out.push(slash);
                out.push_str(folder);
                out.push(slash);
                push_lower(adjective, out);
                out.push('-');
                push_lower(noun, out);
                if lap > 0 {
                    out.push('-');
                    push_number(lap, 1, out);
                }
                out.push('.');
                out.push_str(extension);
            }
        }
    }
}

/// Card numbers of so many digits.
pub(crate) fn card(digits: usize) -> Patterns {
    let open = digits.saturating_sub(ISSUER.len() + 1).max(1);
    Patterns::new(&format!("{ISSUER}{{#{open}}}?"), Check::Luhn)
}

/// Browsers on their systems; the semicolons of the originals part alternatives here, and
/// are written as the pattern's own character for them.
fn agents() -> String {
    let chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{100-139}.0.{1000-9999}.{10-99}";
    [
        format!("Mozilla/5.0 (Windows NT 10.0\u{1}Win64\u{1}x64) {chrome} Safari/537.36"),
        format!("Mozilla/5.0 (Macintosh\u{1}Intel Mac OS X 10_15_7) {chrome} Safari/537.36"),
        format!("Mozilla/5.0 (X11\u{1}Linux x86_64) {chrome} Safari/537.36"),
        format!("Mozilla/5.0 (Linux\u{1}Android {{10-15}}) {chrome} Mobile Safari/537.36"),
    ]
    .join(";")
}
