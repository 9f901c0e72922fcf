//! How long work tells what it does; whoever asks for the work decides how to show it.

/// Receives what long work has to tell.
pub trait Progress: Sync {
    /// Something worth telling: what is about to be done, or why it is done another way.
    fn note(&self, message: &str);

    /// A piece of work starts, `done` bytes of `total` of which are done already.
    fn start(&self, label: &str, done: u64, total: u64);

    /// So many bytes of it more are done.
    fn advance(&self, bytes: u64);

    /// It is done.
    fn finish(&self);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn note(&self, _message: &str) {}
    fn start(&self, _label: &str, _done: u64, _total: u64) {}
    fn advance(&self, _bytes: u64) {}
    fn finish(&self) {}
}
