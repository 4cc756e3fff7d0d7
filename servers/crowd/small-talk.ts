/** What simulated people say in a chat: the visitor a line when it begins, and whoever serves it one in answer, once a chat. */
import type { DeskAction, VisitorLine } from '#core/messages.ts';

export function helloOf(visitID: string, chatId: string): VisitorLine {
  return { type: 'visitorLine', visitID, lineId: `${chatId}.v`, text: 'Hello, I have a question.' };
}

export function welcomeOf(agentId: string, chatId: string): DeskAction {
  return { type: 'say', agentId, chatId, lineId: `${chatId}.a`, text: 'Welcome. How can I help you?' };
}
