/** Frames as text: what is written is read, and what is no frame is told apart without a crash. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame, encodeHello, encodeMessage, parseFrame } from '#node/link-frame.ts';

const seqs = fc.nat();
const messages = fc.array(fc.tuple(seqs, fc.string({ maxLength: 64 }), fc.jsonValue()));
const runs = fc.array(fc.record({ from: seqs, to: seqs, ok: fc.boolean() }, { noNullPrototype: true }));

test('a frame is read as it was written', () => {
  fc.assert(
    fc.property(seqs, messages, runs, (low, numbered, acks) => {
      const parts = numbered.map(([seq, id, message]) => encodeMessage(seq, id, message));
      const asJson: unknown = JSON.parse(JSON.stringify(numbered));
      expect(parseFrame(encodeFrame(low, parts, acks))).toEqual({ type: 'messages', low, messages: asJson, acks });
    }),
  );
});

test('an introduction is read as it was written', () => {
  const hello = { node: 'frontend-1', incarnation: 7, stream: 'one' };
  expect(parseFrame(encodeHello(hello))).toEqual({ type: 'hello', hello });
});

test('any text is a frame or none, and crashes nothing', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record(
        { low: fc.jsonValue(), messages: fc.jsonValue(), acks: fc.jsonValue(), hello: fc.jsonValue() },
        { requiredKeys: [] },
      )
      .map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(['hello', 'messages', undefined]).toContain(parseFrame(text)?.type);
    }),
  );
});

test.each([
  '{"low":-1,"messages":[],"acks":[]}',
  '{"low":1,"messages":[[1,"a"]],"acks":[]}',
  '{"low":1,"messages":[["1","a",0]],"acks":[]}',
  '{"low":1,"messages":[],"acks":[[1]]}',
  '{"low":1,"messages":[],"acks":[[0.5,1]]}',
  '{"messages":[],"acks":[]}',
  '{"hello":{"node":"a/b","incarnation":1,"stream":"s"}}',
  '{"hello":{"node":"a","incarnation":"1","stream":"s"}}',
  '[]',
  'null',
])('%s is no frame', (text) => {
  expect(parseFrame(text)).toBeUndefined();
});
