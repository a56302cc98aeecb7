//! The word lists, computed once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fake::locales::{CY_GB, DE_DE, Data, EN, FR_FR, IT_IT, NL_NL, PT_BR, PT_PT, TR_TR};

/// A name in its own script, in Latin letters, and in small ones for addresses.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) name: String,
    pub(crate) native: String,
    pub(crate) lower: String,
}

/// Given names in ASCII letters, each once whatever its case, in alphabetical order.
pub(crate) static FIRST: LazyLock<Vec<Name>> = LazyLock::new(|| {
    names(
        [
            EN::NAME_FIRST_NAME,
            FR_FR::NAME_FIRST_NAME,
            DE_DE::NAME_FIRST_NAME,
            IT_IT::NAME_FIRST_NAME,
            NL_NL::NAME_FIRST_NAME,
            PT_BR::NAME_FIRST_NAME,
            PT_PT::NAME_FIRST_NAME,
            CY_GB::NAME_FIRST_NAME,
            TR_TR::NAME_FIRST_NAME,
        ]
        .into_iter()
        .flatten()
        .map(|name| (*name).to_string()),
    )
});

/// Family names: `fake`'s, and as many composed ones.
pub(crate) static LAST: LazyLock<Vec<Name>> = LazyLock::new(|| {
    let listed = [
        EN::NAME_LAST_NAME,
        FR_FR::NAME_LAST_NAME,
        DE_DE::NAME_LAST_NAME,
        IT_IT::NAME_LAST_NAME,
        NL_NL::NAME_LAST_NAME,
        PT_BR::NAME_LAST_NAME,
        PT_PT::NAME_LAST_NAME,
        CY_GB::NAME_LAST_NAME,
        TR_TR::NAME_LAST_NAME,
    ];
    let composed = STEMS
        .iter()
        .flat_map(|stem| ENDINGS.iter().map(move |ending| format!("{stem}{ending}")));
    names(
        listed
            .into_iter()
            .flatten()
            .map(|name| (*name).to_string())
            .chain(composed),
    )
});

/// Towns: composed, so that no list of real ones is needed.
pub(crate) static TOWN: LazyLock<Vec<Name>> = LazyLock::new(|| {
    names(
        STEMS
            .iter()
            .flat_map(|stem| TOWN_ENDINGS.iter().map(move |end| format!("{stem}{end}"))),
    )
});

/// Streets: trees, landscape, and the composed town names.
pub(crate) static STREET: LazyLock<Vec<Name>> = LazyLock::new(|| {
    names(
        NOUNS
            .iter()
            .chain(STREET_NAMES)
            .filter(|word| !STREET_KINDS.contains(word))
            .map(|word| (*word).to_string())
            .chain(TOWN.iter().map(|town| town.name.clone())),
    )
});

/// Positions: `fake`'s fields without their hyphens.
pub(crate) static JOB_FIELD: LazyLock<Vec<String>> = LazyLock::new(|| {
    EN::JOB_FIELD
        .iter()
        .map(|field| field.replace('-', " "))
        .collect()
});
pub(crate) static JOB_SENIORITY: &[&str] = EN::JOB_SENIORITY;
pub(crate) static JOB_POSITION: &[&str] = EN::JOB_POSITION;
pub(crate) static STATE: &[&str] = EN::ADDRESS_STATE;

/// Keeps plain ASCII words of three letters or more: no separator of a composed value
/// can occur in one, which is what makes values distinct.
fn names(words: impl Iterator<Item = String>) -> Vec<Name> {
    words
        .map(|word| word.trim().to_string())
        .filter(|word| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .map(|name| (name.to_lowercase(), name))
        .collect::<BTreeMap<_, _>>()
        .into_iter()
        .map(|(lower, name)| Name {
            native: name.clone(),
            name,
            lower,
        })
        .collect()
}

#[rustfmt::skip]
const STEMS: &[&str] = &[
    "Alder", "Amber", "Ash", "Aspen", "Barn", "Beck", "Birch", "Black", "Blox", "Bram", "Brant",
    "Briar", "Bright", "Brook", "Burn", "Calder", "Carl", "Chester", "Clay", "Cliff", "Cold",
    "Cran", "Cres", "Crow", "Dal", "Dan", "Dove", "Dun", "East", "Eden", "Elm", "Ever", "Fair",
    "Fallow", "Fern", "Fox", "Gar", "Glen", "Gold", "Grange", "Green", "Grim", "Hale", "Harl",
    "Hart", "Haver", "Hazel", "Heath", "Hex", "High", "Hollin", "Hol", "Horn", "Ives", "Kel",
    "Kings", "Lang", "Lark", "Laven", "Lin", "Lock", "Long", "Lyn", "Mallow", "Mar", "May", "Mel",
    "Merri", "Mill", "Moor", "Nether", "New", "North", "Oak", "Orch", "Over", "Pem", "Pen",
    "Quarn", "Raven", "Red", "Ridge", "Rook", "Rose", "Rush", "Salt", "Sel", "Silver", "Som",
    "South", "Stan", "Stone", "Strat", "Sun", "Swan", "Thorn", "Thrup", "Under", "Upper", "Vale",
    "Wake", "Wal", "West", "Wether", "Whit", "Wild", "Wind", "Winter", "Wolver", "Wood", "Wyn",
    "Yar", "York",
];

#[rustfmt::skip]
const ENDINGS: &[&str] = &[
    "bourne", "bridge", "brook", "bury", "by", "combe", "cott", "croft", "dale", "den", "field",
    "ford", "garth", "gate", "ham", "hurst", "land", "leigh", "ley", "low", "man", "mere", "more",
    "rick", "sett", "shaw", "son", "stead", "stone", "ter", "thorpe", "ton", "wade", "wall",
    "ward", "way", "well", "wick", "win", "worth",
];

#[rustfmt::skip]
const TOWN_ENDINGS: &[&str] = &[
    "borough", "bridge", "brook", "burgh", "bury", "dale", "field", "ford", "gate", "ham", "haven",
    "land", "mere", "mont", "mouth", "port", "side", "stead", "ton", "view", "ville", "wick",
    "wood", "worth",
];

#[rustfmt::skip]
pub(crate) const TOWN_PREFIXES: &[&str] =
    &["", "East ", "Fort ", "Lake ", "Mount ", "New ", "North ", "Port ", "South ", "West "];

#[rustfmt::skip]
const STREET_NAMES: &[&str] = &[
    "Acacia", "Bellflower", "Cedar", "Cherry", "Chestnut", "Cypress", "Dogwood", "Hawthorn",
    "Hickory", "Ivy", "Jasmine", "Juniper", "Laurel", "Lilac", "Linden", "Locust", "Magnolia",
    "Mulberry", "Myrtle", "Olive", "Poplar", "Primrose", "Redwood", "Sequoia", "Spruce",
    "Sycamore", "Tulip", "Walnut", "Willow", "Wisteria", "First", "Second", "Third", "Fourth",
    "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
];

#[rustfmt::skip]
pub(crate) const STREET_KINDS: &[&str] = &[
    "Street", "Avenue", "Road", "Lane", "Drive", "Court", "Place", "Way", "Terrace", "Boulevard",
    "Circle", "Crescent", "Square", "Trail", "Parkway", "Row", "Close", "Walk", "Path", "Loop",
];

#[rustfmt::skip]
pub(crate) const COMPANY_TRADES: &[&str] = &[
    "Analytics", "Apparel", "Associates", "Bakery", "Books", "Builders", "Capital", "Ceramics",
    "Chemicals", "Coffee", "Components", "Consulting", "Controls", "Design", "Distribution",
    "Dynamics", "Electric", "Electronics", "Energy", "Engineering", "Farms", "Finance", "Foods",
    "Forestry", "Freight", "Furniture", "Glass", "Hardware", "Health", "Holdings", "Hotels",
    "Industries", "Instruments", "Insurance", "Interiors", "Labs", "Logistics", "Machinery",
    "Marine", "Marketing", "Materials", "Media", "Metals", "Motors", "Networks", "Optics",
    "Packaging", "Paper", "Partners", "Plastics", "Press", "Publishing", "Robotics", "Services",
    "Software", "Solutions", "Sports", "Studios", "Supply", "Systems", "Technologies", "Textiles",
    "Tools", "Toys", "Trading", "Transport", "Travel", "Ventures", "Water", "Works",
];

#[rustfmt::skip]
pub(crate) const COMPANY_FORMS: &[&str] = &["Inc.", "LLC", "Ltd.", "Group", "Corp.", "and Sons"];

#[rustfmt::skip]
pub(crate) const ADJECTIVES: &[&str] = &[
    "Amber", "Ancient", "Azure", "Bold", "Brave", "Bright", "Broken", "Calm", "Careful", "Clear",
    "Clever", "Cold", "Common", "Copper", "Crimson", "Curious", "Daily", "Dark", "Deep", "Distant",
    "Double", "Early", "Eastern", "Easy", "Electric", "Elegant", "Empty", "Endless", "Even",
    "Faint", "Famous", "Fast", "Final", "Fine", "First", "Flat", "Fresh", "Gentle", "Golden",
    "Good", "Grand", "Green", "Happy", "Hidden", "High", "Hollow", "Honest", "Huge", "Humble",
    "Inner", "Iron", "Jolly", "Keen", "Kind", "Large", "Late", "Light", "Little", "Lively",
    "Lonely", "Long", "Lost", "Lucky", "Lunar", "Major", "Mellow", "Merry", "Mild", "Minor",
    "Misty", "Modern", "Narrow", "Neat", "New", "Noble", "Northern", "Odd", "Old", "Open",
    "Orange", "Outer", "Pale", "Patient", "Perfect", "Plain", "Polite", "Proud", "Pure", "Quick",
    "Quiet", "Rapid", "Rare", "Ready", "Red", "Regular", "Remote", "Rough", "Round", "Royal",
    "Scarlet", "Secret", "Serene", "Shallow", "Sharp", "Short", "Shy", "Silent", "Silver",
    "Simple", "Slow", "Small", "Smooth", "Soft", "Solar", "Solid", "Southern", "Spare", "Steady",
    "Still", "Strange", "Strong", "Subtle", "Sudden", "Sunny", "Sweet", "Swift", "Tall", "Tender",
    "Tidy", "Tiny", "True", "Upper", "Urban", "Vast", "Vivid", "Warm", "Western", "White", "Wide",
    "Wild", "Wise", "Wooden", "Young",
];

#[rustfmt::skip]
pub(crate) const NOUNS: &[&str] = &[
    "Acorn", "Anchor", "Apple", "Arch", "Arrow", "Autumn", "Avenue", "Balcony", "Basket", "Bay",
    "Beacon", "Bell", "Bench", "Bird", "Blossom", "Boat", "Book", "Border", "Bottle", "Branch",
    "Breeze", "Bridge", "Brook", "Butter", "Button", "Cabin", "Camera", "Canal", "Candle", "Canyon",
    "Castle", "Cave", "Chair", "Circle", "Cliff", "Clock", "Cloud", "Clover", "Coast", "Compass",
    "Coral", "Corner", "Cotton", "Creek", "Crystal", "Dawn", "Desert", "Door", "Dream", "Drum",
    "Dune", "Dust", "Echo", "Engine", "Evening", "Falcon", "Feather", "Fern", "Field", "Fire",
    "Flame", "Flower", "Flute", "Forest", "Fountain", "Frost", "Garden", "Gate", "Glass", "Grove",
    "Hammer", "Harbor", "Harvest", "Hill", "Hollow", "Horizon", "House", "Island", "Jacket",
    "Journey", "Kettle", "Key", "Kite", "Ladder", "Lagoon", "Lake", "Lantern", "Leaf", "Lemon",
    "Letter", "Library", "Lighthouse", "Maple", "Market", "Marble", "Meadow", "Melody", "Mill",
    "Mirror", "Monday", "Moon", "Morning", "Mountain", "Needle", "Nest", "Night", "Notebook",
    "Oak", "Ocean", "Orchard", "Owl", "Paper", "Path", "Peach", "Pebble", "Pencil", "Pepper",
    "Piano", "Picture", "Pillow", "Pine", "Planet", "Plum", "Pocket", "Pond", "Prairie", "Rain",
    "Reef", "Ribbon", "Ridge", "Ring", "River", "Road", "Robin", "Roof", "Room", "Sail", "Salt",
    "Sand", "Sea", "Season", "Shadow", "Shelf", "Shell", "Shore", "Signal", "Sky", "Snow", "Song",
    "Spark", "Spring", "Star", "Station", "Stone", "Storm", "Story", "Stream", "Street", "Summer",
    "Sunday", "Table", "Thread", "Tide", "Timber", "Tower", "Trail", "Train", "Tree", "Valley",
    "Velvet", "Village", "Violin", "Voyage", "Wagon", "Water", "Wave", "Wheel", "Willow", "Wind",
    "Window", "Winter", "Wren",
];

#[rustfmt::skip]
pub(crate) const VERBS: &[&str] = &[
    "carries", "changes", "covers", "crosses", "enters", "faces", "fills", "finds", "follows",
    "holds", "joins", "keeps", "leaves", "marks", "meets", "moves", "needs", "opens", "passes",
    "reaches", "shows", "supports", "touches", "turns", "uses", "warms",
];

#[rustfmt::skip]
pub(crate) const ENDS: &[&str] = &[
    "after a while", "all year", "as expected", "at first", "before noon", "by the window",
    "each morning", "for now", "from time to time", "in good order", "in the end", "most days",
    "near the door", "on time", "once more", "with care", "without delay",
];

#[rustfmt::skip]
pub(crate) const REMARKS: &[&str] = &[
    "Nothing else is needed.", "Please check it again next week.", "The rest can wait.",
    "There was some delay.", "It was agreed in advance.", "A reply is expected soon.",
    "The usual conditions apply.", "This was noted before.", "All parts were present.",
    "No further steps were taken.", "Everything went as planned.", "A second look may help.",
];

pub(crate) const DOMAINS: &[&str] = &[
    "example.com",
    "example.org",
    "example.net",
    "mail.example.com",
    "mail.example.org",
    "mail.example.net",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn name_pairs_number_millions() {
        let pairs = FIRST.len() * LAST.len();
        assert!(
            pairs > 15_000_000,
            "{} × {} = {pairs}",
            FIRST.len(),
            LAST.len()
        );
    }

    #[test]
    fn no_list_repeats_a_word() {
        for list in [
            STREET_KINDS,
            COMPANY_TRADES,
            COMPANY_FORMS,
            ADJECTIVES,
            NOUNS,
            VERBS,
            ENDS,
            DOMAINS,
            TOWN_PREFIXES,
            STATE,
            JOB_SENIORITY,
            JOB_POSITION,
            REMARKS,
        ] {
            let distinct: BTreeSet<String> = list.iter().map(|word| word.to_lowercase()).collect();
            assert_eq!(distinct.len(), list.len(), "{list:?}");
        }
    }
}
