//! Raw HTML: what is let through.
