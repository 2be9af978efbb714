// What the search does with words: how much they weigh in texts, slips, words that stand together. The generator adds the headings
// of all pages to the end of this file; it is loaded right after the search itself, `search.js`, which hands over what it knows.
self.wirebookSearchWords = (known) => {
  const { fold, stem, escaped, sorted, pageOf, placesOn, textOf, bringTexts, SHOWN, BEHIND } = known;

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

  const numbers = (list) => {
    const found = [];
    let number = 0;
    for (const [, front, last] of (list ?? '').matchAll(/([A-Z]*)([0-9a-z])/g)) {
      let higher = 0;
      for (const digit of front) higher = higher * 26 + digit.charCodeAt(0) - 65;
      number += higher * 36 + parseInt(last, 36);
      found.push(number);
    }
    return found;
  };

  // What the texts know of a word: how much it weighs in sections, and on which pages it stands.
  const told = (word) => {
    const [places, on] = [new Map(), new Set()];
    const whole = stem(word);
    const collect = (lists, factor) => {
      const [much, some, light] = lists.split(',').map(numbers);
      const count = much.length + (some?.length ?? 0) + (light?.length ?? 0);
      const rare = Math.log(1 + (known.all - count + 0.5) / (count + 0.5)) / Math.log(known.all + 2);
      [much, some ?? []].forEach((list, step) => list.forEach((place) => {
        const score = 16 * factor * (step ? 0.65 : 1) * (0.25 + rare);
        if (score > (places.get(place) ?? 0)) places.set(place, score);
        on.add(pageOf(place));
      }));
      light?.forEach((page) => on.add(page));
    };
    const each = (fits) => known.shards.forEach((shard) => shard?.known.forEach((one, at) => {
      const factor = fits(one);
      if (factor) collect(shard.places[at], factor);
    }));
    each((one) => (one === word ? 1 : one.startsWith(word) ? 0.7 : one.startsWith(whole) ? 0.5
      : word.length > 4 && one.includes(word) ? 0.3 : 0));
    return { places, on, slips: () => each((one) => (near(word, one) ? 0.4 : 0)) };
  };

  // What is one slip away from a word, in names and, where nothing else has it, in texts.
  const slips = ({ word, allowed, known: read, on, add }) => {
    if (word.length < 4) return;
    for (const place of allowed) {
      const one = known.sections[place];
      if (!one) continue;
      one.names.forEach(({ folded, tight, id, words }, at) => {
        const whole = near(word, folded) || near(word, tight);
        if (!whole && !words.some((part) => near(word, part))) return;
        add(place, (whole ? 20 : 5) + (at ? 0 : one.above.length ? 4 : 12), id);
      });
    }
    if (read.length === 1 && !on.size) {
      read[0].slips();
      for (const [place, score] of read[0].places) add(place, score);
      for (const page of read[0].on) on.add(page);
    }
  };

  // Of a page that has the words in several sections, the section that has most of them.
  const settle = (hit, chunks) => {
    const wanted = chunks.map(fold);
    const count = (place) => {
      const text = textOf(place).toLowerCase();
      return wanted.filter((word) => text.includes(word)).length;
    };
    for (const place of placesOn(pageOf(hit.place))) {
      if (count(place) > count(hit.place)) Object.assign(hit, { place, id: known.sections[place]?.id ?? '' });
    }
  };

  // Several words count more where they stand together, best at the beginning; the texts of the first hits tell.
  const weigh = async ({ hits, chunks, wants }) => {
    if (chunks.length < 2 || wants.length || hits[0]?.score > 100) return;
    const first = hits.slice(0, 2 * SHOWN);
    const top = ({ place }) => known.pages[pageOf(place)];
    await bringTexts(first.flatMap((hit) => [hit, { place: top(hit) }]));
    const pairs = chunks.slice(1).map((word, at) => new RegExp(escaped(fold(chunks[at])) + '[\\p{L}]*[^\\p{L}\\p{N}]+' + escaped(fold(word)), 'iu'));
    const together = (place) => {
      const found = pairs.map((pair) => textOf(place).search(pair)).filter((at) => at >= 0);
      const early = known.sections[place]?.above.length === 0 ? 2.2 : 1.5;
      return 16 * found.reduce((sum, at) => sum + (at < 160 ? early : 1), 0) / Math.sqrt(pairs.length);
    };
    for (const hit of first) {
      let gain = together(hit.place);
      if (together(top(hit)) > gain) {
        Object.assign(hit, { place: top(hit), id: '' });
        gain = together(hit.place);
      }
      hit.score = (hit.score + gain * (hit.behind ? BEHIND : 1)) * (hit.loose ? 0.6 : 1);
    }
    // Sections of a page that gave way to its top are one hit.
    const seen = new Set();
    hits.splice(0, hits.length, ...sorted(hits).filter(({ place }) => !seen.has(place) && seen.add(place)));
  };

  return { told, slips, settle, weigh };
};
