// What other generators of pages were caught in, and what a page costs; called by `run.mjs`.
import { gzipSync } from 'node:zlib';

const PAGES = ['index.html', 'commands/usr.html', 'table_of_commands.html', 'versions/msnp8.html', 'matrix.html'];

export async function traps(browser, { origin, disk, check }) {
  for (const path of PAGES) await cost(browser, origin, path, check);
  for (const path of PAGES) await paper(browser, disk, path, check);
  for (const path of PAGES) await narrow(browser, disk, path, check);
  for (const width of [1280, 390]) await anchors(browser, disk, width, check);
  await names(browser, disk, check);
  await dead(browser, disk, check);
  await copied(browser, disk, check);
  await typed(browser, disk, check);
}

// Bytes and requests do not depend on how busy the machine is, as times do. A page of a command may grow by its text only.
async function cost(browser, origin, path, check) {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  const bodies = [];
  page.on('response', (response) => bodies.push(response.body()));
  await page.goto(`${origin}/${path}`);
  await page.waitForTimeout(500);
  const sizes = await Promise.all(bodies);
  check(`${path} is three files`, sizes.length === 3, `${sizes.length}`);
  const html = sizes[0].toString();
  const [, style] = html.split(/<\/?style>/);
  const fixed = [style, ...sizes.slice(1)].reduce((sum, one) => sum + gzipSync(one, { level: 9 }).length, 0);
  check(`${path} has at most 9 KiB of style, script and icon`, fixed <= 9 * 1024, `${fixed} bytes`);
  // `innerText` leaves out what is not laid out yet.
  const text = await page.evaluate(() => {
    for (const figure of document.querySelectorAll('.wire')) figure.style.contentVisibility = 'visible';
    return document.body.innerText.length;
  });
  if (path.startsWith('commands/')) check(`${path} has at most 6 bytes a character`, html.length / text <= 6, `${html.length / text}`);
  const { shift, deep } = await page.evaluate(() => new Promise((done) => {
    const depth = (one) => (one ? 1 + depth(one.parentElement) : 0);
    const deepest = Math.max(...[...document.querySelectorAll('body *')].map(depth));
    new PerformanceObserver((list) => done({ shift: list.getEntries().reduce((sum, one) => sum + one.value, 0), deep: deepest })).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => done({ shift: 0, deep: deepest }), 300);
  }));
  check(`${path} does not shift`, shift === 0, `${shift}`);
  check(`${path} is at most 11 elements deep`, deep <= 11, `${deep}`);
  await page.close();
}

async function paper(browser, disk, path, check) {
  const page = await browser.newPage({ viewport: { width: 718, height: 1000 } });
  await page.emulateMedia({ media: 'print' });
  await page.goto(`${disk}/${path}`);
  const cut = await page.evaluate(() => [...document.querySelectorAll('main *')].filter((one) => {
    const { overflowX, clipPath } = getComputedStyle(one);
    return clipPath === 'none' && one.getClientRects().length && (one.getBoundingClientRect().right > innerWidth + 1
      || (overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1));
  }).map((one) => one.outerHTML.slice(0, 80)));
  check(`nothing of ${path} is cut on paper`, cut.length === 0, cut.slice(0, 3).join(' '));
  const torn = await page.evaluate(() => [...document.querySelectorAll('main *')].filter((one) =>
    getComputedStyle(one).breakInside === 'avoid' && one.offsetHeight > 1000).length);
  check(`no block of ${path} that must stay whole is longer than a sheet`, torn === 0, `${torn}`);
  const heads = await page.evaluate(() => [...document.querySelectorAll('main thead:not(.hidden)')].filter((one) => getComputedStyle(one).display !== 'table-header-group').length);
  check(`heads of tables of ${path} come again on each sheet`, heads === 0, `${heads}`);
  const controls = await page.locator('main :is(button, input, select):visible, header:visible, nav:visible').count();
  check(`no control of ${path} is printed`, controls === 0, `${controls}`);
  await page.close();
}

// On a telephone: what scrolls can be reached by keys, and tables that are stacked keep their heads and the names of their rows.
async function narrow(browser, disk, path, check) {
  const page = await browser.newPage({ viewport: { width: 320, height: 640 } });
  await page.goto(`${disk}/${path}`);
  const out = await page.evaluate(() => [...document.querySelectorAll('body *')].filter((one) => /auto|scroll/.test(getComputedStyle(one).overflowX)
    && one.scrollWidth > one.clientWidth + 1 && one.tabIndex < 0 && !one.querySelector('a, button, input')).map((one) => one.className));
  check(`what scrolls in ${path} has a tab stop`, out.length === 0, out.join(' '));
  const nameless = await page.evaluate(() => [...document.querySelectorAll('main table')].filter((one) =>
    (one.tHead && getComputedStyle(one.tHead).display === 'none') || !one.querySelector('tbody th[scope=row]')).length);
  check(`tables of ${path} keep heads and names of rows`, nameless === 0, `${nameless}`);
  const over = await page.evaluate(() => {
    const [title, lens] = [document.querySelector('h1'), document.querySelector('.lens')].map((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      return range.getBoundingClientRect();
    });
    return title.top < lens.bottom && lens.top < title.bottom && lens.left < title.right;
  });
  check(`the choice of a version does not lie on the title of ${path}`, !over);
  await page.close();
}

async function anchors(browser, disk, width, check) {
  const page = await browser.newPage({ viewport: { width, height: 844 } });
  for (const place of ['commands/usr.html#failures', 'errors.html#911', 'glossary.html#challenge']) {
    await page.goto(`${disk}/${place}`);
    await page.waitForTimeout(300);
    const seen = await page.evaluate(() => {
      const box = document.querySelector(':target')?.getBoundingClientRect();
      const there = box && document.elementFromPoint(box.left + 4, box.top + box.height / 2);
      return Boolean(there) && box.top >= 0 && document.querySelector(':target').contains(there);
    });
    check(`${place} lands in view at ${width} px`, seen);
  }
  await page.close();
}

// Links say where they lead, and what a control shows is in its name.
async function names(browser, disk, check) {
  const page = await browser.newPage();
  await page.goto(`${disk}/commands/usr.html`);
  const crumb = await page.locator('.crumbs a').first().textContent();
  check('the first crumb is the name of the site', crumb === await page.locator('.top .name').textContent(), crumb);
  const wrong = await page.evaluate(() => [...document.querySelectorAll('a[aria-label], button[aria-label], summary[aria-label]')].filter((one) =>
    !one.getAttribute('aria-label').toLowerCase().includes(one.innerText.trim().toLowerCase())).length);
  check('what a control shows is in its name', wrong === 0, `${wrong}`);
  await page.close();
}

// Without scripts: what would do nothing is not shown, and the filters that are shown work.
async function dead(browser, disk, check) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${disk}/table_of_commands.html`);
  check('what needs a script is not shown without', await page.locator('.scripted:visible, .lens:visible').count() === 0);
  const rows = page.locator('.commands tbody tr:visible');
  const all = await rows.count();
  for (const name of ['v', 's', 'd', 'p', 'k']) {
    const choice = page.locator(`.filters select[name=${name}]`);
    await choice.selectOption({ index: 1 });
    const some = await rows.count();
    check(`the filter ${name} works without scripts`, some > 0 && some < all, `${some} of ${all}`);
    await page.locator('.filters button').click();
    check(`the button shows all again after ${name}`, await rows.count() === all);
  }
  await context.close();
}

// What is selected in an example goes over the wire: no labels, no names of fields.
async function copied(browser, disk, check) {
  const page = await browser.newPage();
  await page.goto(`${disk}/commands/chg.html`);
  const text = await page.evaluate(() => {
    getSelection().selectAllChildren(document.querySelector('.wire'));
    return getSelection().toString().trim();
  });
  check('a selected example is what goes over the wire', /^CHG 1 \w+\s+CHG 1 \w+/.test(text) && !/Client|Server|field|status/.test(text), text);
  await page.close();
}

// Text that comes without keys, by voice or from a list, is searched too.
async function typed(browser, disk, check) {
  const page = await browser.newPage();
  await page.goto(`${disk}/index.html`);
  await page.locator('#page\\.q').focus();
  await page.waitForFunction(() => self.wirebookSearch, null, { timeout: 5000 });
  await page.evaluate(() => {
    const field = document.getElementById('page.q');
    field.value = 'xfr';
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  });
  await page.locator('search .hits a').first().waitFor({ timeout: 5000 }).catch(() => {});
  const first = await page.locator('search .hits a').first().getAttribute('href', { timeout: 1000 }).catch(() => '');
  check('text that no key brought is searched', /xfr\.html/.test(first), first);
  await page.close();
}
