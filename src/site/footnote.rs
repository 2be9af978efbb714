//! Footnotes: numbers in the text, in the order of their first mention, and the notes at the page's end.

use super::block::Writer;

impl<'a> Writer<'a> {
    /// Writes the number that stands for a footnote.
    pub(super) fn footnote_reference(&mut self, label: &'a str) {
        if !self.footnotes.contains_key(label) {
            return self.html.text(&format!("[^{label}]"));
        }
        let known = self.mentioned.iter().position(|other| *other == label);
        let number = known.unwrap_or(self.mentioned.len()) + 1;
        let mut id = String::new();
        if known.is_none() {
            self.mentioned.push(label);
            id = format!("fnref.{number}");
        }
        self.html.open("sup", &[("id", &id)]);
        if self.in_link {
            self.html.text(&number.to_string());
        } else {
            self.anchor(&format!("#fn.{number}"), &number.to_string());
        }
        self.html.close("sup");
    }

    /// Writes the footnotes that were mentioned, also by other footnotes, and then those that nothing mentions.
    pub(super) fn footnote_section(&mut self) {
        if self.footnotes.is_empty() {
            return;
        }
        self.html.raw("<section class=\"footnotes\" aria-label=\"Footnotes\"><ol>");
        let mut next = 0;
        while let Some(label) = self.mentioned.get(next).copied() {
            next += 1;
            self.footnote(label, Some(next));
        }
        let labels: Vec<&str> = self.footnotes.keys().copied().collect();
        for label in labels {
            if !self.mentioned.contains(&label) {
                self.footnote(label, None);
            }
        }
        self.html.raw("</ol></section>");
    }

    fn footnote(&mut self, label: &'a str, number: Option<usize>) {
        let Some(blocks) = self.footnotes.get(label).copied() else { return };
        let id = number.map(|number| format!("fn.{number}"));
        self.html.open("li", &[("id", &id.unwrap_or_default())]);
        self.item(blocks.len() == 1, blocks);
        if let Some(number) = number {
            let back = format!("#fnref.{number}");
            self.html.raw(" ");
            self.html.element("a", &[("href", &back), ("aria-label", "Back to the text")], "↩");
        }
        self.html.close("li");
    }
}
