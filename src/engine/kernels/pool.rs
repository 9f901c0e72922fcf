//! Memory for the keys and values of a thread's sentences: panels of one size, which are handed out
//! and taken back as sentences come and go.
//!
//! They lie in large pages, one beside the other: what is attended to is far more than the caches
//! hold and is read once a step, so that looking up its addresses would take much of the time.

use crate::model::map::Memory;

/// Bytes that are asked for at once, if not a single panel has more: at most these, and at least
/// half of them. The system gives those that are written to.
const SLAB: usize = 32 << 20;

/// The number of a panel in its [`Pool`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panel(u32);

/// Panels of one size.
#[derive(Debug, Default)]
pub struct Pool {
    /// Bytes of a panel; 0 as long as there is none.
    panel: usize,
    /// A slab holds 2 to the power of this panels: their places are often asked for.
    shift: u32,
    slabs: Vec<Memory>,
    /// Panels that were handed out at some time.
    used: u32,
    /// Those of them that were given back.
    free: Vec<Panel>,
}

impl Pool {
    /// A panel of so many bytes, the same for all panels of a pool; its content is unspecified.
    pub(super) fn take(&mut self, bytes: usize) -> Panel {
        if self.panel == 0 {
            self.panel = bytes;
            self.shift = (SLAB / bytes).max(1).ilog2();
        }
        assert_eq!(self.panel, bytes, "all panels are of one size");
        self.free.pop().unwrap_or_else(|| {
            let panel = Panel(self.used);
            self.used += 1;
            if self.place(panel).0 == self.slabs.len() {
                self.slabs.push(Memory::new(bytes << self.shift));
            }
            panel
        })
    }

    /// Takes panels back.
    pub(super) fn give_back(&mut self, panels: impl IntoIterator<Item = Panel>) {
        self.free.extend(panels);
    }

    /// A panel's bytes.
    pub(super) fn bytes(&self, panel: Panel) -> &[u8] {
        let (slab, start) = self.place(panel);
        &self.slabs[slab][start..start + self.panel]
    }

    /// A panel's bytes, to write to.
    pub(super) fn bytes_mut(&mut self, panel: Panel) -> &mut [u8] {
        let (slab, start) = self.place(panel);
        &mut self.slabs[slab][start..start + self.panel]
    }

    /// The slab that a panel lies in, and its first byte there.
    fn place(&self, panel: Panel) -> (usize, usize) {
        let number = panel.0 as usize;
        let slab = number >> self.shift;
        (slab, (number - (slab << self.shift)) * self.panel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_are_apart_and_used_again() {
        for bytes in [64, 17_408, SLAB - 64, SLAB + 64] {
            let mut pool = Pool::default();
            let panels: Vec<Panel> = (0..5).map(|_| pool.take(bytes)).collect();
            for (number, &panel) in panels.iter().enumerate() {
                pool.bytes_mut(panel).fill(number as u8 + 1);
            }
            for (number, &panel) in panels.iter().enumerate() {
                let mut bytes = pool.bytes(panel).iter();
                assert!(bytes.all(|&byte| byte == number as u8 + 1));
            }
            pool.give_back([panels[3]]);
            assert_eq!(pool.take(bytes), panels[3]);
            assert_eq!(pool.take(bytes), Panel(5));
        }
    }
}
