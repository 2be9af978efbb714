//! Code blocks into HTML: examples, grammar, and all other code.

use super::block::Writer;
use super::highlight;
use super::inline::{is_command_word, message};
use crate::markdown::Fence;
use crate::report::{Diagnostic, Severity};
use crate::text::Span;

impl<'a> Writer<'a> {
    /// Writes the code block of this index.
    pub(super) fn fence(&mut self, index: usize) {
        let Some(fence) = self.entry.page.fences.get(index) else { return };
        let key = (self.entry.page.path.clone(), index);
        if let Some(example) = self.shared.checked.examples.get(&key) {
            return self.example(index, fence, example);
        }
        if fence.language == "msnp-grammar" {
            self.syntax(fence);
        } else {
            self.code_block(fence);
        }
        let found = self.findings(fence.span, Severity::Warning);
        self.finding_list(&found);
    }

    fn code_block(&mut self, fence: &'a Fence) {
        let lines: Vec<&str> =
            fence.lines.iter().map(|line| self.entry.source.slice(*line)).collect();
        self.html.raw("<pre><code>");
        if matches!(fence.language.as_str(), "" | "msnp") {
            for (index, line) in lines.iter().enumerate() {
                if index > 0 {
                    self.html.raw("\n");
                }
                self.syntax_line(line);
            }
        } else {
            highlight::write(&mut self.html, &fence.language, &lines);
        }
        self.html.raw("</code></pre>");
    }

    /// A line of untagged code; a command word at its front leads to its page.
    pub(super) fn syntax_line(&mut self, line: &str) {
        let marks = ["C: ", "S: ", ">>> ", "<<< "];
        let mark = marks.into_iter().find(|mark| line.starts_with(mark)).unwrap_or_default();
        let rest = line.get(mark.len()..).unwrap_or_default();
        let word = rest.split(' ').next().unwrap_or_default();
        match self.name_link(word).filter(|_| is_command_word(word)) {
            Some(href) => {
                self.html.text(mark);
                self.anchor(&href, word);
                self.html.text(rest.get(word.len()..).unwrap_or_default());
            }
            None => self.html.text(line),
        }
    }

    /// Findings inside `span` of at least this weight.
    pub(super) fn findings(&self, span: Span, least: Severity) -> Vec<&'a Diagnostic> {
        let all = self.shared.findings(&self.entry.page.path).iter();
        let inside = all.filter(|finding| {
            finding.rule.severity >= least
                && (span.contains(finding.span.start) || finding.span == span)
        });
        inside.collect()
    }

    /// Writes findings as a list; nothing for none.
    pub(super) fn finding_list(&mut self, findings: &[&Diagnostic]) {
        if findings.is_empty() {
            return;
        }
        self.html.raw("<ul class=\"findings\">");
        for finding in findings {
            let severity = finding.rule.severity.name();
            self.html.open("li", &[("class", severity)]);
            self.html.element("b", &[], severity);
            self.html.raw(" ");
            let line = self.entry.source.position(finding.span.start).line;
            message(&mut self.html, &finding.message);
            for help in &finding.help {
                self.html.raw("<br>");
                message(&mut self.html, help);
            }
            let place = format!(" {}, line {line}", finding.rule.name);
            self.html.element("small", &[], &place);
            self.html.close("li");
        }
        self.html.raw("</ul>");
    }
}
