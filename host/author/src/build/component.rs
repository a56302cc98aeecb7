//! Core modules become components.

use std::path::Path;

use wit_component::{ComponentEncoder, DecodedWasm};
use wit_parser::WorldItem;

use crate::error::Error;

/// What every plugin exports.
const ABOUT: &str = "prodlike:plugin/about";

/// Returns the component of a core module that wit-bindgen's macros left their types in.
pub(super) fn encode(path: &Path) -> Result<Vec<u8>, Error> {
    let module = std::fs::read(path).map_err(Error::io(path))?;
    let component = ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|mut encoder| encoder.encode())
        .map_err(|error| Error::Component {
            path: path.to_owned(),
            reason: format!("{error:#}"),
        })?;
    check(path, &component)?;
    Ok(component)
}

/// Checks that a component exports what a plugin does.
pub(super) fn check(path: &Path, component: &[u8]) -> Result<(), Error> {
    let wrong = |reason: String| Error::Component {
        path: path.to_owned(),
        reason,
    };
    let decoded = wit_component::decode(component).map_err(|error| wrong(format!("{error:#}")))?;
    let DecodedWasm::Component(resolve, world) = decoded else {
        return Err(wrong("it is a package of WIT".into()));
    };
    let about = resolve.worlds[world].exports.values().any(|item| {
        let WorldItem::Interface { id, .. } = item else {
            return false;
        };
        resolve
            .id_of(*id)
            .is_some_and(|id| id.split('@').next() == Some(ABOUT))
    });
    if about {
        Ok(())
    } else {
        Err(wrong(format!("it does not export `{ABOUT}`")))
    }
}
