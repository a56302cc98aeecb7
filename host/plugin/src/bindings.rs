//! The contract of `wit/` as Rust types.
//!
//! One world that exports every kind, so that all share the types of a batch; a plugin is
//! asked for each interface by itself (`GuestIndices`), never for the whole world. What goes
//! in is borrowed: the default ownership would clone every Arrow buffer into a vector.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "generated; the contract has the documentation"
)]

wasmtime::component::bindgen!({
    path: "../../wit",
    inline: "
        package prodlike:host;
        world every-kind {
            import prodlike:plugin/log@0.1.0;
            export prodlike:plugin/about@0.1.0;
            export prodlike:plugin/generator@0.1.0;
            export prodlike:plugin/transform@0.1.0;
            export prodlike:plugin/learn@0.1.0;
            export prodlike:plugin/detector@0.1.0;
            export prodlike:plugin/rule@0.1.0;
        }
    ",
    world: "prodlike:host/every-kind",
    ownership: Borrowing { duplicate_if_necessary: true },
});
