//! Plugins as strangers write them.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod cache;
mod contract;
mod guest;
mod hostile;
mod kinds;
mod mutated;
mod replay;
mod roundtrip;

use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock};

use prodlike_plugin::Runtime;

/// One engine for all tests, as for all plugins of a process.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

/// Does something, and returns what was logged meanwhile.
fn logged<T>(work: impl FnOnce() -> T) -> (T, String) {
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .without_time()
        .with_target(false)
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .finish();
    let value = tracing::subscriber::with_default(subscriber, work);
    let text = lines.0.lock().unwrap().clone();
    let text: String = String::from_utf8(text)
        .unwrap()
        .lines()
        // The compiler logs as well.
        .filter(|line| line.contains("plugin"))
        .map(|line| format!("{}\n", line.trim()))
        .collect();
    (value, text)
}
