/** The entry point of a Frontend process. */
import { createFrontendServer } from '#frontend/frontend-server.ts';
import { runNode } from '#node/run-node.ts';

runNode(createFrontendServer);
