//! What examples tell of their words, and which parts of a page are about which versions.

use super::{page, values, wiki};

const GCF: &str = "# GCF\n\nA file.\n\n| Name | When |\n|---|---|\n| a | MSNP9 and MSNP10 |\n| b | always |\n\n## Syntax\n\n\
```msnp-grammar {server=ns}\nC: GCF trid name:word    {version=9..10 }\n\
S: GCF trid length    {version=9}\n  payload text\nS: GCF trid flag length    {version=10}\n  payload text\n```\n\n\
## Parameters\n\n`name`\n: What is wanted. See below.\n\n`other`\n: No parameter.\n\n\
## Examples\n\n### One\n\nA remark.\n\n```msnp {version=9}\nC: GCF 1 a\nS: GCF 1 5\nhello\n```\n\n\
### Two (MSNP10)\n\nNothing yet.\n\n## Changes\n\n* [MSNP9](../versions/msnp9.md): it comes.\n* MSNP10: `flag`.\n";

#[test]
fn parts_of_a_page_bear_the_versions_they_are_about() {
    let site = wiki(&[("commands/gcf.md", GCF)]);
    let gcf = page(&site, "commands/gcf.html");
    assert!(gcf.contains("<article class=\"outlined\" data-v=\"9-10\">"), "{gcf}");
    assert!(gcf.contains("<tr id=\"a\" data-v=\"9-10\"><th scope=\"row\">a</th>"), "{gcf}");
    assert!(gcf.contains("<tr id=\"b\"><th scope=\"row\">b</th>"), "{gcf}");
    assert!(gcf.contains("<tr class=\"s\" data-v=\"10\">"), "{gcf}");
    assert!(gcf.contains("<h3 id=\"one\" data-v=\"9\">"), "{gcf}");
    assert!(gcf.contains("<h3 id=\"two-msnp10\" data-v=\"10\">"), "{gcf}");
    assert!(gcf.contains("<ul class=\"timeline\"><li data-v=\"9-21\">"), "{gcf}");
    assert!(gcf.contains("<figure class=\"wire\" id=\"example.2\" data-v=\"9\">"), "{gcf}");
    // Every MSNP version is no restriction, and a version's own page is about what it says.
    let chg = page(&site, "commands/chg.html");
    assert!(chg.contains("<article class=\"outlined\" data-v=\"2-21\">"), "{chg}");
    assert!(!chg.contains("<figure class=\"wire\" id=\"example.2\" data-v"), "{chg}");
    assert!(values(&page(&site, "versions/msnp9.html"), "data-v").is_empty());
    let choice = "data-versions=\"MSNP2 MSNP3 MSNP4 ";
    assert!(gcf.contains(choice), "{gcf}");
}

#[test]
fn examples_count_their_bytes() {
    let gcf = page(&wiki(&[("commands/gcf.md", GCF)]), "commands/gcf.html");
    assert!(gcf.contains("<pre data-told=\"payload, 5 bytes\">hello</pre>"), "{gcf}");
    assert!(gcf.contains("<summary>6 fields, 23 bytes</summary>"), "{gcf}");
    let said = "<li>command, bytes 0 to 2: GCF\ntrid, byte 4: 1\nlength, byte 6: 5</li>";
    assert!(gcf.contains(said), "{gcf}");
}

#[test]
fn the_script_of_examples_knows_what_parameters_mean() {
    let site = wiki(&[("commands/gcf.md", GCF)]);
    let script = page(&site, site.paths().find(|name| name.starts_with("example.")).unwrap());
    let last = script.lines().next_back().unwrap();
    let known = "{\"CHG\":{\"status\":\"What it is.\"},\"GCF\":{\"name\":\"What is wanted.\"}}";
    assert_eq!(last, format!("self.wirebookExample.load({known});"));
}
