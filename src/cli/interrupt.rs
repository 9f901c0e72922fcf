//! Ctrl-C: at once, or after the batch where a run can go on later.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use visavis::draft;

use super::terminal::Terminal;

/// What a shell says of a program that Ctrl-C ended: 128 and the signal's number.
pub const INTERRUPTED: u8 = 130;

/// Set by the first Ctrl-C of a run that finishes its batch.
static STOP: Mutex<Option<Arc<AtomicBool>>> = Mutex::new(None);

/// From now on Ctrl-C tidies up and ends the program.
pub fn watch(terminal: &Terminal) {
    let quiet = terminal.is_quiet();
    let set = ctrlc::set_handler(move || {
        let stop = STOP.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stop) = &*stop
            && !stop.swap(true, Ordering::Relaxed)
        {
            if !quiet {
                Terminal::say("finishing the batch; Ctrl-C again stops at once");
            }
            return;
        }
        draft::abandon_all();
        std::process::exit(INTERRUPTED.into());
    });
    if let Err(error) = set {
        terminal.detail(format_args!("cannot tidy up after Ctrl-C: {error}"));
    }
}

/// From now on the first Ctrl-C only sets this; the second ends the program.
pub fn stop_after_batch() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    *STOP.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&stop));
    stop
}
