//! Words that domains and paths are made of: common English, from the dictionary.

#[rustfmt::skip]
pub(crate) const ADJECTIVES: [&str; 48] = [
    "amber", "ancient", "bold", "brave", "bright", "calm", "clever", "cosy", "crisp", "curious",
    "daily", "deep", "eager", "early", "fair", "fancy", "fresh", "gentle", "golden", "grand",
    "green", "happy", "hidden", "honest", "humble", "jolly", "keen", "kind", "lively", "lucky",
    "mellow", "modern", "neat", "nimble", "noble", "open", "plain", "proud", "quick", "quiet",
    "rapid", "royal", "silent", "smart", "steady", "sunny", "tidy", "warm",
];

#[rustfmt::skip]
pub(crate) const NOUNS: [&str; 64] = [
    "acorn", "anchor", "apple", "arrow", "basket", "beacon", "bell", "bird", "boat", "branch",
    "bridge", "brook", "canyon", "castle", "cedar", "circle", "cliff", "cloud", "clover", "coral",
    "crane", "dune", "falcon", "fern", "field", "flame", "forest", "fox", "garden", "grove",
    "harbour", "hill", "island", "kettle", "lake", "lantern", "leaf", "maple", "market", "meadow",
    "mill", "mirror", "moon", "mountain", "nest", "oak", "orchard", "otter", "paper", "pebble",
    "pine", "planet", "pond", "reef", "river", "robin", "sail", "spring", "star", "stone",
    "summit", "tower", "valley", "willow",
];

#[rustfmt::skip]
pub(crate) const SECTIONS: [&str; 16] = [
    "about", "account", "articles", "blog", "catalogue", "contact", "downloads", "events", "help",
    "images", "news", "orders", "products", "search", "shop", "support",
];
