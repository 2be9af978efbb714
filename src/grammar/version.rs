//! Protocol versions and sets of them.

use std::fmt;

/// A version of the protocol: CVR0, or MSNP with its number. Ordered as they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u8);

impl Version {
    /// The protocol that only asks for a client's newest version.
    pub const CVR0: Self = Self(0);
    /// The first version that was published.
    pub const FIRST: Self = Self(2);
    /// The version that changed how challenges are answered.
    pub const MSNP11: Self = Self(11);
    /// The last one that is made of lines; MSNP24 is not.
    pub const LAST: Self = Self(21);

    /// MSNP with this number, from 2 to 21.
    pub fn msnp(number: u8) -> Option<Self> {
        (Self::FIRST.0..=Self::LAST.0).contains(&number).then_some(Self(number))
    }

    /// Reads `MSNP8`, `msnp8`, `8` or `CVR0`.
    pub fn parse(text: &str) -> Option<Self> {
        let folded = text.to_ascii_lowercase();
        if folded == "cvr0" {
            return Some(Self::CVR0);
        }
        let digits = folded.strip_prefix("msnp").unwrap_or(&folded);
        let canonical =
            digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        canonical.then(|| digits.parse().ok()).flatten().and_then(Self::msnp)
    }

    /// All versions in order.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        std::iter::once(Self::CVR0).chain((Self::FIRST.0..=Self::LAST.0).map(Self))
    }

    /// The version before, among the MSNP ones.
    pub fn previous(self) -> Option<Self> {
        self.0.checked_sub(1).and_then(Self::msnp)
    }

    fn bit(self) -> u32 {
        1 << self.0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => out.write_str("CVR0"),
            number => write!(out, "MSNP{number}"),
        }
    }
}

/// A set of versions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct VersionSet(u32);

impl VersionSet {
    /// No version.
    pub const EMPTY: Self = Self(0);

    /// Every MSNP version; CVR0 is not one.
    pub fn msnp() -> Self {
        Self::range(Version::FIRST, Version::LAST)
    }

    /// Every version, CVR0 too.
    pub fn all() -> Self {
        Self::msnp().union(Self::only(Version::CVR0))
    }

    /// One version.
    pub fn only(version: Version) -> Self {
        Self(version.bit())
    }

    /// The MSNP versions from `first` to `last`, both included; empty where they are in the wrong order.
    pub fn range(first: Version, last: Version) -> Self {
        Version::all().filter(|v| (first..=last).contains(v)).collect()
    }

    /// Reads a `version=` value: `8`, `2..7`, `9..`, `..7`, `cvr0`, joined by `|`.
    ///
    /// An error says which part cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split('|').try_fold(Self::EMPTY, |set, part| Ok(set.union(parse_part(part.trim())?)))
    }

    /// True if there is no version in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True if `version` is in it.
    pub fn contains(self, version: Version) -> bool {
        self.0 & version.bit() != 0
    }

    /// The versions in both.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The versions in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The versions in this one that are not in the other.
    #[must_use]
    pub fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// True if every version of this one is in the other.
    pub fn is_subset(self, other: Self) -> bool {
        self.difference(other).is_empty()
    }

    /// The versions in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Version> {
        Version::all().filter(move |version| self.contains(*version))
    }

    /// The earliest version.
    pub fn first(self) -> Option<Version> {
        self.iter().next()
    }

    /// The latest version.
    pub fn last(self) -> Option<Version> {
        self.iter().next_back()
    }

    /// Runs of neighbouring versions, as first and last.
    pub fn runs(self) -> Vec<(Version, Version)> {
        let mut runs: Vec<(Version, Version)> = Vec::new();
        for version in self.iter() {
            match runs.last_mut() {
                Some((_, last)) if version.previous() == Some(*last) => *last = version,
                _ => runs.push((version, version)),
            }
        }
        runs
    }
}

fn parse_part(part: &str) -> Result<VersionSet, String> {
    let unknown = |word: &str| format!("`{word}` is not a version from 2 to 21 or `cvr0`");
    let version = |word: &str| Version::parse(word.trim()).ok_or_else(|| unknown(word));
    let Some((first, last)) = part.split_once("..") else {
        return version(part).map(VersionSet::only);
    };
    let first = if first.is_empty() { Version::FIRST } else { version(first)? };
    let last = if last.is_empty() { Version::LAST } else { version(last)? };
    if first > last {
        return Err(format!("`{part}` runs backwards"));
    }
    Ok(VersionSet::range(first, last))
}

impl FromIterator<Version> for VersionSet {
    fn from_iter<I: IntoIterator<Item = Version>>(versions: I) -> Self {
        Self(versions.into_iter().fold(0, |bits, version| bits | version.bit()))
    }
}

impl fmt::Debug for VersionSet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "VersionSet({self})")
    }
}

/// For people: `MSNP2 to MSNP7, MSNP9`; a run to the last version is `MSNP9 and later`; the empty set is `no version`.
impl fmt::Display for VersionSet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return out.write_str("no version");
        }
        for (index, (first, last)) in self.runs().into_iter().enumerate() {
            if index > 0 {
                out.write_str(", ")?;
            }
            match (first, last) {
                (Version::FIRST, Version::LAST) => out.write_str("every MSNP version")?,
                (first, Version::LAST) if first != last => write!(out, "{first} and later")?,
                (first, last) if first == last => write!(out, "{first}")?,
                (first, last) if first.0 + 1 == last.0 => write!(out, "{first} and {last}")?,
                (first, last) => write!(out, "{first} to {last}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_read_and_shown() {
        let shown = |text: &str| VersionSet::parse(text).map(|set| set.to_string());
        assert_eq!(shown("8"), Ok("MSNP8".into()));
        assert_eq!(shown("2..7|9"), Ok("MSNP2 to MSNP7, MSNP9".into()));
        assert_eq!(shown("9.."), Ok("MSNP9 and later".into()));
        assert_eq!(shown("..3"), Ok("MSNP2 and MSNP3".into()));
        assert_eq!(shown("cvr0|2.."), Ok("CVR0, every MSNP version".into()));
        assert_eq!(VersionSet::EMPTY.to_string(), "no version");
        assert!(VersionSet::parse("1").is_err());
        assert!(VersionSet::parse("9..8").is_err());
        assert!(VersionSet::parse("").is_err());
        assert!(VersionSet::parse("22").is_err());
    }

    #[test]
    fn cvr0_is_not_inside_a_range_of_msnp_versions() {
        assert!(!VersionSet::msnp().contains(Version::CVR0));
        assert_eq!(VersionSet::parse("cvr0|2").unwrap().runs().len(), 2);
    }
}
