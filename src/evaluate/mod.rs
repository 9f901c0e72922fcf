//! Scores with a signature: translation, segmentation.
