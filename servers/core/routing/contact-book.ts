/**
 * The contact store: who has chatted or was called before, known by the value of the identity key or by a phone number
 * (`identifyCreateContact`: 1 nothing, 2 look for the contact, 3 look for it and create it if it is not there). What it finds
 * goes along with the chat or callback, so that a desk knows whom it has before it.
 */
import { assertNever } from '#core/assert.ts';
import type { OperationsRow } from '#core/effects.ts';
import type { ContactHandling } from '#core/options/wes-options.ts';
import type { ChangedRows } from '#core/engagement/changed-rows.ts';
import type { UserData } from '#core/engagement/attachments.ts';

type ContactRow = Extract<OperationsRow, { kind: 'contact' }>;

/** The key of user data in which a desk finds the contact. */
const CONTACT_KEY = 'ContactId';
/** How often the contact was talked to before. */
const CONTACTS_BEFORE_KEY = 'ContactsBefore';

interface ContactKeys {
  readonly handling: ContactHandling;
  /** `wmsg.connector.userIdentifier`: the primary key of a contact. */
  readonly userIdentifier: string;
  /** `wmsg.connector.phoneNumber`: by it a caller without an identity is found. */
  readonly phoneNumber: string;
}

export class ContactBook {
  readonly #keys: ContactKeys;
  readonly #rows: ChangedRows;
  readonly #contacts = new Map<string, ContactRow>();
  readonly #byPhone = new Map<string, string>();

  constructor(keys: ContactKeys, rows: ChangedRows) {
    this.#keys = keys;
    this.#rows = rows;
  }

  get count(): number {
    return this.#contacts.size;
  }

  /**
   * For a new chat or callback, `interactionId`, of which `known` is known: what to add to its user data. Nothing, where nobody
   * can be identified: an anonymous visitor in a chat.
   */
  identify(interactionId: string, known: UserData, at: number): UserData {
    const { handling, userIdentifier, phoneNumber } = this.#keys;
    if (handling === 1) return {};
    const identity = known[userIdentifier];
    const phone = known[phoneNumber];
    if (identity === undefined && phone === undefined) return {};
    const found = this.#find(identity, phone);
    switch (handling) {
      case 2:
        return found === undefined ? {} : this.#meet(found, phone, at);
      case 3:
        return this.#meet(found ?? this.#create(interactionId, identity, phone, at), phone, at);
      default:
        return assertNever(handling, 'handling of contacts');
    }
  }

  /** As if there had never been such a contact; a chat that goes on keeps what its desk was told. */
  forget(id: string): void {
    if (!this.#contacts.delete(id)) return;
    for (const [phone, owner] of this.#byPhone) if (owner === id) this.#byPhone.delete(phone);
  }

  restore(rows: readonly ContactRow[]): void {
    for (const row of rows) this.#keep(row);
  }

  /** By identity first: two people may share a phone. */
  #find(identity: string | undefined, phone: string | undefined): ContactRow | undefined {
    if (identity !== undefined) return this.#contacts.get(identity);
    const id = phone === undefined ? undefined : this.#byPhone.get(phone);
    return id === undefined ? undefined : this.#contacts.get(id);
  }

  #create(interactionId: string, identity: string | undefined, phone: string | undefined, at: number): ContactRow {
    return {
      kind: 'contact',
      id: identity ?? phone ?? '',
      at,
      contactId: `contact-${interactionId}`,
      createdAt: at,
      phone: phone ?? null,
      interactions: 0,
    };
  }

  #meet(contact: ContactRow, phone: string | undefined, at: number): UserData {
    const met: ContactRow = {
      ...contact,
      at,
      phone: phone ?? contact.phone,
      interactions: contact.interactions + 1,
    };
    this.#keep(met);
    this.#rows.put(met);
    return { [CONTACT_KEY]: met.contactId, [CONTACTS_BEFORE_KEY]: String(contact.interactions) };
  }

  #keep(row: ContactRow): void {
    this.#contacts.set(row.id, row);
    if (row.phone !== null) this.#byPhone.set(row.phone, row.id);
  }
}
