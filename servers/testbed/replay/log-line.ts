/**
 * One line of an access log in Apache's common or combined format:
 *
 *   address SP identity SP user SP "[" time "]" SP quoted-request SP status SP bytes [SP quoted-referrer SP quoted-agent [SP anything]]
 *
 * A line that does not follow this is refused with the place and the reason; nothing is guessed.
 */
import { fail, succeed, type Result } from '#core/result.ts';
import type { LineFault } from '#protocol/recorded-event.ts';
import { decodeField, findClosingQuote } from './log-field.ts';
import { parseLogTime } from './log-time.ts';

const QUOTE = 34;
const SPACE = 32;

export interface LogLine {
  /** IPv4, IPv6 or a name. */
  readonly address: string;
  /** Integer ms, whole seconds. */
  readonly at: number;
  /** As it was sent, e.g. `GET /a?b HTTP/1.1`; `-` where there was none, anything where it was no HTTP. */
  readonly request: string;
  readonly status: number;
  /** Null where the log has `-`: nothing was sent. */
  readonly bytes: number | null;
  /** Null in the common format, which does not tell; '' where there was none (`-`). */
  readonly referrer: string | null;
  readonly userAgent: string | null;
}

export function parseLogLine(line: string): Result<LogLine, LineFault> {
  const cursor = new LineCursor(line);
  const address = cursor.word('the address');
  cursor.word('the identity (identd), - for none');
  cursor.user();
  const at = cursor.time();
  const request = cursor.quoted('the request', false);
  const status = cursor.number('a status of three digits', /^[1-9]\d\d$/) ?? 0;
  const bytes = cursor.number('the bytes sent, - for none', /^(?:\d{1,15}|-)$/);
  const isCombined = !cursor.isAtEnd;
  const referrer = isCombined ? noneForDash(cursor.quoted('the referrer', false)) : null;
  const userAgent = isCombined ? noneForDash(cursor.quoted('the user agent', true)) : null;
  return cursor.fault === null
    ? succeed({ address, at, request, status, bytes, referrer, userAgent })
    : fail([cursor.fault]);
}

function noneForDash(field: string): string {
  return field === '-' ? '' : field;
}

/** Takes a line's parts from left to right. After the first fault nothing more is taken. */
class LineCursor {
  fault: LineFault | null = null;
  readonly #line: string;
  #index = 0;

  constructor(line: string) {
    this.#line = line;
  }

  get isAtEnd(): boolean {
    return this.#index >= this.#line.length;
  }

  word(what: string): string {
    const end = this.#line.indexOf(' ', this.#index);
    if (end <= this.#index) this.#refuse(`expected ${what}, then a space`);
    return this.#takeTo(end);
  }

  /** Up to the time, since a user's name may hold spaces. */
  user(): void {
    const end = this.#line.indexOf(' [', this.#index);
    if (end < 0) this.#refuse('expected the user, - for none, then a time in brackets');
    // A log of several hosts has the host before the address: its identity would be taken for a user named "- -".
    if (this.#line.startsWith('- - ', this.#index)) {
      this.#refuse('expected the time after address, identity and user, got one word more');
    }
    this.#takeTo(end);
  }

  /** Integer ms. */
  time(): number {
    const close = this.#line.indexOf(']', this.#index);
    const at = close < 0 ? undefined : parseLogTime(this.#line.slice(this.#index + 1, close));
    if (at === undefined) this.#refuse('expected a time such as [17/May/2015:10:05:03 +0000]');
    this.#takeTo(close);
    this.#space();
    return at ?? 0;
  }

  quoted(what: string, isLast: boolean): string {
    if (this.#line.charCodeAt(this.#index) !== QUOTE) this.#refuse(`expected ${what} in quotes`);
    const close = findClosingQuote(this.#line, this.#index + 1);
    if (close < 0) this.#refuse(`expected ${what} in quotes, which are not closed`);
    const field = this.#takeTo(close).slice(1);
    if (!isLast || !this.isAtEnd) this.#space();
    return decodeField(field);
  }

  /** Null for `-`. */
  number(what: string, shape: RegExp): number | null {
    const space = this.#line.indexOf(' ', this.#index);
    const end = space < 0 ? this.#line.length : space;
    if (!shape.test(this.#line.slice(this.#index, end))) this.#refuse(`expected ${what}`);
    const word = this.#takeTo(end);
    return word === '-' ? null : Number(word);
  }

  #takeTo(end: number): string {
    if (this.fault !== null) return '';
    const text = this.#line.slice(this.#index, end);
    this.#index = end + 1;
    return text;
  }

  #space(): void {
    if (this.#line.charCodeAt(this.#index) !== SPACE) this.#refuse('expected a space');
    this.#index += 1;
  }

  #refuse(why: string): void {
    this.fault ??= { column: Math.min(this.#index, this.#line.length) + 1, why };
  }
}
