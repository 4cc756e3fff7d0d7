/**
 * `npm run bench:store [-- --rows 1000000 --rounds 5 --millions 0 --events 20000 --nodes 1 --contact-points HOST:PORT --parts sqlite,cassandra]`:
 * what the history takes beside bare appends of the same events, in turns, how it reads and forgets meanwhile, and what an event takes on the
 * disk. Contestants must end with the rows that they should.
 */
import { parseArgs } from 'node:util';
import { benchCassandra } from './store-bench-cassandra-report.ts';
import { benchSqlite } from './store-bench-sqlite-report.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    millions: { type: 'string', default: '0' },
    events: { type: 'string', default: '20000' },
    nodes: { type: 'string', default: '1' },
    'contact-points': { type: 'string' },
    parts: { type: 'string', default: 'sqlite,cassandra' },
  },
});
const parts = values.parts.split(',');
const unknown = parts.filter((part) => !['sqlite', 'cassandra'].includes(part));
if (unknown.length > 0) throw new Error(`--parts: sqlite and cassandra, not ${unknown.join(', ')}`);

const rounds = Number(values.rounds);
if (parts.includes('sqlite'))
  await benchSqlite({ rows: Number(values.rows), rounds, millions: Number(values.millions) });
if (parts.includes('cassandra')) {
  const contactPoints = values['contact-points']?.split(',');
  const nodes = Number(values.nodes) === 3 ? 3 : 1;
  await benchCassandra({ events: Number(values.events), rounds, nodes, contactPoints });
}
