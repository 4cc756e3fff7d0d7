/**
 * An SCXML document as the interpreter runs it: states by number in document order, and every expression a number in
 * the document's program.
 */
import type { Place } from './xml-element.ts';

/** A number in `ScxmlDocument.program`. */
export type ProgramIndex = number;

/** What a piece of the document's ECMAScript does when it is run; the texts are as written. */
export type ProgramPiece = Place &
  /** A value as a text for people and attributes. */
  (
    | { readonly kind: 'text'; readonly text: string }
    /** A value as a payload. */
    | { readonly kind: 'payload'; readonly text: string }
    | { readonly kind: 'condition'; readonly text: string }
    | { readonly kind: 'assign'; readonly location: string; readonly text: string }
    /** Assigns what the host hands in, a payload. */
    | { readonly kind: 'store'; readonly location: string }
    | { readonly kind: 'statements'; readonly text: string }
    /** The array to go through; answers its length. */
    | { readonly kind: 'list'; readonly text: string }
    | { readonly kind: 'item'; readonly item: string; readonly index: string | null }
    /** An object of named values. */
    | { readonly kind: 'record'; readonly fields: readonly (readonly [name: string, text: string])[] }
  );

/** A text that is written in the document or computed. */
export type TextSource =
  { readonly kind: 'fixed'; readonly text: string } | { readonly kind: 'computed'; readonly at: ProgramIndex };

/** Content as a document or a value carries it. */
export type Payload = { readonly kind: 'json'; readonly json: string } | { readonly kind: 'xml'; readonly xml: string };

export type ContentSource =
  { readonly kind: 'fixed'; readonly payload: Payload } | { readonly kind: 'computed'; readonly at: ProgramIndex };

export interface SendStep extends Place {
  readonly type: 'send';
  readonly event: TextSource | null;
  readonly target: TextSource | null;
  readonly processor: TextSource | null;
  readonly id: string | null;
  readonly idLocation: ProgramIndex | null;
  readonly delay: TextSource | null;
  /** The record of `namelist` and params. */
  readonly record: ProgramIndex | null;
  readonly content: ContentSource | null;
}

export type Step =
  | { readonly type: 'raise'; readonly event: string }
  | { readonly type: 'if'; readonly branches: readonly IfBranch[] }
  | {
      readonly type: 'foreach';
      readonly list: ProgramIndex;
      readonly item: ProgramIndex;
      readonly steps: Block;
    }
  | { readonly type: 'log'; readonly label: string; readonly value: ProgramIndex | null }
  | { readonly type: 'run'; readonly at: ProgramIndex }
  | SendStep
  | { readonly type: 'cancel'; readonly id: TextSource };

/** `when` null: the branch of `<else/>`. */
export interface IfBranch {
  readonly when: ProgramIndex | null;
  readonly steps: Block;
}

/** One block of executable content: an error ends it, and it alone. */
export type Block = readonly Step[];

export interface Transition extends Place {
  readonly source: StateNode;
  /** Event descriptors without their trailing `.*`; empty for an eventless transition. */
  readonly events: readonly string[];
  readonly when: ProgramIndex | null;
  /** Filled in when the whole document is read, for a target may stand further down. */
  targets: readonly StateNode[];
  readonly internal: boolean;
  readonly steps: Block;
}

export interface DataItem {
  readonly id: string;
  readonly init: ProgramIndex | null;
  /** Takes what the one who invoked the document has for it instead. */
  readonly store: ProgramIndex;
}

export interface DoneData {
  /** Each param on its own: one that fails is left out. */
  readonly params: readonly (readonly [name: string, at: ProgramIndex])[];
  readonly content: ContentSource | null;
}

export interface Invoke {
  readonly id: string | null;
  readonly idLocation: ProgramIndex | null;
  readonly processor: TextSource | null;
  readonly source: TextSource | null;
  /** The child's document, read with its parent's; null where it comes from `source` or from `content`. */
  readonly child: ScxmlDocument | null;
  readonly content: ProgramIndex | null;
  readonly record: ProgramIndex | null;
  readonly autoforward: boolean;
  readonly finalize: Block | null;
}

export type StateKind = 'scxml' | 'state' | 'parallel' | 'final' | 'shallowHistory' | 'deepHistory';

export interface StateNode {
  readonly id: string;
  readonly kind: StateKind;
  readonly parent: StateNode | null;
  /** Position in document order. */
  readonly order: number;
  /** The order of the last state below this one. */
  lastOrder: number;
  /** States and finals below it, without histories. */
  readonly children: StateNode[];
  readonly histories: StateNode[];
  /** Of a compound state its default entry, of a history its default transition. */
  initial: Transition | null;
  readonly transitions: Transition[];
  readonly onEntry: Block[];
  readonly onExit: Block[];
  readonly data: DataItem[];
  readonly invokes: Invoke[];
  doneData: DoneData | null;
}

export interface ScxmlDocument {
  readonly name: string;
  readonly root: StateNode;
  readonly states: readonly StateNode[];
  readonly byId: ReadonlyMap<string, StateNode>;
  readonly lateBinding: boolean;
  readonly program: readonly ProgramPiece[];
  /** Names that the program may assign beside the ids of its data: items of a foreach, variables of scripts. */
  readonly names: readonly string[];
  /** The script of the document itself, run once its data stand. */
  readonly script: (Place & { readonly text: string }) | null;
}
