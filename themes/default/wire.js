// Lines of the protocol, taken apart. The generator adds the grammar to the end of this file; the search loads it when what is
// asked for looks like a line.
self.wirebookWire = (() => {
  let grammar = { kinds: {}, versions: [], servers: [], commands: {} };
  const patterns = new Map();
  const load = (given) => {
    grammar = given;
    for (const name of Object.keys(grammar.commands)) {
      const [page, terms, forms] = grammar.commands[name];
      grammar.commands[name] = { name, page, terms, forms: forms.map((row) => form(name, row)) };
    }
  };
  const form = (name, [server, servers, versions, text, pieces, payload = '', variant = '']) =>
    ({ name, server, servers, versions, text, pieces, payload, variant, shapes: shapes(pieces) });

  // Every way to write pieces, optional ones taken or left, longest first.
  const shapes = (pieces) => {
    let ways = [[]];
    for (const piece of pieces) {
      const own = Array.isArray(piece) && piece[0] === 2 ? [...shapes(piece[1]), []] : [[piece]];
      ways = ways.flatMap((way) => own.map((rest) => [...way, ...rest])).slice(0, 64);
    }
    return ways.sort((a, b) => b.length - a.length);
  };

  const bytes = (text) => new TextEncoder().encode(text).length;
  const isKind = (name, text) => {
    const kind = Object.hasOwn(grammar.kinds, name) ? grammar.kinds[name] : null;
    if (!kind) return true;
    const [pattern, longest] = kind;
    if (!patterns.has(name)) patterns.set(name, new RegExp('^(?:' + pattern + ')$', 'u'));
    return patterns.get(name).test(text) && !(longest && bytes(text) > longest);
  };
  const meaning = (name) => (Object.hasOwn(grammar.kinds, name) ? grammar.kinds[name][2] : name);

  const fits = (piece, word) => {
    if (typeof piece === 'string') return word === piece;
    if (piece[0] === 0) return piece[2].includes(word);
    const [, , kind, prefix = '', list = 0] = piece;
    if (!word.startsWith(prefix)) return false;
    const bare = word.slice(prefix.length);
    return (list ? bare.split(',') : [bare]).every((item) => isKind(kind, item));
  };
  const what = (piece) => {
    if (typeof piece === 'string') return '`' + piece + '`';
    if (piece[0] === 0) return (piece[1] ? piece[1] + ': ' : '') + 'one of ' + piece[2].map((word) => '`' + word + '`').join(', ');
    const [, name, kind, prefix = '', list = 0] = piece;
    return name + ': ' + (prefix ? '`' + prefix + '` and ' : '') + meaning(kind) + (list ? ', or several with commas between them' : '');
  };
  const nameOf = (piece) => (typeof piece === 'string' ? '' : piece[1]);

  const pieceAt = (shape, at) => shape[at] ?? (shape.at(-1)?.[5] ? shape.at(-1) : undefined);

  // Words behind the command word against one shape: what each is, or what is in the way.
  const hold = (shape, words) => {
    for (let at = 0; at < words.length; at++) {
      const piece = pieceAt(shape, at);
      if (piece === undefined) return { fitted: at, wrong: 'extra', at };
      if (!fits(piece, words[at])) return { fitted: at, wrong: 'value', at, piece };
    }
    if (words.length < shape.length) return { fitted: words.length, wrong: 'missing', at: words.length, piece: shape[words.length] };
    return { fitted: words.length, wrong: '', pieces: words.map((_, at) => pieceAt(shape, at)) };
  };

  // A line against all forms of its command. `server` is 1 for a line of the server, 0 for one of the client; without it either.
  const read = (line, server) => {
    const [name, ...words] = line.split(' ');
    const command = Object.hasOwn(grammar.commands, name) ? grammar.commands[name] : null;
    if (!command) return { line, name, words, near: nearest(name) };
    const forms = command.forms.filter((one) => server === undefined || one.server === server);
    const matches = [];
    let close = null;
    for (const one of forms) {
      for (const shape of one.shapes) {
        const held = hold(shape, words);
        if (!held.wrong) {
          matches.push({ form: one, pieces: held.pieces });
          break;
        }
        const distance = Math.abs(words.length - shape.length);
        const key = [held.fitted, one.variant ? 0 : 1, -distance];
        const differ = close && key.findIndex((value, at) => value !== close.key[at]);
        if (!close || (differ >= 0 && key[differ] > close.key[differ])) close = { form: one, held, key };
      }
    }
    // The protocol's own forms come first, then what known programs write.
    matches.sort((a, b) => Boolean(a.form.variant) - Boolean(b.form.variant));
    const versions = matches.reduce((all, { form: { versions: own } }) => all | own, 0);
    return { line, name, words, command, matches, versions, close: matches.length ? null : close, other: !forms.length };
  };

  // Command words that are one letter away, or the same in capitals.
  const nearest = (name) => Object.keys(grammar.commands).filter((known) => known === name.toUpperCase()
    || (known.length === 3 && name.length === 3 && [...known].filter((letter, at) => letter !== name[at]).length === 1
      && !/\d/.test(known) && !/\d/.test(name))
    || [...known].sort().join('') === [...name.toUpperCase()].sort().join('')).slice(0, 6);

  // Lines of a text, each with its payload's lines: so many as have the length that the line announces.
  const messages = (text) => {
    // A field that takes pasted lines before the search is there makes blanks of their ends.
    const lines = text.split(/\r?\n| ?⏎ ?| (?=[CS]: )/);
    const found = [];
    while (lines.length) {
      const raw = lines.shift();
      if (!raw.trim()) continue;
      const [, mark, line] = raw.match(/^(?:([CS]): ?)?(.*)$/s);
      const message = { ...read(line, mark === undefined ? undefined : Number(mark === 'S')), payload: [] };
      const long = message.matches?.find(({ form: one }) => one.payload);
      if (long) {
        const wanted = Number(message.words.at(-1));
        const size = () => message.payload.reduce((sum, each) => sum + bytes(each) + 2, 0);
        while (lines.length && size() < wanted && !/^[CS]: /.test(lines[0])) message.payload.push(lines.shift());
        const given = size();
        // The last line of a payload may do without its end.
        message.wanted = wanted;
        message.given = given === wanted + 2 ? wanted : given;
      }
      found.push(message);
    }
    return found;
  };

  // Versions in words: runs of them.
  const versions = (bits) => {
    const runs = [];
    grammar.versions.forEach((name, at) => {
      if (!(bits & (1 << at))) return;
      const last = runs.at(-1);
      if (last && last.end === at - 1 && at > 1) Object.assign(last, { to: name, end: at });
      else runs.push({ from: name, to: name, end: at });
    });
    return runs.map(({ from, to }) => (from === to ? from : from + ' to ' + to)).join(', ') || 'no version';
  };

  // What is wrong with a message, in one sentence.
  const wrong = ({ name, words, command, matches, close, other, near: names }) => {
    if (!command) return '`' + name + '` is no command' + (names.length ? '; near: ' + names.join(', ') : '');
    if (matches.length) return '';
    if (other || !close) return 'this side never sends `' + name + '`';
    const { held } = close;
    if (held.wrong === 'extra') return 'word ' + (held.at + 2) + ', `' + words[held.at] + '`, is too much';
    if (held.wrong === 'missing') return 'the line ends before ' + what(held.piece);
    return 'word ' + (held.at + 2) + ', `' + words[held.at] + '`, is not ' + what(held.piece).replace(/^([^`:]+): /, '$1, ');
  };

  // ---- On the page ----------------------------------------------------------------------------------------------

  const element = (tag, ...inside) => {
    const made = document.createElement(tag);
    made.append(...inside);
    return made;
  };
  // Text in which what stands between backticks is code.
  const prose = (tag, text) => element(tag, ...text.split('`').map((part, at) => (at % 2 ? element('code', part) : part)));
  const link = (root, address, text) => {
    const made = element('a', text);
    made.href = root + address;
    return made;
  };

  const parameter = (root, command, piece) => {
    const name = nameOf(piece);
    if (!name || !Object.hasOwn(command.terms, name)) return name || 'always this';
    return link(root, command.page.split('#')[0] + '#' + encodeURIComponent(command.terms[name] || name), name);
  };

  const table = (root, { command, words, matches, close }) => {
    const pieces = matches[0]?.pieces ?? [];
    const shape = close?.form.shapes.reduce((a, b) => (hold(b, words).fitted > hold(a, words).fitted ? b : a));
    const rows = words.map((word, at) => {
      const piece = pieces[at] ?? (shape && pieceAt(shape, at));
      const bad = close && at === close.held.at && close.held.wrong !== 'missing';
      const head = element('th', element('code', word || ' '));
      head.scope = 'row';
      if (bad) head.classList.add('bad');
      const told = piece === undefined ? 'too much' : typeof piece === 'string' ? '' : piece[0] === 0 ? 'one of ' + piece[2].join(', ') : meaning(piece[2]);
      const name = piece === undefined ? '' : parameter(root, command, piece);
      return element('tr', head, element('td', name), prose('td', bad && piece !== undefined ? 'should be ' + what(piece) : told));
    });
    const made = element('table', element('tbody', ...rows));
    made.setAttribute('aria-label', 'Words of the line');
    return rows.length ? made : '';
  };

  const about = (root, message) => {
    const { command, matches, close, payload, wanted, given, name } = message;
    const made = element('div');
    const fault = wrong(message);
    made.append(element('p', element('code', message.line)));
    if (command) {
      const sides = [...new Set(matches.map(({ form: one }) => (one.server ? 'server' : 'client')))];
      // Versions of the protocol's own forms, and then those in which some program writes it so.
      const bits = (all) => all.reduce((sum, { form: one }) => sum | one.versions, 0);
      const own = bits(matches.filter(({ form: one }) => !one.variant));
      const variants = matches.filter(({ form: one }) => one.variant && one.versions & ~own);
      const told = [...new Set(variants.map(({ form: one }) => one.variant))]
        .map((who) => versions(bits(variants.filter(({ form: one }) => one.variant === who)) & ~own) + ' as a variant (' + who + ')');
      const said = matches.length ? ', from the ' + sides.join(' or the ') + ': ' + [own ? versions(own) : '', ...told].filter(Boolean).join('; ') : '';
      made.append(element('p', command.page ? link(root, command.page, name) : name, said));
      made.append(table(root, message));
    }
    if (fault) {
      made.append(prose('p', fault[0].toUpperCase() + fault.slice(1) + '.'));
      made.lastChild.className = 'bad';
    }
    if (close) made.append(element('p', 'The nearest form, ' + versions(close.form.versions) + ': ', element('code', close.form.text)));
    if (wanted !== undefined) {
      const right = wanted === given || !payload.length;
      made.append(element('p', 'A payload of ' + wanted + ' bytes follows' + (right ? '.' : '; here are ' + given + '.')));
    }
    return made;
  };

  // A text of lines as an element, with what to announce in `data-said`.
  const show = (text, root) => {
    const all = messages(text);
    const made = element('div', ...all.map((message) => about(root, message)));
    made.className = 'wire-line';
    const faults = all.filter(wrong).length;
    made.dataset.said = (all.length === 1 ? 'One line' : all.length + ' lines') + ' taken apart, '
      + (faults ? faults + ' with a mistake' : 'no mistake found');
    return made;
  };

  return { load, read, messages, versions, wrong, isKind, show };
})();
