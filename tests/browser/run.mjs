// The site in a real browser: node run.mjs SITE_FOLDER [PICTURE_FOLDER]
// Pages are opened from disk and from a small server, at two widths, light and dark, with and without scripts.
import { createServer } from 'node:http';
import { readFile, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { search } from './search.mjs';
import { lens } from './lens.mjs';
import { reference } from './reference.mjs';
import { traps } from './traps.mjs';

const require = createRequire(import.meta.url);
const site = resolve(process.argv[2] ?? 'book');
const pictures = process.argv[3];
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
let passed = 0;
const failures = [];

function check(what, right, detail = '') {
  if (right) { passed += 1; return; }
  failures.push(detail ? `${what}: ${detail}` : what);
}

const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const server = createServer(async (request, response) => {
  const path = join(site, decodeURIComponent(new URL(request.url, 'http://x').pathname));
  if (!path.startsWith(site) || !existsSync(path) || path.endsWith('/')) { response.writeHead(404).end(); return; }
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(await readFile(path));
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const origin = `http://127.0.0.1:${server.address().port}`;

async function pages(folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...await pages(path));
    else if (entry.name.endsWith('.html')) found.push(relative(site, path));
  }
  return found.sort();
}
const all = await pages(site);
const shown = ['index.html', 'commands/chg.html', 'commands/usr.html', 'table_of_commands.html', 'versions/msnp8.html', 'errors.html', 'coverage.html', 'license.html', 'find.html', 'matrix.html', 'diff.html', 'indexes/words.html']
  .filter((page) => all.includes(page));
check('the pages to look at exist', shown.length === 12, shown.join(' '));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// Every page, once: it loads from disk without a complaint, and has one title.
{
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(String(error)));
  // A request that the next page cuts off is no complaint about this one.
  page.on('requestfailed', (request) => request.failure()?.errorText !== 'net::ERR_ABORTED' && complaints.push(`cannot load ${request.url()}`));
  for (const path of all) {
    // A server shows it at any depth, so its links begin at the site's root.
    if (path === '404.html') continue;
    complaints.length = 0;
    await page.goto(pathToFileURL(join(site, path)).href);
    check(`${path} complains`, complaints.length === 0, complaints.join('; '));
    check(`${path} has one h1`, await page.locator('h1').count() === 1);
    const title = await page.title();
    check(`${path} has a title`, title.length > 0 && title.length < 100, title);
    await page.setViewportSize({ width: 320, height: 640 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(`${path} fits a narrow screen`, over <= 0, `${over} px too wide`);
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  await context.close();
}

// The main pages: widths, colours, accessibility.
for (const [width, height] of [[1280, 900], [390, 844], [320, 640]]) {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    for (const path of shown) {
      await page.goto(`${origin}/${path}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      check(`${path} at ${width} px does not scroll sideways`, over <= 0, `${over} px too wide`);
      if (width !== 320) {
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
        const told = violations.map((v) => `${v.id} (${v.nodes.length}: ${v.nodes[0].target})`).join(', ');
        check(`${path} at ${width} px, ${colorScheme}, is accessible`, violations.length === 0, told);
      }
      if (pictures) await page.screenshot({ path: join(pictures, `${path.replaceAll('/', '-')}-${width}-${colorScheme}.png`) });
    }
    await context.close();
  }
}

// Without scripts: the text, the table and the static index are all there.
{
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(site, 'table_of_commands.html')).href);
  check('the table is complete without scripts', await page.locator('main table tbody tr').count() >= 60);
  await page.goto(`${origin}/commands/chg.html`);
  check('an example names its lanes', (await page.locator('figure').first().innerText()).match(/Client/));
  await page.locator('input[type=search]').first().fill('USR');
  await page.keyboard.press('Enter');
  await page.waitForURL(/find\.html/);
  check('the search field leads to the index without scripts', await page.locator('a[href$="commands/usr.html"]').count() > 0);
  await context.close();
}

// With a keyboard: skip link first, search from anywhere, the wanted page under Enter; from disk too.
for (const base of [origin, pathToFileURL(site).href]) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${base}/index.html`);
  await page.keyboard.press('Tab');
  check('the first stop is the skip link', await page.evaluate(() => document.activeElement.getAttribute('href')) === '#main'
    || (await page.evaluate(() => document.activeElement.textContent)).toLowerCase().includes('skip'));
  for (const [query, wanted] of [['USR', /commands\/usr/], ['not', /commands\/not/], ['911', /errors/], ['MFN', /prp|sbp/], ['chg', /commands\/chg/], ['0x0409', /cvr|cvq/], ['switchbord', /html/], ['client_capabilities', /client_capabilities/]]) {
    await page.goto(`${base}/index.html`);
    await page.keyboard.press('/');
    await page.keyboard.type(query);
    const first = page.locator('search a, [role=search] a, .results a').first();
    try {
      await first.waitFor({ timeout: 5000 });
      const hrefs = await page.locator('search a, [role=search] a, .results a').evaluateAll((links) => links.slice(0, 5).map((link) => link.getAttribute('href')));
      check(`"${query}" finds ${wanted} from ${base.slice(0, 5)}`, hrefs.some((href) => wanted.test(href)), hrefs.join(' '));
    } catch { check(`"${query}" finds something from ${base.slice(0, 5)}`, false); }
  }
  await page.goto(`${base}/index.html`);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('USR');
  await page.locator('search a, [role=search] a, .results a').first().waitFor({ timeout: 5000 }).catch(() => {});
  await page.keyboard.press('Enter');
  await page.waitForURL(/usr\.html/, { timeout: 5000 }).catch(() => {});
  check(`Enter opens the first result from ${base.slice(0, 5)}`, /commands\/usr\.html/.test(page.url()), page.url());
  await context.close();
}

await search({ browser, origin, folder: pathToFileURL(site).href, axe, check, pictures });
for (const base of [origin, pathToFileURL(site).href]) await lens({ browser, base, check });
await reference(browser, { site, origin, check });
await traps(browser, { origin, disk: pathToFileURL(site).href, check });

await browser.close();
server.close();
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
