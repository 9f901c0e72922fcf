use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn sentences_tile_the_block(
        block in "([A-Zéa-z]{1,4}|[.?!…«»\"() ,:;-]|\\. |\n|\u{2028}|\\PC|\0){0,60}",
        language in prop_oneof![Just("fr"), Just("en"), Just("xx")],
    ) {
        let splitter = Splitter::new(&language.parse().unwrap());
        let mut at = 0;
        for range in splitter.split(&block) {
            prop_assert_eq!(range.start, at);
            prop_assert!(range.end > range.start);
            prop_assert!(block.get(trim(&block, &range)).is_some());
            at = range.end;
        }
        prop_assert_eq!(at, block.len());
    }
}
