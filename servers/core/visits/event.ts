/**
 * The event model: what a visitor's browser tells, and the same event once a Frontend Server has stamped it.
 * System events are fixed by the product (deployment guide, "Events Rate Estimation"); business events are the site's
 * own.
 */

export type EventType = 'SYSTEM' | 'BUSINESS';

export const SYSTEM_EVENT_NAMES = [
  'VisitStarted',
  'PageEntered',
  'PageExited',
  'SignIn',
  'SignOut',
  'UserInfo',
] as const;

export type EventValue = string | number | boolean | null;
export type EventData = Readonly<Record<string, EventValue>>;

/** An event as the browser sends it. `timestamp` is the browser's clock in ms and may be wrong. */
export interface BrowserEvent {
  readonly eventID: string;
  readonly timestamp: number;
  readonly visitID: string;
  readonly globalVisitID: string;
  readonly pageID: string;
  readonly eventType: EventType;
  readonly eventName: string;
  readonly url: string;
  readonly title: string;
  /** Names joined by `;`. Undefined: the Frontend applies its categories. */
  readonly category: string | undefined;
  readonly languageCode: string;
  /** User id (value of the `wmsg.connector.userIdentifier` key) where the visitor is known. */
  readonly identity: string | undefined;
  readonly data: EventData;
}

/** An event after intake: `at` is the server's time in integer ms, on which rules run; `category` is filled in. */
export interface VisitEvent extends BrowserEvent {
  readonly at: number;
  readonly category: string;
  /** The version of the rules that it was stamped under; absent: it was not stamped by a Frontend of an installation. */
  readonly rulesVersion?: number;
}
