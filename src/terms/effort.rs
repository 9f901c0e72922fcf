//! Steps of the loops whose length hangs on the text, counted in tests: what grows faster than the
//! text shows there, whatever the machine.

/// Counts `steps`; in tests alone.
#[cfg(not(test))]
#[inline(always)]
pub(super) fn spend(_steps: usize) {}

#[cfg(test)]
pub(super) use counted::{spend, spent_in};

#[cfg(test)]
mod counted {
    use std::cell::Cell;

    thread_local!(static SPENT: Cell<usize> = const { Cell::new(0) });

    pub fn spend(steps: usize) {
        SPENT.set(SPENT.get() + steps);
    }

    /// The steps that `work` takes on this thread.
    pub fn spent_in(work: impl FnOnce()) -> usize {
        let before = SPENT.get();
        work();
        SPENT.get() - before
    }
}
