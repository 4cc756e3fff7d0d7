/**
 * Frames of a link, as JSON text. First on every connection, each way: `{"hello":{node,incarnation,stream}}`; then
 *
 *   {"low":seq, "messages":[[seq,id,message]...], "acks":[[from,to] or [from,to,0] ...]}
 *
 * `low`: the lowest number that the sender still wants to hear about. Acknowledgements are runs in the order in which
 * the receiver finished; a third member says that they failed.
 */

import { assert } from '#core/assert.ts';

/** Who speaks, and which numbering his messages belong to: a new `stream` starts a new one. */
export interface Hello {
  readonly node: string;
  readonly incarnation: number;
  readonly stream: string;
}

export type NumberedMessage = readonly [seq: number, id: string, message: unknown];

/** Messages `from` to `to`, both included. */
export interface AckRun {
  readonly from: number;
  readonly to: number;
  readonly ok: boolean;
}

export interface MessageFrame {
  readonly type: 'messages';
  readonly low: number;
  readonly messages: readonly NumberedMessage[];
  readonly acks: readonly AckRun[];
}

export type Frame = { readonly type: 'hello'; readonly hello: Hello } | MessageFrame;

/** A frame must fit what the receiver takes; a message leaves room for the acknowledgements beside it. */
export const FRAME_BYTES_MAX = 4 * 1024 * 1024;
export const MESSAGE_BYTES_MAX = 3 * 1024 * 1024;

const NODE_NAME = /^[A-Za-z0-9._~-]{1,64}$/;

export function encodeHello(hello: Hello): string {
  return JSON.stringify({ hello });
}

/** One message as a part of a frame, so that it is turned into text once, however often it is sent. */
export function encodeMessage(seq: number, id: string, message: unknown): string {
  const text: unknown = JSON.stringify(message);
  if (typeof text !== 'string') assert(false, `${id} is plain data`);
  return `[${String(seq)},${JSON.stringify(id)},${text}]`;
}

/** All is joined at once: each part is long, and a text that is put together piece by piece is copied as often. */
export function encodeFrame(low: number, messages: readonly string[], acks: readonly AckRun[]): string {
  const pieces = [`{"low":${String(low)},"messages":[`];
  for (const message of messages) pieces.push(pieces.length === 1 ? '' : ',', message);
  pieces.push('],"acks":[');
  let comma = '';
  for (const { from, to, ok } of acks) {
    pieces.push(`${comma}[${String(from)},${String(to)}${ok ? '' : ',0'}]`);
    comma = ',';
  }
  pieces.push(']}');
  return pieces.join('');
}

/** The frame that a text holds; undefined where it holds none. */
export function parseFrame(text: string): Frame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if ('hello' in value) {
    const hello = parseHello(value.hello);
    return hello === undefined ? undefined : { type: 'hello', hello };
  }
  return parseMessageFrame(value);
}

function parseHello(value: unknown): Hello | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('node' in value) || !('incarnation' in value) || !('stream' in value)) return undefined;
  const { node, incarnation, stream } = value;
  if (typeof node !== 'string' || !NODE_NAME.test(node)) return undefined;
  if (typeof incarnation !== 'number' || !Number.isSafeInteger(incarnation)) return undefined;
  return typeof stream === 'string' && stream.length <= 64 ? { node, incarnation, stream } : undefined;
}

function parseMessageFrame(value: object): MessageFrame | undefined {
  if (!('low' in value) || !('messages' in value) || !('acks' in value)) return undefined;
  const { low, messages, acks } = value;
  if (!isSeq(low) || !Array.isArray(messages) || !Array.isArray(acks)) return undefined;
  const runs: AckRun[] = [];
  for (const run of acks) {
    if (!Array.isArray(run) || !isSeq(run[0]) || !isSeq(run[1])) return undefined;
    runs.push({ from: run[0], to: run[1], ok: run.length === 2 });
  }
  return messages.every(isNumberedMessage) ? { type: 'messages', low, messages, acks: runs } : undefined;
}

function isNumberedMessage(value: unknown): value is NumberedMessage {
  return Array.isArray(value) && value.length === 3 && isSeq(value[0]) && typeof value[1] === 'string';
}

function isSeq(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
