//! What a generated database must be.

mod chinook;
mod computed;
mod dependences;
mod detectors;
mod determinism;
mod inferred;
mod nycflights;
mod people;
pub(crate) mod plugins;
mod rules;
mod shapes;
mod standard;
mod transforms;
mod types;

// Components whose every byte a test decides, as the tests of the host make them.
#[path = "../../host/plugin/tests/plugin/guest.rs"]
#[expect(dead_code, reason = "the tests of the host need more of it")]
mod guest;
