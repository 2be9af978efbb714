//! One grammar fence, line by line.

use std::collections::BTreeMap;

use super::{Form, ProductKey};
use crate::markdown::Fence;
use crate::report::Diagnostic;
use crate::text::Source;

/// What one fence declares.
#[derive(Debug, Clone, Default)]
pub struct FenceGrammar {
    /// Its forms, in order.
    pub forms: Vec<Form>,
    /// Its key pairs.
    pub product_keys: Vec<ProductKey>,
    /// Its constants.
    pub constants: BTreeMap<String, String>,
    /// What is wrong in it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a fence of `source`.
pub fn parse(source: &Source, fence: &Fence) -> FenceGrammar {
    let _ = (source, fence);
    FenceGrammar::default()
}
