// Examples that tell of their words, a version to look at the site as, and the table of commands; called by `run.mjs`.

// Runs the checks for a site at `base`, a folder from disk or a server.
export async function lens({ browser, base, check }) {
  const from = base.slice(0, 5);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.on('pageerror', (error) => check(`scripts run from ${from}`, false, String(error)));
  await examples(page, base, (what, right, detail) => check(`${what} from ${from}`, right, detail));
  await versions(page, base, (what, right, detail) => check(`${what} from ${from}`, right, detail));
  await table(page, base, (what, right, detail) => check(`${what} from ${from}`, right, detail));
  await context.close();
  const plain = await browser.newContext({ javaScriptEnabled: false });
  await withoutScripts(await plain.newPage(), base, (what, right, detail) => check(`${what} from ${from}`, right, detail));
  await plain.close();
}

async function examples(page, base, check) {
  await page.goto(`${base}/commands/chg.html`);
  const figure = page.locator('.wire').first();
  const place = '.lanes :is(code, pre) > [class]';
  const height = async () => (await figure.boundingBox()).height;
  const before = await height();
  check('a figure is one tab stop', await figure.locator(`${place}[tabindex="0"]`).count() === 1);
  check('no word but the first is a tab stop', await figure.locator('.lanes a:not([tabindex])').count() === 0);
  await figure.locator(place).nth(2).hover();
  const told = figure.locator('.told');
  await told.waitFor({ timeout: 5000 }).catch(() => {});
  const text = await told.textContent().catch(() => '');
  check('a word tells its name, kind, bytes and meaning', /^status, bytes 6 to 8\. \w/.test(text), text);
  check('a figure does not grow when it tells', await height() === before, `${before} ${await height()}`);
  await figure.locator(place).first().focus();
  await page.keyboard.press('ArrowRight');
  check('the arrow keys move in a figure', /^trid, byte 4/.test(await told.textContent()), await told.textContent());
  await page.keyboard.press('ArrowDown');
  check('down leads to the next line', /^command/.test(await told.textContent()), await told.textContent());
  await page.keyboard.press('End');
  const stops = await figure.locator(`${place}[tabindex="0"]`).count();
  check('a figure stays one tab stop', stops === 1, `${stops}`);
  if (base.startsWith('http')) {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await figure.locator('.copy').click();
    await page.waitForTimeout(100);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    check('the button copies the lines', /^CHG 1 \w+\nCHG 1 \w+\n/.test(copied), copied);
  }
  await page.emulateMedia({ media: 'print' });
  check('on paper a figure has no buttons', !await figure.locator('.copy').isVisible());
  await page.emulateMedia({ media: null });
}

async function versions(page, base, check) {
  await page.goto(`${base}/commands/usr.html`);
  const shift = await page.evaluate(() => new Promise((done) => {
    new PerformanceObserver((list) => done(list.getEntries().reduce((sum, one) => sum + one.value, 0))).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => done(0), 300);
  }));
  check('nothing shifts on load', shift === 0, `${shift}`);
  await page.locator('#page\\.v').focus();
  await page.locator('#page\\.v').selectOption('8');
  await page.locator('.looked').waitFor({ timeout: 5000 }).catch(() => {});
  check('the choice is in the address', new URL(page.url()).search === '?v=8', page.url());
  check('other versions fold', !await page.locator('#syntax-sso').isVisible());
  check('the chosen version stays', await page.locator('#syntax-twn').isVisible());
  const lines = await page.locator('.fold').allInnerTexts();
  check('folded lines say what is hidden', lines.some((line) => /2 sections of other versions: CTP, MD5/.test(line)), lines.join('; '));
  await page.locator('p.fold button').first().click();
  check('a folded line opens', await page.locator('#syntax-ctp').isVisible());
  await page.emulateMedia({ media: 'print' });
  check('paper shows everything', await page.locator('#syntax-sha').isVisible());
  check('paper names the version', await page.locator('.looked').innerText().then((text) => text.includes('MSNP8')));
  await page.emulateMedia({ media: null });
  const inside = await page.locator('.side a').first().getAttribute('href');
  check('links carry the choice', /\.html\?v=8$/.test(inside), inside);
  const absent = page.locator('.absent');
  const told = await absent.allTextContents();
  check('lists mark what the version does not have', told.includes('UUX, not in MSNP8') && told.includes('CTP, not in MSNP8') && !told.some((text) => /^(VER|TWN),/.test(text)), told.join('; '));
  await page.locator('#page\\.v').selectOption('');
  await absent.first().waitFor({ state: 'detached', timeout: 5000 }).catch(() => {});
  check('all versions mark nothing', await absent.count() === 0);

  await page.goto(`${base}/commands/usr.html`);
  await page.goto(`${base}/commands/usr.html?v=8#syntax-sso`);
  await page.locator('.looked').waitFor({ timeout: 5000 }).catch(() => {});
  await page.waitForTimeout(100);
  check('what an address leads to is shown', await page.locator('#syntax-sso').isVisible());
  check('the rest stays folded', !await page.locator('#syntax-md5').isVisible());
  await page.locator('#page\\.q').focus();
  await page.keyboard.type('sdg');
  const more = page.locator('search .fold');
  await more.waitFor({ timeout: 5000 }).catch(() => {});
  check('results of other versions fold', /of other versions/.test(await more.innerText().catch(() => '')));
  await page.keyboard.press('Enter');
  await page.waitForURL(/sdg/, { timeout: 5000 }).catch(() => {});
  check('Enter carries the choice', new URL(page.url()).searchParams.get('v') === '8' && !page.url().includes('usr.html'), page.url());

  await page.goto(`${base}/commands/adg.html?v=20`);
  await page.locator('.looked').waitFor({ timeout: 5000 }).catch(() => {});
  check('a page of other versions says so and folds nothing', await page.locator('.fold').count() === 0 && /not in MSNP20/.test(await page.locator('.looked').innerText()));
}

async function table(page, base, check) {
  await page.goto(`${base}/table_of_commands.html?v=8&s=sb`);
  const count = page.locator('.filters output');
  await count.filter({ hasText: 'of' }).waitFor({ timeout: 5000 }).catch(() => {});
  const shown = () => page.locator('.commands tbody tr:visible').count();
  const said = await count.innerText();
  check('the address sets the filters', said === `${await shown()} of ${await page.locator('.commands tbody tr').count()} commands`, said);
  check('the table is looked at as that version', await page.locator('#page\\.v').inputValue() === '8');
  await page.locator('.filters [name=t]').fill('conversation');
  check('text filters', await shown() > 0 && (await count.innerText()).startsWith(`${await shown()} `), await count.innerText());
  check('text is in the address', new URL(page.url()).searchParams.get('t') === 'conversation', page.url());
  await page.locator('.filters button').click();
  await page.waitForTimeout(100);
  check('all can be shown again', await shown() === await page.locator('.commands tbody tr').count() && !new URL(page.url()).search, page.url());
  const head = page.locator('.commands th', { hasText: 'Versions' });
  await head.locator('button').click();
  await head.locator('button').click();
  check('a column sorts', await head.getAttribute('aria-sort') === 'descending');
  const first = await page.locator('.commands tbody tr').first().innerText();
  check('the newest come first', /MSNP(19|2[01])|MSNP18 and later/.test(first), first);
  await page.reload();
  await page.locator('.commands [aria-sort]').waitFor({ timeout: 5000 }).catch(() => {});
  check('the order is in the address', await page.locator('.commands tbody tr').first().innerText() === first);
}

async function withoutScripts(page, base, check) {
  await page.goto(`${base}/commands/usr.html`);
  check('no choice of a version without scripts', !await page.locator('.lens').isVisible());
  check('no tab stops in examples without scripts', await page.locator('.lanes [tabindex]').count() === 0);
  await page.locator('.wire summary').first().click();
  check('the fields are told without scripts', /account, bytes 12 to 28: alice@example\.com/.test(await page.locator('.fields').first().innerText()));
  await page.goto(`${base}/table_of_commands.html`);
  check('no text filter without scripts', !await page.locator('.filters [name=t]').isVisible());
}
