//! Runs plugins: WebAssembly components, sandboxed and deterministic.
