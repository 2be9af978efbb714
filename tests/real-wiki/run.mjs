// A wiki that was not written for wirebook: node run.mjs WIREBOOK DOCS_FOLDER
// Its findings are those that were read and found true (expected.txt), its links dangle truly, and its site is whole.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const [wirebook, docs] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'wirebook-'));
let passed = 0;
const failures = [];
const check = (what, right) => { if (right) passed += 1; else failures.push(what); };

const report = join(folder, 'report.json');
const run = spawnSync(wirebook, ['check', docs, '--report', `json=${report}`], { encoding: 'utf8' });
check(`check exits with 1, not ${run.status}: ${run.stderr}`, run.status === 1);
const findings = JSON.parse(readFileSync(report, 'utf8'));

const expected = readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'expected.txt'), 'utf8')
  .split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(': ')[0]).sort();
const serious = findings.filter((f) => f.severity !== 'note');
const found = serious.filter((f) => f.rule !== 'broken-link').map((f) => `${f.path}:${f.line} ${f.rule}`).sort();
for (const line of found) check(`found, but not known to be true: ${line}`, expected.includes(line));
for (const line of expected) check(`known, but not found: ${line}`, found.includes(line));

for (const { path, line, message } of serious.filter((f) => f.rule === 'broken-link')) {
  const target = message.match(/`([^`]+)`/)?.[1] ?? '';
  check(`${path}:${line}: \`${target}\` does exist`, target && !existsSync(join(docs, normalize(target))));
}

const site = join(folder, 'site');
const build = spawnSync(wirebook, ['build', docs, '-d', site, '-q'], { encoding: 'utf8' });
check(`build exits with 1, not ${build.status}: ${build.stderr}`, build.status === 1);
const pages = readdirSync(docs, { recursive: true }).filter((path) => path.endsWith('.md'));
const index = readFileSync(join(site, 'find.html'), 'utf8');
const search = readdirSync(site, { recursive: true }).filter((name) => name.startsWith('search.') && name.endsWith('.js'));
const searched = search.map((name) => readFileSync(join(site, name), 'utf8')).join('');
for (const page of pages) {
  const html = page.replace(/\.md$/, '.html');
  check(`${html} is not built`, existsSync(join(site, html)));
  check(`${html} is not in the index`, index.includes(`href="${html}`));
  check(`${html} cannot be searched`, searched.includes(html));
}
const reached = new Set();
const queue = ['index.html'];
while (queue.length) {
  const page = queue.pop();
  if (reached.has(page)) continue;
  reached.add(page);
  const links = readFileSync(join(site, page), 'utf8').matchAll(/href="([^"#]+\.html)/g);
  for (const [, href] of links) {
    if (/^[a-z]+:/.test(href)) continue;
    const target = relative(site, join(site, dirname(page), href));
    check(`${page} links to ${target}, which is not there`, existsSync(join(site, target)));
    if (existsSync(join(site, target))) queue.push(target);
  }
}
for (const page of pages) check(`${page} cannot be reached`, reached.has(page.replace(/\.md$/, '.html')));

rmSync(folder, { recursive: true });
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
