//! Raw HTML: what is let through.
//!
//! In: the HTML in a Markdown file. Out: tags that are safe on any page, rebuilt from nothing but a
//! known name and a checked id; everything else is refused with a reason and shown to the reader as the text it is.
//! `<a id>` becomes a `span`, since headings and other links may not hold a second `a`. Nothing here knows of pages or
//! of other tags; that tags are balanced is the business of `raw`.

use super::heading::is_plain_id;

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text between tags, entities not decoded.
    Text(&'a str),
    /// The inside of a comment; `None` if nothing closes it.
    Comment(Option<&'a str>),
    /// A tag.
    Tag(Tag<'a>),
    /// A declaration, a processing instruction, or CDATA.
    Other(&'a str),
}

/// A tag as written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// The whole tag.
    pub(super) raw: &'a str,
    /// Its name in lower case.
    pub(super) name: String,
    /// True for `</name>`.
    pub(super) closing: bool,
    /// True for `<name/>`.
    pub(super) closed: bool,
    /// Attributes: name in lower case, and value without quotes.
    attributes: Vec<(String, &'a str)>,
}

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Opens an element that must be closed.
    Open,
    /// Closes one.
    Close,
    /// Is a whole element by itself.
    Whole,
}

/// An allowed tag, rebuilt.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    /// What it does.
    pub(super) effect: Effect,
    /// Name of the element in the output.
    pub(super) name: &'static str,
    /// Its id, which must yet be found unique.
    pub(super) id: Option<String>,
    /// True for `<details open>`.
    open: bool,
    /// Names of attributes that are left out.
    pub(super) dropped: Vec<String>,
}

impl Allowed {
    /// The tag as HTML.
    pub(super) fn html(&self) -> String {
        let name = self.name;
        let id = self.id.as_ref().map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
        let open = if self.open { " open" } else { "" };
        match self.effect {
            Effect::Close => format!("</{name}>"),
            Effect::Whole if name != "br" => format!("<{name}{id}></{name}>"),
            Effect::Open | Effect::Whole => format!("<{name}{id}{open}>"),
        }
    }
}

/// Checks a tag against the allow-list.
pub(super) fn allow(tag: &Tag<'_>) -> Option<Allowed> {
    let name = match tag.name.as_str() {
        "a" | "span" => "span",
        name => ALLOWED.iter().copied().find(|allowed| *allowed == name)?,
    };
    let effect = match (tag.closing, name) {
        (true, "br") => return None,
        (true, _) => Effect::Close,
        (false, "br") => Effect::Whole,
        (false, "span") if tag.closed => Effect::Whole,
        (false, _) if tag.closed => return None,
        (false, _) => Effect::Open,
    };
    let mut allowed = Allowed { effect, name, id: None, open: false, dropped: Vec::new() };
    for (attribute, value) in &tag.attributes {
        match (name, attribute.as_str()) {
            ("span", "id") if is_plain_id(value) => allowed.id = Some((*value).to_owned()),
            ("details", "open") => allowed.open = true,
            _ => allowed.dropped.push(attribute.clone()),
        }
    }
    // A link or a style without its attributes would be a tag that does nothing the author meant.
    let useless = name == "span" && !tag.closing && allowed.id.is_none();
    (!useless).then_some(allowed)
}

/// What Markdown, or a code span, has for a tag that is refused.
pub(super) fn advice(tag: &Tag<'_>) -> String {
    match tag.name.as_str() {
        "a" => "write a link as `[text](address)`, a target as `<a id=\"name\"></a>`".to_owned(),
        "b" | "strong" => "write `**text**`".to_owned(),
        "i" | "em" => "write `*text*`".to_owned(),
        "s" | "del" | "strike" => "write `~~text~~`".to_owned(),
        "code" | "tt" | "pre" => "write code between backticks".to_owned(),
        "img" => "write an image as `![text](address)`".to_owned(),
        "hr" => "write `---` on a line of its own".to_owned(),
        "details" | "summary" => DETAILS_ADVICE.to_owned(),
        _ => format!("to show it, write it as a code span: `` `{}` ``", tag.raw),
    }
}

/// Takes HTML apart; the number is the offset of each piece. The pieces together are the whole text.
pub(super) fn pieces(text: &str) -> Vec<(usize, Piece<'_>)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut plain = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + found;
        let rest = text.get(start..).unwrap_or_default();
        let Some((length, piece)) = markup(rest) else {
            at = start + 1;
            continue;
        };
        if let Some(before) = text.get(plain..start).filter(|before| !before.is_empty()) {
            pieces.push((plain, Piece::Text(before)));
        }
        pieces.push((start, piece));
        at = start + length;
        plain = at;
    }
    if let Some(rest) = text.get(plain..).filter(|rest| !rest.is_empty()) {
        pieces.push((plain, Piece::Text(rest)));
    }
    pieces
}

/// The tag, comment or declaration at the front of `text`, and its length.
fn markup(text: &str) -> Option<(usize, Piece<'_>)> {
    if let Some(inside) = text.strip_prefix("<!--") {
        // `<!-->` and `<!--->` are whole comments.
        if let Some(short) = ["<!-->", "<!--->"].iter().find(|short| text.starts_with(**short)) {
            return Some((short.len(), Piece::Comment(Some(""))));
        }
        return Some(match inside.find("-->") {
            Some(end) => (end + 7, Piece::Comment(inside.get(..end))),
            None => (text.len(), Piece::Comment(None)),
        });
    }
    for (opening, closing) in [("<![CDATA[", "]]>"), ("<!", ">"), ("<?", "?>")] {
        if text.starts_with(opening) {
            let end = text.find(closing).map_or(text.len(), |end| end + closing.len());
            return Some((end, Piece::Other(text.get(..end)?)));
        }
    }
    let tag = read_tag(text)?;
    Some((tag.raw.len(), Piece::Tag(tag)))
}

/// Reads the tag at the front of `text`.
pub(super) fn read_tag(text: &str) -> Option<Tag<'_>> {
    let rest = text.strip_prefix('<')?;
    let (closing, rest) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
    let name_end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
    let (name, mut rest) = rest.split_at_checked(name_end)?;
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let mut attributes = Vec::new();
    let closed = loop {
        let trimmed = rest.trim_start();
        if let Some(behind) = trimmed.strip_prefix('>') {
            rest = behind;
            break false;
        }
        if let Some(behind) = trimmed.strip_prefix("/>") {
            rest = behind;
            break true;
        }
        if trimmed.len() == rest.len() {
            return None;
        }
        let (attribute, behind) = read_attribute(trimmed)?;
        attributes.push(attribute);
        rest = behind;
    };
    let raw = text.get(..text.len() - rest.len())?;
    Some(Tag { raw, name: name.to_ascii_lowercase(), closing, closed, attributes })
}

/// Reads `name`, `name=value`, `name="value"` or `name='value'`, and gives what stands behind it.
fn read_attribute(text: &str) -> Option<((String, &str), &str)> {
    let end = text.find(|c: char| c.is_whitespace() || "\"'<>/=".contains(c))?;
    let (name, behind) = text.split_at_checked(end)?;
    if name.is_empty() {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let Some(value) = behind.trim_start().strip_prefix('=').map(str::trim_start) else {
        return Some(((name, ""), behind));
    };
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            let (value, behind) = quoted.split_once(quote)?;
            return Some(((name, value), behind));
        }
    }
    let end = value.find(|c: char| c.is_whitespace() || "\"'=<>`".contains(c))?;
    let (value, behind) = value.split_at_checked(end)?;
    (!value.is_empty()).then_some(((name, value), behind))
}

const ALLOWED: [&str; 6] = ["br", "details", "kbd", "sub", "summary", "sup"];

const DETAILS_ADVICE: &str = "put `<details>` and `</details>` on lines of their own with empty lines around them, \
                              and `<summary>...</summary>` right below `<details>`";

#[cfg(test)]
mod tests {
    use super::*;

    fn rebuilt(text: &str) -> Option<String> {
        allow(&read_tag(text)?).map(|allowed| allowed.html())
    }

    #[test]
    fn allowed_tags_are_rebuilt_from_checked_parts() {
        assert_eq!(rebuilt("<KBD>").as_deref(), Some("<kbd>"));
        assert_eq!(rebuilt("<kbd onclick='x()' class=a>").as_deref(), Some("<kbd>"));
        assert_eq!(rebuilt("<a id=\"old-name\">").as_deref(), Some("<span id=\"old-name\">"));
        assert_eq!(rebuilt("<a name=x id=y/>").as_deref(), None);
        assert_eq!(rebuilt("<a id=y />").as_deref(), Some("<span id=\"y\"></span>"));
        assert_eq!(rebuilt("</a>").as_deref(), Some("</span>"));
        assert_eq!(rebuilt("<br/>").as_deref(), Some("<br>"));
        assert_eq!(rebuilt("<details open>").as_deref(), Some("<details open>"));
    }

    #[test]
    fn the_rest_is_refused() {
        let refused = [
            "<script>",
            "<a href=x>",
            "<a id='\"><script>'>",
            "<span style=x>",
            "</br>",
            "<kbd/>",
            "<TEXTX>",
            "<img src=x>",
            "<a id=\"\">",
        ];
        for text in refused {
            assert_eq!(rebuilt(text), None, "{text}");
        }
        for text in ["<a", "<1>", "< a>", "<a b=>", "<a \"b\">", "<>", "<a/b>", "<wsse:X>"] {
            assert_eq!(read_tag(text), None, "{text}");
        }
    }

    #[test]
    fn pieces_are_the_whole_text() {
        let text = "<details>\n<summary>a < b</summary><!-- c --><!-->x<?y?><!DOCTYPE z><![CDATA[>]]>&lt;<!-- open";
        let pieces = pieces(text);
        let ends = pieces.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
        let shown = pieces.iter().zip(ends).map(|((at, _), end)| &text.as_bytes()[*at..end]);
        let shown: Vec<_> = shown.map(|piece| str::from_utf8(piece).unwrap()).collect();
        let expected = [
            "<details>",
            "\n",
            "<summary>",
            "a < b",
            "</summary>",
            "<!-- c -->",
            "<!-->",
            "x",
            "<?y?>",
            "<!DOCTYPE z>",
            "<![CDATA[>]]>",
            "&lt;",
            "<!-- open",
        ];
        assert_eq!(shown, expected);
        assert_eq!(pieces[5].1, Piece::Comment(Some(" c ")));
        assert_eq!(pieces[12].1, Piece::Comment(None));
    }
}
