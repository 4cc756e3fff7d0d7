/**
 * A chat from the visitor's request to the end of after-work:
 *
 *   waiting --offer--> offered --answer--> talking --finish--> afterWork --done--> gone
 *      '--- visitor leaves: abandoned ---'       '-- visitor leaves: finish at the desk
 */
export type ChatState = 'waiting' | 'offered' | 'talking' | 'afterWork';

export interface Chat {
  readonly chatId: string;
  readonly visitID: string;
  readonly group: string;
  readonly queuedAt: number;
  state: ChatState;
  agentId: string | undefined;
  startedAt: number;
}
