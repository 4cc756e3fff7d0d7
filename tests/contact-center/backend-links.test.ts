/** Where the contact center's messages go when Backends come, go and come back. */
import { afterEach, expect, it, vi } from 'vitest';
import { BackendLinks } from '#contact-center/backend-links.ts';
import type { Invite, ToBackend } from '#core/messages.ts';
import type { LinkPeer, OnAcked, UnackedMessage } from '#node/link-peer.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A link that keeps what it is given until the test acknowledges it. */
class FakePeer implements LinkPeer {
  readonly node: string;
  readonly full = false;
  connected = true;
  outbox: UnackedMessage[] = [];

  constructor(node: string) {
    this.node = node;
  }

  send(id: string, message: unknown, onAcked: OnAcked): void {
    this.outbox.push({ id, message, onAcked });
  }

  takeUnacked(): UnackedMessage[] {
    return this.outbox.splice(0);
  }

  get ids(): readonly string[] {
    return this.outbox.map(({ id }) => id);
  }
}

function invite(visitID: string): Invite {
  return {
    type: 'invite',
    interactionId: `i-${visitID}`,
    visitID,
    frontend: 'frontend-1',
    channel: 'proactiveChat',
    rule: 'r',
    attemptNumber: 1,
    registrationRequired: false,
    timeoutMs: 30_000,
  };
}

const OFFER: ToBackend = { type: 'chatOffer', agentId: 'agent-1', chatId: 'c1', userData: {} };

function lose(links: BackendLinks, peer: FakePeer): void {
  peer.connected = false;
  links.handlePeer(peer, false);
}

it('gives a visit the same Backend, and spreads the visits', () => {
  const links = new BackendLinks(() => undefined);
  const peers = [new FakePeer('backend-1'), new FakePeer('backend-2')];
  for (const peer of peers) links.handlePeer(peer, true);
  for (let n = 0; n < 200; n += 1) links.send(null, `m${n}`, invite(`v${n % 100}`), vi.fn<() => void>());
  for (const peer of peers) {
    expect(peer.outbox.length).toBeGreaterThan(50);
    const visits = peer.ids.map((id) => Number(id.slice(1)) % 100);
    expect(visits.length, 'both invites of a visit').toBe(2 * new Set(visits).size);
  }
});

it('keeps an invite until a Backend comes', () => {
  const links = new BackendLinks(() => undefined);
  const acked = vi.fn<() => void>();
  links.send(null, 'm1', invite('v1'), acked);
  const peer = new FakePeer('backend-1');
  links.handlePeer(peer, true);
  expect(peer.ids).toEqual(['m1']);
  expect(acked).not.toHaveBeenCalled();
  peer.outbox[0]?.onAcked(true);
  expect(acked).toHaveBeenCalledOnce();
});

it('waits two seconds for a lost Backend; then its invites go to another and the rest is let go', () => {
  vi.useFakeTimers();
  const links = new BackendLinks(() => undefined);
  const first = new FakePeer('backend-1');
  links.handlePeer(first, true);
  const offered = vi.fn<() => void>();
  links.send(null, 'm1', invite('v1'), vi.fn<() => void>());
  links.send('backend-1', 'm2', OFFER, offered);
  const second = new FakePeer('backend-2');
  links.handlePeer(second, true);
  lose(links, first);
  vi.advanceTimersByTime(1_999);
  expect([first.ids, second.ids]).toEqual([['m1', 'm2'], []]);
  vi.advanceTimersByTime(1);
  expect([first.ids, second.ids]).toEqual([[], ['m1']]);
  expect(offered).toHaveBeenCalledOnce();
  const late = vi.fn<() => void>();
  links.send('backend-1', 'm3', OFFER, late);
  expect(late).toHaveBeenCalledOnce();
});

it('leaves everything with a Backend that comes back in time', () => {
  vi.useFakeTimers();
  const links = new BackendLinks(() => undefined);
  const first = new FakePeer('backend-1');
  links.handlePeer(first, true);
  links.send('backend-1', 'm1', OFFER, vi.fn<() => void>());
  lose(links, first);
  vi.advanceTimersByTime(1_500);
  first.connected = true;
  links.handlePeer(first, true);
  vi.advanceTimersByTime(10_000);
  expect(first.ids).toEqual(['m1']);
});

it('lets messages for a Backend that never comes go, and serves it when it does', () => {
  vi.useFakeTimers();
  const links = new BackendLinks(() => undefined);
  const offered = vi.fn<() => void>();
  links.send('backend-1', 'm1', OFFER, offered);
  vi.advanceTimersByTime(2_000);
  expect(offered).toHaveBeenCalledOnce();
  const peer = new FakePeer('backend-1');
  links.handlePeer(peer, true);
  links.send('backend-1', 'm2', OFFER, vi.fn<() => void>());
  expect(peer.ids).toEqual(['m2']);
});

it('sends again what found no room', () => {
  vi.useFakeTimers();
  const links = new BackendLinks(() => undefined);
  const peer = new FakePeer('backend-1');
  links.handlePeer(peer, true);
  links.send('backend-1', 'm1', OFFER, vi.fn<() => void>());
  peer.takeUnacked()[0]?.onAcked(false);
  expect(peer.ids).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(peer.ids).toEqual(['m1']);
});
