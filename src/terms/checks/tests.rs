//! The checks on cases of their own, and on arbitrary texts.
