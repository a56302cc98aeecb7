//! Writes plugins for prodlike in Rust.
//!
//! A plugin is a type that implements [`Plugin`] and one or several of [`Generator`],
//! [`Transform`], [`Learn`], [`Detector`] and [`Rule`], and one line of [`export!`]. Values
//! cross the boundary as columns, thousands of rows a call, so a component costs little more
//! than native code; the same type runs natively in unit tests ([`testing::Job`]).
//!
//! ```
//! use prodlike_sdk::prelude::*;
//!
//! /// What a manifest may say.
//! #[derive(Deserialize, JsonSchema)]
//! #[serde(default, deny_unknown_fields)]
//! struct Options {
//!     /// What every number begins with.
//!     prefix: String,
//! }
//!
//! impl Default for Options {
//!     fn default() -> Options {
//!         Options { prefix: "LC".into() }
//!     }
//! }
//!
//! struct Loyalty(Options);
//!
//! impl Plugin for Loyalty {
//!     type Options = Options;
//!
//!     fn about() -> About {
//!         about!().output("number", "", "A loyalty card's number")
//!     }
//!
//!     fn configure(options: Options, _: &Settings) -> Result<Loyalty, Error> {
//!         Ok(Loyalty(options))
//!     }
//! }
//!
//! impl Generator for Loyalty {
//!     fn output(&self) -> Vec<Field> {
//!         vec![Field::utf8("number")]
//!     }
//!
//!     fn generate(&self, rows: &Rows, _: &Batch) -> Result<Vec<Column>, Error> {
//!         let mut numbers = Utf8Builder::with_capacity(rows.len(), 12);
//!         numbers.extend_with(rows, |text, row| {
//!             text.push_str(&self.0.prefix);
//!             text.push_digits(row.rng().below(100_000_000), 8);
//!         });
//!         Ok(vec![numbers.finish()])
//!     }
//! }
//!
//! prodlike_sdk::export!(Loyalty: generator);
//! ```
//!
//! There is no clock, no entropy, no file and no network: a value is a function of the
//! settings, the row's number, its seed and its input. A panic is a trap, which fails the job
//! with the plugin's name; an [`Error`] fails it with a sentence.

mod append;
mod builder;
pub mod calendar;
mod column;
pub mod country;
mod error;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod guest;
mod latin;
pub mod log;
mod map;
#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
pub mod native;
mod plugin;
mod random;
mod rows;
mod schema;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
mod text;
mod utf8;
mod view;

pub use builder::*;
pub use column::{Column, Values};
pub use country::{Countries, RowCountries};
pub use error::Error;
pub use latin::{ascii, german_ascii};
pub use plugin::{
    About, Count, Detector, Domain, Example, Finding, Generator, Learn, Output, Plugin, Rule,
    Secret, Settings, Transform, options, schema,
};
pub use random::{Permutation, Rng, Weighted};
pub use rows::{Iter, Row, Rows};
pub use schema::{Field, Kind, Role, TimeUnit};
pub use text::Text;
pub use view::{Batch, Floats, Integers, Utf8View, View};

pub use rand_core;
pub use schemars;
pub use serde;

/// What most plugins need.
pub mod prelude {
    pub use schemars::JsonSchema;
    pub use serde::{Deserialize, Serialize};

    pub use crate::about;
    pub use crate::builder::*;
    pub use crate::{
        About, Batch, Column, Countries, Detector, Domain, Error, Field, Finding, Generator, Kind,
        Learn, Plugin, Rng, Role, Row, Rows, Rule, Settings, Text, TimeUnit, Transform, View,
        Weighted,
    };
}

/// Makes a component of a type that implements [`Plugin`] and the traits that are named:
/// `generator`, `transform`, `learn`, `detector`, `rule`.
///
/// Outside of WebAssembly it makes what `prodlike plugin bench` compares a component with. Once
/// a crate.
#[macro_export]
macro_rules! export {
    ($plugin:ty: $($kind:ident),+ $(,)?) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            type Exported = $crate::guest::Exported<$plugin>;
            $crate::guest::bindings::about::export_about!(
                Exported with_types_in $crate::guest::bindings::about
            );
            $($crate::__export_kind!($kind);)+
        };
        #[cfg(not(target_arch = "wasm32"))]
        #[doc(hidden)]
        pub fn __prodlike_native() -> Result<::std::time::Duration, $crate::Error> {
            $crate::native::main(&[
                $((stringify!($kind), $crate::native::$kind::<$plugin>)),+
            ])
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __export_kind {
    (generator) => {
        $crate::guest::bindings::generator::export_generator!(
            Exported with_types_in $crate::guest::bindings::generator
        );
    };
    (transform) => {
        $crate::guest::bindings::transform::export_transform!(
            Exported with_types_in $crate::guest::bindings::transform
        );
    };
    (learn) => {
        $crate::guest::bindings::learn::export_learn!(
            Exported with_types_in $crate::guest::bindings::learn
        );
    };
    (detector) => {
        $crate::guest::bindings::detector::export_detector!(
            Exported with_types_in $crate::guest::bindings::detector
        );
    };
    (rule) => {
        $crate::guest::bindings::rule::export_rule!(
            Exported with_types_in $crate::guest::bindings::rule
        );
    };
}
