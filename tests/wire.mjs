// Lines of the protocol taken apart: `node --test tests/wire.mjs`, with a built site's folder in SITE.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';

const site = process.env.SITE;
const skip = !site && 'no SITE';

const loaded = () => {
  const context = vm.createContext({ self: {}, TextEncoder });
  const name = readdirSync(site).find((file) => /^wire\.[0-9a-f]+\.js$/.test(file));
  vm.runInContext(readFileSync(join(site, name), 'utf8'), context);
  return context.self.wirebookWire;
};
const numbered = (versions) => versions.reduce((bits, name) => bits | (1 << (name === 'CVR0' ? 0 : Number(name.slice(4)) - 1)), 0);
// A request that an error or the end of the connection follows says nothing about versions.
const refused = (messages, number) => messages[number].from === 'client'
  && (number + 1 === messages.length || messages.slice(number + 1).some(({ from, text }) => from === 'server' && /^\d{3} /.test(text ?? '')));
const faultOf = (wire, text) => wire.messages(text).map(wire.wrong).find(Boolean) ?? '';

test('every line of every example is accepted in the versions that it claims', { skip }, () => {
  const wire = loaded();
  const { examples } = JSON.parse(readFileSync(join(site, 'vectors.json'), 'utf8'));
  const missed = [];
  let lines = 0;
  for (const { at, versions, messages } of examples) {
    messages.forEach(({ from, text, base64 }, number) => {
      const [line] = (text ?? Buffer.from(base64, 'base64').toString('latin1')).split('\r\n');
      const read = wire.read(line, Number(from === 'server'));
      const claimed = numbered(versions);
      lines += 1;
      if (!read.matches?.length) missed.push(`${at}: ${line}: ${wire.wrong(read)}`);
      else if (claimed & ~read.versions && !refused(messages, number)) missed.push(`${at}: ${line}: ${wire.versions(read.versions)}, not ${versions.join(' ')}`);
    });
  }
  assert.ok(lines > 1500, `${lines} lines`);
  assert.deepEqual(missed, [], `${missed.length} of ${lines}`);
});

test('a line without a mark is of either side, and names its versions', { skip }, () => {
  const wire = loaded();
  const [read] = wire.messages('CHG 5 NLN 268435508');
  assert.equal(read.matches.length > 1, true);
  assert.match(wire.versions(read.versions), /MSNP8/);
  assert.doesNotMatch(wire.versions(read.versions), /MSNP7/);
  assert.equal(wire.wrong(read), '');
});

test('what is wrong is told with the word and the nearest form', { skip }, () => {
  const wire = loaded();
  assert.match(faultOf(wire, 'CHG 5 ONL 268435508'), /^word 3, `ONL`, is not status, one of `NLN`/);
  assert.match(faultOf(wire, 'CHG x NLN'), /^word 2, `x`/);
  assert.match(faultOf(wire, 'CHG 1'), /^the line ends before status/);
  assert.match(faultOf(wire, 'PNG 1'), /too much/);
  assert.match(faultOf(wire, 'S: PNG'), /never sends/);
  assert.match(faultOf(wire, 'CGH 1 NLN'), /`CGH` is no command; near: .*CHG/);
});

test('several lines and their payloads are told apart', { skip }, () => {
  const wire = loaded();
  const text = 'C: UUX 1 53\nC: <Data><PSM>Hello</PSM><CurrentMedia></CurrentMedia></Data>';
  assert.equal(wire.messages(text).length, 2);
  assert.equal(wire.messages('C: CHG 1 NLN S: CHG 1 NLN').length, 2);
  const payload = '<Data><PSM>Hi</PSM><CurrentMedia></CurrentMedia></Data>';
  const [first, second, ...rest] = wire.messages(`C: UUX 1 ${payload.length} ⏎ ${payload} ⏎ S: UUX 1 0`);
  assert.equal(rest.length, 0);
  assert.deepEqual([...first.payload], [payload]);
  assert.equal(first.given, first.wanted);
  assert.equal(second.line, 'UUX 1 0');
});

test('values are those of their kinds, and lengths count bytes', { skip }, () => {
  const { isKind } = loaded();
  assert.ok(isKind('account', 'alice@example.com'));
  assert.ok(!isKind('account', 'alice@example'));
  assert.ok(!isKind('account', `${'ä'.repeat(60)}@example.com`));
  assert.ok(isKind('trid', '4294967295') && !isKind('trid', '4294967296'));
  assert.ok(isKind('group', 'f60efbe7-94af-4b16-b926-e4e10878d329') && !isKind('group', 'f60efbe7-94af-4b16-b926-e4e10878d32'));
});
