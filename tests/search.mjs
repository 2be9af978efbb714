// The search's JavaScript half: `node --test tests/search.mjs`, with a built site's folder in SITE for the queries.
// The vectors hold the same tokenizer in Rust; the queries are checked there too.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';

const here = (path) => new URL(path, import.meta.url);
const program = readFileSync(here('../themes/default/search.js'), 'utf8');
const words = readFileSync(here('../themes/default/search-words.js'), 'utf8');
const vectors = JSON.parse(readFileSync(here('search-vectors.json'), 'utf8'));
const queries = readFileSync(here('search/queries.txt'), 'utf8').split('\n')
  .filter((line) => line && !line.startsWith('#')).map((line) => line.split('\t'));
const site = process.env.SITE;

const search = () => {
  const context = vm.createContext({ self: {}, TextEncoder });
  vm.runInContext(program, context);
  vm.runInContext(words, context);
  return context;
};

// The search of a built site. Shards come from its folder; `loaded` lists them.
const built = (folder) => {
  const context = search();
  const run = (path) => vm.runInContext(readFileSync(join(folder, path), 'utf8'), context);
  run(readdirSync(folder).find((name) => /^search\.[0-9a-f]+\.js$/.test(name)));
  const it = context.self.wirebookSearch;
  const loaded = [];
  it.fetch = async (name) => { loaded.push(name); run(name); };
  return { it, loaded, ask: async (query) => [...(await it.ask(query)).hits].map((hit) => it.address(hit)) };
};

test('words are those of the shared vectors', () => {
  const { tokenize } = search().self.wirebookSearch;
  for (const { text, words } of vectors.tokens) assert.deepEqual([...tokenize(text)], words, text);
});

// Numbers as the generator writes them.
const digits = (number) => {
  let front = '';
  for (let higher = Math.floor(number / 36); higher; higher = Math.floor(higher / 26)) front = String.fromCharCode(65 + higher % 26) + front;
  return front + (number % 36).toString(36);
};

// Pages as the generator writes them, each word of a text with some weight, in shards of a few words.
const indexed = (pages) => {
  const { wirebookSearch: it } = search().self;
  const places = new Map();
  let number = 0;
  const more = [];
  let before = 0;
  for (const page of pages) {
    if (page.names) {
      more.push([number - before, ...page.names]);
      before = number;
    }
    for (const text of [page.text, ...(page.sections ?? []).map((part) => part.text)]) {
      for (const word of new Set(it.tokenize(text ?? ''))) places.set(word, [...(places.get(word) ?? []), number]);
      number += 1;
    }
  }
  const words = [...places.keys()].sort();
  const list = (numbers) => ',' + numbers.map((n, at) => digits(n - (numbers[at - 1] ?? 0))).join('');
  const shards = [];
  for (let at = 0; at < words.length; at += 8) shards.push(words.slice(at, at + 8));
  it.load({
    folder: 'x/', size: 16, all: number, common: 'the', firsts: shards.map((shard) => shard[0]).join(' '),
    pages: pages.map(({ url, title, kind = 'page', sections = [] }) =>
      [url, title, kind, '', [], sections.map((part) => [part.title, part.id ?? 0, [], part.kind ?? ''])]),
  });
  const loaded = [];
  it.fetch = async (name) => {
    loaded.push(name);
    const shard = Number(name.match(/w(\d+)\.js/)?.[1] ?? -1);
    if (name === 'x/h0.js') it.headings(pages.map(() => []));
    if (name === 'x/n0.js') it.more(more);
    if (shard >= 0) it.words(shard, [shards[shard].join(' '), shards[shard].map((word) => list(places.get(word))).join(' ')]);
  };
  const ask = async (query) => [...(await it.ask(query)).hits].map((hit) => it.address(hit));
  return Object.assign(ask, { loaded, it });
};

const book = () => indexed([
  { url: 'start.html', title: 'Signing in', text: 'The first is VER, then USR. See USR and ABFindAll.' },
  { url: 'usr.html', title: 'USR', kind: 'command', text: 'authenticate with TWN', sections: [{ title: 'Failures', text: 'error 911 or 500' }] },
  {
    url: 'errors.html', title: 'Errors', text: 'The codes',
    sections: [{ title: '911', kind: 'error code', text: 'Authentication failed, wrong ticket' }, { title: '217', kind: 'error code' }],
  },
  { url: 'caps.html', title: 'Capabilities', names: [['IsBot'], ['0x40000000'], ['X-Y!', 'other']], text: '0x40000000 means direct connections; lc=1033 is English' },
  { url: 'not.html', title: 'NOT', kind: 'command', text: 'the notification' },
  { url: 'find.html', title: 'ABFindAll', kind: 'service', text: 'all contacts' },
]);

test('an exact title comes first, in any case, and needs no shard', async () => {
  const ask = book();
  for (const query of ['USR', 'usr', ' Usr ']) assert.equal((await ask(query))[0], 'usr.html');
  assert.equal((await ask('NOT'))[0], 'not.html');
  assert.deepEqual(ask.loaded, []);
});

test('a name leads to its own place', async () => {
  const ask = book();
  assert.equal((await ask('911'))[0], 'errors.html#911');
  assert.equal((await ask('isbot'))[0], 'caps.html#isbot');
  assert.equal((await ask('x-y!'))[0], 'caps.html#other');
});

test('prefixes, inner parts and camel case find', async () => {
  const ask = book();
  assert.equal((await ask('authent'))[0], 'usr.html');
  assert.equal((await ask('FindAll'))[0], 'find.html');
  assert.equal((await ask('bot'))[0], 'caps.html#isbot');
  assert.deepEqual(await ask('onnection'), ['caps.html']);
});

test('numbers are found with and without their mark', async () => {
  const ask = book();
  assert.match((await ask('0x40000000'))[0], /^caps/);
  assert.match((await ask('40000000'))[0], /^caps/);
  assert.equal((await ask('lc=1033'))[0], 'caps.html');
});

test('all words must fit; where none has all, any will do', async () => {
  const ask = book();
  assert.deepEqual(await ask('usr 911'), ['usr.html#failures']);
  assert.ok((await ask('twn 1033')).length >= 2);
});

test('kinds are filters', async () => {
  const ask = book();
  assert.deepEqual(await ask('err:911'), ['errors.html#911']);
  assert.equal((await ask('err:')).length, 2);
  assert.deepEqual(await ask('svc:'), ['find.html']);
  assert.equal((await ask('cmd:failures'))[0], 'usr.html#failures');
  assert.deepEqual(await ask('cmd:IsBot'), []);
});

test('one slip is forgiven, in names and in texts', async () => {
  const ask = book();
  assert.equal((await ask('capabilitis'))[0], 'caps.html');
  assert.equal((await ask('authetnicate'))[0], 'usr.html');
});

test('nothing finds nothing, and a common word alone keeps nothing out', async () => {
  const ask = book();
  for (const query of ['', 'qqqqqq', '-----']) assert.deepEqual(await ask(query), [], query);
  assert.equal((await ask('the english'))[0], 'caps.html');
});

test('an excerpt shows what fits', async () => {
  const ask = book();
  ask.it.texts(0, ['The first is VER, then USR.']);
  assert.deepEqual([...ask.it.excerpt(0, ['usr'])], ['The first is VER, then ', 'USR', '.']);
  assert.deepEqual([...ask.it.excerpt(0, ['<none>'])], ['The first is VER, then USR.']);
});

test('a section that the names leave out comes with its text', async () => {
  const { wirebookSearch: it } = search().self;
  it.load({ folder: 'x/', size: 16, all: 2, common: '', firsts: 'a', pages: [2] });
  it.fetch = async (name) => {
    if (name === 'x/h0.js') it.headings([]);
    else if (name === 'x/n0.js') it.more([]);
    else if (name === 'x/w0.js') it.words(0, ['alpha', ',01']);
    else it.texts(0, [['p.html', 'Page', '', 'page', '', 'one alpha'], ['p.html#s', 'Alpha', 'Page', 'section', '', 'two alpha']]);
  };
  assert.deepEqual([...(await it.ask('alpha')).hits].map((hit) => it.address(hit)), ['p.html#s', 'p.html']);
});

test('a question that waits for what another has asked for waits for all of it', async () => {
  const ask = book();
  const fetch = ask.it.fetch;
  ask.it.fetch = async (name) => {
    await new Promise((done) => setTimeout(done, /h0/.test(name) ? 1 : 20));
    return fetch(name);
  };
  const [, found] = await Promise.all([ask('isbo'), ask('isbot')]);
  assert.equal(found[0], 'caps.html#isbot');
});

test('the index is small: what comes first at most 12 KiB, all of it at most 120 KB, compressed', { skip: !site && 'no SITE' }, () => {
  const size = (text) => gzipSync(text, { level: 9 }).length;
  const name = readdirSync(site).find((file) => /^search\.[0-9a-f]+\.js$/.test(file));
  const first = readFileSync(join(site, name), 'utf8');
  const names = first.split('self.wirebookSearch.load(').at(-1);
  const folder = join(site, JSON.parse(names.slice(0, names.lastIndexOf(')'))).folder);
  const shards = readdirSync(folder).filter((file) => /^[hnw]\d+\.js$/.test(file)).map((file) => size(readFileSync(join(folder, file))));
  const all = size(names) + shards.reduce((sum, each) => sum + each, 0);
  console.log(`first ${size(first)}, names ${size(names)}, all ${all} bytes`);
  assert.ok(size(first) <= 12 * 1024, `${size(first)}`);
  assert.ok(all <= 120000, `${all}`);
});

test('the queries find the right page first', { skip: !site && 'no SITE' }, async () => {
  assert.ok(existsSync(join(site, 'index.html')), site);
  assert.ok(queries.length >= 150, `${queries.length} queries`);
  const missed = [];
  for (const [query, wanted] of queries) {
    // Each anew: what earlier ones loaded must not help.
    const [first = 'nothing'] = await built(site).ask(query);
    const right = wanted.split(' | ').some((one) => (one.includes('#') ? first === one : first.split('#')[0] === one));
    if (!right) missed.push(`${query}: ${first}, not ${wanted}`);
  }
  const share = 1 - missed.length / queries.length;
  console.log(`${queries.length} queries, ${(100 * share).toFixed(1)} % right\n${missed.join('\n')}`);
  assert.ok(share >= 0.97, missed.join('\n'));
});
