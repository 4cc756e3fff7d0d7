/**
 * Requests that are almost right, or not at all: whole HTTP requests as bytes, with what they would store if the server
 * took them, and frames for Bayeux.
 */
import fc from 'fast-check';
import { hostileBody } from './malformed-events.ts';

export type AttackedNode = 'frontend-1' | 'backend-1' | 'contact-center';

export interface HostileRequest {
  readonly node: AttackedNode;
  readonly bytes: Buffer;
  /** Framed as HTTP wants it, so that the connection serves for the next one too. */
  readonly framed: boolean;
  /** The body that arrives, where its events may be stored. */
  readonly body: Buffer | null;
}

const goodEvent = (visitID: string): string =>
  `{"eventID":"${visitID}.e1","timestamp":1,"visitID":"${visitID}","globalVisitID":"g","pageID":"p","eventType":"SYSTEM","eventName":"PageEntered","url":"https://shop.example/","title":"Home","languageCode":"en","data":{}}`;

/** Texts that no JSON.stringify makes. */
function textTricks(visitID: string): fc.Arbitrary<string> {
  const event = goodEvent(visitID);
  const deep = fc.constantFrom(100, 5_000, 15_000).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`);
  return fc.oneof(
    fc.constant(`[${event}]`),
    fc
      .constantFrom('1e400', '-1e400', '1e-400', '1E309', '-0', '01', '0x10', 'NaN', 'Infinity', '1e5e5')
      .map((number) => `[${event.replace('{}', `{"n":${number}}`)}]`),
    fc
      .constantFrom('eventID', 'visitID', 'data', 'eventType')
      .map((name) => `[${event.replace('{', `{"${name}":"first",`)}]`),
    deep.map((nested) => `[${event.replace('{}', `{"n":${nested}}`)}]`),
    deep,
    fc
      .constantFrom('__proto__', 'constructor', '\\u005f_proto__')
      .map((name) => `[${event.replace('{}', `{"${name}":{"prototype":{"x":1}}}`)}]`),
    fc
      .constantFrom('\\ud800', '\\udc00\\ud800', '\\u0000', '\u0000', '\\x41', '\u2028', '\ufeff')
      .map((text) => `[${event.replace('Home', text)}]`),
    fc.constant(`\ufeff[${event}]`),
    fc.constantFrom('', ' ', 'null', '{}', '[]', '"', '[{}]', '[null]', '{"events":[]}', `[${event},]`, `[${event}]]`),
  );
}

const flips = (bytes: Buffer): fc.Arbitrary<Buffer> =>
  fc
    .array(fc.tuple(fc.nat(Math.max(0, bytes.length - 1)), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    })
    .map((wounds) => {
      const wounded = Buffer.from(bytes);
      for (const [at, mask] of wounds) wounded[at] = (wounded[at] ?? 0) ^ mask;
      return wounded;
    });

function bodyOf(visitID: string): fc.Arbitrary<Buffer> {
  const text = fc.oneof(
    hostileBody(visitID).map((body) => JSON.stringify(body) ?? ''),
    textTricks(visitID),
  );
  return fc.oneof(
    { weight: 3, arbitrary: text.map((body) => Buffer.from(body)) },
    { weight: 2, arbitrary: flips(Buffer.from(`[${goodEvent(visitID)}]`)) },
  );
}

const contentType = fc.oneof(
  { weight: 6, arbitrary: fc.constant('application/json') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'text/plain',
      'application/xml',
      'application/json; charset=utf-16',
      'multipart/form-data',
      '',
      '/',
      'a/b; c=;;',
      'APPLICATION/JSON',
    ),
  },
);
const oddHeader = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      `x-long: ${'x'.repeat(15_000)}`,
      `x-long: ${'x'.repeat(17_000)}`,
      'origin: https://evil.example',
      'origin: null',
      'content-encoding: gzip',
      'expect: 100-continue',
      'expect: miracles',
      'cookie: a=b; FRONTEND_ROUTEID=\u00ff',
      'x-bad\u0001name: 1',
      'content-length: 3',
      'host: a\r\nhost: b',
    ),
  },
);
const paths = (visitID: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(`/frontend/data/visits/${visitID}/events`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '/frontend/data/visits//events',
        '/frontend/data/visits/%00/events',
        '/frontend/data/visits/..%2f..%2fetc%2fpasswd/events',
        '/frontend/data/visits/%zz/events',
        '/frontend/../../etc/passwd',
        `/frontend/data/visits/${'v'.repeat(65)}/events`,
        `/frontend/data/visits/${visitID}/events?${'a=b&'.repeat(2_000)}`,
        `//frontend/data/visits/${visitID}/events`,
        `http://evil.example/frontend/data/visits/${visitID}/events`,
        '*',
        '/frontend/data/notification/notify/v1',
        `/frontend/data/notification/disposition/${visitID}?interactionId=a&code=acceptCall&code=reject`,
        '/frontend/data/notification/disposition/%F0?interactionId[]=1',
        '/frontend/openapi.json?__proto__[x]=1',
        '/frontend/about',
        '/metrics',
      ),
    },
  );
const method = fc.oneof(
  { weight: 9, arbitrary: fc.constant('POST') },
  { weight: 1, arbitrary: fc.constantFrom('GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'BREW') },
);

function requestOf(verb: string, path: string, type: string, header: string, body: Buffer): Buffer {
  const lines = [
    `${verb} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    `content-type: ${type}`,
    `content-length: ${body.length}`,
  ];
  if (header !== '') lines.push(header);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

/** Posts of events: odd in their body, head or path. */
function eventsRequest(visitID: string): fc.Arbitrary<HostileRequest> {
  const framed = fc
    .tuple(method, paths(visitID), contentType, bodyOf(visitID))
    .map(([verb, path, type, body]): HostileRequest => ({
      node: 'frontend-1',
      bytes: requestOf(verb, path, type, '', body),
      framed: true,
      body,
    }));
  const oddHead = fc
    .tuple(method, paths(visitID), contentType, oddHeader, bodyOf(visitID))
    .map(([verb, path, type, header, body]): HostileRequest => ({
      node: 'frontend-1',
      bytes: requestOf(verb, path, type, header, body),
      framed: false,
      body,
    }));
  const whole = requestOf(
    'POST',
    `/frontend/data/visits/${visitID}/events`,
    'application/json',
    '',
    Buffer.from(`[${goodEvent(visitID)}]`),
  );
  const headLength = whole.indexOf('\r\n\r\n');
  const body = whole.subarray(headLength + 4);
  const flippedHead = flips(whole.subarray(0, headLength)).map((head): HostileRequest => ({
    node: 'frontend-1',
    bytes: Buffer.concat([head, whole.subarray(headLength)]),
    framed: false,
    body,
  }));
  const truncated = fc.integer({ min: 1, max: whole.length - 1 }).map((length): HostileRequest => ({
    node: 'frontend-1',
    bytes: whole.subarray(0, length),
    framed: false,
    body: null,
  }));
  return fc.oneof(
    { weight: 12, arbitrary: framed },
    { weight: 2, arbitrary: oddHead },
    { weight: 2, arbitrary: flippedHead },
    { weight: 2, arbitrary: truncated },
  );
}

const OTHER_PATHS: Readonly<Record<AttackedNode, readonly string[]>> = {
  'frontend-1': ['/frontend/cometd', '/frontend/cometd/handshake'],
  'backend-1': [
    '/backend/cometd',
    '/backend/data/gateway/engage',
    '/backend/data/gateway/noengage',
    '/backend/data/gateway/interactions',
    '/backend/data/pacing/permit',
    '/backend/data/visits/v1?age=%00&age=1&include_events=true',
    '/backend/data/identities/%F0%9F%91%A9/events?paging_next=%23%23%23',
    '/backend/data/identities/%/insight',
    '/backend/about',
    '/link',
  ],
  'contact-center': ['/contact-center/about', '/contact-center/openapi.json', '/link', '/metrics', '/'],
};

/** Posts of Bayeux messages, and whatever else the three servers answer to. */
function otherRequest(): fc.Arbitrary<HostileRequest> {
  return fc.constantFrom<AttackedNode[]>('frontend-1', 'backend-1', 'backend-1', 'contact-center').chain((node) => {
    const text = fc.oneof(hostileFrame('0123456789abcdef0123456789abcdef'), fc.json({ maxDepth: 4 }));
    return fc
      .tuple(fc.constantFrom(...OTHER_PATHS[node]), method, contentType, text)
      .map(([path, verb, type, body]): HostileRequest => ({
        node,
        bytes: requestOf(verb, path, type, '', Buffer.from(body)),
        framed: true,
        body: null,
      }));
  });
}

/** The n-th request; a visit id of its own each, so that what is stored can be told apart. */
export function hostileRequest(visitID: string): fc.Arbitrary<HostileRequest> {
  return fc.oneof({ weight: 3, arbitrary: eventsRequest(visitID) }, { weight: 1, arbitrary: otherRequest() });
}

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>('\0', '\ud800', 'x'.repeat(300), -1, 1e300, [], {}, null),
);
const ACTIONS: readonly Readonly<Record<string, unknown>>[] = [
  { type: 'chatRequest', visitID: 'v1', interactionId: 'i-1' },
  { type: 'chatResume', visitID: 'v1' },
  { type: 'chatLeft', visitID: 'v1' },
  { type: 'visitorLine', visitID: 'v1', lineId: 'l1', text: 'hello' },
  { type: 'login', agentId: 'a', group: 'g', capacity: 1, ready: true, chats: [] },
  { type: 'say', agentId: 'a', chatId: 'c', lineId: 'l2', text: 'hello' },
];
const FIELDS = ['type', 'visitID', 'agentId', 'interactionId', 'chatId', 'lineId', 'text', 'capacity', 'chats', 'more'];
/** A good action, or one with a field that is odd. */
const action = fc
  .tuple(fc.constantFrom(...ACTIONS), fc.array(fc.tuple(fc.constantFrom(...FIELDS), odd), { maxLength: 1 }))
  .map(([good, changes]) => ({ ...good, ...Object.fromEntries(changes) }));
const CHANNELS = [
  '/meta/handshake',
  '/meta/connect',
  '/meta/subscribe',
  '/meta/unsubscribe',
  '/meta/nonsense',
  '/service/chat',
  '/service/chat',
  '/service/desk',
  '/notification/v1',
  '/chat/v1',
  '/desk/a',
  '/**',
  '/',
  '',
];

/** A frame of Bayeux messages, with the clientId of a live session more often than not. */
export function hostileFrame(clientId: string): fc.Arbitrary<string> {
  const mostly = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
    fc.oneof<fc.WeightedArbitrary<unknown>[]>({ weight: 15, arbitrary: good }, { weight: 1, arbitrary: odd });
  const channel = mostly(fc.constantFrom(...CHANNELS));
  const message = fc.record(
    {
      channel,
      id: mostly(fc.constantFrom('1', 'a', 'x'.repeat(64))),
      clientId: mostly(fc.constant(clientId)),
      subscription: mostly(fc.oneof(channel, fc.array(channel, { maxLength: 5 }))),
      data: mostly(action),
      ext: mostly(fc.constantFrom({}, { authentication: { role: 'agent', token: 'guess' } })),
      version: mostly(fc.constant('1.0')),
    },
    { requiredKeys: ['channel', 'clientId', 'data'] },
  );
  const text = fc.oneof(message, fc.array(message, { maxLength: 3 })).map((frame) => JSON.stringify(frame));
  const wounded = fc.tuple(text, fc.nat(), fc.nat(0xffff)).map(([whole, place, code]) => {
    const at = place % (whole.length + 1);
    return whole.slice(0, at) + String.fromCharCode(code) + whole.slice(at + 1);
  });
  return fc.oneof({ weight: 3, arbitrary: text }, { weight: 1, arbitrary: wounded });
}
