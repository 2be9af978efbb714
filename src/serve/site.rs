//! The site that is served now, and who wants to hear of the next one.

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

    /// Puts `site` in the old one's place and tells which files differ, of those that somebody looks at.
    pub(super) fn replace(&self, site: Site) {
        let (old, _) = self.get();
        let site = Arc::new(site);
        let stamp = stamp(self.count.fetch_add(1, Ordering::Relaxed) + 1);
        let next = (Arc::clone(&site), stamp.clone());
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = next;
        let mut changed = site.changed_bytes(&old);
        let shown = self.clients.shown().into_iter();
        changed.extend(shown.filter(|path| old.get(path) != site.get(path)));
        self.tell(&Event::Changed(changed.into_iter().collect(), stamp));
    }

    /// Tells every browser.
    pub(super) fn tell(&self, event: &Event) {
        self.clients.tell(event);
    }
}

fn stamp(count: u64) -> Stamp {
    Stamp(format!("{}.{count}", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> Site {
        Site::of(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())))
    }

    #[test]
    fn what_differs_is_told_with_the_stamp_of_the_new_site() {
        let current = Current::new(site(&[("a.css", "1"), ("b.css", "1"), ("c.css", "1")]));
        let first = current.get().1;
        let events = current.clients.join("a.html".to_owned()).unwrap();
        current.replace(site(&[("a.css", "1"), ("b.css", "2"), ("d.css", "1")]));
        let told = events.recv().unwrap();
        assert!(told.ends_with("data: [\"b.css\",\"c.css\",\"d.css\"]\n\n"), "{told}");
        let second = current.get().1;
        assert_ne!(second, first);
        assert!(told.starts_with(&format!("id: {}\n", second.0)), "{told}");
    }
}
