//! Normalising text as SentencePiece does: rules for characters, spaces made visible.

use super::SPACE_MARK;
use super::charsmap::Charsmap;

/// How a model wants its text.
#[derive(Debug, Clone)]
pub(super) struct Normalizer {
    pub charsmap: Charsmap,
    pub add_dummy_prefix: bool,
    pub remove_extra_spaces: bool,
}

/// Normalised text.
#[derive(Debug, Default)]
pub(super) struct Normalized {
    /// The text.
    pub text: String,
    /// For each byte of it, and for its end, the byte of the original where what it comes from
    /// starts.
    pub origins: Vec<usize>,
}

impl Normalized {
    fn push(&mut self, text: &str, origin: usize) {
        self.text.push_str(text);
        self.origins.resize(self.text.len(), origin);
    }
}

impl Normalizer {
    /// `original` normalised.
    pub fn normalize(&self, original: &str) -> Normalized {
        let mut normal = Normalized::default();
        let mut place = 0;
        if self.remove_extra_spaces {
            while let Some((" ", length)) = self.step(&original[place..]) {
                place += length;
            }
        }
        if place == original.len() {
            normal.origins.push(place);
            return normal;
        }
        if self.add_dummy_prefix {
            normal.push(SPACE_MARK, place);
        }
        let mut after_space = self.remove_extra_spaces;
        while let Some((mut text, length)) = self.step(&original[place..]) {
            if after_space {
                text = text.trim_start_matches(' ');
            }
            for (i, part) in text.split(' ').enumerate() {
                if i > 0 {
                    normal.push(SPACE_MARK, place);
                }
                normal.push(part, place);
            }
            if !text.is_empty() {
                after_space = self.remove_extra_spaces && text.ends_with(' ');
            }
            place += length;
        }
        if self.remove_extra_spaces {
            while let Some(rest) = normal.text.strip_suffix(SPACE_MARK) {
                let length = rest.len();
                place = normal.origins[length];
                normal.text.truncate(length);
                normal.origins.truncate(length);
            }
        }
        normal.origins.push(place);
        normal
    }

    /// What the start of `text` becomes, and how many bytes that start has.
    fn step<'t>(&'t self, text: &'t str) -> Option<(&'t str, usize)> {
        if let Some((length, replacement)) = self.charsmap.longest(text) {
            return Some((replacement, length));
        }
        let length = text.chars().next()?.len_utf8();
        Some((&text[..length], length))
    }
}
