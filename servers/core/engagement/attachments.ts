/**
 * User data: what is attached to an interaction and travels with it, keys to texts. What the Frontend knew of the hot lead is
 * there from the start, strategies attach more, and `copyUserData` says which of it the chat or callback gets.
 */
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type { UserDataCopying } from '#core/options/list-kinds.ts';

export type UserData = Readonly<Record<string, string>>;

/** Of one interaction at most. */
export const USER_DATA_KEYS_MAX = 100;

/** Of a key and of its value, in characters; more is cut off. */
export const USER_DATA_KEY_LENGTH = 100;
export const USER_DATA_VALUE_LENGTH = 4_000;

/**
 * What a webengagement interaction begins with. `webengagement` marks what comes of it as proactive in the reports of media
 * that join in (any value will do).
 */
export function userDataOfLead(lead: HotLead, attemptNumber: number, userIdentifier: string): UserData {
  const { firing } = lead;
  return {
    webengagement: '',
    visitID: lead.visitID,
    globalVisitID: lead.globalVisitID,
    pageID: lead.pageID,
    url: lead.url,
    title: lead.title,
    category: firing.category,
    rule: firing.rule,
    attempt_number: String(attemptNumber),
    identityScope: lead.scope,
    ...(lead.identity === undefined ? {} : { [userIdentifier]: lead.identity }),
  };
}

/** `before` with `more` put to it; keys beyond the most that there may be are left out. */
export function attachUserData(before: UserData, more: UserData): UserData {
  const attached: Record<string, string> = { ...before };
  let room = USER_DATA_KEYS_MAX - Object.keys(attached).length;
  for (const [given, value] of Object.entries(more)) {
    const key = given.slice(0, USER_DATA_KEY_LENGTH);
    if (!Object.hasOwn(attached, key)) {
      if (room <= 0) continue;
      room -= 1;
    }
    attached[key] = value.slice(0, USER_DATA_VALUE_LENGTH);
  }
  return attached;
}

export function copyUserData(from: UserData, copying: UserDataCopying): UserData {
  switch (copying.mode) {
    case 'all':
      return from;
    case 'none':
      return {};
    default: {
      const copied: Record<string, string> = {};
      for (const key of copying.keys) {
        const value = Object.hasOwn(from, key) ? from[key] : undefined;
        if (value !== undefined) copied[key] = value;
      }
      return copied;
    }
  }
}
