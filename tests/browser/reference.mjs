// The matrix of commands, two versions compared, the indexes, the outline and the look at where links lead.
import { pathToFileURL } from 'node:url';

export async function reference(browser, { site, origin, check }) {
  const disk = pathToFileURL(site).href;

  // The matrix: it scrolls in its own region, the first column stays, and runs fill every row.
  for (const width of [1280, 320]) {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    await page.goto(`${disk}/matrix.html`);
    const widths = await page.locator('.matrix tr').evaluateAll((rows) => rows.map((row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0)));
    check(`rows of the matrix are equally wide at ${width} px`, new Set(widths).size === 1, [...new Set(widths)].join(' '));
    const kept = await page.evaluate(() => {
      const region = document.querySelector('.scroll:has(.matrix)');
      region.scrollLeft = 400;
      const head = region.querySelector('tbody th').getBoundingClientRect();
      return Math.abs(head.left - region.getBoundingClientRect().left) < 2;
    });
    check(`the first column of the matrix stays at ${width} px`, kept);
    check(`the matrix keeps few nodes`, await page.evaluate(() => document.querySelectorAll('*').length) < 1300);
    await page.close();
  }

  // Two versions: the script says of neighbours what the version's page says, and its address can be linked.
  for (const base of [origin, disk]) {
    const page = await browser.newPage();
    const figures = async (path) => {
      await page.goto(`${base}/${path}`);
      return (await page.locator('.tally b').allTextContents()).slice(0, 3).join(' ');
    };
    for (const [older, newer] of [[7, 8], [15, 16], [20, 21]]) {
      const [own, compared] = [await figures(`versions/msnp${newer}.html`), await figures(`diff.html?from=${older}&to=${newer}`)];
      check(`MSNP${newer} against MSNP${older} is the same on both pages`, own === compared, `${own} and ${compared}`);
    }
    check('added and removed change places', (await figures('diff.html?from=8&to=12')).split(' ').reverse().join(' ') === await figures('diff.html?from=12&to=8'));
    await page.selectOption('select[name=from]', 'cvr0');
    check('a choice is shown at once', (await page.locator('.tally').textContent()).startsWith('From CVR0 to MSNP8'));
    check('a choice is in the address', base === disk || page.url().endsWith('?from=cvr0&to=8'), page.url());
    check('its links lead to pages', await page.locator('.changes a').first().evaluate((link) => link.href.endsWith('.html')));
    await page.close();
  }
  {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${disk}/diff.html`);
    check('without scripts there is no dead control', !await page.locator('select[name=from]').isVisible());
    check('without scripts neighbours are listed', await page.locator('main li a[href*="msnp"]').count() >= 18);
    await page.goto(`${disk}/indexes/error_codes.html`);
    check('codes lead to examples without scripts', await page.locator('dd a[href*="#example."]').count() > 50);
    await context.close();
  }

  // The outline marks the section in view.
  {
    const page = await browser.newPage({ viewport: { width: 1400, height: 700 } });
    await page.goto(`${disk}/commands/usr.html`);
    const heading = page.locator('main h2#parameters');
    await heading.evaluate((element) => element.scrollIntoView({ behavior: 'instant' }));
    const wanted = await heading.getAttribute('id');
    const marked = page.locator(`.outline a[href="#${wanted}"][aria-current=location]`);
    check('the outline marks the section in view', await marked.waitFor({ state: 'attached', timeout: 3000 }).then(() => true, () => false), wanted);
    check('the outline marks one section', await page.locator('.outline [aria-current]').count() === 1);
    await page.close();
  }

  // The look at where a link leads: by pointer and by focus, hoverable, closed by Escape; not from disk.
  {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(`${origin}/versions/msnp8.html`);
    const link = page.locator('.changes th a').first();
    const box = page.locator('.preview');
    await link.hover();
    const shown = await box.waitFor({ timeout: 5000 }).then(() => true, () => false);
    check('a link shows what it leads to', shown && (await box.textContent()).length > 30);
    if (shown) {
      check('the look describes the link', await link.getAttribute('aria-describedby') === await box.getAttribute('id'));
      await box.hover();
      await page.waitForTimeout(400);
      check('the look can be pointed at', await box.isVisible());
      await page.keyboard.press('Escape');
      check('Escape closes the look', !await box.isVisible() && await link.getAttribute('aria-describedby') === null);
      await page.mouse.move(1, 1);
      await page.locator('.changes th a').nth(1).focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Shift+Tab');
      check('focus shows it too', await box.waitFor({ timeout: 5000 }).then(() => true, () => false));
      await page.goto(`${disk}/versions/msnp8.html`);
      await page.locator('.changes th a').first().hover();
      await page.waitForTimeout(600);
      check('from disk nothing is asked for', !await box.isVisible());
    }
    await page.close();
  }
}
