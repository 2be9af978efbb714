//! What a name means: `CHG` a command's page, `MSNP8` a version's, `911` a section.

use std::collections::BTreeMap;

/// Names of the book and where they lead.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Command words, version names and error codes, each with the page's path and an id on it (empty for its top).
    pub targets: BTreeMap<String, (String, String)>,
}

impl Names {
    /// Where the name leads: path and id.
    pub fn find(&self, name: &str) -> Option<(&str, &str)> {
        self.targets.get(name).map(|(path, id)| (path.as_str(), id.as_str()))
    }
}
