/**
 * A Backend that says "stored" to every batch at once, in memory: what is left of an intake measurement is the Frontend
 * alone, with its link.
 */
import { createHttpApp } from '#node/http-limits.ts';
import { createLinkAcceptor, type LinkAcceptor } from '#node/link-acceptor.ts';
import { addAbout, NodeAbout } from '#node/node-about.ts';
import type { RulesTold } from '#core/deployment/deployment-messages.ts';
import type { ToBackend, ToFrontend } from '#core/messages.ts';
import { runNode } from '#node/run-node.ts';

/** Nothing was ever deployed: the Frontend goes on with the rules that it was started with. */
const NOTHING_DEPLOYED: RulesTold = {
  type: 'rulesTold',
  inForce: { version: 0, content: { packages: [], categories: [] } },
  decided: 0,
  undecided: null,
};

function answerTo(message: ToBackend): ToFrontend | null {
  if (message.type === 'storeBatch') return { type: 'batchStored', batchId: message.batchId };
  return message.type === 'rulesAsked' ? NOTHING_DEPLOYED : null;
}

runNode(async (config, frame) => {
  const app = createHttpApp(frame.log);
  addAbout(app, '/backend/about', new NodeAbout(config, 'answering'));
  let answers = 0;
  const acceptor: LinkAcceptor = createLinkAcceptor({
    node: config.name,
    incarnation: config.incarnation,
    secret: config.secret,
    server: app.server,
    onPeer: () => undefined,
    onMessage: (from, _id, message, done) => {
      // A Frontend of this very version, which knows the secret.
      const answer = answerTo(message as ToBackend);
      if (answer !== null) {
        answers += 1;
        acceptor.peer(from)?.send(`${config.name}~${config.incarnation}#${answers}`, answer, () => undefined);
      }
      done(true);
    },
  });
  const address = await app.listen({ host: config.host, port: config.port });
  return {
    port: Number(new URL(address).port),
    stop: async () => {
      acceptor.close();
      await app.close();
    },
  };
});
