//! Answers of many rows: rows that are numbered, and rows that the answer counts.
//!
//! A row whose form has an `index` and a `total` is one of a series that runs from 1 to the total. A form with `counted=`
//! is a row of the answer that has the count.

use super::problem::Problem;
use super::said::{Said, Spoken, Value};
use crate::report::rules;
use crate::text::{FixLevel, Span};

/// Rows on one connection.
#[derive(Debug, Default)]
pub(super) struct Rows {
    series: Option<Series>,
    list: Option<List>,
    /// True if lines are left out since the last row.
    gap: bool,
}

/// A series of numbered rows that goes on.
#[derive(Debug)]
struct Series {
    /// The row's words before its number.
    key: Vec<String>,
    trid: Option<u32>,
    /// True if the request is shown.
    asked: bool,
    index: u32,
    total: (u32, Span),
}

/// An answer whose rows are counted.
#[derive(Debug)]
struct List {
    /// Its command.
    name: String,
    /// Each count, where it stands, and how many rows came.
    counts: Vec<Count>,
}

#[derive(Debug)]
struct Count {
    name: String,
    announced: (u32, Span),
    /// How many rows came, and the last one.
    came: (u32, Span),
}

impl Rows {
    /// Takes in what a server says; `asked` tells whether the request is shown.
    pub(super) fn hear(&mut self, said: &Said<'_>, asked: bool) -> Vec<Problem> {
        let mut problems = Vec::new();
        // A row without its request is a piece of an answer.
        self.gap |= !asked;
        let numbered = said.readings.iter().find_map(|spoken| Some((spoken, number(spoken)?)));
        match numbered {
            Some((spoken, (index, total))) => {
                problems.extend(self.row(said, spoken, (index, total)));
            }
            // Another answer to the same request: no row of this series comes any more.
            None if said.trid.is_some() && said.trid.map(|(id, _)| id) == self.series_trid() => {
                problems.extend(self.end_series());
            }
            None => {}
        }
        if let Some(spoken) = said.readings.iter().find(|spoken| spoken.form.inside.is_some()) {
            self.count(said, spoken);
        }
        problems
    }

    /// Begins to count the rows of an answer; `counted` are the names of its parameters that count. Other answers may
    /// stand between the rows, so they are counted until nothing more comes.
    pub(super) fn announce(&mut self, said: &Said<'_>, counted: &[&str]) -> Vec<Problem> {
        let ended = self.end_list();
        let Some(spoken) = said.readings.first() else { return ended };
        let count = |name: &&str| {
            let value = spoken.named(name).next()?;
            let announced = (value.text.parse().ok()?, value.span);
            Some(Count { name: (*name).to_owned(), announced, came: (0, value.span) })
        };
        let counts: Vec<Count> = counted.iter().filter_map(count).collect();
        self.list =
            (!counts.is_empty()).then(|| List { name: said.name.clone().into_owned(), counts });
        ended
    }

    /// Lines are left out.
    pub(super) fn skip(&mut self) {
        self.series = None;
        self.list = None;
        self.gap = true;
    }

    /// Nothing comes any more.
    pub(super) fn end(&mut self) -> Vec<Problem> {
        self.end_series().into_iter().chain(self.end_list()).collect()
    }

    fn series_trid(&self) -> Option<u32> {
        self.series.as_ref().and_then(|series| series.trid)
    }

    fn row(
        &mut self,
        said: &Said<'_>,
        spoken: &Spoken<'_>,
        (index, total): (&Value<'_>, &Value<'_>),
    ) -> Vec<Problem> {
        let before = spoken.values.iter().take_while(|value| value.span.start < index.span.start);
        if before.clone().any(|value| value.wild.is_some()) {
            (self.series, self.gap) = (None, true);
            return Vec::new();
        }
        let key: Vec<String> = std::iter::once(said.name.clone().into_owned())
            .chain(before.map(|value| value.text.clone().into_owned()))
            .collect();
        let (Ok(number), Ok(count)) = (index.text.parse::<u32>(), total.text.parse::<u32>()) else {
            // One that is not shown may be any.
            (self.series, self.gap) = (None, true);
            return Vec::new();
        };
        let goes_on = self.series.as_ref().is_some_and(|s| s.key == key && s.index < s.total.0);
        let mut problems: Vec<Problem> =
            if goes_on { Vec::new() } else { self.end_series().into_iter().collect() };
        let before = self.series.take().filter(|_| goes_on);
        let wanted = match &before {
            Some(series) => Some(series.index.saturating_add(1)),
            None if self.gap => None,
            None => Some(1),
        };
        if let Some(series) = before.as_ref().filter(|series| series.total.0 != count) {
            problems.push(other_total(&said.name, total.span, count, series.total));
        } else if number == 0 || number > count {
            let text = format!("this row of `{}` is number {number} of {count}", said.name);
            let help = "rows are numbered from 1 to their total";
            problems.push(Problem::new(&rules::ROW_NUMBER, index.span, text).help(help));
        } else if let Some(wanted) = wanted.filter(|wanted| *wanted != number) {
            let text =
                format!("this row of `{}` is number {number}, after {}", said.name, wanted - 1);
            problems.push(
                Problem::new(&rules::ROW_NUMBER, index.span, text)
                    .here(format!("should be {wanted}"))
                    .help("rows are numbered from 1 on; write `...` where rows are left out")
                    .fix(FixLevel::Unsafe, index.span, wanted.to_string()),
            );
        }
        let asked = !self.gap || before.is_some_and(|series| series.asked);
        self.gap = false;
        let trid = said.trid.map(|(id, _)| id);
        self.series = Some(Series { key, trid, asked, index: number, total: (count, total.span) });
        problems
    }

    fn end_series(&mut self) -> Option<Problem> {
        let series = self.series.take().filter(|series| series.index < series.total.0)?;
        if !series.asked {
            return None;
        }
        let (total, span) = series.total;
        let name = series.key.first().map_or("", String::as_str);
        let text =
            format!("`{name}` announces {total} rows, but the last is number {}", series.index);
        Some(
            Problem::new(&rules::ROW_NUMBER, span, text)
                .here(format!("{} rows come", series.index))
                .help("show all rows, or write `...` where rows are left out")
                .fix(FixLevel::Displayed, span, series.index.to_string()),
        )
    }

    fn count(&mut self, said: &Said<'_>, spoken: &Spoken<'_>) {
        let Some(list) = &mut self.list else { return };
        let form = spoken.form;
        if form.inside.as_ref() != Some(&list.name) {
            return;
        }
        let counts = list.counts.iter_mut();
        for count in counts.filter(|count| Some(&count.name) == form.counted.as_ref()) {
            count.came = (count.came.0.saturating_add(1), said.line);
        }
    }

    fn end_list(&mut self) -> Vec<Problem> {
        let Some(list) = self.list.take() else { return Vec::new() };
        // An answer with no row of a kind is shown in part.
        if list.counts.iter().any(|count| count.came.0 == 0 && count.announced.0 > 0) {
            return Vec::new();
        }
        let wrong = list.counts.iter().filter(|count| count.announced.0 != count.came.0);
        let problem = |count: &Count| {
            let ((announced, span), (came, latest)) = (count.announced, count.came);
            let text = format!(
                "`{}` announces {announced} {}, but {came} come",
                list.name,
                count.name.replace('-', " ")
            );
            let problem = Problem::new(&rules::ROW_COUNT, span, text)
                .here(format!("should be {came}"))
                .help("count the rows, or write `...` where rows are left out")
                .fix(FixLevel::Unsafe, span, came.to_string());
            if came > 0 { problem.label(latest, "the last one") } else { problem }
        };
        wrong.map(problem).collect()
    }
}

fn number<'s, 'a>(spoken: &'s Spoken<'a>) -> Option<(&'s Value<'a>, &'s Value<'a>)> {
    Some((spoken.of_kind("index")?, spoken.of_kind("total")?))
}

fn other_total(name: &str, span: Span, count: u32, before: (u32, Span)) -> Problem {
    let text =
        format!("this row of `{name}` is one of {count}, the row before one of {}", before.0);
    Problem::new(&rules::ROW_NUMBER, span, text)
        .here(format!("should be {}", before.0))
        .label(before.1, "the row before")
        .help("every row of an answer has the same total")
        .fix(FixLevel::Unsafe, span, before.0.to_string())
}
