// The search's JavaScript half: `node --test tests/search.mjs`. The vectors hold the same tokenizer in Rust.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const here = (path) => new URL(path, import.meta.url);
const program = readFileSync(here('../themes/default/search.js'), 'utf8');
const vectors = JSON.parse(readFileSync(here('search-vectors.json'), 'utf8'));

const search = () => {
  const context = vm.createContext({ self: {}, TextEncoder });
  vm.runInContext(program, context);
  return context.self.wirebookSearch;
};

test('words are those of the shared vectors', () => {
  const { tokenize } = search();
  for (const { text, words } of vectors.tokens) assert.deepEqual([...tokenize(text)], words, text);
});

// Documents as the generator writes them, with all words of title and text at one weight.
const indexed = (documents) => {
  const it = search();
  const places = new Map();
  documents.forEach(({ title, page = '', text = '', names = [] }, number) => {
    const own = new Set(it.tokenize([title, page, text, ...names].join(' ')));
    for (const word of own) places.set(word, [...(places.get(word) ?? []), number]);
  });
  const words = [...places.keys()].sort();
  const steps = (numbers) => numbers.map((n, i) => (n - (numbers[i - 1] ?? 0)).toString(36) + 'M').join('');
  it.load({
    documents: documents.map(({ url, title, page = '', names = [] }) => [url, title, page, 'page', '', ...names]),
    words: words.join(' '),
    places: words.map((word) => steps(places.get(word))).join(' '),
  });
  return (query) => [...it.find(query)].map((found) => found.url);
};

const book = indexed([
  { url: 'start', title: 'Signing in', text: 'First VER, then USR. See USR and ABFindAll.' },
  { url: 'usr', title: 'USR', text: 'authenticate with TWN' },
  { url: 'usr#errors', title: 'Failures', page: 'USR', text: 'error 911 or 500' },
  { url: 'errors#911', title: 'Authentication failed', page: 'Errors', text: 'wrong ticket', names: ['911'] },
  { url: 'caps', title: 'Capabilities', text: '0x40000000 means direct connections; lc=1033 is English' },
  { url: 'not', title: 'NOT', text: 'a notification' },
  { url: 'find', title: 'ABFindAll', text: 'all contacts' },
]);

test('an exact title comes first, in any case', () => {
  for (const query of ['USR', 'usr', ' Usr ']) assert.equal(book(query)[0], 'usr');
  assert.equal(book('NOT')[0], 'not');
});

test('another name of a section finds it first', () => assert.equal(book('911')[0], 'errors#911'));

test('prefixes, inner parts and camel case find', () => {
  assert.equal(book('authent')[0], 'errors#911');
  assert.equal(book('FindAll')[0], 'find');
  assert.ok(book('onnection').includes('caps'));
});

test('numbers are found with and without their mark', () => {
  assert.equal(book('0x40000000')[0], 'caps');
  assert.equal(book('40000000')[0], 'caps');
  assert.equal(book('lc=')[0], 'caps');
});

test('all words must fit; where none has all, any will do', () => {
  assert.deepEqual(book('usr 911'), ['usr#errors']);
  assert.ok(book('twn 40000000').length >= 2);
});

test('one slip is forgiven', () => {
  assert.equal(book('capabilitis')[0], 'caps');
  assert.equal(book('tikcet')[0], 'errors#911');
});

test('nothing finds nothing', () => {
  assert.deepEqual(book(''), []);
  assert.deepEqual(book('qqqqqq'), []);
  assert.deepEqual(book('-----'), []);
});
