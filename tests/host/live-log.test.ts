/** The logs of nodes as the screen gets them: numbered, bounded, and read from whatever a process writes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOG_LINES_MAX } from '#protocol/run-feed-live.ts';
import { LiveLog, parseLogLine } from '#host/live-log.ts';

describe('a line of a log', () => {
  it('is read as pino writes it, its own fields apart from what else it says', () => {
    const written = JSON.stringify({
      level: 'warn',
      time: '2026-11-22T17:00:00.250Z',
      node: 'store',
      role: 'store',
      incarnation: 1,
      peer: 'backend-1',
      msg: 'gone',
    });
    expect(parseLogLine(7, written)).toEqual({
      n: 7,
      level: 'warn',
      atMs: Date.UTC(2026, 10, 22, 17, 0, 0, 250),
      message: 'gone',
      more: '{"peer":"backend-1"}',
    });
  });

  it.each([
    ['Segmentation fault', { level: 'error', message: 'Segmentation fault', atMs: null }],
    ['{"level":"fatal","msg":"out of memory"}', { level: 'error', message: 'out of memory' }],
    ['{"level":30,"time":"never"}', { level: 'info', message: '', atMs: null }],
    ['[1]', { more: '{"0":1}' }],
    ['null', { level: 'error', message: 'null' }],
  ])('%s is read all the same', (written, expected) => {
    expect(parseLogLine(1, written)).toMatchObject(expected);
  });

  it('is never longer than a message can bear, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 5_000 }), fc.json()), (written) => {
        const { message, more } = parseLogLine(1, written);
        expect(message.length).toBeLessThanOrEqual(400);
        expect(more.length).toBeLessThanOrEqual(1_000);
      }),
    );
  });
});

describe('a log', () => {
  it('gives what came after a number, oldest first, at most what a message holds', () => {
    const log = new LiveLog();
    for (let n = 1; n <= 300; n += 1) log.add('store', JSON.stringify({ msg: String(n) }));
    expect(log.after('store', 297).map(({ n, message }) => `${n} ${message}`)).toEqual([
      '298 298',
      '299 299',
      '300 300',
    ]);
    expect(log.after('store', 0)).toHaveLength(LOG_LINES_MAX);
    expect(log.after('store', 0)[0]?.n).toBe(101);
    expect(log.after('store', 300)).toEqual([]);
    expect(log.after('store', 9_000)).toEqual([]);
    expect([log.newest('store'), log.newest('balancer')]).toEqual([300, 0]);
  });

  it('keeps its numbers when it lets the oldest lines go', () => {
    const log = new LiveLog();
    for (let n = 1; n <= 10_000; n += 1) log.add('store', JSON.stringify({ msg: String(n) }));
    expect(log.after('store', 9_999)).toMatchObject([{ n: 10_000, message: '10000' }]);
    expect(log.after('store', 0).every(({ n, message }) => message === String(n))).toBe(true);
  });
});
