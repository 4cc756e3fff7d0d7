/** A contact center whose only Backend is gone, over a real link: pacing stops when what its desks do is not known, until it is back. */
import { afterEach, expect, it } from 'vitest';
import { createLinkDialer, type DialedLink } from '#node/link-dialer.ts';
import { LiveStage, SECRET, until, type StageNode } from '#tests/frontend/live-stage.ts';

let stage: LiveStage;
const links: DialedLink[] = [];

afterEach(async () => {
  for (const link of links.splice(0)) link.close();
  await stage.stop();
});

/** A Backend in name: nothing but its link. */
function dial(url: string, incarnation: number): DialedLink {
  const link = createLinkDialer({
    node: 'backend-1',
    incarnation,
    secret: SECRET,
    peerNode: 'contact-center',
    url,
    onMessage: (_from, _id, _message, done) => done(true),
    onPeer: () => undefined,
    onTrouble: () => undefined,
  });
  links.push(link);
  return link;
}

const bindings = (node: StageNode): readonly string[] =>
  node.facts.flatMap((fact) => (fact.kind === 'pacing' ? [fact.decision.binding] : []));
const AGENTS = ['a1', 'a2'];

function login(link: DialedLink, incarnation: number): void {
  AGENTS.forEach((agentId, index) => {
    const message = { type: 'login', agentId, group: 'Web Engagement Chat', capacity: 1, ready: true, chats: [] };
    link.send(`backend-1~${incarnation}#${index + 1}`, { ...message, via: 'backend-1' }, () => undefined);
  });
}

it('refuses permits three refresh periods after the link was lost, and gives them again when it is back', async () => {
  stage = new LiveStage();
  await stage.startStore();
  const center = await stage.startContactCenter();
  const first = dial(center.url, 1);
  login(first, 1);
  await until(() => bindings(center).some((binding) => binding !== 'group'), 'the agents are there');
  expect(bindings(center)).not.toContain('stale');
  first.close();
  await until(() => bindings(center).includes('stale'), 'what is known has become too old');
  login(dial(center.url, 2), 2);
  const place = bindings(center).length;
  await until(() => bindings(center).length > place + 1, 'refreshes have come');
  expect(bindings(center).at(-1)).not.toBe('stale');
});
