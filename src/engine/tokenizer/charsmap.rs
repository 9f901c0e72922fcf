//! SentencePiece's precompiled normalisation rules: a double-array prefix tree of the texts that
//! are replaced (as the Darts-clone library lays it out), and their replacements.

/// The rules of a model.
#[derive(Debug, Clone, Default)]
pub(super) struct Charsmap {
    units: Vec<Unit>,
    /// Replacements, each ended by a zero.
    replacements: Vec<u8>,
}

impl Charsmap {
    /// The rules that `bytes` hold: the tree's length in four bytes, the tree, the replacements.
    /// No bytes are no rules; none where the bytes are cut short.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Self::default());
        }
        let (length, rest) = bytes.split_first_chunk()?;
        let (tree, replacements) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let (units, odd) = tree.as_chunks();
        let unit = |bytes: &[u8; 4]| Unit(u32::from_le_bytes(*bytes));
        odd.is_empty().then(|| Self {
            units: units.iter().map(unit).collect(),
            replacements: replacements.to_vec(),
        })
    }

    /// The longest text that `text` starts with and that a rule replaces: its length in bytes and
    /// its replacement.
    pub fn longest(&self, text: &str) -> Option<(usize, &str)> {
        let (length, value) = self.search(text)?;
        let replacement = self.replacements.get(value..)?;
        let end = replacement.iter().position(|&byte| byte == 0)?;
        let replacement = std::str::from_utf8(&replacement[..end]).ok()?;
        Some((length, replacement))
    }

    fn search(&self, text: &str) -> Option<(usize, usize)> {
        let mut found = None;
        let mut place = self.unit(0)?.offset();
        for (i, &byte) in text.as_bytes().iter().enumerate() {
            place ^= usize::from(byte);
            // The tree ends here, or was cut short: what was found so far counts.
            let Some(unit) = self.unit(place).filter(|unit| unit.has_label(byte)) else {
                break;
            };
            place ^= unit.offset();
            if unit.has_leaf()
                && text.is_char_boundary(i + 1)
                && let Some(leaf) = self.unit(place)
            {
                found = Some((i + 1, leaf.value()));
            }
        }
        found
    }

    fn unit(&self, place: usize) -> Option<Unit> {
        self.units.get(place).copied()
    }
}

/// A unit of the double array.
#[derive(Debug, Clone, Copy)]
struct Unit(u32);

impl Unit {
    fn has_leaf(self) -> bool {
        self.0 >> 8 & 1 == 1
    }

    fn value(self) -> usize {
        (self.0 & 0x7fff_ffff) as usize
    }

    fn has_label(self, byte: u8) -> bool {
        // The top bit marks leaves, which bear no label.
        self.0 & 0x8000_00ff == u32::from(byte)
    }

    fn offset(self) -> usize {
        ((self.0 >> 10) << ((self.0 & 0x200) >> 6)) as usize
    }
}
