//! Runs a target over mutated inputs, under a watch.

use std::fmt::Debug;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

/// Seconds after which one input counts as a hang.
const PATIENCE: u64 = 120;

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("`{variable}={text}` is no number")),
    )
}

/// Gives `target` some inputs, `PRODLIKE_FUZZ` times as many where that is set; an input that
/// makes it panic is shrunk and shown.
pub(super) fn run<S: Strategy>(cases: u64, inputs: &S, target: impl Fn(S::Value))
where
    S::Value: Debug,
{
    let cases = cases * number("PRODLIKE_FUZZ").unwrap_or(1);
    let mut seed = [0u8; 32];
    seed[..8].copy_from_slice(&number("PRODLIKE_FUZZ_SEED").unwrap_or(1).to_le_bytes());
    let config = Config {
        cases: u32::try_from(cases).unwrap(),
        max_shrink_iters: 2_000,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let begun = Arc::new(AtomicU64::new(0));
    let over = Arc::new(AtomicBool::new(false));
    let last = Arc::new(Mutex::new(String::new()));
    let watch = std::thread::spawn({
        let (begun, over, last) = (Arc::clone(&begun), Arc::clone(&over), Arc::clone(&last));
        move || {
            let (mut seen, mut seconds) = (0, 0);
            while !over.load(Ordering::Relaxed) {
                std::thread::park_timeout(Duration::from_secs(1));
                let now = begun.load(Ordering::Relaxed);
                seconds = if now == seen { seconds + 1 } else { 0 };
                seen = now;
                if seconds > PATIENCE {
                    // Past the test runner, which keeps what is printed until a test ends.
                    let last = last.lock().unwrap();
                    let _ = writeln!(std::io::stderr(), "input {now} hangs: {last}");
                    std::process::abort();
                }
            }
        }
    });
    let result = runner.run(inputs, |input| {
        *last.lock().unwrap() = format!("{input:?}");
        begun.fetch_add(1, Ordering::Relaxed);
        target(input);
        Ok::<(), TestCaseError>(())
    });
    over.store(true, Ordering::Relaxed);
    watch.thread().unpark();
    watch.join().unwrap();
    result.unwrap();
}
