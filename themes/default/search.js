// The search. The generator adds the names of pages to the end of this file; `site.js` loads it at the first turn to the
// field. Headings come right after it, with `search-words.js`; words and texts come in shards, scripts of their own, where names
// do not suffice.
self.wirebookSearch = (() => {
  const LONGEST = 32;
  const SHOWN = 12;
  const HEADINGS = 'h0.js';
  // Pages about the wiki itself come behind those about what it describes, unless they are asked for by their titles.
  const ABOUT = 'about the wiki';
  const BEHIND = 0.25;
  const bytes = (text) => new TextEncoder().encode(text).length;
  const begins = (before, here, after) =>
    /\p{Uppercase}/u.test(here) &&
    (/\p{Lowercase}/u.test(before) || (/\p{Uppercase}/u.test(before) && after !== undefined && /\p{Lowercase}/u.test(after)));

  // Text into words, as `tokenize.rs` does it; `tests/search-vectors.json` holds both to it.
  const tokenize = (text) => text.split(/\p{White_Space}+/u).flatMap((chunk) => {
    const words = [];
    const add = (word, least) => {
      const folded = word.toLowerCase();
      if ([...folded].length >= least && !words.includes(folded)) words.push(folded);
    };
    for (const piece of chunk.split(/[^\p{Alphabetic}\p{N}]/u)) {
      if (bytes(piece) > LONGEST) continue;
      add(piece, 1);
      if (/^0x/i.test(piece)) add(piece.slice(2), 2);
      if (!/^\p{Alphabetic}+$/u.test(piece)) continue;
      const letters = [...piece];
      let part = '';
      letters.forEach((letter, at) => {
        if (at && begins(letters[at - 1], letter, letters[at + 1])) { add(part, 2); part = ''; }
        part += letter;
      });
      add(part, 2);
    }
    return words;
  });

  // A name without the signs around it, in small letters: what names are compared by.
  const fold = (name) => {
    const folded = name.trim().toLowerCase();
    return folded.replace(/^[^\p{Alphabetic}\p{N}]+|[^\p{Alphabetic}\p{N}]+$/gu, '') || folded;
  };
  const slug = (text) => text.toLowerCase().split(/[^a-z0-9]+/).filter(Boolean).join('-');

  let index = { folder: '', size: 1, all: 0, wire: '', pages: [] };
  let firsts = [];
  let common = new Set();
  let sections = [];
  let pages = [];
  let shards = [];
  let blocks = [];
  let rows = false;
  // What `search-words.js` adds.
  let further = null;
  const rank = ['command', 'version', 'error code', 'service', 'file', 'page', ABOUT];

  // A name as it is compared; many sections share theirs.
  const seen = new Map();
  const words = (name) => {
    if (!seen.has(name)) {
      const folded = fold(name);
      seen.set(name, { folded, tight: folded.replace(/[^\p{Alphabetic}\p{N}]/gu, ''), words: tokenize(name) });
    }
    return seen.get(name);
  };

  // What is found: an address, what it is called, and the names that lead there with ids of their own.
  const section = (page, title, id, names, kind) => {
    const own = names.map((name) => (typeof name === 'string' ? [name, id] : [name[0], name[1] ?? slug(name[0])]));
    const all = [[title, id], ...own];
    return {
      page: page.url, on: page.title, id, title, kind, group: page.kind, versions: page.versions,
      names: all.map(([name, place]) => ({ ...words(name), id: place })),
      // Words of the page's title, where this is a section of it.
      above: id ? [words(page.title).folded, ...words(page.title).words] : [],
    };
  };

  const load = (given) => {
    index = given;
    firsts = given.firsts ? given.firsts.split(' ') : [];
    common = new Set(given.common ? given.common.split(' ') : []);
    [sections, pages, shards, blocks, rows, further] = [[], [], [], [], false, null];
    for (const row of given.pages) {
      pages.push(sections.length);
      if (typeof row === 'number') { sections.length += row; continue; }
      const [url, title, kind, versions, names, parts] = row;
      const page = { url, title, kind, versions };
      const stem = url.replace(/^.*\//, '').replace(/\.html$/, '').replaceAll('_', ' ');
      sections.push(section(page, title, '', [...names, [stem, '']], kind));
      if (typeof parts === 'number') { sections.length += parts; continue; }
      for (const part of parts) sections.push(part ? smaller(page, part) : undefined);
    }
    sections.length = given.all;
  };
  const smaller = (page, [heading, id = 0, own = [], kind = '']) => section(page, heading, id || slug(heading), own, kind || 'section');

  // The sections of each page in turn, 0 for one that is known already.
  const headings = (given) => {
    given.forEach((parts, page) => parts.forEach((part, at) => {
      const { page: url, title, kind, versions } = sections[pages[page]];
      if (part) sections[pages[page] + 1 + at] ??= smaller({ url, title, kind, versions }, part);
    }));
    further = self.wirebookSearchWords({
      fold, stem, escaped, sorted, pageOf, placesOn, textOf, bringTexts, SHOWN, BEHIND,
      get all() { return index.all; }, get sections() { return sections; }, get pages() { return pages; }, get shards() { return shards; },
    });
  };

  // Names that rows and terms define: the distance from section to section, and the names.
  const more = (given) => {
    rows = true;
    let place = 0;
    for (const [distance, ...names] of given) {
      place += distance;
      const { id, names: known } = sections[place] ?? {};
      known?.push(...names.map((name) => (typeof name === 'string' ? { ...words(name), id }
        : { ...words(name[0]), id: name[1] ?? slug(name[0]) })));
    }
  };

  // A shard of words, and a block of texts.
  const shard = (number, [known, places]) => { shards[number] = { known: known.split(' '), places: places.split(' ') }; };
  const texts = (number, rows) => {
    blocks[number] = rows.map((row, at) => {
      if (typeof row === 'string') return row;
      const [url, title, above, kind, versions, text] = row;
      const [page, id = ''] = url.split('#');
      const place = number * index.size + at;
      sections[place] ??= section({ url: page, title: above || title, kind, versions }, title, id, [], kind);
      return text;
    });
  };

  // The page that holds a section, and the sections of a page, by number.
  const pageOf = (place) => {
    let [low, high] = [0, pages.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (pages[middle] <= place) low = middle;
      else high = middle;
    }
    return low;
  };
  const placesOn = (page) => {
    const end = pages[page + 1] ?? index.all;
    return Array.from({ length: end - pages[page] }, (_, at) => pages[page] + at);
  };

  // Numbers of the shards that hold what begins with a text; a few are enough.
  const shardsOf = (start) => {
    const first = Math.max(0, firsts.findLastIndex((known) => known <= start));
    const found = [first];
    for (let at = first + 1; at < firsts.length && firsts[at].startsWith(start) && found.length < 4; at++) found.push(at);
    return firsts.length ? found : [];
  };
  const stem = (word) => (word.length > 6 ? word.slice(0, -2) : word);

  // How well a section's names fit a word, and the place the best of them leads to. A word among others is mostly a part.
  const nameScore = (one, word, alone, filtered) => {
    let [best, id] = [0, one.id];
    const take = (score, place) => { if (score > best) [best, id] = [score, place]; };
    one.names.forEach(({ folded, tight, id: place, words: parts }, at) => {
      const title = at === 0 || place === '';
      const heading = one.kind === 'section';
      const [whole, part, front, inner] = title ? [alone ? (heading ? 30 : 60) : 26, 18, 14, 6] : alone ? [45, 12, 8, 4] : [12, 6, 4, 2];
      if (folded === word || tight === word) take(whole, place);
      else if (folded.startsWith(word) || tight.startsWith(word)) take(front + (alone && title && !one.above.length ? 45 : 6) * word.length / folded.length, place);
      else if (filtered && folded.endsWith(word)) take(front, place);
      else if (parts.includes(word)) take(part, place);
      else if (parts.some((known) => known.startsWith(word) || (word.length > 6 && known.startsWith(stem(word))))) take(front / 2 + 2, place);
      else if (word.length > 2 && (folded.includes(word) || tight.includes(word))) take(inner + 4 * word.length / folded.length, place);
    });
    return [best, id];
  };
  const aboveScore = (one, word) =>
    one.above.includes(word) ? 24 : one.above.some((known) => known.startsWith(word)) ? 4 : 0;

  const allOf = (maps) => (maps.length ? [...maps[0].keys()].filter((key) => maps.every((map) => map.has(key))) : []);

  // Sections and pages that fit one word between blanks.
  const fitting = (chunk, allowed, alone, filtered) => {
    const word = fold(chunk);
    const [scores, on] = [new Map(), new Set()];
    const add = (place, score, id) => {
      if (!allowed.has(place)) return;
      const before = scores.get(place);
      if (before) before.score += score;
      else scores.set(place, { score, id: id ?? sections[place]?.id ?? '' });
      on.add(pageOf(place));
    };
    for (const place of allowed) {
      const one = sections[place];
      if (!one) continue;
      const [score, id] = nameScore(one, word, alone, filtered);
      const above = aboveScore(one, word);
      if (score || above) add(place, Math.max(score, above), score ? id : one.id);
    }
    const read = (pieces) => {
      const all = further ? pieces.map(further.told) : [];
      for (const place of allOf(all.map(({ places }) => places))) {
        add(place, all.reduce((sum, { places }) => sum + places.get(place), 0) / all.length);
      }
      for (const page of allOf(all.map(({ on: pagesOf }) => pagesOf))) on.add(page);
      return all;
    };
    const pieces = [...new Set(word.split(/[^\p{Alphabetic}\p{N}]+/u).filter(Boolean))];
    const rare = pieces.filter((piece) => !common.has(piece));
    const known = read(rare);
    const inner = tokenize(chunk).slice(1).filter((part) => !common.has(part));
    if (!on.size && pieces.length === 1 && inner.length > 1) read(inner);
    // What is nearly everywhere keeps nothing out.
    const slips = () => further?.slips({ word, allowed, known, on, add });
    return { scores, on, slips, pieces: [...rare, ...(pieces.length === 1 ? inner : [])], idle: !rare.length && pieces.length > 0 };
  };

  const filters = {
    cmd: (one) => one.group === 'command', ver: (one) => one.group === 'version', svc: (one) => one.group === 'service',
    file: (one) => one.group === 'file', err: (one) => one.kind === 'error code',
  };

  // What a text asks for: words, and which kinds it wants.
  const parse = (text) => {
    const kinds = [];
    const chunks = text.trim().split(/\s+/).flatMap((chunk) => {
      const [, kind = '', rest] = chunk.match(/^([a-z]+):(.*)$/i) ?? [];
      if (!Object.hasOwn(filters, kind.toLowerCase())) return chunk ? [chunk] : [];
      kinds.push(filters[kind.toLowerCase()]);
      return rest ? [rest] : [];
    });
    return { kinds, chunks };
  };

  // Where all of the words are: sections, or else a page on which they are in several.
  const candidates = (asked, allowed) => {
    const strict = allOf(asked.map(({ scores }) => scores));
    const have = new Set(strict.map(pageOf));
    const rest = allOf(asked.map(({ on }) => new Map([...on].map((page) => [page, 0])))).filter((page) => !have.has(page));
    const loose = rest.map((page) => {
      const sum = (place) => asked.reduce((all, { scores }) => all + (scores.get(place)?.score ?? 0), 0);
      return placesOn(page).filter((place) => allowed.has(place)).reduce((best, place) => (best === undefined || sum(place) > sum(best) ? place : best), undefined);
    });
    return [...strict, ...loose.filter((place) => place !== undefined)];
  };

  // The best first; of one page no more than a few before others have had their turn.
  const sorted = (hits) => {
    const counts = new Map();
    const few = ({ place }) => {
      const page = pageOf(place);
      counts.set(page, (counts.get(page) ?? 0) + 1);
      return counts.get(page) <= 4;
    };
    const ordered = hits.sort((a, b) => b.score - a.score || a.place - b.place).map((hit) => [few(hit), hit]);
    return [true, false].flatMap((turn) => ordered.filter(([first]) => first === turn).map(([, hit]) => hit));
  };

  // Sections that fit, best first, and the names of the shards that would tell more. Every word must fit; where no page
  // has all, any will do.
  const find = (text) => {
    const { kinds, chunks } = parse(text);
    const every = Array.from({ length: index.all }, (_, place) => place);
    const allowed = new Set(kinds.length ? every.filter((place) => sections[place] && kinds.every((fits) => fits(sections[place]))) : every);
    if (!chunks.length) {
      const tops = kinds.length ? [...allowed].filter((place) => !sections[place].above.length || sections[place].kind === 'error code') : [];
      return { hits: tops.map((place) => ({ place, id: sections[place].id })), wants: [], chunks };
    }
    const all = chunks.map((chunk) => fitting(chunk, allowed, chunks.length === 1, kinds.length > 0));
    const whole = fold(chunks.join(' '));
    const named = (place) => sections[place]?.names.find(({ folded }) => folded === whole);
    const sure = [...allowed].some(named);
    const shardNames = () => [...new Set(all.flatMap(({ pieces }) =>
      pieces.flatMap((piece) => [...shardsOf(piece), ...shardsOf(stem(piece))])))].filter((number) => !shards[number]).map((number) => 'w' + number + '.js');
    const wants = sure ? [] : further ? shardNames() : [HEADINGS];
    if (!sure && further && !rows) wants.push('n0.js');
    if (!wants.length) all.forEach((one) => { if (!one.on.size && !one.idle) one.slips(); });
    const busy = all.filter(({ idle }) => !idle);
    const asked = busy.length ? busy : all;
    let places = candidates(asked, allowed);
    if (!places.length && !wants.length) places = [...new Set(asked.flatMap(({ scores }) => [...scores.keys()]))];
    const hits = places.map((place) => {
      const one = sections[place];
      const parts = all.map(({ scores }) => scores.get(place)).filter(Boolean);
      let score = parts.reduce((sum, part) => sum + part.score, 0);
      const exact = named(place);
      const title = one?.names[0].folded ?? '';
      const top = one ? !one.above.length : pages[pageOf(place)] === place;
      // Of those that define the same name none is better for having it more often.
      if (exact && exact !== one.names[0] && !top) score = 60;
      else if (exact) score += top ? 140 : one.kind === 'section' ? 5 : 60;
      else if (chunks.length > 1 && title.includes(whole)) score += top && title.startsWith(whole) ? 90 : 25;
      if (title) score += 8 * chunks.filter((chunk) => title.includes(fold(chunk))).reduce((sum, chunk) => sum + chunk.length, 0) / title.length;
      if (top) score *= 1.25;
      // Of equals a command comes first, and a page that is nearer to the root.
      if (one) score += (rank.length - rank.indexOf(one.group)) / 4 - one.page.split('/').length;
      const best = parts.reduce((a, b) => (b.score > (a?.score ?? 0) ? b : a), undefined);
      const behind = one?.group === ABOUT && !(exact && top);
      if (behind) score *= BEHIND;
      const shared = asked.every(({ scores }) => scores.has(place));
      return { place, score: shared ? score : score * 0.85, id: exact?.id ?? best?.id ?? one?.id ?? '', loose: !shared, behind };
    });
    return { hits: sorted(hits), wants, chunks };
  };

  const script = (source) => new Promise((done) => {
    const made = document.createElement('script');
    made.src = source;
    made.onload = made.onerror = () => done();
    document.head.append(made);
  });
  const asked = new Map();
  const arrived = new Set();
  // `it.fetch` takes a file's name and says when it is there; the tests have one of their own.
  const bring = (name) => {
    if (!asked.has(name)) asked.set(name, it.fetch(index.folder + name).then(() => arrived.add(name)));
    return asked.get(name);
  };
  const blockOf = (place) => Math.floor(place / index.size);
  const textOf = (place) => blocks[blockOf(place)]?.[place % index.size] ?? '';
  const escaped = (word) => word.replace(/[!-/:-@[-`{-~]/g, (sign) => '\\x' + sign.charCodeAt(0).toString(16));
  const bringTexts = (hits) => Promise.all([...new Set(hits.map(({ place }) => blockOf(place)))]
    .filter((number) => !blocks[number]).map((number) => bring('t' + number + '.js')));

  // All that is known of a text. `soon` is told what names know before shards have come. Of a book whose names do not all fit
  // as many sections as are to be shown, `most`, are told by their texts; `total` counts the others too.
  const ask = async (text, soon, most = SHOWN) => {
    let result = find(text);
    soon?.(result);
    for (let round = 0; round < 3 && result.wants.length; round++) {
      await Promise.all(result.wants.map(bring));
      result = find(text);
      result.wants = result.wants.filter((name) => !arrived.has(name));
    }
    const shown = result.hits.slice(0, most);
    const total = result.hits.length;
    if (shown.some(({ place }) => !sections[place])) {
      await bringTexts(shown);
      result = find(text);
      result.hits = result.hits.filter(({ place }) => sections[place]);
    }
    await further?.weigh(result);
    const loose = result.hits.slice(0, SHOWN).filter((hit) => hit.loose);
    await bringTexts(loose.flatMap(({ place }) => placesOn(pageOf(place)).map((each) => ({ place: each }))));
    loose.forEach((hit) => further?.settle(hit, result.chunks));
    return { ...result, total };
  };

  const address = ({ place, id }) => sections[place].page + (id ? '#' + encodeURIComponent(id) : '');
  const about = (place) => sections[place];

  // The part of a section's text around the first word that fits, cut into pieces; those at odd places fit.
  const excerpt = (place, chunks) => {
    const text = textOf(place);
    const wanted = [...new Set(chunks.flatMap((chunk) => [fold(chunk), ...tokenize(chunk)]))].filter((word) => word.length > 1);
    if (!text || !wanted.length) return [text.slice(0, 160)];
    const any = wanted.sort((a, b) => b.length - a.length).map(escaped).join('|');
    const pattern = new RegExp('(?<![\\p{L}\\p{N}])(' + any + ')', 'giu');
    const together = new RegExp(chunks.map((chunk) => escaped(fold(chunk))).join('[\\p{L}]*[^\\p{L}\\p{N}]+'), 'iu');
    const first = [text.search(together), text.search(pattern)].find((at) => at >= 0) ?? 0;
    let from = Math.max(0, first - 24);
    if (from) from = text.indexOf(' ', from) + 1;
    return ((from ? '… ' : '') + text.slice(from, from + 200)).split(pattern);
  };

  const it = { tokenize, load, headings, more, words: shard, texts, find, ask, address, about, excerpt, bringTexts, fetch: null };

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  // `told` is false for results that are not yet all: excerpts come with the last.
  const list = (root, hits, chunks, most, told = true) => {
    const made = element('ol', 'hits');
    const lens = self.wirebookLens;
    // What is about other versions than the one to look at folds.
    const [near, far] = lens ? lens.part(hits.map((hit) => ({ ...hit, held: sections[hit.place].versions }))) : [hits, []];
    const shown = [...near.slice(0, most), ...far.slice(0, most)];
    const cuts = shown.map((hit) => {
      const one = sections[hit.place];
      const link = element('a');
      link.href = root + address(hit);
      lens?.carry(link);
      link.append(element('b', '', one.id ? one.on + ' › ' + one.title : one.title), ' ');
      const kind = one.kind === 'section' ? '' : one.kind;
      link.append(element('span', '', [kind, one.id ? '' : one.versions].filter(Boolean).join(' · ')));
      const cut = link.appendChild(element('small'));
      made.append(element('li'));
      made.lastChild.append(link);
      return [hit, cut];
    });
    if (far.length) lens.append(made, [...made.children].slice(near.slice(0, most).length));
    if (told) bringTexts(shown).then(() => cuts.forEach(([{ place }, cut]) => cut.append(...excerpt(place, chunks)
      .map((piece, at) => (at % 2 ? element('mark', '', piece) : piece)))));
    return made;
  };

  const counted = (number) => (number ? number + (number === 1 ? ' result' : ' results') : 'Nothing found');

  // A line of the protocol, or several, taken apart; `null` for what is none.
  const isLine = (text) => /^[CS]: ?\S|⏎/.test(text) || (/^([A-Z]{3}|\d{3}) \S/.test(text) && /^\S+ \d|^\S+( \S+){2}/.test(text)
    && sections.some((one) => one && (one.group === 'command' || one.kind === 'error code') && one.title === text.slice(0, 3)));
  const takenApart = async (root, text) => {
    if (!index.wire || !isLine(text)) return null;
    if (!self.wirebookWire) await it.fetch(index.wire);
    return self.wirebookWire?.show(text, root);
  };

  const start = (form) => {
    const field = form.elements.q;
    const box = form.parentElement;
    const status = box.querySelector('[role=status]');
    const root = form.dataset.root;
    let open = null;
    let turn = 0;

    it.fetch = (name) => script(root + name);
    const close = () => {
      open?.remove();
      open = null;
      turn++;
    };
    const show = (text, { hits, wants, chunks, total = hits.length }, apart) => {
      if (!hits.length && wants.length && !apart) return;
      open?.remove();
      open = list(root, hits, chunks, SHOWN, !wants.length);
      if (apart) open.prepend(element('li', 'apart'));
      if (apart) open.firstChild.append(apart);
      else if (!hits.length) open.append(element('li', 'none', 'Nothing found. The index A to Z may help.'));
      if (total > SHOWN || wants.length) {
        const link = element('a', '', wants.length ? 'All results' : 'All ' + counted(total));
        link.href = form.action + '?q=' + encodeURIComponent(text);
        self.wirebookLens?.carry(link);
        open.append(element('li', 'more'));
        open.lastChild.append(link);
      }
      box.append(open);
      status.textContent = apart?.dataset.said ?? counted(total);
    };
    const run = async () => {
      const text = field.value.trim();
      const mine = ++turn;
      if (!text) { close(); status.textContent = ''; return; }
      const apart = await takenApart(root, text);
      if (turn !== mine) return;
      const result = await ask(text, (soon) => show(text, { ...soon, hits: soon.hits.filter(({ place }) => sections[place]) }, apart));
      const moved = open?.contains(document.activeElement);
      if (turn === mine && !moved) show(text, result, apart);
      // Headings come after the first answer, and complete it.
      if (further) return;
      await bring(HEADINGS);
      if (further && turn === mine) run();
    };

    field.addEventListener('input', run);
    field.addEventListener('focus', () => { if (!open) run(); });
    field.addEventListener('paste', (event) => {
      const lines = event.clipboardData.getData('text').split(/\r?\n/);
      while (lines.length && !lines.at(-1)) lines.pop();
      if (lines.length < 2) return;
      event.preventDefault();
      field.setRangeText(lines.join(' ⏎ '), field.selectionStart, field.selectionEnd, 'end');
      run();
    });
    form.addEventListener('submit', (event) => {
      const first = [...open?.querySelectorAll('li:not(.more, .apart, .fold) > a') ?? []][0];
      if (!first) return;
      event.preventDefault();
      location.href = first.href;
    });
    box.addEventListener('keydown', (event) => {
      if (!open) return;
      if (event.key === 'Escape') {
        event.preventDefault();
        field.focus();
        close();
        status.textContent = '';
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

    // The page of all results.
    const MOST = 100;
    const place = document.getElementById('page.hits');
    const wanted = new URLSearchParams(location.search).get('q');
    if (place && wanted) {
      field.value ||= wanted;
      Promise.all([ask(wanted, null, MOST), takenApart(root, wanted)]).then(([{ hits, chunks, total }, apart]) => {
        place.append(element('h2', '', counted(total) + ' for ' + wanted));
        if (apart) place.append(apart);
        place.append(list(root, hits, chunks, MOST));
      });
    }
    // What was typed before the index came.
    if (document.activeElement === field) run();
  };

  it.start = start;
  return it;
})();
