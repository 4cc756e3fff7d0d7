/** A folder of scenarios for short live runs: few visitors, few agents, faults and windows as a test asks for. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const SCENARIOS = resolve(import.meta.dirname, '../../scenarios');

export interface LiveFolder {
  readonly path: string;
  readonly remove: () => void;
}

/** Holds `tiny.yaml`, which lasts `duration`; `more`: lines of YAML at its end. */
export function createLiveFolder(duration: string, more = ''): LiveFolder {
  const path = mkdtempSync(join(tmpdir(), 'live-scenarios-'));
  for (const part of ['sites', 'rules', 'categories']) symlinkSync(join(SCENARIOS, part), join(path, part));
  writeFileSync(join(path, 'tiny.yaml'), describeScenario(duration, more));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function describeScenario(duration: string, more: string): string {
  return `name: tiny
about: A few visitors and two agents, for tests
seed: 1
startsAt: 2026-03-02T09:00:00
timeZone: Europe/Berlin
duration: ${duration}
traffic: { visitsPerHour: 7200, pageViewsPerHour: 28800, pageEvents: 0.5, visitEvents: 0.1 }
site: sites/kiosk.yaml
rules: [rules/kiosk.yaml]
categories: categories/kiosk.yaml
groups:
  - { name: Web Engagement Chat, channel: chat, agents: 2, capacity: 1, handleTime: { lognormal: { mean: 3s, cv: 0.5 } }, answerTime: 300ms, afterWork: 500ms }
visitors: { acceptShare: 0.8, rejectShare: 0.1, responseTime: { lognormal: { mean: 700ms, cv: 0.7 } }, inviteTimeout: 10s, patience: { exponential: { mean: 20s } } }
options: { service:pacing: { pacing.connector.algorithm: SUPER_PROGRESSIVE, pacing.connector.optimizationTarget: ABANDONMENT_RATE, pacing.connector.optimizationGoal: 5 } }
captions: [{ at: 0s, text: 'It begins.' }]
thresholds: ['dropped == 0']
${more}`;
}
