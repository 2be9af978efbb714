//! Examples of a page: which fences they are, and what the engine says of them.
