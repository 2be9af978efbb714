// One version to look at the whole site as. What is about other versions folds into lines that say what is hidden and open;
// the choice is in the address, and links of the site carry it. `site.js` loads this when a version is chosen.
self.wirebookLens = (() => {
  const article = document.querySelector('article');
  const form = document.querySelector('search form');
  const root = new URL(form.dataset.root || '.', location.href.split(/[?#]/)[0]).href;
  let version = '';
  let groups = [];

  const name = () => (version === 'cvr0' ? 'CVR0' : 'MSNP' + version);
  const number = () => (version === 'cvr0' ? 0 : Number(version));
  // `2-7 9` holds 2 to 7, and 9.
  const holds = (set) => set.split(' ').some((run) => {
    const [first, last = first] = run.split('-').map(Number);
    return first <= number() && number() <= last;
  });
  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const level = (one) => Number(/^H([1-6])$/.exec(one.tagName)?.[1] ?? 7);
  // A heading with all that stands under it.
  const section = (heading) => {
    const all = [heading];
    for (let next = heading.nextElementSibling; next && level(next) > level(heading); next = next.nextElementSibling) {
      if (next.matches('.outline, .mentions, .steps, .edit, .footnotes')) break;
      all.push(next);
    }
    return all;
  };
  const unit = (one) => {
    if (level(one) < 7) return ['section', section(one)];
    if (one.tagName === 'TR') return [one.closest('.syntax') ? 'form' : 'row', [one]];
    if (one.tagName === 'LI') return [one.closest('.timeline') ? 'later change' : 'entry', [one]];
    const whole = one.closest('.before') ?? one;
    const next = whole.nextElementSibling;
    return ['example', next?.matches('.findings') ? [whole, next] : [whole]];
  };

  const count = (group) => {
    const many = group.count > 1;
    const plural = group.kind === 'entry' ? 'entries' : group.kind + 's';
    const what = many ? `${group.count} ${plural}` : `1 ${group.kind}`;
    const whose = group.kind === 'later change' ? '' : ' of other versions';
    return what + whose + (group.titles.length ? ': ' + group.titles.join(', ') : '');
  };
  const set = (group, open) => {
    group.open = open;
    for (const one of group.parts) one.classList.toggle('folded', !open);
    group.button.setAttribute('aria-expanded', String(open));
  };
  // Puts the line that stands for a group in front of it.
  const close = (group) => {
    const [first] = group.parts;
    const tag = { TR: 'tr', LI: 'li' }[first.tagName] ?? 'p';
    group.line = element(tag, 'fold');
    group.button = element('button', '', count(group));
    group.button.type = 'button';
    group.button.addEventListener('click', () => set(group, !group.open));
    if (tag === 'tr') {
      const cell = element('td');
      cell.colSpan = first.cells.length;
      cell.append(group.button);
      group.line.append(cell);
    } else {
      group.line.append(group.button);
    }
    first.before(group.line);
    set(group, false);
    groups.push(group);
  };

  const fold = () => {
    const folded = new Set();
    let group = null;
    for (const one of article.querySelectorAll('[data-v]')) {
      if (holds(one.dataset.v) || [...folded].some((part) => part.contains(one))) continue;
      const [kind, parts] = unit(one);
      for (const part of parts) folded.add(part);
      if (group?.kind === kind && group.parts.at(-1).nextElementSibling === parts[0]) {
        group.parts.push(...parts);
        group.count += 1;
      } else {
        if (group) close(group);
        group = { kind, parts: [...parts], count: 1, titles: [] };
      }
      if (kind === 'section') group.titles.push(one.textContent.replace(/ #$/, ''));
    }
    if (group) close(group);
  };
  const unfold = () => {
    for (const group of groups) {
      set(group, true);
      group.line.remove();
    }
    groups = [];
    document.querySelector('.looked')?.remove();
    for (const one of document.querySelectorAll('.bar .here')) one.classList.remove('here');
  };

  // Says what the page is looked at as, also on paper.
  const tell = (there) => {
    const line = element('p', 'looked');
    line.setAttribute('role', 'status');
    const title = article.querySelector('h1').textContent;
    const range = article.querySelector('.bar')?.getAttribute('aria-label') ?? '';
    const folded = groups.length ? '; what is about other versions is folded' : '';
    line.textContent = there ? `Viewed as ${name()}${folded}.` : `${title} is not in ${name()}, so nothing is folded. ${range}.`;
    article.querySelector('h1').after(line);
    const cells = [...document.querySelectorAll('.bar :is(a, b, s)')];
    cells.find((cell) => cell.textContent.toLowerCase() === version)?.classList.add('here');
  };

  // Entries of the side list and of the outline that lead to what this version does not have are dimmed, in words too.
  const dim = () => {
    for (const link of document.querySelectorAll('.side a[data-v], .outline a')) {
      const versions = link.dataset.v ?? document.getElementById(decodeURIComponent(link.hash.slice(1)))?.dataset.v;
      const absent = Boolean(version && versions) && !holds(versions);
      link.classList.toggle('absent', absent);
      link.querySelector('.hidden')?.remove();
      link.removeAttribute('title');
      if (!absent) continue;
      link.title = `not in ${name()}`;
      link.append(element('span', 'hidden', `, ${link.title}`));
    }
  };

  const carry = (link) => {
    const address = link.getAttribute('href');
    if (!address || address.startsWith('#') || !link.href.startsWith(root)) return;
    const [path, mark] = address.split('#');
    const [file, query] = path.split('?');
    if (!/(\.html|\/|^)$/.test(file)) return;
    const asked = new URLSearchParams(query);
    if (version) asked.set('v', version);
    else asked.delete('v');
    link.setAttribute('href', file + (asked.size ? '?' + asked : '') + (mark === undefined ? '' : '#' + mark));
  };
  const remember = () => {
    const here = new URL(location.href);
    if (version) here.searchParams.set('v', version);
    else here.searchParams.delete('v');
    if (here.href !== location.href) history.replaceState(history.state, '', here);
    for (const link of document.querySelectorAll('a[href]')) carry(link);
    let field = form.elements.v;
    if (version && !field) {
      field = element('input');
      field.type = 'hidden';
      field.name = 'v';
      form.append(field);
    }
    if (version) field.value = version;
    else field?.remove();
    // The table of commands has a filter of its own for it.
    const filters = document.querySelector('.filters');
    const filter = version && 'v' + version;
    if (filters && filters.elements.v.value !== filter) {
      filters.elements.v.value = filter;
      filters.dispatchEvent(new Event('change'));
    }
  };
  // What an address leads to is shown.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const group = target && groups.find((one) => one.parts.some((part) => part.contains(target)));
    if (!group) return;
    set(group, true);
    target.scrollIntoView();
  };

  const look = (chosen) => {
    unfold();
    version = chosen;
    if (article && version) {
      const there = !article.dataset.v || holds(article.dataset.v);
      if (there) fold();
      tell(there);
    }
    dim();
    remember();
    reveal();
  };
  addEventListener('hashchange', reveal);

  // Versions in words, as the search shows them: `MSNP2 to MSNP7, MSNP9 and later`.
  const spoken = (words) => !words || words.startsWith('every') || words.split(', ').some((part) => {
    const numbers = part.match(/\d+/g)?.map(Number) ?? [];
    if (part.includes(' to ')) return numbers[0] <= number() && number() <= numbers[1];
    return part.includes('later') ? number() >= numbers[0] : numbers.includes(number());
  });
  // What was found, those of the chosen version and the others.
  const part = (found) => {
    const fits = (one) => !version || spoken(one.held ?? one.versions);
    return [found.filter(fits), found.filter((one) => !fits(one))];
  };
  // Folds items at the end of a list.
  const append = (list, items) => {
    list.append(...items);
    close({ kind: 'result', parts: items, count: items.length, titles: [] });
    groups.pop();
  };
  return { look, carry, part, append };
})();
