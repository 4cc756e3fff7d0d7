/** The agents of a crowd at their desks: wakes each agent by the driver and carries what he does to his desk. */
import { present } from '#core/assert.ts';
import type { DeskMessage, ToDesk } from '#core/messages.ts';
import type { RandomSource } from '#core/random/stream.ts';
import { agentStreams, DeskAgent, type AgentHabits, type AgentOutlet } from '#crowd/desk-agent.ts';
import type { ActionCounts } from './crowd-actions.ts';
import type { CrowdConnections } from './crowd-connections.ts';
import { Desk } from './crowd-desk.ts';
import type { CrowdDriver } from './crowd-driver.ts';

export interface CrowdDesksParts {
  readonly driver: CrowdDriver;
  readonly connections: CrowdConnections;
  readonly random: RandomSource;
  /** One entry an agent. */
  readonly agents: readonly AgentHabits[];
}

interface ChatWake {
  readonly agent: DeskAgent;
  readonly chatId: string;
}

export class CrowdDesks implements AgentOutlet {
  readonly actions: ActionCounts = { sent: 0, confirmed: 0, failed: 0 };
  readonly #parts: CrowdDesksParts;
  readonly #desks = new Map<string, Desk>();

  constructor(parts: CrowdDesksParts) {
    this.#parts = parts;
  }

  get up(): number {
    return [...this.#desks.values()].filter((desk) => desk.up).length;
  }

  /** Of those who should be at their desks now. */
  get expected(): number {
    return [...this.#desks.values()].filter((desk) => desk.agent.isOnDuty).length;
  }

  /** Everyone whose shift begins with the run logs in. */
  start(): void {
    const { agents, random, driver, connections } = this.#parts;
    agents.forEach((habits, index) => {
      const agentId = `agent-${index + 1}`;
      const agent = new DeskAgent(agentId, habits, this, agentStreams(random, index));
      const desk = new Desk(agent, {
        connections,
        counts: this.actions,
        onNews: (to, news) => driver.enter(handleNews, { desk: to, news }, 0),
      });
      this.#desks.set(agentId, desk);
      agent.start(driver.kernel.nowUs);
    });
  }

  act(action: DeskMessage): void {
    this.#deskOf(action.agentId).act(action);
  }

  wakeForChat(agent: DeskAgent, chatId: string, atUs: number, turn: number): void {
    const subject: ChatWake = { agent, chatId };
    this.#parts.driver.kernel.schedule(atUs, workOnChat, subject, turn);
  }

  wakeForBreak(agent: DeskAgent, atUs: number): void {
    this.#parts.driver.kernel.schedule(atUs, takeBreak, agent, 0);
  }

  wakeForShift(agent: DeskAgent, atUs: number): void {
    this.#parts.driver.kernel.schedule(atUs, changeShift, agent, 0);
  }

  wakeForReady(agent: DeskAgent, atUs: number): void {
    this.#parts.driver.kernel.schedule(atUs, getReady, agent, 0);
  }

  wakeForFollowUps(agent: DeskAgent, atUs: number): void {
    this.#parts.driver.kernel.schedule(atUs, lookForFollowUps, agent, 0);
  }

  close(): void {
    for (const desk of this.#desks.values()) desk.close();
  }

  #deskOf(agentId: string): Desk {
    return present(this.#desks.get(agentId), 'desk');
  }
}

function workOnChat({ agent, chatId }: ChatWake, turn: number, nowUs: number): void {
  agent.chatWoken(chatId, turn, nowUs);
}

function takeBreak(agent: DeskAgent, _detail: number, nowUs: number): void {
  agent.breakWoken(nowUs);
}

function changeShift(agent: DeskAgent, _detail: number, nowUs: number): void {
  agent.shiftWoken(nowUs);
}

function lookForFollowUps(agent: DeskAgent, _detail: number, nowUs: number): void {
  agent.followUpsWoken(nowUs);
}

function getReady(agent: DeskAgent): void {
  agent.readyWoken();
}

function handleNews({ desk, news }: { desk: Desk; news: ToDesk }, _detail: number, nowUs: number): void {
  desk.handle(news, nowUs);
}
