//! What browsers say of themselves.

use prodlike_sdk::Rng;
use prodlike_sdk::prelude::*;

/// A browser on a platform.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) browser: &'static str,
    pub(crate) platform: &'static str,
    /// How often, of a thousand: as statistics of the Web had it in 2025, in round numbers.
    pub(crate) weight: u64,
    /// `#` is the major version.
    text: &'static str,
    /// The major versions, from, to.
    versions: (i64, i64),
}

#[rustfmt::skip]
pub(crate) const AGENTS: [Agent; 12] = [
    Agent { browser: "Chrome", platform: "Windows", weight: 290, versions: (126, 142),
        text: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/#.0.0.0 Safari/537.36" },
    Agent { browser: "Chrome", platform: "Android", weight: 330, versions: (126, 142),
        text: "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/#.0.0.0 Mobile Safari/537.36" },
    Agent { browser: "Chrome", platform: "macOS", weight: 50, versions: (126, 142),
        text: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/#.0.0.0 Safari/537.36" },
    Agent { browser: "Chrome", platform: "Linux", weight: 20, versions: (126, 142),
        text: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/#.0.0.0 Safari/537.36" },
    Agent { browser: "Safari", platform: "iOS", weight: 150, versions: (16, 18),
        text: "Mozilla/5.0 (iPhone; CPU iPhone OS #_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/#.5 Mobile/15E148 Safari/604.1" },
    Agent { browser: "Safari", platform: "macOS", weight: 45, versions: (16, 18),
        text: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/#.5 Safari/605.1.15" },
    Agent { browser: "Edge", platform: "Windows", weight: 50, versions: (126, 142),
        text: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/#.0.0.0 Safari/537.36 Edg/#.0.0.0" },
    Agent { browser: "Firefox", platform: "Windows", weight: 18, versions: (128, 144),
        text: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:#.0) Gecko/20100101 Firefox/#.0" },
    Agent { browser: "Firefox", platform: "Linux", weight: 7, versions: (128, 144),
        text: "Mozilla/5.0 (X11; Linux x86_64; rv:#.0) Gecko/20100101 Firefox/#.0" },
    Agent { browser: "Firefox", platform: "macOS", weight: 5, versions: (128, 144),
        text: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:#.0) Gecko/20100101 Firefox/#.0" },
    Agent { browser: "Firefox", platform: "Android", weight: 5, versions: (128, 144),
        text: "Mozilla/5.0 (Android 14; Mobile; rv:#.0) Gecko/#.0 Firefox/#.0" },
    Agent { browser: "Samsung Internet", platform: "Android", weight: 30, versions: (24, 28),
        text: "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/#.0 Chrome/125.0.0.0 Mobile Safari/537.36" },
];

impl Agent {
    /// Writes what it says of itself.
    pub(crate) fn write(&self, rng: &mut Rng, text: &mut Text) {
        let version = rng.range(self.versions.0, self.versions.1) as u64;
        let mut parts = self.text.split('#');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            text.push_digits(version, version.ilog10() as usize + 1);
            text.push_str(part);
        }
    }
}
