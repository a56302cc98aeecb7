//! Work over several threads whose result does not show it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Computes `work(0)`, …, `work(count - 1)` on so many threads; results are in order.
pub(crate) fn parallel<T: Send>(
    threads: usize,
    count: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let threads = threads.min(count);
    if threads < 2 {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let one = || {
        let mut done = Vec::new();
        loop {
            let idx = next.fetch_add(1, Ordering::Relaxed);
            if idx >= count {
                return done;
            }
            done.push((idx, work(idx)));
        }
    };
    let mut done: Vec<(usize, T)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        workers
            .into_iter()
            .flat_map(|worker| match worker.join() {
                Ok(done) => done,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    done.sort_unstable_by_key(|(idx, _)| *idx);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::parallel;

    #[test]
    fn results_are_in_order_on_any_number_of_threads() {
        let expected: Vec<usize> = (0..100).map(|idx| idx * idx).collect();
        for threads in [0, 1, 2, 7, 200] {
            assert_eq!(parallel(threads, 100, |idx| idx * idx), expected);
        }
        assert!(parallel(4, 0, |idx| idx).is_empty());
    }
}
