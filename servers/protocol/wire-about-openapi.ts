/** The OpenAPI description of a server, as far as its routes don't say it themselves. */
import { aboutReplySchema } from './wire-about.ts';
import { toJsonSchema, WIRE_VERSION } from './wire-events-fields.ts';

type SecuritySchemes = Readonly<Record<string, { readonly type: 'http'; readonly scheme: 'basic' | 'bearer' }>>;

/** Options of @fastify/swagger: what the server is, who is let in (beside who knows the secret), and what `about` answers. */
export function describeServer(title: string, schemes: SecuritySchemes = {}) {
  const about = toJsonSchema(aboutReplySchema);
  return {
    openapi: {
      openapi: '3.1.0',
      info: { title, version: `${WIRE_VERSION}.0.0` },
      components: { securitySchemes: { nodeSecret: { type: 'http' as const, scheme: 'bearer' }, ...schemes } },
    },
    transform<S extends object>({ schema, url }: { readonly schema: S; readonly url: string }) {
      if (!url.endsWith('/about')) return { schema, url };
      return { schema: { ...schema, summary: 'Health, by dependency', response: { 200: about, 503: about } }, url };
    },
  };
}
