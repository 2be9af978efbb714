//! "Did you mean": the known word nearest to one that is not known.

/// The candidate nearest to `word`, if one is near enough to be what was meant.
///
/// Near enough is one edit for words up to four characters, two up to eight, three beyond; letter case
/// is not counted. Of equals the first wins.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = word.to_lowercase();
    let limit = match folded.chars().count() {
        0..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The help "did you mean ...?" with the candidate nearest to `word`, if one is near enough.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    closest(word, candidates).map(|near| format!("did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        assert_eq!(closest("verison", ["server", "version"]), Some("version"));
        assert_eq!(closest("CHH", ["QRY", "CHG"]), Some("CHG"));
        assert_eq!(closest("zebra", ["server", "version"]), None);
        assert_eq!(did_you_mean("CHH", ["CHG"]).as_deref(), Some("did you mean `CHG`?"));
        assert_eq!(did_you_mean("zebra", ["CHG"]), None);
    }
}
