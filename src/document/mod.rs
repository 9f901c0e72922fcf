//! The first phase: a file becomes blocks of text with their place in the file.
