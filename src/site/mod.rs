//! A checked book into a site: an ordered map of URL paths to bytes.

use std::collections::BTreeMap;

/// A whole site. Equal inputs give equal bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// Files by their path in the site, such as `commands/chg.html`.
    pub files: BTreeMap<String, Vec<u8>>,
}
