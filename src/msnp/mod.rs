//! The engine: what a table cannot say about MSNP. Knows nothing of Markdown, pages or HTML.
