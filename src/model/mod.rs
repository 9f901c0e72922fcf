//! Models: the catalogue of what can be had, pulling, importing, compiling and storing weights.
