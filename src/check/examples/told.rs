//! What prose tells of a connection: "Server disconnects client.", "Client opens a connection."

use crate::grammar::Direction;
use crate::msnp::Step;

/// What a paragraph tells of the connection.
pub(super) fn events(text: &str) -> Vec<Step> {
    let folded = text.trim().to_ascii_lowercase();
    if folded.starts_with("...") || folded.starts_with('…') {
        return vec![Step::Gap];
    }
    folded.split(". ").flat_map(|part| part.split(".\n")).filter_map(event).collect()
}

/// What a sentence in lower case tells of the connection.
fn event(sentence: &str) -> Option<Step> {
    let tells = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    let ends = tells(&["disconnect"])
        || (tells(&["connection", "server", "client"])
            && tells(&[" closes", " closed", " drops", " dropped"]));
    let opens = ["opens a connection", "opens a new connection", "connects to", "reconnects"];
    if tells(&opens) && !tells(&["disconnects"]) {
        return Some(Step::Opened);
    }
    // A request that is ignored is refused as well.
    if tells(&["server ignores", "is ignored"]) {
        return Some(Step::Closed(Direction::Server));
    }
    if !ends || tells(&["does not", "will not", "may or may not", "stays connected"]) {
        return None;
    }
    let client = sentence.trim_start_matches("the ").starts_with("client")
        && !tells(&["client is", "client will be", "client gets", "by the server"]);
    Some(Step::Closed(if client { Direction::Client } else { Direction::Server }))
}
