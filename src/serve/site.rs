//! The site that is served now, and who wants to hear of the next one.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::events::{Clients, Event};
use crate::site::Site;

/// The site that is served now.
#[derive(Debug)]
pub(super) struct Current {
    state: RwLock<(Arc<Site>, Stamp)>,
    count: AtomicU64,
    pub(super) clients: Clients,
}

/// Names one state of the site. It differs from one run of the program to the next, so that a tab left open over a
/// restart knows that it is old.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp(pub(super) String);

impl Current {
    pub(super) fn new(site: Site) -> Self {
        let count = AtomicU64::new(0);
        let stamp = stamp(0);
        Self { state: RwLock::new((Arc::new(site), stamp)), count, clients: Clients::default() }
    }

    /// The site and its stamp.
    pub(super) fn get(&self) -> (Arc<Site>, Stamp) {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts `site` in the old one's place and tells which files differ, if any do.
    pub(super) fn replace(&self, site: Site) {
        let (old, _) = self.get();
        let changed = changed(&old, &site);
        if changed.is_empty() {
            self.tell(&Event::Mended);
            return;
        }
        let stamp = stamp(self.count.fetch_add(1, Ordering::Relaxed) + 1);
        let next = (Arc::new(site), stamp.clone());
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = next;
        self.tell(&Event::Changed(changed, stamp));
    }

    /// Tells every browser.
    pub(super) fn tell(&self, event: &Event) {
        self.clients.tell(event);
    }
}

fn stamp(count: u64) -> Stamp {
    Stamp(format!("{}.{count}", std::process::id()))
}

/// Paths of the files that differ, come or go, in order.
fn changed(old: &Site, new: &Site) -> Vec<String> {
    let paths: BTreeSet<&String> = old.files.keys().chain(new.files.keys()).collect();
    let differs = |path: &&String| old.files.get(*path) != new.files.get(*path);
    paths.into_iter().filter(differs).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> Site {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        Site { files: files.collect() }
    }

    #[test]
    fn what_differs_is_told_and_an_equal_site_keeps_its_stamp() {
        let old = site(&[("a.html", "1"), ("b.html", "1"), ("c.html", "1")]);
        let new = site(&[("a.html", "1"), ("b.html", "2"), ("d.html", "1")]);
        assert_eq!(changed(&old, &new), ["b.html", "c.html", "d.html"]);
        let current = Current::new(old.clone());
        let first = current.get().1;
        current.replace(old);
        assert_eq!(current.get().1, first);
        current.replace(new);
        assert_ne!(current.get().1, first);
    }
}
