//! Payloads in XML against what their form says: the root's name, and documents inside, entity-encoded.
//!
//! Whether the XML is well-formed is asked where payloads are counted; what is not is not looked into here.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::payload::well_formed;
use super::problem::Problem;
use crate::grammar::Form;
use crate::report::rules;
use crate::text::Span;

/// Problems of a document, which stands at `span`.
pub(super) fn hold(document: &str, form: &Form, span: Span) -> Vec<Problem> {
    let document = document.trim_end_matches('\0');
    if well_formed(document).is_err() {
        return Vec::new();
    }
    let mut problems = Vec::new();
    if let Some(root) = root(document).filter(|root| !form.xml.roots.contains(root))
        && !form.xml.roots.is_empty()
    {
        let wanted = form.xml.roots.join("` or `");
        let text = format!("the payload of `{}` is `{wanted}`, but this is `{root}`", form.name);
        let help = "correct the element's name, or the grammar where it is wrong";
        problems.push(Problem::new(&rules::PAYLOAD_FORMAT, span, text).help(help));
    }
    for name in &form.xml.inner {
        for text in texts(document, name) {
            if let Some(why) = wrong_inside(&text) {
                let text = format!("`{name}` holds a document that is not well-formed: {why}");
                let help = "mend it; in it `&` is written `&amp;amp;`";
                problems.push(Problem::new(&rules::PAYLOAD_FORMAT, span, text).help(help));
            }
        }
    }
    problems
}

/// What is wrong with a text that is a document; `None` for other texts.
fn wrong_inside(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.strip_prefix('<')?;
    let begins = rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '?');
    if begins { well_formed(text).err() } else { None }
}

fn root(document: &str) -> Option<String> {
    let mut reader = Reader::from_str(document);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => return Some(tag.name().as_ref().to_owned()),
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// The text that stands in each element of this name, entities replaced; elements inside left out.
fn texts(document: &str, name: &str) -> Vec<String> {
    let mut reader = Reader::from_str(document);
    let (mut found, mut open) = (Vec::new(), None);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(tag) if tag.name().as_ref() == name => open = Some(String::new()),
            Event::Text(text) => {
                if let Some(open) = &mut open {
                    open.push_str(&text);
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(open) = &mut open {
                    let entity = format!("&{};", &*reference);
                    let meant = quick_xml::escape::unescape(&entity).ok();
                    open.push_str(meant.as_deref().unwrap_or(&entity));
                }
            }
            Event::End(tag) if tag.name().as_ref() == name => found.extend(open.take()),
            Event::Eof => break,
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_inside_are_read() {
        let document = "<N><BODY>&lt;D&gt;&#x26;amp;&lt;/D&gt;</BODY><BODY>a</BODY></N>";
        assert_eq!(texts(document, "BODY"), ["<D>&amp;</D>", "a"]);
        assert_eq!(root(document).as_deref(), Some("N"));
        for (text, wrong) in
            [("<D>&amp;</D>", false), ("<D>&</D>", true), ("<3 you", false), ("a", false)]
        {
            assert_eq!(wrong_inside(text).is_some(), wrong, "{text}");
        }
    }
}
