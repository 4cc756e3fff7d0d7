/** How a simulated agent takes what his desk is told. What visitors say is answered elsewhere (sim-talk.ts). */
import { assertNever } from '#core/assert.ts';
import type { DeskLine, ToDesk } from '#core/messages.ts';
import type { DeskAgent } from '#crowd/desk-agent.ts';

export function tellDeskAgent(agent: DeskAgent, news: Exclude<ToDesk, DeskLine>, nowUs: number): void {
  switch (news.type) {
    case 'chatOffer':
      return agent.offered(news.chatId, nowUs);
    case 'chatClosed':
      return agent.closed(news.chatId, nowUs);
    case 'deskNotReady':
      return agent.madeNotReady(nowUs);
    case 'deskState':
      return agent.takeState(news.chats, nowUs);
    case 'deskResume':
      return agent.logIn();
    case 'followUps':
      return agent.toldFollowUps(news.followUps);
    default:
      return assertNever(news, 'desk news');
  }
}
