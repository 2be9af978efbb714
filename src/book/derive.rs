//! Titles, kinds, versions and servers of pages, where front matter says nothing.
