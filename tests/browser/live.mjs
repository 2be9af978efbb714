// `wirebook serve` in a real browser: node live.mjs WIREBOOK
// A page that changes is changed in place; what a reader has done to it stays; errors lie over it.
import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let passed = 0;
const failures = [];
const check = (what, right, detail = '') => {
  if (right) passed += 1;
  else failures.push(detail ? `${what}: ${detail}` : what);
};

const folder = await mkdtemp(join(tmpdir(), 'wirebook-live-'));
const write = (path, text) => writeFile(join(folder, path), text);
const filler = Array.from({ length: 60 }, (_, at) => `Paragraph ${at} of many.\n`).join('\n');
const example = (name) => `\`\`\`msnp\nC: CHG 9 ${name}\nS: CHG 9 ${name}\n\`\`\`\n`;
const page = (words, tail = '', state = 'NLN') => `# CHG

${words}

## First

\`\`\`msnp-grammar {server=ns}
C: CHG trid status:presence                       {version=2..7}
S: CHG trid status:presence                       {version=2..7}
C: CHG trid status:presence capabilities:u32      {version=8..}
S: CHG trid status:presence capabilities:u32      {version=8..}
\`\`\`

${example(state)}
## Second

See [other](other.md).

${filler}
## Last

${example('AWY')}
${tail}
`;
await mkdir(join(folder, 'wiki'));
await write('book.toml', '[book]\ntitle = "Live"\nsrc = "wiki"\n\n[output.html]\nadditional-css = ["own.css"]\n');
await write('own.css', 'h1 { color: rgb(1, 2, 3) }\n');
await write('wiki/index.md', '# Live\n\nOld front.\n\n[CHG](chg.md), [other](other.md)\n');
await write('wiki/other.md', '# Other\n\nOld other.\n');
await write('wiki/chg.md', page('Old words.'));

const server = spawn(resolve(process.argv[2]), ['serve', folder, '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
const origin = await new Promise((ready) => {
  createInterface({ input: server.stderr }).on('line', (line) => {
    const found = line.match(/^serving at (http:\/\/[^/]*)/);
    if (found) ready(found[1]);
  });
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
const complaints = [];
// A tab that knows whether it was loaded again.
const open = async (path) => {
  const tab = await context.newPage();
  tab.on('console', (message) => { if (['error', 'warning'].includes(message.type()) && !/404/.test(message.text())) complaints.push(message.text()); });
  tab.on('pageerror', (error) => complaints.push(String(error)));
  await tab.goto(`${origin}/${path}`);
  await tab.evaluate(() => { self.stayed = true; });
  return tab;
};
const stayed = (tab) => tab.evaluate(() => self.stayed === true);
const shows = async (tab, what, words) => {
  try {
    await tab.waitForFunction((wanted) => document.body.innerText.includes(wanted), words, { timeout: 20000 });
    check(what, true);
  } catch { check(what, false, `"${words}" never came`); }
};
const until = async (tab, what, test, argument) => {
  try {
    await tab.waitForFunction(test, argument, { timeout: 20000 });
    check(what, true);
  } catch { check(what, false); }
};

async function inPlace() {
  const tab = await open('chg.html');
  const other = await open('other.html');
  await tab.bringToFront();
  await tab.locator('figure details').last().evaluate((one) => { one.open = true; });
  await tab.locator('#page\\.q').fill('some text');
  await tab.locator('h2').nth(1).evaluate((one) => one.scrollIntoView());
  await tab.evaluate(() => { self.kept = document.querySelector('figure details[open]'); document.querySelector('main a[href="other.html"]').focus({ preventScroll: true }); });
  const place = await tab.evaluate(() => document.querySelectorAll('h2')[1].getBoundingClientRect().top);
  await write('wiki/chg.md', page('New words.', example('BSY')));
  await shows(tab, 'a changed page shows its new words', 'New words.');
  check('the page is not loaded again', await stayed(tab));
  const after = await tab.evaluate(() => document.querySelectorAll('h2')[1].getBoundingClientRect().top);
  check('the place on the page stays', Math.abs(after - place) <= 1, `${place} ${after}`);
  check('what is open stays open', await tab.evaluate(() => self.kept.isConnected && self.kept.open));
  check('the focus stays', await tab.evaluate(() => document.activeElement.getAttribute('href')) === 'other.html');
  check('the text of the search stays', await tab.locator('#page\\.q').inputValue() === 'some text');
  const figures = await tab.locator('figure.wire').count();
  check('a new example has its button, and each only one', figures === 3 && await tab.locator('.copy').count() === figures, `${figures}`);
  await tab.locator('.lanes code > [class]').last().hover();
  await until(tab, 'tips of a new example work', () => document.querySelectorAll('figure')[2].querySelector('.told')?.textContent.includes('status'));
  check('another tab stays as it is', await stayed(other) && (await other.innerText('main')).includes('Old other.'));
  await write('wiki/other.md', '# Another\n\nNew other.\n');
  await shows(other, 'the other tab follows its own page', 'New other.');
  check('the title of the window follows', (await other.title()).startsWith('Another'), await other.title());
  await until(tab, 'a list of pages follows', () => document.querySelector('.side').innerText.includes('Another'));
  check('neither is loaded again', await stayed(tab) && await stayed(other));
  await other.close();
  await tab.close();
}

async function versions() {
  const tab = await open('chg.html?v=9');
  await tab.waitForSelector('.fold');
  const folds = await tab.locator('.fold').count();
  await write('wiki/chg.md', page('Words for a version.', example('BSY')));
  await shows(tab, 'a page looked at as one version shows new words', 'Words for a version.');
  check('it is not loaded again', await stayed(tab));
  check('the version stays chosen', await tab.locator('#page\\.v').inputValue() === '9' && tab.url().endsWith('?v=9'), tab.url());
  check('what is of other versions is folded once', await tab.locator('.fold').count() === folds && await tab.locator('.looked').count() === 1);
  await tab.close();
}

async function anew() {
  const tab = await open('other.html');
  await write('wiki/other.md', `# Other\n\n${filler}\n`);
  await shows(tab, 'a longer page comes', 'Paragraph 59');
  await tab.evaluate(() => scrollTo(0, 600));
  await tab.locator('#page\\.q').evaluate((one) => { one.value = 'typed'; });
  // An example needs more style, which the policy of the page as it is forbids.
  await write('wiki/other.md', `# Other\n\n${filler}\n${example('NLN')}`);
  await until(tab, 'a page that needs another style is loaded again', () => !self.stayed && document.querySelector('figure .copy'));
  await until(tab, 'it keeps its place', () => Math.abs(scrollY - 600) < 3);
  check('it keeps the text of the search', await tab.locator('#page\\.q').inputValue() === 'typed');
  await tab.close();
}

async function sheet() {
  const tab = await open('index.html');
  await write('own.css', 'h1 { color: rgb(4, 5, 6) }\n');
  await until(tab, 'a stylesheet is swapped', () => getComputedStyle(document.querySelector('h1')).color === 'rgb(4, 5, 6)');
  check('the page stays when a stylesheet is swapped', await stayed(tab));
  await until(tab, 'the old sheet goes', () => document.querySelectorAll('link[rel=stylesheet][href*=own]').length === 1);
  await tab.close();
}

async function panel() {
  const tab = await open('index.html');
  const box = tab.locator('.wirebook-panel pre');
  await tab.locator('#page\\.q').focus();
  await write('wiki/index.md', '# Live\n\nBroken front: [gone](gone.md).\n');
  await box.waitFor({ timeout: 20000 });
  check('an error is shown as in a terminal', /^error\[[a-z-]+\]: [^]* --> wiki\/index\.md:3:/.test(await box.innerText()), await box.innerText());
  check('the panel says so politely', await tab.locator('.wirebook-panel').getAttribute('role') === 'status');
  check('the panel takes no focus', await tab.evaluate(() => document.activeElement.id) === 'page.q');
  await tab.evaluate(() => document.activeElement.blur());
  const bare = await browser.newContext({ bypassCSP: true });
  const checked = await bare.newPage();
  await checked.goto(`${origin}/index.html`);
  await checked.locator('.wirebook-panel pre').waitFor();
  check('a page with errors that is opened shows them', true);
  await checked.evaluate(axe);
  const { violations } = await checked.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
  check('the panel is accessible', violations.length === 0, violations.map((one) => `${one.id}: ${one.nodes[0].target}`).join(', '));
  await bare.close();
  await tab.keyboard.press('Escape');
  check('Escape closes the panel', await box.count() === 0);
  await write('wiki/index.md', '# Live\n\nBroken front again: [lost](lost.md).\n');
  await box.waitFor({ timeout: 20000 });
  check('another error opens it again', (await box.innerText()).includes('lost.md'));
  await write('wiki/index.md', '# Live\n\nMended front.\n\n[CHG](chg.md), [other](other.md)\n');
  await until(tab, 'mending removes the panel', () => !document.querySelector('.wirebook-panel pre'));
  await shows(tab, 'the mended page is shown', 'Mended front.');

  await tab.evaluate(() => { self.stayed = true; });
  await rename(join(folder, 'wiki'), join(folder, 'away'));
  await box.waitFor({ timeout: 20000 });
  check('a book that cannot be read is said so over the last page', (await box.innerText()).includes('does not exist') && (await tab.innerText('main')).includes('Mended front.'));
  const late = await open('index.html');
  await late.locator('.wirebook-panel pre').waitFor({ timeout: 20000 });
  check('a tab that is opened then is told too', true);
  await rename(join(folder, 'away'), join(folder, 'wiki'));
  await until(tab, 'the panel goes when the book is back', () => !document.querySelector('.wirebook-panel pre'));
  check('the page is not loaded again for that', await stayed(tab));
  await late.close();
  await tab.close();
}

try {
  for (const part of [inPlace, versions, anew, sheet, panel]) await part();
  check('no tab complains', complaints.length === 0, complaints.join('; '));
} catch (error) {
  check('the test runs to its end', false, String(error));
} finally {
  await browser.close();
  server.kill();
  await rm(folder, { recursive: true, force: true });
}
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
