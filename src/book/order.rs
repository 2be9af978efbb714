//! Reading order and navigation.

/// The navigation: parts of the book, each with its pages.
#[derive(Debug, Clone, Default)]
pub struct Nav {
    /// Items in order.
    pub items: Vec<NavItem>,
}

/// One item of the navigation.
#[derive(Debug, Clone)]
pub enum NavItem {
    /// A title over what follows.
    Part(String),
    /// A page, by path, with what it is called there and the pages below it.
    Page {
        /// Path of the page.
        path: String,
        /// What the navigation calls it.
        title: String,
        /// Pages below.
        children: Vec<Self>,
    },
    /// A page that is announced but not written.
    Draft(String),
    /// A line between items.
    Separator,
}

impl Nav {
    /// Paths of all pages in reading order.
    pub fn pages(&self) -> Vec<&str> {
        fn walk<'a>(items: &'a [NavItem], out: &mut Vec<&'a str>) {
            for item in items {
                if let NavItem::Page { path, children, .. } = item {
                    out.push(path);
                    walk(children, out);
                }
            }
        }
        let mut out = Vec::new();
        walk(&self.items, &mut out);
        out
    }
}
