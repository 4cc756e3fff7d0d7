/** Events of SCXML sessions, and the form in which the sandbox takes them. */
import type { Payload } from './scxml-document.ts';
import { xmlTree } from './xml-tree.ts';

export const SCXML_PROCESSOR = 'http://www.w3.org/TR/scxml/#SCXMLEventProcessor';

export interface ScxmlEvent {
  readonly name: string;
  readonly type: 'platform' | 'internal' | 'external';
  readonly sendId?: string | undefined;
  readonly origin?: string | undefined;
  readonly originType?: string | undefined;
  readonly invokeId?: string | undefined;
  readonly data?: Payload | undefined;
}

/** `_event` of the event, as the sandbox's `event` reads it. */
export function eventText(event: ScxmlEvent): string {
  return JSON.stringify({
    name: event.name,
    type: event.type,
    sendid: event.sendId,
    origin: event.origin,
    origintype: event.originType,
    invokeid: event.invokeId,
    data: event.data === undefined ? undefined : givenOf(event.data),
  });
}

/** A payload as the sandbox takes it. */
export function givenOf(payload: Payload): string {
  return payload.kind === 'json' ? `j${payload.json}` : `x${xmlTree(payload.xml)}`;
}

/** A payload as it came out of the sandbox. */
export function payloadOfText(text: string | number | undefined): Payload | undefined {
  if (typeof text !== 'string') return undefined;
  return text.startsWith('x') ? { kind: 'xml', xml: text.slice(1) } : { kind: 'json', json: text.slice(1) };
}
