//! Feeds bytes to the parser that the variable `VISAVIS_PARSER` names.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use visavis::fuzzing::{PARSERS, Parser, parser};

static PARSER: LazyLock<Parser> = LazyLock::new(|| {
    let name = std::env::var("VISAVIS_PARSER").unwrap_or_default();
    let names: Vec<&str> = PARSERS.iter().map(|(name, _)| *name).collect();
    parser(&name).unwrap_or_else(|| panic!("set VISAVIS_PARSER to one of {names:?}"))
});

fuzz_target!(|bytes: &[u8]| PARSER(bytes));
