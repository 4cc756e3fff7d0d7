/** The first Chat Routing, in code: every chat waits in the group whose permit its invite was charged to. */
import type { ChatRoutingStrategy } from '#core/routing/chat-routing-port.ts';

export const chatRoutingStrategy: ChatRoutingStrategy = {
  name: 'chat routing',
  createSession: ({ proposedGroup, resumed }) => ({
    handle(event, _at, out) {
      if (event.type !== 'started') return;
      if (!resumed) out.push({ type: 'route', groups: [proposedGroup] });
      out.push({ type: 'done' });
    },
    close() {
      // It holds nothing.
    },
  }),
};
