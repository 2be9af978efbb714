//! Text with addresses: sources, spans in them, edits to them, and what may be shown of them.
//!
//! Everything above works on byte ranges ([`Span`]) of one [`Source`]. Lines and columns are computed
//! only when something is printed. This module knows nothing of Markdown or of any protocol.

mod fix;
mod header;
mod history;
mod neutral;
mod sentence;
mod source;
mod span;
mod suggest;

pub use fix::{Edit, Fix, FixLevel, edited};
pub use header::{header, header_person};
pub use history::{Change, History};
pub use neutral::neutralise;
pub use sentence::first_sentence;
pub use source::{Position, Source, Sources};
pub use span::Span;
pub use suggest::{closest, did_you_mean};
