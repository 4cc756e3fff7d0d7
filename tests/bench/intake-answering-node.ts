/**
 * A Backend that says "stored" to every batch at once, in memory: what is left of an intake measurement is the Frontend
 * alone, with its link.
 */
import { createHttpApp } from '#node/http-limits.ts';
import { createLinkAcceptor, type LinkAcceptor } from '#node/link-acceptor.ts';
import { addAbout, NodeAbout } from '#node/node-about.ts';
import type { ToBackend } from '#core/messages.ts';
import { runNode } from '#node/run-node.ts';

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
      const told = message as ToBackend;
      if (told.type === 'storeBatch') {
        answers += 1;
        const id = `${config.name}~${config.incarnation}#${answers}`;
        acceptor.peer(from)?.send(id, { type: 'batchStored', batchId: told.batchId }, () => undefined);
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
