/** The entry point of the contact-center process. */
import { createContactCenterServer } from '#contact-center/contact-center-server.ts';
import { runNode } from '#node/run-node.ts';

runNode(createContactCenterServer);
