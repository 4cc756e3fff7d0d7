/** Tests of rules as data: what visitors do, and what rules are expected to make of it. Written as files: rule-test-file.ts. */
import type { EventData } from '#core/visits/event.ts';

/** Paths as written, relative to the file. */
export interface RuleTestFile {
  readonly packages: readonly string[];
  readonly categories: string | null;
  /** Template files that the packages use. */
  readonly templates: readonly string[];
  readonly cases: readonly RuleTestCase[];
}

export interface RuleTestCase {
  readonly name: string;
  /** Epoch ms of `+0s`. */
  readonly startsAt: number;
  /** `https://host` that stands before URLs that begin with a slash. */
  readonly site: string;
  /** The only rules that it looks at; null: all of its packages. */
  readonly rules: readonly string[] | null;
  /** In the order of their times, which is that of arrival. */
  readonly given: readonly GivenStep[];
  readonly expect: Expectation;
}

/** Something happens, or nothing does until then. Offsets are ms since the case's start. */
export interface GivenStep {
  readonly atMs: number;
  readonly event: GivenEvent | null;
}

export interface GivenEvent {
  readonly id: string;
  readonly visit: string;
  readonly eventName: string;
  /** The browser of the visit; null: as before, at first one of its own. */
  readonly browser: string | null;
  /** Id of the page; null: a new one when it is entered, else the one that the visit is on. */
  readonly page: string | null;
  /** Names joined by `;`; null: the page's, by the category file. */
  readonly category: string | null;
  /** Null: the page's. */
  readonly url: string | null;
  readonly title: string | null;
  readonly language: string | null;
  /** Who the visitor is from now on; null: as before. */
  readonly identity: string | null;
  readonly data: EventData;
}

/** All firings of the rules that the case looks at, and how far others are. */
export interface Expectation {
  readonly fires: readonly ExpectedFiring[];
  readonly none: readonly string[];
  readonly nearly: readonly ExpectedNearMiss[];
}

/** What is null may be anything. */
export interface ExpectedFiring {
  readonly rule: string;
  readonly visit: string | null;
  readonly atMs: number | null;
  /** Ids of the matched events, in their order. */
  readonly matched: readonly string[] | null;
  /** Fields that the values must have; others may be there. */
  readonly values: EventData | null;
}

/** How far a rule is that has not fired. What is null may be anything. */
export interface ExpectedNearMiss {
  readonly rule: string;
  /** Null: the visit of the case's first event. */
  readonly visit: string | null;
  /** When it is asked, after all that is given for that moment; null: at the end. */
  readonly atMs: number | null;
  readonly done: number;
  readonly needed: number;
  /** A part of what is missing, whatever the case of its letters. */
  readonly missing: string | null;
  /** The last moment for it. */
  readonly untilMs: number | null;
}
