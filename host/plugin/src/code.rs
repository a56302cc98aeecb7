//! How much code a component may have.
//!
//! A component is compiled before anything of it runs, and no fuel or time ends the compiler. So
//! what would keep it busy for minutes, or take all memory, is counted first, which takes
//! milliseconds.

use wasmparser::{BinaryReaderError, CompositeInnerType, Parser, Payload, TypeSectionReader};

use crate::error::Error;

/// Functions that a component may have, over all of its modules. One in Python has 14,000; so
/// many of two bytes each take 16 seconds of a core.
const FUNCTIONS: usize = 200_000;

/// Bytes of code that a function may have. The largest of a component in Python has 427,000, in
/// JavaScript 135,000, in Rust 11,500.
const FUNCTION: usize = 1 << 20;

/// The most of a function's bytes times its variables: where it is all loops, each has all of
/// them, which takes 7 seconds of a core and 0.7 GB. JavaScript's functions have a fifth of it,
/// Python's an eighth.
const SPREAD: usize = 1 << 26;

/// Fails where a component has more code than is compiled.
pub(crate) fn check(origin: &str, bytes: &[u8]) -> Result<(), Error> {
    match excess(bytes) {
        Ok(Some(reason)) => Err(Error::TooMuchCode {
            origin: origin.to_owned(),
            reason,
        }),
        // What cannot be read, the compiler does not read either, and says why.
        Ok(None) | Err(_) => Ok(()),
    }
}

fn excess(bytes: &[u8]) -> Result<Option<String>, BinaryReaderError> {
    let mut functions = 0;
    // Of the types of the module at hand: what a function or a block is given and returns.
    let mut widest = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::Version { .. } => widest = 0,
            Payload::TypeSection(types) => widest = width(types)?,
            Payload::CodeSectionEntry(body) => {
                functions += 1;
                let size = body.range().len();
                if size > FUNCTION {
                    return Ok(Some(format!(
                        "a function has {size} bytes, and {FUNCTION} are the most"
                    )));
                }
                let mut variables = widest;
                for locals in body.get_locals_reader()? {
                    variables += locals?.0 as usize;
                }
                if size.saturating_mul(variables) > SPREAD {
                    return Ok(Some(format!(
                        "a function has {size} bytes and {variables} variables, and their product \
                         may be {SPREAD}"
                    )));
                }
            }
            _ => {}
        }
    }
    Ok((functions > FUNCTIONS)
        .then(|| format!("it has {functions} functions, and {FUNCTIONS} are the most")))
}

fn width(types: TypeSectionReader<'_>) -> Result<usize, BinaryReaderError> {
    let mut widest = 0;
    for group in types {
        for it in group?.types() {
            if let CompositeInnerType::Func(it) = &it.composite_type.inner {
                widest = widest.max(it.params().len() + it.results().len());
            }
        }
    }
    Ok(widest)
}
