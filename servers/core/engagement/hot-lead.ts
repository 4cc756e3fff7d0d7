/**
 * A hot lead (actionable event): a rule found a visitor worth talking to. It leaves the Frontend once the events that
 * made it are stored, and becomes a webengagement interaction in the contact center.
 */
import type { Firing } from '#core/rules/firing.ts';
import type { IdentityScope } from '#core/visits/visit.ts';

export interface HotLead {
  readonly id: string;
  readonly at: number;
  readonly visitID: string;
  /** The visit's id as the browser knows it: another one only after the visitor has crossed to another domain. */
  readonly browserVisitID: string;
  readonly globalVisitID: string;
  readonly pageID: string;
  readonly url: string;
  readonly title: string;
  readonly firing: Firing;
  readonly scope: IdentityScope;
  readonly identity: string | undefined;
  /** A page of the visit is open, so that an invite could be shown. */
  readonly onSite: boolean;
  /** The Frontend that owns the visit, where notifications go. */
  readonly frontend: string;
  /** The version of the rules that found it. */
  readonly rulesVersion: number;
}
