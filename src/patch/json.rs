//! The review for programs.

use serde_json::{Value, json};

use super::{Delta, Failure, Patch, Person, Review};
use crate::report::{Files, Format, Report, Severity, Style, pretty, render};
use crate::text::neutralise;

/// The review as one JSON object.
pub fn json(review: &Review, least: Severity) -> String {
    let patches: Vec<Value> = review
        .patches
        .iter()
        .map(|one| {
            let introduced = one.delta.introduced.iter().zip(&one.places).map(|(found, (path, line))| {
                json!({"rule": found.rule.name, "severity": found.rule.severity.name(),
                       "message": found.message, "path": path, "line": line})
            });
            let fixed = one.delta.fixed.iter().map(|found| {
                json!({"rule": found.rule.name, "severity": found.rule.severity.name(), "message": found.message})
            });
            let mut value = patch(&one.patch);
            if let Some(fields) = value.as_object_mut() {
                fields.insert("introduced".to_owned(), introduced.collect());
                fields.insert("fixed".to_owned(), fixed.collect());
                fields.insert("grammar".to_owned(), json!(one.delta.grammar));
            }
            value
        })
        .collect();
    let remarks: Vec<Value> = review
        .remarks
        .iter()
        .map(|remark| {
            json!({"mail": remark.mail, "name": remark.name, "severity": remark.severity.name(),
                   "message": remark.message, "help": remark.help})
        })
        .collect();
    let result = if review.fails(least) { "findings" } else { "clean" };
    pretty(&json!({
        "result": result,
        "base": review.base,
        "cover": review.cover.as_ref().map(|(title, _)| title),
        "patches": patches,
        "remarks": remarks,
        "total": total(&review.total, review.before.files(), review.after.files()),
    }))
}

/// The review as the object that Patchwork's API takes for a check.
pub fn patchwork(review: &Result<Review, Failure>, least: Severity) -> String {
    let (state, description) = match standing(review, least) {
        Standing::Good => ("success", said(review)),
        Standing::Doubtful => ("warning", said(review)),
        Standing::Bad => ("fail", said(review)),
    };
    pretty(&json!({"state": state, "context": "wirebook", "description": description}))
}

/// The review as the results that b4 reads from a command that checks a mail: none for a mail without a patch.
pub fn b4(review: &Result<Review, Failure>, least: Severity) -> String {
    if matches!(review, Err(Failure::Conflict { mail: 0, .. })) {
        return pretty(&json!([]));
    }
    let status = match standing(review, least) {
        Standing::Good => "pass",
        Standing::Doubtful => "warn",
        Standing::Bad => "fail",
    };
    let details = match review {
        Ok(review) => super::full(review, Style::Plain),
        Err(failure) => {
            let told = failure.told().into_iter().flat_map(|(message, help)| [message, help]);
            told.filter(|line| !line.is_empty())
                .map(|line| neutralise(&line).into_owned() + "\n")
                .collect()
        }
    };
    let summary = said(review);
    pretty(&json!([{"tool": "wirebook", "status": status, "summary": summary, "details": details}]))
}

/// How a series stands.
enum Standing {
    Good,
    Doubtful,
    Bad,
}

fn standing(review: &Result<Review, Failure>, least: Severity) -> Standing {
    match review {
        Ok(review) if review.fails(least) => Standing::Bad,
        Ok(review) if review.fails(Severity::Warning) => Standing::Doubtful,
        Ok(_) => Standing::Good,
        Err(_) => Standing::Bad,
    }
}

fn said(review: &Result<Review, Failure>) -> String {
    match review {
        Ok(review) => super::full::summary(review),
        Err(failure) => neutralise(&failure.to_string()).into_owned(),
    }
}

/// What stands in the way of a review as one JSON object.
pub fn refused(failure: &Failure) -> String {
    pretty(&match failure {
        Failure::Refused(refusals) => {
            let refusals: Vec<Value> = refusals
                .iter()
                .map(|one| json!({"mail": one.mail, "reason": one.reason, "message": one.message, "help": one.help}))
                .collect();
            json!({"result": "refused", "refusals": refusals})
        }
        Failure::Conflict { mail, message, said, help } => {
            json!({"result": "conflict", "mail": mail, "message": message, "git": said, "help": help})
        }
        Failure::Unusable { message, help } => {
            json!({"result": "unusable", "message": message, "help": help})
        }
    })
}

fn person(person: &Person) -> Value {
    json!({"name": person.name, "address": person.address})
}

fn patch(patch: &Patch) -> Value {
    let files: Vec<Value> = patch
        .diff
        .files
        .iter()
        .map(|file| {
            let (added, removed) = file.count();
            json!({"path": file.new, "old_path": file.old, "added": added, "removed": removed})
        })
        .collect();
    json!({
        "mail": patch.mail.number,
        "title": patch.title,
        "message_id": patch.mail.id,
        "sender": person(&patch.mail.from),
        "author": person(&patch.author),
        "files": files,
    })
}

fn total(delta: &Delta, before: Files<'_>, after: Files<'_>) -> Value {
    let array = |found: &[crate::report::Diagnostic], files| {
        let text = render(Format::Json, &Report::new(found.to_vec()), &[], files, Style::Plain);
        serde_json::from_str(&text).unwrap_or(Value::Null)
    };
    json!({
        "introduced": array(&delta.introduced, after),
        "fixed": array(&delta.fixed, before),
        "grammar": delta.grammar,
    })
}
