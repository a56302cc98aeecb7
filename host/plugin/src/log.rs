//! What a plugin says: shortened and escaped, and nothing where it sees real rows.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::bindings::prodlike::plugin::log::Level;
use crate::settings::Secret;

/// Characters of a plugin's text that are shown.
const SHOWN: usize = 240;

/// Returns a plugin's text as it can be shown: one line, without control characters (of
/// terminals and of writing direction), and not long.
pub fn shown(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(SHOWN));
    for (n_shown, char) in text.chars().enumerate() {
        if n_shown == SHOWN {
            line.push('…');
            break;
        }
        match char {
            '\n' => line.push_str("\\n"),
            '\t' => line.push_str("\\t"),
            '\r' => line.push_str("\\r"),
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => {
                let _ = write!(line, "{}", char.escape_unicode());
            }
            _ if char.is_control() => {
                let _ = write!(line, "{}", char.escape_unicode());
            }
            _ => line.push(char),
        }
    }
    line
}

/// Where an instance's lines go.
#[derive(Clone)]
pub(crate) struct Log {
    /// The plugin's name and version.
    plugin: Arc<str>,
    /// Lines that may still be shown, of all instances that share it.
    left: Arc<AtomicU32>,
    /// Whether nothing is shown, since a line could carry a real value.
    silent: bool,
    /// What is not shown either.
    secrets: Arc<[String]>,
}

impl Log {
    pub(crate) fn new(plugin: &str, lines: u32, silent: bool) -> Self {
        Log {
            plugin: plugin.into(),
            left: Arc::new(AtomicU32::new(lines)),
            silent,
            secrets: Arc::new([]),
        }
    }

    /// Returns the log of instances that see real rows, or know secrets.
    pub(crate) fn with(&self, real: bool, secrets: &[Secret]) -> Self {
        let secrets = secrets
            .iter()
            .filter_map(|secret| std::str::from_utf8(&secret.bytes).ok())
            // A shorter one would be found anywhere.
            .filter(|text| text.len() >= 4)
            .map(str::to_owned);
        Log {
            silent: real,
            secrets: secrets.collect(),
            ..self.clone()
        }
    }

    /// Returns the log of what was said before any row was seen.
    pub(crate) fn aloud(&self) -> Self {
        Log {
            silent: false,
            ..self.clone()
        }
    }

    /// Returns a plugin's words as an error shows them.
    pub(crate) fn words(&self, text: &str) -> String {
        if self.silent {
            return "its words are not shown, since it saw real rows".to_owned();
        }
        let mut text = text.to_owned();
        for secret in &*self.secrets {
            text = text.replace(secret.as_str(), "***");
        }
        shown(&text)
    }

    pub(crate) fn write(&self, level: Level, message: &str) {
        if self.silent {
            return;
        }
        let left = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            });
        let Ok(left) = left else { return };
        let plugin = &*self.plugin;
        let message = self.words(message);
        match level {
            Level::Debug => tracing::debug!(plugin, "{message}"),
            Level::Info => tracing::info!(plugin, "{message}"),
            Level::Warn => tracing::warn!(plugin, "{message}"),
        }
        if left == 1 {
            tracing::warn!(plugin, "says more than is shown");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SHOWN, shown};

    #[test]
    fn text_is_one_short_line_without_control_characters() {
        assert_eq!(
            shown("a\nb\u{1b}[31m\u{202e}ö"),
            "a\\nb\\u{1b}[31m\\u{202e}ö"
        );
        assert_eq!(shown(&"ä".repeat(SHOWN)), "ä".repeat(SHOWN));
        assert_eq!(shown(&"ä".repeat(9_999)), "ä".repeat(SHOWN) + "…");
    }
}
