/** The pacers in force, one an agent group, in the order of the options: all of them, by group and by channel. */
import type { Pacer } from './pacer.ts';
import type { PacingChannel } from './pacing-channel.ts';

/** An agent group that is paced. */
export interface PacedGroup {
  readonly name: string;
  /** The one channel that its agents serve. */
  readonly channel: PacingChannel;
  /** Chats, or callbacks, that one agent serves at a time. */
  readonly chatsPerAgent: number;
}

export class ChannelPacers {
  readonly all: readonly Pacer[];
  readonly #byGroup = new Map<string, Pacer>();
  readonly #channels = new Map<string, PacingChannel>();
  readonly #byChannel: Readonly<Record<PacingChannel, Pacer[]>> = { chat: [], webcallback: [] };

  constructor(groups: readonly PacedGroup[], create: (group: PacedGroup) => Pacer) {
    this.all = groups.map((group) => {
      const pacer = create(group);
      this.#byGroup.set(group.name, pacer);
      this.#channels.set(group.name, group.channel);
      this.#byChannel[group.channel].push(pacer);
      return pacer;
    });
  }

  of(group: string): Pacer | undefined {
    return this.#byGroup.get(group);
  }

  /** None: the channel is not paced. */
  on(channel: PacingChannel): readonly Pacer[] {
    return this.#byChannel[channel];
  }

  /** Undefined: the group is not paced. */
  channelOf(group: string): PacingChannel | undefined {
    return this.#channels.get(group);
  }
}
