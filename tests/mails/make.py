#!/usr/bin/env python3
"""Writes the mails in this folder, each with the code that `wirebook patch check` must end with, in `expected.txt`.

The mails are made for the wiki that `tests/patch.rs` begins with: `wiki/index.md` and `wiki/chg.md`. Run it here, without arguments;
equal runs give equal bytes. `plain git am` takes most of what is refused here.
"""
import base64
import os
import quopri
from pathlib import Path

HERE = Path(__file__).parent
GOOD = "Ann <ann@example.org>"
DATE = "Mon, 1 Jan 2024 12:00:00 +0100"
SIGNED = f"Signed-off-by: {GOOD}\n"
expected = []


def added(path, lines, mode="100644"):
    body = "".join(f"+{line}\n" for line in lines)
    return (
        f"diff --git a/{path} b/{path}\nnew file mode {mode}\nindex 0000000..1111111\n"
        f"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{len(lines)} @@\n{body}"
    )


def changed(path="wiki/index.md", old="Words.", new="Other words.", mode=" 100644"):
    return (
        f"diff --git a/{path} b/{path}\nindex 1111111..2222222{mode}\n--- a/{path}\n+++ b/{path}\n"
        f"@@ -1,5 +1,5 @@\n # A wiki\n \n-{old}\n+{new}\n \n - [CHG](chg.md)\n"
    )


def mail(diff, subject="[PATCH] Change words", sender=GOOD, message="Why.\n\n" + SIGNED, extra="", tail="-- \n2.47.3\n\n",
         separator="---\n 1 file changed\n\n", body=None, encode=None):
    text = body if body is not None else f"{message}{separator}{diff}{tail}"
    raw = text.encode()
    if encode == "base64":
        extra += "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n"
        raw = base64.encodebytes(raw)
    elif encode == "quoted":
        extra += "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n"
        raw = quopri.encodestring(raw)
    head = f"From: {sender}\nDate: {DATE}\nSubject: {subject}\nMessage-ID: <one@example.org>\n{extra}\n"
    return b"From " + b"0" * 40 + b" Mon Sep 17 00:00:00 2001\n" + head.encode() + raw


def write(name, code, reason, data):
    (HERE / f"{name}.mbox").write_bytes(data)
    expected.append(f"{name} {code} {reason}\n")


for old in HERE.glob("*.mbox"):
    os.remove(old)

# What is as it should be.
write("good", 0, "-", mail(changed()))
write("good-base64", 0, "-", mail(changed(), encode="base64"))
write("good-quoted", 0, "-", mail(changed(), encode="quoted"))
write("good-crlf", 0, "-", mail(changed()).replace(b"\n", b"\r\n"))
write("base-option", 0, "base", mail(changed(), tail="base-commit: --output=/tmp/x\n-- \n2.47.3\n"))
write("unsigned", 0, "no-sign-off", mail(changed(), message="Why.\n\n"))

# Paths.
for name, path in {
    "dot-dot": "../evil.md", "inner-dot-dot": "wiki/../../evil.md", "absolute": "/etc/evil.md",
    "dot-git": ".git/hooks/post-commit", "dot-git-case": "wiki/.GIT/config.md", "short-name": "wiki/git~1/a.md",
    "escape": "wiki/a\x1b[2J.md", "backslash": "wiki\\evil.md", "dash": "wiki/-rf.md", "blank": "wiki/a b.md",
    "attributes": "wiki/.gitattributes", "modules": ".gitmodules", "hooks": "hooks/post-applypatch", "wide": "wiki/\u202ea.md",
    "decomposed": "wiki/e\u0301.md", "long": "wiki/" + "a" * 250 + ".md",
}.items():
    reason = "outside" if name == "hooks" else "path"
    write(f"path-{name}", 4, reason, mail(added(path, ["x"])))
newline = 'diff --git "a/wiki/a\\nb.md" "b/wiki/a\\nb.md"\nnew file mode 100644\n--- /dev/null\n+++ "b/wiki/a\\nb.md"\n@@ -0,0 +1 @@\n+x\n'
write("path-newline", 4, "path", mail(newline))
write("path-device", 4, "reserved-name", mail(added("wiki/CON.md", ["# x"])))
write("path-case", 4, "same-name", mail(added("wiki/CHG.md", ["# x"])))
write("path-folder-case", 4, "same-name", mail(added("wiki/a/x.md", ["# x"]) + added("wiki/A/y.md", ["# y"])))
write("settings", 4, "settings", mail(changed("book.toml")))
write("program", 4, "outside", mail(added("run.sh", ["x"])))
write("drawing", 4, "ending", mail(added("wiki/a.svg", ["<svg/>"])))
write("disagree", 4, "paths-disagree", mail(changed().replace("+++ b/wiki/index.md", "+++ b/wiki/chg.md")))

# Modes.
write("link", 4, "symbolic-link", mail(added("wiki/link.md", ["/etc/passwd"], "120000")))
write("link-edit", 4, "symbolic-link", mail(changed("wiki/link.md", mode=" 120000")))
write("submodule", 4, "submodule", mail(added("wiki/sub.md", ["Subproject commit " + "1" * 40], "160000")))
write("executable", 4, "executable", mail(added("wiki/x.md", ["x"], "100755")))
write("mode-change", 4, "executable", mail("diff --git a/wiki/index.md b/wiki/index.md\nold mode 100644\nnew mode 100755\n"))

# What is hidden.
write("diff-in-message", 4, "hidden-diff", mail(changed(), message="Why.\n\n" + changed("wiki/chg.md") + "\n" + SIGNED))
write("index-in-message", 4, "hidden-diff", mail(changed(), message="Why.\n\nIndex: wiki/chg.md\n" + SIGNED))
write("old-diff-in-message", 4, "hidden-diff", mail(changed(), message="--- a/wiki/chg.md\n+++ b/wiki/chg.md\n@@ -1 +1 @@\n-a\n+b\n"))
write("text-in-diff", 4, "text-in-diff", mail(changed() + "And now:\n" + added("wiki/b.md", ["# b"])))
write("diff-in-signature", 4, "text-in-diff", mail(changed(), tail="-- \n2.47.3\n" + added("wiki/b.md", ["# b"])))
write("spoofed-second", 4, "incomplete-series",
      mail(changed()) + b"\n" + mail(added("wiki/b.md", ["# b"]), subject="[PATCH] Another", sender="Bob <bob@example.org>",
                                   message="Signed-off-by: Bob <bob@example.org>\n"))
write("second-sender", 4, "several-senders",
      mail(changed(), subject="[PATCH 1/2] One") + b"\n"
      + mail(added("wiki/b.md", ["# b"]), subject="[PATCH 2/2] Two", sender="Bob <bob@example.org>",
             message="Signed-off-by: Bob <bob@example.org>\n"))
write("gap", 4, "incomplete-series", mail(changed(), subject="[PATCH 2/3] Two"))
boundary = 'Content-Type: multipart/mixed; boundary="b"\nMIME-Version: 1.0\n'
part = "--b\nContent-Type: text/plain; charset=utf-8\n\n"
write("two-parts", 4, "several-patches",
      mail("", extra=boundary, body=f"{part}{SIGNED}---\n{changed()}\n{part}{SIGNED}---\n{changed('wiki/chg.md')}\n--b--\n"))

# Who says so.
write("in-body-from", 1, "author-differs", mail(changed(), message="From: Victim <victim@example.org>\n\nWhy.\n\n"))
write("forged-sign-off", 4, "forged-sign-off", mail(changed(), message="Why.\n\nSigned-off-by: Victim <victim@example.org>\n"))
write("early-sign-off", 4, "forged-sign-off", mail(changed(), message=SIGNED + "\nThese words come last.\n"))

# Controls and encodings.
write("subject-escape", 4, "control-characters", mail(changed(), subject="=?utf-8?q?[PATCH]_a=1B[2Jb?="))
write("sender-escape", 4, "control-characters", mail(changed(), sender="=?utf-8?q?a=C2=9Bb?= <ann@example.org>"))
write("message-escape", 4, "control-characters", mail(changed(), message="a\x1b[31mb\n\n" + SIGNED, encode="base64"))
write("base64-path", 4, "path", mail(added("../evil.md", ["x"]), encode="base64"))
write("quoted-link", 4, "symbolic-link", mail(added("wiki/l.md", ["/etc/passwd"], "120000"), encode="quoted"))

# Size.
binary = ("diff --git a/wiki/big.md b/wiki/big.md\nnew file mode 100644\nindex 0000000..1111111\nGIT binary patch\n"
          "literal 200000000\nzcmeIuF#!Mo0K%a4Pi+Te2pTY8z<>b*1`HT5V8DO@0|pEjFkrxd0RsjM7%*VK\n\n")
write("binary", 4, "binary", mail(binary))
write("too-many-files", 4, "too-many-files", mail("".join(added(f"wiki/p{n}.md", ["# p"]) for n in range(101))))
write("too-many-mails", 4, "too-many-mails",
      b"\n".join(mail(added(f"wiki/p{n}.md", ["# p"]), subject=f"[PATCH {n}/51] p") for n in range(1, 52)))

# What mail programs do.
write("flowed", 4, "flowed", mail(changed(), extra="Content-Type: text/plain; charset=utf-8; format=flowed\n"))
write("stripped", 4, "stripped-blanks", mail(changed().replace("\n \n", "\n\n")))
write("wrapped", 4, "wrapped", mail(changed(new="Other\nwords.")))
write("html", 4, "html-only", mail("", extra="Content-Type: text/html; charset=utf-8\n", body="<pre>diff --git a/x b/x</pre>"))

# What becomes of the wiki.
gone = "diff --git a/wiki/index.md b/wiki/index.md\ndeleted file mode 100644\nindex 1..0\n--- a/wiki/index.md\n+++ /dev/null\n" \
       "@@ -1,5 +0,0 @@\n-# A wiki\n-\n-Words.\n-\n-- [CHG](chg.md)\n"
write("front-page-gone", 4, "deletions", mail(gone))
moved = "diff --git a/wiki/index.md b/wiki/other.md\nsimilarity index 100%\nrename from wiki/index.md\nrename to wiki/other.md\n"
write("front-page-moved", 4, "deletions", mail(moved))
write("moved-out", 4, "outside", mail(moved.replace("wiki/other.md", "other.md")))
write("raw-html", 0, "raw-html", mail(changed(new="<script>alert(1)</script>")))
write("script-link", 0, "raw-html", mail(changed(new="[a](javascript:alert%281%29)")))
write("log-command", 0, "-", mail(changed(new="::error::x ##vso[task.x]y"), subject="[PATCH] ::error::##vso[task.x]y ##[error]z"))

# What does not apply.
write("conflict", 3, "-", mail(changed(old="Words that nobody wrote.")))
write("no-patch", 3, "-", mail("", body="Hello,\n\nthe page is wrong.\n"))

(HERE / "expected.txt").write_text("".join(sorted(expected)))
