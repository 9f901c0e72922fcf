//! Work on several threads.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Runs `work` on so many threads, the caller's among them, and gives what each made. Where one
/// panics, so does the caller.
pub(crate) fn on_threads<T: Send>(threads: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(&work)).collect();
        let mut made = vec![work()];
        for other in others {
            match other.join() {
                Ok(more) => made.push(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        made
    })
}

/// What `make` makes of each number below `count`, in order, on so many threads.
pub(crate) fn map<T: Send>(
    threads: usize,
    count: usize,
    make: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut made = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return made;
            }
            made.push((number, make(number)));
        }
    };
    let mut made: Vec<(usize, T)> = on_threads(threads, work).into_iter().flatten().collect();
    made.sort_by_key(|(number, _)| *number);
    made.into_iter().map(|(_, made)| made).collect()
}

/// What `make` makes of the numbers below `count`, so many at a time, in order, on so many threads.
pub(crate) fn in_blocks<T: Send>(
    threads: usize,
    count: usize,
    at_once: usize,
    make: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    map(threads, count.div_ceil(at_once), |number| {
        let first = number * at_once;
        make(first..(first + at_once).min(count))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_order_whatever_the_threads() {
        for threads in [0, 1, 2, 7] {
            let squares = map(threads, 100, |number| number * number);
            assert!(
                squares
                    .iter()
                    .enumerate()
                    .all(|(n, &square)| square == n * n)
            );
            assert_eq!(squares.len(), 100);
        }
        assert!(map(3, 0, |number| number).is_empty());
    }

    #[test]
    #[should_panic(expected = "the third")]
    fn a_panic_comes_through() {
        map(2, 10, |number| assert!(number != 3, "the third"));
    }
}
