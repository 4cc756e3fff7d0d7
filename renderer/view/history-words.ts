/** A record of the history in words first, and figures second; the raw record is the caller's to show last. */
import { NO_SESSION } from '#protocol/history-names.ts';
import type { EventResource, VisitResource } from '#protocol/wire-history.ts';
import { formatCount, formatDuration } from '#renderer/view/format.ts';
import { categoriesOf, outcomeOf, type StoryMark } from '#renderer/view/history-marks.ts';

/** `time`: a moment as people read it, with its day where that helps. */
export interface WordsContext {
  readonly time: (atMs: number) => string;
}

export interface RecordWords {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly figures: readonly { readonly name: string; readonly value: string }[];
}

type Figures = RecordWords['figures'];

export function describeMark(mark: StoryMark, context: WordsContext): RecordWords {
  switch (mark.kind) {
    case 'page':
      return describePage(mark, context);
    case 'event':
      return { title: mark.title, sentences: eventSentences(mark.record), figures: eventFigures(mark.record, context) };
    case 'session':
      return describeSession(mark, context);
    case 'attempt':
      return describeAttempt(mark, context);
    default:
      return mark satisfies never;
  }
}

function describePage({ record, title }: StoryMark & { readonly kind: 'page' }, { time }: WordsContext): RecordWords {
  const names = categoriesOf(record.category);
  return {
    title,
    sentences: [
      record.endDate === 0
        ? `The visitor has been on “${title}” since ${time(record.startDate)}, and is still there.`
        : `The visitor was on “${title}” for ${formatDuration(record.endDate - record.startDate)}.`,
      ...(names.length === 0 ? [] : [`The page is in ${inWords(names, 'the category', 'the categories')}.`]),
      record.sessionId === null ? 'Nobody was signed in when it was entered.' : 'He was signed in when he entered it.',
    ],
    figures: [
      { name: 'entered', value: time(record.startDate) },
      { name: 'left', value: record.endDate === 0 ? 'not yet' : time(record.endDate) },
      { name: 'address', value: record.url },
      { name: 'page id', value: record.pageId },
    ],
  };
}

const SYSTEM_SENTENCES: Readonly<Record<string, (event: EventResource) => string>> = {
  VisitStarted: () => 'The visit began: the browser asked for the first page.',
  PageEntered: ({ title, url }) => `The visitor opened “${title === '' ? url : title}”.`,
  PageExited: ({ title, url }) => `The visitor left “${title === '' ? url : title}”.`,
  SignIn: ({ identityId }) => `The visitor signed in${identityId === null ? '' : ` as ${identityId}`}.`,
  SignOut: ({ identityId }) => `${identityId ?? 'The visitor'} signed out.`,
  UserInfo: ({ identityId }) =>
    identityId === null ? 'The page told what it remembers of the visitor.' : `The page recognized ${identityId}.`,
};

function eventSentences(event: EventResource): readonly string[] {
  const say = SYSTEM_SENTENCES[event.eventName];
  const names = categoriesOf(event.category);
  const offMs = event.serverTimestamp - event.timestamp;
  return [
    event.eventType === 'SYSTEM' && say !== undefined
      ? say(event)
      : `The page told of ${event.eventName}${event.title === '' ? '' : ` on “${event.title}”`}.`,
    ...(names.length === 0 ? [] : [`It stands in ${inWords(names, 'the category', 'the categories')}.`]),
    ...(Math.abs(offMs) < CLOCK_OFF_MS
      ? []
      : [`The browser's clock said ${formatDuration(Math.abs(offMs))} ${offMs > 0 ? 'earlier' : 'later'}.`]),
  ];
}

/** Beyond what a way through the network takes, the browser's clock is worth a word. */
const CLOCK_OFF_MS = 60_000;

function eventFigures(event: EventResource, { time }: WordsContext): Figures {
  return [
    { name: 'at', value: time(event.serverTimestamp) },
    ...Object.entries(event.data).map(([name, value]) => ({ name, value: String(value) })),
    ...(event.identityId === null ? [] : [{ name: 'identity', value: event.identityId }]),
    ...(event.url === '' ? [] : [{ name: 'address', value: event.url }]),
    ...(event.languageCode === '' ? [] : [{ name: 'language', value: event.languageCode }]),
    { name: 'event id', value: event.eventID },
  ];
}

function describeSession(
  { record, title }: StoryMark & { readonly kind: 'session' },
  { time }: WordsContext,
): RecordWords {
  const { identityId, startDate, endDate } = record;
  return {
    title,
    sentences: [
      endDate === 0
        ? `${identityId} signed in at ${time(startDate)}, and still is.`
        : `${identityId} was signed in for ${formatDuration(endDate - startDate)}.`,
    ],
    figures: [
      { name: 'from', value: time(startDate) },
      { name: 'to', value: endDate === 0 ? 'not yet' : time(endDate) },
      { name: 'session id', value: record.sessionId },
    ],
  };
}

const CHANNEL_WORDS = { proactiveChat: 'a chat', proactiveCallback: 'a callback' } as const;

function describeAttempt(
  { record, title }: StoryMark & { readonly kind: 'attempt' },
  { time }: WordsContext,
): RecordWords {
  const { rule, createdAt, invitedAt, channel, dispositionAt, mediaInteractionId } = record;
  const what = channel === null ? 'something' : CHANNEL_WORDS[channel];
  return {
    title,
    sentences: [
      `The rule “${rule}” found the visitor worth talking to at ${time(createdAt)}.`,
      invitedAt === null
        ? 'No invite was sent.'
        : `An invite to ${what} was sent ${formatDuration(invitedAt - createdAt)} later.`,
      `It is ${outcomeOf(record)}${
        dispositionAt === null || invitedAt === null
          ? ''
          : `, ${formatDuration(dispositionAt - invitedAt)} after the invite`
      }.`,
      ...(mediaInteractionId === null ? [] : [`It led to the conversation ${mediaInteractionId}.`]),
    ],
    figures: [
      { name: 'hot lead', value: time(createdAt) },
      { name: 'invited', value: invitedAt === null ? 'not' : time(invitedAt) },
      { name: 'last heard', value: dispositionAt === null ? 'nothing' : time(dispositionAt) },
      { name: 'queue state', value: record.state },
      { name: 'attempt of the visit', value: formatCount(record.attemptNumber) },
      { name: 'interaction', value: record.interactionId },
    ],
  };
}

/** `A visit of 4 min 12 s, which has ended.` */
export function describeVisit({ startDate, endDate, activeSessionId }: VisitResource, { time }: WordsContext): string {
  const signedIn = activeSessionId === NO_SESSION ? '' : ', signed in';
  if (endDate === 0) return `Begun ${time(startDate)}, still going on${signedIn}.`;
  return `Begun ${time(startDate)}, ended after ${formatDuration(endDate - startDate)}.`;
}

/** `the categories cart and product` */
export function inWords(names: readonly string[], one: string, many: string): string {
  if (names.length < 2) return `${one} ${names[0] ?? ''}`;
  return `${many} ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
