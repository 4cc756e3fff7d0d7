/**
 * Section `settings` of the servers, the desk and the rules tool (guide L3786-3809, L4052-4065, L1617, L1120), the annex
 * `webengagement` (L706, L953) and the Frontend's `service:cep` (L4066).
 */
import { DEFAULT_IF_ABSENT, UNKNOWN_IF_INVALID } from './option.ts';
import { choice, flag, httpUrl } from './scalar-kinds.ts';
import { optional } from './value-kind.ts';

const USUAL = { ifInvalid: UNKNOWN_IF_INVALID, takesEffect: 'after restart' } as const;

export const SETTINGS_OPTIONS = {
  'backend.settings/event-mode': {
    ...USUAL,
    kind: flag,
    guideDefault: 'true',
    default: true,
    ifAbsent: DEFAULT_IF_ABSENT,
    about: 'Tells the rules tool, when it deploys, that this server works on events',
    guide: 'L3790',
  },
  'backend.settings/loadbalancer': {
    ...USUAL,
    kind: optional(httpUrl),
    guideDefault: '""',
    default: '',
    ifAbsent: 'the Backend speaks to the Frontends that it is connected to directly (for development and tests)',
    about:
      "The Frontend cluster's balancer, to which a Backend delivers events (.../frontend); goes before direct connections",
    guide: 'L3800, L2480',
  },
  'frontend.settings/loadbalancer': {
    ...USUAL,
    kind: optional(httpUrl),
    guideDefault: '""',
    default: '',
    ifAbsent: 'the Frontend speaks to the Backends that it is connected to directly (for development and tests)',
    about:
      "The Backend cluster's balancer, to which a Frontend delivers events (.../backend); goes before direct connections",
    guide: 'L4056, L2445',
  },
  'workspace.settings/loadbalancer': {
    ...USUAL,
    kind: optional(httpUrl),
    guideDefault: null,
    default: '',
    ifAbsent: 'the desk speaks to the Backend that it is connected to',
    takesEffectIsOurs: true,
    about: "The Backend cluster's balancer, at which the agent's desk reads the web history",
    guide: 'L1617',
  },
  'rules-authoring.settings/verify-deploy-address': {
    ...USUAL,
    kind: flag,
    guideDefault: null,
    default: false,
    ifAbsent: 'false holds, which the guide prescribes; in the original the rules tool then verifies the address',
    takesEffectIsOurs: true,
    about: 'Whether the rules tool verifies that it deploys to its own rules engine, which a Backend is not',
    guide: 'L1120',
  },
  'backend.webengagement/type': {
    ...USUAL,
    kind: choice(['backendserver']),
    guideDefault: null,
    default: 'backendserver',
    ifAbsent: 'the server is what it is here; the original needs it where its application is a Genesys Generic Server',
    takesEffectIsOurs: true,
    about: 'Annex: says that a generic application is a Backend',
    guide: 'L706, L1450',
  },
  'frontend.webengagement/type': {
    ...USUAL,
    kind: choice(['frontendserver']),
    guideDefault: null,
    default: 'frontendserver',
    ifAbsent: 'the server is what it is here; the original needs it where its application is a Genesys Generic Server',
    takesEffectIsOurs: true,
    about: 'Annex: says that a generic application is a Frontend',
    guide: 'L953, L1450',
  },
  'service:cep/cep.domainSeparation': {
    ...USUAL,
    kind: flag,
    guideDefault: 'false',
    default: false,
    ifAbsent: DEFAULT_IF_ABSENT,
    about: "Whether each domain has its own rule session, a sub-domain's events being seen by the domains above it too",
    guide: 'L4068',
  },
} as const;
