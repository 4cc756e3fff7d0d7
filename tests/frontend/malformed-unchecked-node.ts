/** A Frontend whose schema checks let everything pass: what the attack has to find out. */
import { Ajv } from 'ajv';

// The compiled check of any schema, after which no schema says no.
Object.assign(Ajv.prototype, { compile: () => () => true });
await import('#host/nodes/frontend-node.ts');
