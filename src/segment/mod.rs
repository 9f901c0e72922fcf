//! The second phase: blocks become sentences.
