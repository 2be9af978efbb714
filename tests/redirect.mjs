// The script that leads on from old addresses: `node --test tests/redirect.mjs`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const program = readFileSync(new URL('../themes/default/redirect.js', import.meta.url), 'utf8');

// Where a reader goes who asks for the page with `hash`, and then turns to `next` on it; `null` for nowhere.
const led = (moved, hash, next) => {
  let to = null;
  let turn;
  const location = { hash, replace: (address) => { to = address; } };
  vm.runInNewContext(program, {
    location,
    document: { currentScript: { dataset: { moved: JSON.stringify(moved) } } },
    addEventListener: (name, listener) => { if (name === 'hashchange') turn = listener; },
  });
  if (next !== undefined) {
    to = null;
    location.hash = next;
    turn();
  }
  return to;
};

test('a page that is there leads on from its old ids only', () => {
  const moved = { old: 'x.html#new', 'dé': 'y.html' };
  assert.equal(led(moved, '#old'), 'x.html#new');
  assert.equal(led(moved, '#d%C3%A9'), 'y.html');
  for (const hash of ['', '#', '#other', '#toString', '#__proto__', '#%']) assert.equal(led(moved, hash), null, hash);
  assert.equal(led(moved, '', '#old'), 'x.html#new');
});

test('a page that is gone always leads on, and keeps the id unless its address has one', () => {
  const moved = { '': 'x.html', old: 'y.html#new' };
  assert.equal(led(moved, ''), 'x.html');
  assert.equal(led(moved, '#kept'), 'x.html#kept');
  assert.equal(led(moved, '#old'), 'y.html#new');
  assert.equal(led({ '': 'x.html#here' }, '#kept'), 'x.html#here');
});
