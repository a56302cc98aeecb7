//! What fills the columns that are never learned, and what finds those columns.
//!
//! A generator here is a *numbered vocabulary*: a number below its capacity is spelt
//! out as a value, and no two numbers are spelt alike. A column that may repeat draws
//! the number from the row's seed; a unique one takes the row's place in a keyed
//! permutation. So uniqueness needs no memory of what was already made, any row can be
//! made first, and one piece of code serves both. Beyond its capacity a vocabulary
//! starts another *lap* with longer values (a second given name, a larger number); it
//! never repeats itself.
//!
//! The words are `fake`'s lists, read as constants: its fakers draw through a generator
//! and `format!`, which is ten times slower and cannot be numbered. Only names in plain
//! ASCII letters are taken, and surnames are stretched with composed ones, so that a
//! pair of names has some twenty million forms and is unlikely to be anybody's. Emails
//! and links stay at reserved domains, telephones in ranges kept for fiction, IP
//! addresses in private and documentation ranges, document numbers in series that no
//! issuer uses.
//!
//! A generator may be shown other columns of its row: an email address follows the name, a
//! postcode, a phone or an account the country, a state and a coordinate the town. Where no
//! column tells the country, the `locale` of the column does. Cards begin with 9999, accounts
//! have bank codes that no bank has, identity numbers are in series that no office issues (or
//! have a check digit that is off by one), network cards are locally administered: the
//! modules `lands` and `device` say where each range comes from. Nothing made here can reach,
//! bill or name anybody.
//!
//! Detection ([`detect()`]) errs towards generating: a column wrongly generated loses some
//! fidelity, a column wrongly learned could leak. It is judged by a labelled set
//! (tests/detection/README.md).

mod address;
#[cfg(test)]
mod agreement;
mod binary;
mod checks;
mod code;
mod context;
mod country;
mod cultures;
mod degrees;
mod detect;
mod device;
mod generator;
mod lands;
mod local;
mod noise;
mod pattern;
mod scalar;
mod style;
mod tokens;
mod vocabulary;
mod words;

pub use binary::length_templates;
pub use code::mine_templates;
pub use country::is_country;
pub use detect::{
    ColumnFacts, Detection, PersonId, detect, is_public_figures, people_of, person_id,
};
pub use generator::NativeGenerators;
