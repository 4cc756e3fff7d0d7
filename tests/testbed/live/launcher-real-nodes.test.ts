/** The launcher with the real nodes, two and two: what clients are told is stored stays stored, whichever node is hurt. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { WireEvent } from '#protocol/wire-events.ts';
import type { Cluster, LaunchOptions } from '#testbed/live/launcher-cluster.ts';
import { launchCluster } from '#testbed/live/launcher.ts';
import { scenarioOf } from '#tests/testbed/scenario-of.ts';

async function launchReal(onLog: LaunchOptions['onLog'] = () => undefined): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'launcher-real-'));
  const ignore = (): void => undefined;
  const cluster = await launchCluster({
    scenario: scenarioOf({ cluster: { frontends: 2, backends: 2 } }),
    store: 'sqlite',
    folder,
    journal: true,
    proxies: true,
    onTelemetry: ignore,
    onLog,
    onState: ignore,
  });
  onTestFinished(async () => {
    await cluster.stopAll();
    rmSync(folder, { recursive: true });
  });
  return cluster;
}

function visitStarted(visitID: string): WireEvent {
  const page = { url: 'https://shop.example/', title: 'Home', languageCode: 'en-US', pageID: '' };
  const ids = { eventID: `e-${visitID}`, visitID, globalVisitID: `g-${visitID}` };
  return { ...ids, ...page, timestamp: 0, eventType: 'SYSTEM', eventName: 'VisitStarted', data: {} };
}

/** Posts as a browser does: again, with the same ids, until it is told that the event is stored. */
async function postUntilStored(cluster: Cluster, visitID: string): Promise<string> {
  const event = visitStarted(visitID);
  for (;;) {
    const answer = await fetch(`${cluster.balancerUrl}/frontend/data/visits/${visitID}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([event]),
    });
    const body = await answer.text();
    if (answer.status === 200) return event.eventID;
    expect(answer.status, body).toBeGreaterThanOrEqual(500);
    expect(answer.headers.get('retry-after'), body).not.toBeNull();
  }
}

async function postWhile(cluster: Cluster, name: string, hurt: Promise<void>): Promise<readonly string[]> {
  const stored: string[] = [];
  const progress = { over: false };
  const ended = hurt.finally(() => {
    progress.over = true;
  });
  while (!progress.over) stored.push(await postUntilStored(cluster, `${name}-${stored.length}`));
  await ended;
  stored.push(await postUntilStored(cluster, `${name}-after`));
  return stored;
}

test('every acknowledged event is in the store after each node was hurt', async () => {
  const cluster = await launchReal();
  cluster.clock.resume();
  const stored: string[] = [];
  for (const node of ['backend-1', 'frontend-2', 'store', 'contact-center']) {
    const hurt = cluster.kill(node).then(() => cluster.restart(node));
    stored.push(...(await postWhile(cluster, `kill-${node}`, hurt)));
  }
  await cluster.partition('frontend-1', 'reset');
  stored.push(await postUntilStored(cluster, 'cut'));
  await cluster.heal('frontend-1');
  stored.push(await postUntilStored(cluster, 'healed'));
  const store = cluster.readBack();
  expect([...(await store.eventIDs(null, 100_000))].toSorted()).toEqual(stored.toSorted());
  store.close();
  expect(cluster.kills().map(({ node, incarnation }) => `${node}~${incarnation}`)).toEqual([
    'backend-1~1',
    'frontend-2~1',
    'store~1',
    'contact-center~1',
  ]);
});

test('whom a node is connected to, and whom it loses, stands in its log', async () => {
  const lines: { readonly node: string; readonly level: string; readonly msg: string; readonly peer?: unknown }[] = [];
  const cluster = await launchReal((node, line) => lines.push({ node, ...JSON.parse(line) }));
  const told = (msg: string, level: string): readonly string[] =>
    lines.flatMap((line) => (line.msg === msg && line.level === level ? [`${line.node}: ${String(line.peer)}`] : []));
  await cluster.kill('backend-1');
  await vi.waitFor(() =>
    expect(told('connection lost', 'warn').toSorted()).toEqual([
      'contact-center: backend-1',
      'frontend-1: backend-1',
      'frontend-2: backend-1',
    ]),
  );
  expect(told('connected', 'info')).toEqual(
    expect.arrayContaining(['frontend-1: backend-1', 'backend-2: contact-center', 'contact-center: backend-2']),
  );
});
