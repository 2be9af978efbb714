//! The site of the patched wiki, its changed pages marked.
