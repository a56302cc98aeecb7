//! Progress bars, on a terminal only.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::Mutex;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use prodlike_core::progress::Progress;

use crate::args::Global;
use crate::output;

/// Shows bars, and warnings above them.
pub(crate) struct Bars {
    multi: Option<MultiProgress>,
    bars: Mutex<BTreeMap<String, ProgressBar>>,
    quiet: bool,
}

impl Bars {
    pub(crate) fn new(global: &Global) -> Bars {
        let shown = !global.quiet
            && global.verbose == 0
            && !global.no_progress
            && std::io::stderr().is_terminal()
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Bars {
            multi: shown.then(MultiProgress::new),
            bars: Mutex::default(),
            quiet: global.quiet,
        }
    }

    fn bar(&self, name: &str) -> Option<ProgressBar> {
        self.bars.lock().ok()?.get(name).cloned()
    }
}

impl Progress for Bars {
    fn begin(&self, name: &str, total: u64) {
        let Some(multi) = &self.multi else { return };
        let style = ProgressStyle::with_template(
            "{prefix:24!} {bar:32} {human_pos}/{human_len} {per_sec} {eta}",
        )
        .map(|style| style.progress_chars("━━╌"));
        let bar = multi.add(ProgressBar::new(total).with_prefix(name.to_string()));
        if let Ok(style) = style {
            bar.set_style(style);
        }
        if let Ok(mut bars) = self.bars.lock() {
            bars.insert(name.to_string(), bar);
        }
    }

    fn advance(&self, name: &str, n: u64) {
        if self.multi.is_some()
            && let Some(bar) = self.bar(name)
        {
            bar.inc(n);
        }
    }

    fn finish(&self, name: &str) {
        if let Some(bar) = self.bar(name) {
            bar.finish_and_clear();
        }
    }

    fn say(&self, message: &str) {
        if self.quiet {
            return;
        }
        match &self.multi {
            Some(multi) => multi.suspend(|| output::say(message)),
            None => output::say(message),
        }
    }

    fn warn(&self, message: &str) {
        if self.quiet {
            return;
        }
        match &self.multi {
            Some(multi) => multi.suspend(|| output::say(&output::warning(message))),
            None => output::say(&output::warning(message)),
        }
    }
}
