/** The entry point of a Backend process. */
import { createBackendServer } from '#backend/backend-server.ts';
import { runNode } from '#node/run-node.ts';

runNode(createBackendServer);
