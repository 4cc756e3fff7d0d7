/** Many deadlines, one timer: who is due is told in order, and who was deleted never. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Deadlines } from '#node/deadlines.ts';

let due: string[];

beforeEach(() => {
  vi.useFakeTimers();
  due = [];
});

afterEach(() => {
  vi.useRealTimers();
});

test('each is due its own time after it was set, and is called once', () => {
  const deadlines = new Deadlines<string>(100, (key) => due.push(key));
  deadlines.add('a');
  vi.advanceTimersByTime(60);
  deadlines.add('b');
  vi.advanceTimersByTime(39);
  expect(due).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(due).toEqual(['a']);
  vi.advanceTimersByTime(59);
  expect(due).toEqual(['a']);
  vi.advanceTimersByTime(1);
  expect(due).toEqual(['a', 'b']);
  vi.advanceTimersByTime(1_000);
  expect(due).toEqual(['a', 'b']);
  expect(vi.getTimerCount()).toBe(0);
});

test('who is deleted in time is not called, whoever was first', () => {
  const deadlines = new Deadlines<string>(100, (key) => due.push(key));
  for (const key of ['a', 'b', 'c']) deadlines.add(key);
  deadlines.delete('a');
  vi.advanceTimersByTime(50);
  deadlines.add('d');
  deadlines.delete('c');
  vi.advanceTimersByTime(100);
  expect(due).toEqual(['b', 'd']);
});

test('a call may set and delete others, and closing drops what waits', () => {
  const deadlines = new Deadlines<string>(100, (key) => {
    due.push(key);
    deadlines.delete('b');
    if (key === 'a') deadlines.add('c');
  });
  deadlines.add('a');
  deadlines.add('b');
  vi.advanceTimersByTime(100);
  expect(due).toEqual(['a']);
  vi.advanceTimersByTime(100);
  expect(due).toEqual(['a', 'c']);
  deadlines.add('d');
  deadlines.close();
  vi.advanceTimersByTime(1_000);
  expect(due).toEqual(['a', 'c']);
  expect(vi.getTimerCount()).toBe(0);
});
