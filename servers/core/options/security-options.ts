/** Section `security` of the Backend (guide L3810-3877, L1898-2007) and `gwe:security` of the desk (L2052-2072). */
import { DEFAULT_IF_ABSENT, UNKNOWN_IF_INVALID } from './option.ts';
import { anyText, choice, folder, secret } from './scalar-kinds.ts';
import { optional, type ValueKind } from './value-kind.ts';

const USUAL = { ifInvalid: UNKNOWN_IF_INVALID, takesEffect: 'after restart' } as const;
const DESK = { ...USUAL, takesEffectIsOurs: true } as const;

const authScheme = choice(['none', 'basic'], { Basic: { value: 'basic', says: null } });
const storeFile: ValueKind<string> = { ...folder, valid: 'the path of a file' };

export const SECURITY_OPTIONS = {
  'security/auth-scheme': {
    ...USUAL,
    kind: authScheme,
    guideDefault: 'none',
    default: 'none',
    ifAbsent: DEFAULT_IF_ABSENT,
    about: 'How clients of the History API have to authenticate: not at all, or by HTTP Basic',
    guide: 'L3817',
  },
  'security/user-id': {
    ...USUAL,
    kind: optional(anyText),
    guideDefault: 'No default value',
    default: '',
    ifAbsent: 'nobody can authenticate; refused where auth-scheme is basic',
    about: 'The user that clients of the History API authenticate as',
    guide: 'L3827',
  },
  'security/password': {
    ...USUAL,
    kind: optional(secret),
    guideDefault: 'No default value',
    default: '',
    ifAbsent: 'nobody can authenticate; refused where auth-scheme is basic',
    about: 'The password that clients of the History API authenticate with',
    guide: 'L3837',
  },
  'security/trusted-ca-type': {
    ...USUAL,
    kind: optional(
      choice(['MSCAPI', 'PEM', 'JKS'], {
        MSCAP: {
          value: 'MSCAPI',
          says: 'MSCAP, as in the chapter on trusted stores (guide L2007), is taken for MSCAPI (guide L3853)',
        },
      }),
    ),
    guideDefault: 'MSCAPI',
    default: '',
    defaultDiffers:
      'the TLS chapter says none (guide L1903), and the reference itself that there is no TLS when the option is absent (L3859)',
    ifAbsent: 'no TLS between this server and the others (also when it is empty)',
    about: 'The kind of store of trusted certificates for TLS with the other servers: MSCAPI, PEM or JKS',
    guide: 'L3847, L1903',
  },
  'security/trusted-ca': {
    ...USUAL,
    kind: optional(storeFile),
    guideDefault: '',
    default: '',
    ifAbsent: 'there is no file; refused where trusted-ca-type is PEM or JKS',
    about: 'The file of trusted certificates, for PEM and JKS',
    guide: 'L3861',
  },
  'security/trusted-ca-pwd': {
    ...USUAL,
    kind: optional(secret),
    guideDefault: '',
    default: '',
    ifAbsent: 'the store is opened without a password',
    about: 'The password of the file of trusted certificates, for JKS',
    guide: 'L3871',
  },
  'gwe:security/auth-scheme': {
    ...DESK,
    kind: authScheme,
    guideDefault: null,
    default: 'none',
    ifAbsent: DEFAULT_IF_ABSENT,
    about: 'How the desk authenticates to the History API; the same as security/auth-scheme of the Backend',
    guide: 'L2057',
  },
  'gwe:security/user-id': {
    ...DESK,
    kind: optional(anyText),
    guideDefault: null,
    default: '',
    ifAbsent: 'the desk names no user; refused where its auth-scheme is basic',
    about: 'The user that the desk authenticates as',
    guide: 'L2069',
  },
  'gwe:security/password': {
    ...DESK,
    kind: optional(secret),
    guideDefault: null,
    default: '',
    ifAbsent: 'the desk sends no password; refused where its auth-scheme is basic',
    about: 'The password that the desk authenticates with',
    guide: 'L2070',
  },
} as const;
