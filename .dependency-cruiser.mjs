// Who may import whom: the machine behind docs/rooms.md. One rule a room; its comment tells the one who broke it what to do.
// `only` lists what a room may reach; everything that is not on the list is a violation, so a new folder starts closed.

const CORE = '^servers/core/';
const CORE_OUTCOMES = '^servers/core/(result|assert)\\.ts$';
// What parsers of files must agree on with the engine that runs them; each is pure and small (ADR 0001).
const CORE_FOR_PARSERS = '^servers/core/(plain-words|rules/rule-package|categories/tag-pattern)\\.ts$';
// What every store must do alike: tell observations from events, fold records from them, put them in order, tell
// which rows an erasure takes.
const CORE_FOR_STORES = '^servers/core/(visits/history-[a-z]+|engagement/(attempt-tellings|erasable-rows))\\.ts$';
// What a Cassandra can promise: the store refuses by the arithmetic that the calculator explains (ADR 0031).
const CORE_FOR_CASSANDRA = '^servers/core/sizing/consistency\\.ts$';
const SERVER_LIBRARIES = ['fastify', '@fastify/[^/]+', 'ws', '@types/ws', 'pino', 'ajv'].map(npm);
const UI_LIBRARIES = [
  'react',
  'react-dom',
  '@types/react',
  '@types/react-dom',
  '@mantine/[^/]+',
  '@tanstack/[^/]+',
  'recharts',
];
const NODE_SERVERS = ['frontend', 'backend', 'contact-center', 'balancer'];

function npm(name) {
  return `^node_modules/${name}/`;
}

function room(name) {
  return `^servers/${name}/`;
}

/**
 * What `from` may import: `code` in full, `types` by `import type` alone, Node's own modules if `node`.
 * Two rules come out: one for the places, one for values taken from a room that lends only its types.
 */
function only(name, { from = room(name), code = [], types = [], node = false, comment }) {
  const home = from.startsWith('^') ? from : `^${from}`;
  const rules = [
    {
      name: `${name}-imports-only-its-own`,
      comment,
      severity: 'error',
      from: { path: home },
      to: {
        pathNot: [home, ...code, ...types],
        // What leads nowhere is reported once, by no-unresolved.
        couldNotResolve: false,
        ...(node ? { dependencyTypesNot: ['core'] } : {}),
      },
    },
  ];
  if (types.length > 0) {
    rules.push({
      name: `${name}-takes-types-only`,
      comment: `${comment} From here only types may be taken: write \`import type\`, and if you need the function, it belongs elsewhere.`,
      severity: 'error',
      from: { path: home },
      to: { path: types, pathNot: [home, ...code], dependencyTypesNot: ['type-only'] },
    });
  }
  return rules;
}

const rooms = [
  ...only('core', {
    code: [npm('re2js')],
    comment:
      'core decides and nothing else: no I/O, no timers, no other room. Let the driver do the work and hand the result in as an event; ' +
      'a new library needs to be pure and synchronous and to be put on the allow-list here, with an ADR.',
  }),
  ...only('strategies', {
    // saxes reads the documents; the engine of their scripts is handed in by the node (ADR 0023).
    code: [CORE_OUTCOMES, npm('saxes')],
    types: [CORE, npm('quickjs-emscripten-core')],
    comment:
      'A strategy sees its session, events and effects. What it must know arrives in the event; what it wants done leaves as an effect.',
  }),
  ...only('crowd', {
    code: [CORE],
    types: [room('protocol')],
    comment:
      'The simulated people are pure as core is: they read core and the types of scenario and site files. Drive them from sim or testbed.',
  }),
  ...only('ports', {
    types: [CORE],
    comment: 'A port is types alone: put running code into the store, the driver or core.',
  }),
  ...only('protocol', {
    code: [CORE_OUTCOMES, CORE_FOR_PARSERS, npm('zod'), npm('yaml')],
    types: [CORE],
    comment:
      'protocol is read by browsers, the renderer and every server: schemas and types, no node:, no server library. ' +
      'Read files in host or testbed; a function of core needs to be put on the allow-list here.',
  }),
  ...only('node', {
    // zod: the frames of its own transports (Bayeux, links, the store's protocol) are parsed where they arrive; the engine
    // of strategies' scripts is loaded here, once a process.
    code: [
      CORE,
      room('strategies'),
      room('ports'),
      room('protocol'),
      npm('zod'),
      npm('quickjs-emscripten-core'),
      npm('@jitl/[^/]+'),
      ...SERVER_LIBRARIES,
    ],
    node: true,
    comment:
      'node is what every live node is made of: it builds and drives the machines and knows no server, no store and no testbed. ' +
      'What one server alone needs belongs to that server.',
  }),
  ...NODE_SERVERS.flatMap((name) =>
    only(name, {
      code: [CORE, room('strategies'), room('ports'), room('protocol'), room('node'), ...SERVER_LIBRARIES],
      node: true,
      comment:
        'A server is a driver of core: it knows the ports, not a concrete store, and no other server. Wire them together in host.',
    }),
  ),
  ...only('browser', {
    types: [room('protocol')],
    comment: "This runs in the visitor's page: it may take types of protocol and carries no dependency at run time.",
  }),
  ...['memory', 'sqlite', 'cassandra'].flatMap((name) =>
    only(`store-${name}`, {
      from: `^servers/stores/${name}/`,
      code: [
        CORE_OUTCOMES,
        CORE_FOR_STORES,
        room('ports'),
        ...{ memory: [], sqlite: ['better-sqlite3', '@types/better-sqlite3'], cassandra: ['cassandra-driver'] }[
          name
        ].map(npm),
        ...(name === 'cassandra' ? [CORE_FOR_CASSANDRA] : []),
      ],
      types: [CORE],
      node: true,
      comment: 'A store implements the ports with its own driver and knows no other store and no server.',
    }),
  ),
  ...only('sim', {
    code: [CORE, room('strategies'), room('crowd'), room('ports')],
    comment:
      'sim drives core in virtual time: no sockets, no files, no wall clock, no node:. Reading and writing belongs to testbed and host.',
  }),
  {
    name: 'testbed-imports-only-its-own',
    comment:
      'testbed runs scenarios; it does not know who asked. Hand what you need in from host; show it in the renderer.',
    severity: 'error',
    from: { path: room('testbed') },
    to: { path: ['^servers/host/', '^main/', '^renderer/', npm('electron'), ...UI_LIBRARIES.map(npm)] },
  },
  {
    name: 'host-imports-only-its-own',
    comment:
      'The host runs under plain Node: nothing of Electron or of the UI. A desktop matter goes behind the Shell interface in main/.',
    severity: 'error',
    from: { path: room('host') },
    to: { path: ['^main/', '^renderer/', npm('electron'), ...UI_LIBRARIES.map(npm)] },
  },
  ...only('main', {
    from: '^main/',
    code: [npm('electron')],
    types: [room('protocol')],
    node: true,
    comment: "The shell starts the built host by its path and never imports a server's code. Types come from protocol.",
  }),
  ...only('renderer', {
    from: '^renderer/',
    code: [room('protocol'), ...UI_LIBRARIES.map(npm)],
    comment:
      'The UI is a web page: protocol and UI libraries. No node:, no Electron (use the Shell interface), no server code (ask the host).',
  }),
];

const houseRules = [
  {
    name: 'no-cycles',
    comment: 'Two files that need each other are one idea or hide a third: move what both need into a file of its own.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unresolved',
    comment: 'This import leads nowhere: check the path (it ends in .ts) and that the package stands in package.json.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'electron-in-the-shell-alone',
    comment:
      'Under plain Node importing electron throws. Take what you need through a small port typed with `import type`, in main/.',
    severity: 'error',
    from: { pathNot: ['^main/', '^tests/shell/'] },
    to: { path: npm('electron') },
  },
  {
    name: 'no-dev-dependency-in-the-product',
    comment:
      'A packaged testbed does not carry devDependencies: move the package to dependencies, or the import into tests/.',
    severity: 'error',
    from: { path: '^servers/' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-tests-in-the-product',
    comment: 'The product must not need its tests: move what both need into the room that owns it.',
    severity: 'error',
    from: { path: '^(main|renderer|servers)/' },
    to: { path: '^tests/' },
  },
  {
    name: 'every-server-room-has-a-rule',
    comment: 'This folder of servers/ is not in the table: give it a rule here and a line in docs/rooms.md.',
    severity: 'error',
    from: {
      path: '^servers/',
      pathNot: `^servers/(core|strategies|crowd|ports|protocol|node|${NODE_SERVERS.join('|')}|browser|stores/(memory|sqlite|cassandra)|sim|testbed|host)/`,
    },
    to: {},
  },
];

export default {
  forbidden: [...rooms, ...houseRules],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default', 'require'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
    skipAnalysisNotInRules: false,
  },
};
