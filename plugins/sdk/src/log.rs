//! Messages to whoever runs the job: shortened and escaped by the host, and not shown at all
//! while real rows are read. Outside a component they go nowhere.

/// Tells what helps to find an error.
pub fn debug(message: &str) {
    write(Level::Debug, message);
}

/// Tells what is worth knowing.
pub fn info(message: &str) {
    write(Level::Info, message);
}

/// Tells what the user should look at.
pub fn warn(message: &str) {
    write(Level::Warn, message);
}

#[derive(Clone, Copy)]
enum Level {
    Debug,
    Info,
    Warn,
}

#[cfg(target_arch = "wasm32")]
fn write(level: Level, message: &str) {
    use crate::guest::log;
    let level = match level {
        Level::Debug => log::Level::Debug,
        Level::Info => log::Level::Info,
        Level::Warn => log::Level::Warn,
    };
    log::write(level, message);
}

#[cfg(not(target_arch = "wasm32"))]
fn write(_: Level, _: &str) {}
