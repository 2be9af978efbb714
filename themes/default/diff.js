// What lies between two versions of the protocol: which commands came, changed and went. The data stand in front of this
// script, made of the grammar; the page has two lists to choose from, and a place for the answer.
(() => {
  const { versions, commands, errors } = self.wirebookVersions;
  const form = document.querySelector('form[data-root]:has(select[name=from])');
  const place = document.getElementById('page.difference');
  const { from, to } = form.elements;

  // An element; text among what is inside becomes text, never HTML.
  const make = (tag, attributes, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  };
  const link = ({ name, href }) => (href ? make('a', { href: form.dataset.root + href }, name) : name);
  const at = (entry, version) => entry.lines.filter(([, mask]) => (mask >> version) & 1).map(([line]) => line);
  const line = (tag, word, text) => make(tag, {}, make('span', {}, word), ' ', make('code', {}, text));

  const row = ({ entry, was, now }, changed) => {
    const cell = make('td', {});
    if (changed) {
      cell.append(...was.map((text) => line('del', now.length ? 'was' : 'gone', text)));
      cell.append(...now.map((text) => line('ins', was.length ? 'is now' : 'new', text)));
    } else {
      cell.append(entry.summary ?? '', ...[...was, ...now].map((text) => make('code', {}, text)));
    }
    return make('tr', {}, make('th', { scope: 'row' }, make('code', {}, link(entry))), make('td', {}, entry.servers ?? ''), cell);
  };
  const table = (sign, title, rows, changed) => {
    if (!rows.length) return [];
    const heads = ['Command', 'Servers', changed ? 'Lines that went and came' : 'What it does, and its lines'];
    return [make('table', { class: 'changes', 'aria-label': title },
      make('caption', {}, make('span', { 'aria-hidden': 'true' }, sign), ` ${title}`),
      make('thead', { class: 'hidden' }, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head)))),
      make('tbody', {}, ...rows.map((one) => row(one, changed))))];
  };
  const codes = (word, found) => (found.length
    ? [make('p', {}, `Error codes ${word}: `, ...found.flatMap((code, index) => [index ? ', ' : '', link(code)]), '.')] : []);

  const show = () => {
    const [older, newer] = [from.selectedIndex, to.selectedIndex];
    const sides = commands.map((entry) => ({ entry, was: at(entry, older), now: at(entry, newer) }));
    const added = sides.filter(({ was, now }) => !was.length && now.length);
    const removed = sides.filter(({ was, now }) => was.length && !now.length);
    const changed = sides.filter(({ was, now }) => was.length && now.length)
      .map(({ entry, was, now }) => ({ entry, was: was.filter((text) => !now.includes(text)), now: now.filter((text) => !was.includes(text)) }))
      .filter(({ was, now }) => was.length || now.length);
    const count = (rows) => make('b', {}, rows.length);
    const [names, next] = [versions[older][1], versions[newer][1]];
    place.replaceChildren(
      make('p', { class: 'tally' }, `From ${names} to ${next}: `, count(added), ' added, ', count(changed), ' changed, ', count(removed), ' removed.'),
      ...table('+', `Added in ${next}`, added), ...table('~', `Changed in ${next}`, changed, true), ...table('−', `Removed in ${next}`, removed),
      ...codes('added', errors.filter((code) => !at(code, older).length && at(code, newer).length)),
      ...codes('removed', errors.filter((code) => at(code, older).length && !at(code, newer).length)));
  };
  const choose = (list, value) => {
    const index = versions.findIndex(([known]) => known === value?.toLowerCase());
    if (index >= 0) list.selectedIndex = index;
  };
  const asked = new URLSearchParams(location.search);
  choose(from, asked.get('from'));
  choose(to, asked.get('to'));
  form.addEventListener('change', () => {
    show();
    // A page read from disk keeps its address.
    try { history.replaceState(null, '', `?from=${from.value}&to=${to.value}`); } catch { /* nothing to do */ }
  });
  show();
})();
