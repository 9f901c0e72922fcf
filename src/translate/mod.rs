//! The third phase: source sentences become target sentences with scores and word links.
