// The search. The generator adds the index to the end of this file; `site.js` loads it at the first turn to the field.
self.wirebookSearch = (() => {
  const LONGEST = 64;
  const bytes = (text) => new TextEncoder().encode(text).length;
  const sign = /^[^\p{Alphabetic}\p{N}]+|[^\p{Alphabetic}\p{N}]+$/gu;
  const begins = (before, here, after) =>
    /\p{N}/u.test(before) !== /\p{N}/u.test(here) ||
    (/\p{Lowercase}/u.test(before) && /\p{Uppercase}/u.test(here)) ||
    (/\p{Uppercase}/u.test(before) && /\p{Uppercase}/u.test(here) && after !== undefined && /\p{Lowercase}/u.test(after));

  // Text into words, as `tokenize.rs` does it; `tests/search-vectors.json` holds both to it.
  const tokenize = (text) => text.split(/\p{White_Space}+/u).filter(Boolean).flatMap(chunkWords);
  const chunkWords = (chunk) => {
    const core = chunk.replace(sign, '');
    if (!core) return [...chunk].length <= 3 ? [chunk] : [];
    const words = [];
    const add = (word, least) => {
      const folded = word.toLowerCase();
      if (bytes(folded) <= LONGEST && [...folded].length >= least && !words.includes(folded)) words.push(folded);
    };
    add(core, 1);
    const folded = core.toLowerCase();
    for (const mark of ['0x', 'x-']) if (folded.startsWith(mark)) add(folded.slice(2), 2);
    for (const piece of core.split(/[^\p{Alphabetic}\p{N}]/u)) {
      add(piece, 1);
      if (bytes(piece) > LONGEST) continue;
      const letters = [...piece];
      let part = '';
      letters.forEach((letter, index) => {
        if (index && begins(letters[index - 1], letter, letters[index + 1])) {
          add(part, 2);
          part = '';
        }
        part += letter;
      });
      add(part, 2);
    }
    return words;
  };

  let documents = [];
  let words = [];
  let places = [];
  const load = (index) => {
    documents = index.documents.map(([url, title, page, kind, versions, ...names]) => ({
      url, title, page, kind, versions, names: [title, ...names].map((name) => name.toLowerCase()),
    }));
    // A section is about the versions of its page.
    const tops = new Map(documents.filter((one) => !one.page).map((one) => [one.url, one.versions]));
    for (const one of documents) one.held = one.versions || tops.get(one.url.split('#')[0]);
    words = index.words ? index.words.split(' ') : [];
    places = index.places.split(' ');
  };

  // Adds to `scores` what the word of this number is worth in each document, if that is more than is there.
  const collect = (scores, number, factor) => {
    const found = [...places[number].matchAll(/([0-9a-z]+)([A-Z])/g)];
    const rare = Math.log(1 + (documents.length - found.length + 0.5) / (found.length + 0.5));
    let at = 0;
    for (const [, step, weight] of found) {
      at += parseInt(step, 36);
      const score = factor * rare * (weight.charCodeAt(0) - 64) / 26;
      if (score > (scores.get(at) ?? 0)) scores.set(at, score);
    }
  };

  // True if one letter more, less, another, or two changed about, make one word of the other.
  const near = (a, b) => {
    if (a === b || Math.abs(a.length - b.length) > 1) return false;
    let head = 0;
    while (head < a.length && head < b.length && a[head] === b[head]) head++;
    let tail = 0;
    while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
    const [x, y] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
    return (x.length <= 1 && y.length <= 1) || (x.length === 2 && y === x[1] + x[0]);
  };

  // Documents with a word: the word itself, what begins with it, what holds it, what shares all but its ending, or else
  // what is one slip away.
  const lookUp = (word) => {
    const scores = new Map();
    const stem = word.length > 6 ? word.slice(0, -2) : null;
    words.forEach((known, number) => {
      if (known === word) collect(scores, number, 1);
      else if (known.startsWith(word)) collect(scores, number, 0.5);
      else if (word.length > 2 && known.includes(word)) collect(scores, number, 0.25);
      else if (stem && known.startsWith(stem)) collect(scores, number, 0.2);
    });
    if (!scores.size && word.length > 3) {
      words.forEach((known, number) => { if (near(word, known)) collect(scores, number, 0.25); });
    }
    return scores;
  };

  const both = (maps) => {
    const [first, ...rest] = maps;
    const sum = new Map();
    for (const [number, score] of first ?? []) {
      if (rest.every((map) => map.has(number))) sum.set(number, rest.reduce((all, map) => all + map.get(number), score));
    }
    return sum;
  };

  // What one word between blanks finds: as a whole, or else by all of its parts.
  const chunkScores = (chunk) => {
    const [whole, ...parts] = tokenize(chunk);
    if (whole === undefined) return null;
    const scores = lookUp(whole);
    return scores.size || !parts.length ? scores : both(parts.map(lookUp));
  };

  // Titles count before text: exact, then prefix, then inner; the last two only where nothing has just this title.
  const titleScores = (numbers, query) => {
    const exact = numbers.filter((number) => documents[number].names.includes(query));
    const scores = new Map();
    for (const number of exact.length ? exact : numbers) {
      const { names, page } = documents[number];
      const top = page ? 0 : 1;
      let score = 0;
      for (const name of names) {
        if (name === query) score = 100 + 20 * top;
        else if (name.startsWith(query)) score = Math.max(score, 12 + 6 * top);
        else if (query.length > 2 && name.includes(query)) score = Math.max(score, 3 + 2 * top);
      }
      scores.set(number, score);
    }
    return scores;
  };

  // All documents that fit, best first. Every word must fit; where no document has all, any will do.
  const find = (text) => {
    const query = text.trim().toLowerCase().replace(/\s+/g, ' ');
    const maps = query.split(' ').map(chunkScores).filter(Boolean);
    if (!maps.length) return [];
    let scores = both(maps);
    if (!scores.size) {
      for (const map of maps) for (const [number, score] of map) scores.set(number, (scores.get(number) ?? 0) + score);
    }
    const titles = titleScores([...scores.keys()], query);
    const ranked = [...scores].map(([number, score]) => [score + (titles.get(number) ?? 0), number]);
    ranked.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
    return ranked.map(([, number]) => documents[number]);
  };

  // ---- On the page ----------------------------------------------------------------------------------------------

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const hit = (root, found) => {
    const item = element('li');
    const link = element('a');
    link.href = root + found.url;
    self.wirebookLens?.carry(link);
    link.append(element('b', '', found.page ? found.page + ' › ' + found.title : found.title), ' ');
    const kind = found.kind === 'section' ? '' : found.kind;
    link.append(element('span', '', [kind, found.versions].filter(Boolean).join(' · ')));
    item.append(link);
    return item;
  };

  const list = (root, found) => {
    const made = element('ol', 'hits');
    made.append(...found.map((one) => hit(root, one)));
    return made;
  };

  const start = (form) => {
    const field = form.elements.q;
    const box = form.parentElement;
    const status = box.querySelector('[role=status]');
    const root = form.dataset.root;
    const SHOWN = 12;
    let open = null;
    let best = null;

    const close = () => {
      open?.remove();
      open = null;
      status.textContent = '';
    };
    const run = () => {
      const text = field.value.trim();
      close();
      if (!text) return;
      const lens = self.wirebookLens;
      const found = find(text);
      const [near, far] = lens ? lens.part(found) : [found, []];
      best = near[0] ?? far[0];
      const number = found.length === 1 ? '1 result' : found.length + ' results';
      status.textContent = found.length ? number : 'Nothing found';
      open = list(root, near.slice(0, SHOWN));
      // What is about other versions than the one to look at folds.
      if (far.length) lens.append(open, far.slice(0, SHOWN).map((one) => hit(root, one)));
      if (!found.length) open.append(element('li', 'none', 'Nothing found. The index A to Z may help.'));
      if (found.length > SHOWN) {
        const more = element('li', 'more');
        const link = element('a', '', 'All ' + number);
        link.href = form.action + '?q=' + encodeURIComponent(text);
        lens?.carry(link);
        more.append(link);
        open.append(more);
      }
      box.append(open);
    };

    field.addEventListener('input', run);
    field.addEventListener('focus', () => { if (!open) run(); });
    form.addEventListener('submit', (event) => {
      if (!open || !best) return;
      event.preventDefault();
      location.href = hit(root, best).firstElementChild.href;
    });
    box.addEventListener('keydown', (event) => {
      if (!open) return;
      if (event.key === 'Escape') {
        event.preventDefault();
        field.focus();
        close();
        return;
      }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const stops = [field, ...open.querySelectorAll(':is(a, button)')].filter((stop) => stop.getClientRects().length);
      const at = stops.indexOf(document.activeElement);
      stops[(at + step + stops.length) % stops.length].focus();
    });
    box.addEventListener('focusout', (event) => {
      if (event.relatedTarget && !box.contains(event.relatedTarget)) close();
    });
    document.addEventListener('pointerdown', (event) => { if (!box.contains(event.target)) close(); });

    const hits = document.getElementById('page.hits');
    const asked = new URLSearchParams(location.search).get('q');
    if (hits && asked) {
      const all = find(asked);
      const [near, far] = self.wirebookLens ? self.wirebookLens.part(all) : [all, []];
      const made = list(root, near);
      if (far.length) self.wirebookLens.append(made, far.map((one) => hit(root, one)));
      field.value = asked;
      hits.append(element('h2', '', (all.length || 'No') + (all.length === 1 ? ' result for ' : ' results for ') + asked), made);
    }
    // What was typed before the index came.
    if (document.activeElement === field) run();
  };

  return { tokenize, load, find, start };
})();
