// The search on a page: typing, keys, results with excerpts, the page of all results, and pasted lines; from a server and from disk.
import { gzipSync } from 'node:zlib';

const PASTED = 'C: CHG 5 NLN 268435508\r\nS: CHG 5 NLN 268435508\r\nC: CHG 6 XXX\r\n';

export async function search({ browser, origin, folder, axe, check, pictures }) {
  for (const base of [origin, folder]) {
    const from = base.slice(0, 5);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const complaints = [];
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await keys(page, base, from, check);
    await results(page, base, from, check);
    await pasted(page, base, from, check);
    check(`the search complains of nothing from ${from}`, complaints.length === 0, complaints.join('; '));
    await context.close();
  }
  await cost(browser, origin, check);
  await accessible(browser, origin, axe, check, pictures);
}

const hits = (page) => page.locator('search .hits a');
const typed = async (page, text) => {
  await page.locator('#page\\.q').fill(text);
  await page.waitForFunction(() => document.querySelector('search .hits'), null, { timeout: 5000 }).catch(() => {});
};

async function keys(page, base, from, check) {
  await page.goto(`${base}/index.html`);
  await page.keyboard.press('/');
  await typed(page, 'syn');
  const status = page.locator('search [role=status]');
  check(`results are announced from ${from}`, /^\d+ results$/.test(await status.textContent()), await status.textContent());
  await page.keyboard.press('ArrowDown');
  const first = await hits(page).first().getAttribute('href');
  check(`the arrow moves the focus from ${from}`, await page.evaluate(() => document.activeElement.getAttribute('href')) === first);
  await page.keyboard.press('ArrowUp');
  check(`the arrow leads back from ${from}`, await page.evaluate(() => document.activeElement.id) === 'page.q');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  check(`Escape closes and leads back from ${from}`, await hits(page).count() === 0
    && await page.evaluate(() => document.activeElement.id) === 'page.q');
}

async function results(page, base, from, check) {
  await page.goto(`${base}/commands/usr.html`);
  await page.keyboard.press('Control+k');
  await typed(page, 'search the member directory');
  await page.locator('search .hits mark').first().waitFor({ timeout: 5000 }).catch(() => {});
  check(`a phrase finds its page from ${from}`, /fnd\.html/.test(await hits(page).first().getAttribute('href')));
  check(`an excerpt marks what fits from ${from}`, await page.locator('search .hits mark').count() > 2);
  await page.goto(`${base}/find.html?q=handwriting`);
  await page.locator('#page\\.hits a').first().waitFor({ timeout: 5000 }).catch(() => {});
  check(`the address asks from ${from}`, await page.locator('#page\\.hits mark').count() > 0
    && /result/.test(await page.locator('#page\\.hits h2').textContent()));
  check(`the field has what the address asks from ${from}`, await page.locator('#page\\.q').inputValue() === 'handwriting');
  // All that is typed while the script is on its way is asked for once it is there.
  await page.goto(`${base}/index.html`);
  await page.evaluate(() => { const field = document.getElementById('page.q'); field.focus(); field.value = 'errors'; });
  await hits(page).first().waitFor({ timeout: 5000 }).catch(() => {});
  check(`what was typed before the index came is not lost from ${from}`, await hits(page).count() > 0);
}

async function pasted(page, base, from, check) {
  await page.goto(`${base}/index.html`);
  await page.keyboard.press('/');
  await page.waitForFunction(() => self.wirebookSearch, null, { timeout: 5000 });
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text', text);
    document.getElementById('page.q').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, PASTED);
  await page.locator('search .wire-line').waitFor({ timeout: 5000 }).catch(() => {});
  const shown = page.locator('search .wire-line > div');
  check(`pasted lines are taken apart from ${from}`, await shown.count() === 3, `${await shown.count()}`);
  const text = (await shown.allTextContents()).join('\n');
  check(`versions of a line are named from ${from}`, /MSNP8 to MSNP15/.test(text), text);
  check(`a mistake is told from ${from}`, /Word 3, XXX, is not status/.test(text), text);
  check(`mistakes are announced from ${from}`, /3 lines taken apart, 1 with a mistake/.test(await page.locator('search [role=status]').textContent()));
  const link = await page.locator('search .wire-line td a').first().getAttribute('href', { timeout: 1000 }).catch(() => '');
  check(`a parameter leads to its meaning from ${from}`, /commands\/chg\.html#/.test(link ?? ''), link);
}

// What a reader pays: nothing before the first turn to the field, then one script, then shards where names do not suffice.
async function cost(browser, origin, check) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const loaded = [];
  const under = [];
  page.on('response', (response) => {
    const path = new URL(response.url()).pathname;
    if (!/\/(search|wire)\./.test(path)) return;
    under.push(response.body().then((body) => loaded.push([path, gzipSync(body).length])).catch(() => {}));
  });
  const quiet = async () => {
    await page.waitForTimeout(1000);
    await Promise.all(under);
  };
  await page.goto(`${origin}/index.html`);
  check('a page loads nothing of the search', loaded.length === 0, loaded.join(' '));
  await page.locator('#page\\.q').focus();
  await quiet();
  const sum = () => loaded.reduce((all, [, bytes]) => all + bytes, 0);
  check('the first turn to the field costs one script of at most 12 KiB', loaded.length === 1 && sum() <= 12 * 1024, `${loaded.length}, ${sum()} bytes`);
  await typed(page, 'usr');
  await quiet();
  check('a name needs no shard of words', !loaded.some(([path]) => /\/w\d+\.js$/.test(path)), loaded.map(([path]) => path).join(' '));
  await typed(page, 'who is already in a conversation');
  await quiet();
  check('a phrase costs at most 150 KB', sum() <= 150000 && loaded.some(([path]) => /\/w\d+\.js$/.test(path)), `${sum()} bytes`);
  await context.close();
}

async function accessible(browser, origin, axe, check, pictures) {
  for (const width of [1280, 390, 320]) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme, bypassCSP: true });
      const page = await context.newPage();
      for (const [name, text] of [['results', 'direct connection'], ['line', 'CHG 5 NLN 268435508'], ['mistake', 'S: NLN NLN bob@example.com']]) {
        await page.goto(`${origin}/commands/chg.html`);
        await typed(page, text);
        await page.waitForTimeout(400);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        check(`the search's ${name} at ${width} px does not scroll sideways`, over <= 0, `${over}`);
        if (pictures) await page.screenshot({ path: `${pictures}/search-${name}-${width}-${colorScheme}.png` });
        if (width === 320) continue;
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
        check(`the search's ${name} at ${width} px, ${colorScheme}, is accessible`, violations.length === 0, violations.map((v) => `${v.id} (${v.nodes[0].target})`).join(', '));
      }
      await context.close();
    }
  }
}
