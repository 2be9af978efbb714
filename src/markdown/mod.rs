//! Markdown into pages: one [`Source`](crate::text::Source) in, one [`Page`] out.
//!
//! Parsing is total: any text gives a page, and what is wrong with it stands in [`Page::diagnostics`]. A page is
//! a pure function of its source; it knows nothing of other pages, of grammar, or of HTML output.
//!
//! 1. Front matter is cut off and read (`front`).
//! 2. The events of pulldown-cmark become a tree of blocks and inlines with spans (`tree`); links keep the place of
//!    their destination (`destination`), fences one span a line and their attributes (`fence`).
//! 3. Raw HTML is filtered (`html`), balanced and put into the tree, as are comments for wirebook (`raw`).
//! 4. Headings, terms and table rows get ids, unique in the page (`ids`).

mod allow;
mod attributes;
mod destination;
mod fence;
mod frame;
mod front;
mod heading;
mod html;
mod ids;
mod page;
mod parse;
mod raw;
mod tree;

#[cfg(test)]
mod tests;

pub use allow::Allowance;
pub use attributes::{Attribute, Attributes};
pub use fence::Fence;
pub use front::FrontMatter;
pub use heading::{Heading, slug};
pub use page::{Alert, Alignment, Block, Definition, Inline, Item, Link, Page, inline_text};
pub use parse::parse;
