//! The fifth phase: loaded terms of the source, their renderings, and other things to review.
