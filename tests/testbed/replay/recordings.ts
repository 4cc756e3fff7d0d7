/** Recordings for tests: lines of access logs as Apache writes them, recorded events in few words, and files for both. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Firing } from '#core/rules/firing.ts';
import { describeFiringLine } from '#testbed/replay/firing-stream.ts';
import { replay, type ReplayOrder, type ReplayResult } from '#testbed/replay/replay.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes after the test. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'replay-test-'));
  folders.push(folder);
  return folder;
}

/** A file that goes after the test. */
export function writeRecording(content: string | Uint8Array | readonly string[], name = 'recording'): string {
  const file = join(createFolder(), name);
  writeFileSync(file, Array.isArray(content) ? `${content.join('\n')}\n` : (content as string | Uint8Array));
  return file;
}

export interface GivenLogLine {
  readonly address?: string;
  readonly user?: string;
  /** Ms, whole seconds. */
  readonly at?: number;
  /** Of the time zone, minutes east. */
  readonly zoneMinutes?: number;
  readonly request?: string;
  readonly status?: number;
  readonly bytes?: number | null;
  /** Null for both: the common format. */
  readonly referrer?: string | null;
  readonly userAgent?: string | null;
}

export const NOON = Date.UTC(2026, 2, 2, 12);
export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** A line as Apache writes it. */
export function formatLogLine(given: GivenLogLine = {}): string {
  const { address = '192.0.2.1', user = '-', at = NOON, zoneMinutes = 0, request = 'GET / HTTP/1.1' } = given;
  const { status = 200, bytes = 1_234, referrer = '', userAgent = BROWSER } = given;
  const start = `${address} - ${user} [${formatTime(at, zoneMinutes)}] "${escapeField(request)}" ${status} ${bytes ?? '-'}`;
  if (userAgent === null) return start;
  const field = (text: string): string => `"${text === '' ? '-' : escapeField(text)}"`;
  return `${start} ${field(referrer ?? '')} ${field(userAgent)}`;
}

function formatTime(at: number, zoneMinutes: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(
    new Date(at + zoneMinutes * 60_000).toUTCString(),
  ) ?? ['', '', '', '', ''];
  const part = (value: number): string => String(value).padStart(2, '0');
  const zone = Math.abs(zoneMinutes);
  return `${day}/${month}/${year}:${time} ${zoneMinutes < 0 ? '-' : '+'}${part(Math.floor(zone / 60))}${part(zone % 60)}`;
}

const LETTERS: Readonly<Record<number, string>> = { 8: 'b', 9: 't', 10: 'n', 11: 'v', 13: 'r', 34: '"', 92: '\\' };

/** As ap_escape_logitem does it, byte by byte. */
export function escapeField(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const letter = LETTERS[byte];
      if (letter !== undefined) return `\\${letter}`;
      return byte < 32 || byte > 126 ? `\\x${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte);
    })
    .join('');
}

export interface GivenRecord {
  readonly eventID: string;
  readonly at: number;
  readonly visitID?: string;
  readonly eventName?: string;
  readonly category?: string;
  readonly [field: string]: unknown;
}

/** A recorded event as a line: PageEntered of visit v1 unless told otherwise. */
export function formatRecord(given: GivenRecord): string {
  const isSystem = ['VisitStarted', 'PageEntered', 'PageExited', 'SignIn', 'SignOut', 'UserInfo'].includes(
    given.eventName ?? 'PageEntered',
  );
  return JSON.stringify({
    visitID: 'v1',
    globalVisitID: 'g1',
    pageID: `page of ${given.eventID}`,
    eventType: isSystem ? 'SYSTEM' : 'BUSINESS',
    eventName: 'PageEntered',
    url: 'https://shop.example/x',
    title: 'A page',
    languageCode: 'en-US',
    data: {},
    ...given,
  });
}

export interface Replayed extends ReplayResult {
  readonly firings: readonly Firing[];
  /** As hotleads.ndjson would hold them. */
  readonly lines: readonly string[];
}

/** Replays and keeps all firings. */
export async function replayAll(order: ReplayOrder): Promise<Replayed> {
  const firings: Firing[] = [];
  const sink = { restart: () => void (firings.length = 0), take: (firing: Firing) => void firings.push(firing) };
  const result = await replay({ ...order, firings: sink });
  return { ...result, firings, lines: firings.map(describeFiringLine) };
}
