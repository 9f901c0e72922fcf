//! A prefix tree over byte strings in three flat arrays, which are stored in a compiled model as
//! they are.
//!
//! Nodes are numbered breadth first. Every node but the root has one edge that leads to it, so
//! the edge that leads to node *n* + 1 is edge *n*; the edges of a node lie side by side, sorted by
//! their byte.

use std::collections::VecDeque;

/// No string ends at the node.
const NONE: u32 = u32::MAX;

/// A prefix tree.
#[derive(Debug, Clone, Default)]
pub struct Trie {
    /// For each node its first edge; one more for the end.
    pub first: Vec<u32>,
    /// For each edge its byte.
    pub bytes: Vec<u8>,
    /// For each node the value of the string that ends there.
    pub values: Vec<u32>,
}

impl Trie {
    /// The tree of `strings`, each with its value; of equal strings the first counts, empty ones
    /// are left out.
    pub fn new(strings: impl IntoIterator<Item = (Vec<u8>, u32)>) -> Self {
        let mut strings: Vec<_> = strings.into_iter().filter(|(s, _)| !s.is_empty()).collect();
        strings.sort_by(|a, b| a.0.cmp(&b.0));
        strings.dedup_by(|later, first| later.0 == first.0);
        let mut tree = Self {
            values: vec![NONE],
            ..Self::default()
        };
        // Of each node: the strings that pass through it, and how deep it lies.
        let mut queue = VecDeque::from([(0..strings.len(), 0)]);
        while let Some((range, depth)) = queue.pop_front() {
            tree.first.push(tree.bytes.len() as u32);
            let mut start = range.start;
            while start < range.end {
                let Some(&byte) = strings[start].0.get(depth) else {
                    // It ends here, and was taken down when this node was made.
                    start += 1;
                    continue;
                };
                let same = strings[start..range.end]
                    .iter()
                    .take_while(|(string, _)| string.get(depth) == Some(&byte))
                    .count();
                let (string, value) = &strings[start];
                let ends = string.len() == depth + 1;
                tree.bytes.push(byte);
                tree.values.push(if ends { *value } else { NONE });
                queue.push_back((start..start + same, depth + 1));
                start += same;
            }
        }
        tree.first.push(tree.bytes.len() as u32);
        tree
    }

    /// The strings of the tree that `text` starts with, shortest first: their lengths in bytes
    /// and their values.
    pub fn prefixes<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (usize, u32)> + 't {
        let mut node = 0;
        let mut rest = text.iter().enumerate();
        std::iter::from_fn(move || {
            loop {
                let (i, byte) = rest.next()?;
                node = self.child(node, *byte)?;
                let value = *self.values.get(node)?;
                if value != NONE {
                    return Some((i + 1, value));
                }
            }
        })
    }

    fn child(&self, node: usize, byte: u8) -> Option<usize> {
        let start = *self.first.get(node)? as usize;
        let end = *self.first.get(node + 1)? as usize;
        let edge = self.bytes.get(start..end)?.binary_search(&byte).ok()?;
        Some(start + edge + 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn finds_the_prefixes_and_nothing_else(
            strings in proptest::collection::vec("[ab]{0,5}", 0..20),
            text in "[ab]{0,8}",
        ) {
            let trie = Trie::new(
                strings.iter().enumerate().map(|(i, s)| (s.clone().into_bytes(), i as u32)),
            );
            let found: Vec<_> = trie.prefixes(text.as_bytes()).collect();
            let expected: Vec<_> = (1..=text.len())
                .filter_map(|n| {
                    let i = strings.iter().position(|s| s == &text[..n])?;
                    Some((n, i as u32))
                })
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
