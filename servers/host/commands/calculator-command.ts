/** `engage calculator`: what a Cassandra cluster promises, in one data center by nodes and levels, and in several by replicas. */
import type { Command } from 'commander';
import { judgeDataCenters, sharedReplicas } from '#core/sizing/center-quorums.ts';
import {
  DATA_CENTERS_EXPECTED,
  LEVELS_EXPECTED,
  readCluster,
  readDataCenters,
} from '#core/sizing/consistency-inputs.ts';
import { judgeCluster } from '#core/sizing/consistency.ts';
import {
  describeCluster,
  describeLevel,
  describeReadYourWrites,
  nameLevel,
} from '#core/sizing/describe-consistency.ts';
import { createInputCheck, readNumber, type InputCheck } from '#core/sizing/input-check.ts';
import { OperatingError } from '#protocol/operating-error.ts';

interface CalculatorOptions {
  readonly nodes?: string;
  readonly rf?: string;
  readonly write?: string;
  readonly read?: string;
  readonly dataCenters?: string;
  readonly json?: boolean;
}

const PLACE = 'engage calculator';
const NAMES = { nodes: '--nodes', replicationFactor: '--rf', write: '--write', read: '--read' } as const;
const EXAMPLES = `
Examples:
  engage calculator --nodes 4 --rf 3
      the guide's sizing case, with its QUORUM for writes and reads
  engage calculator --nodes 3 --rf 3 --write ALL --read ONE --json
  engage calculator --data-centers DataCenter1:3,DataCenter2:2
      which QUORUM levels work, by the guide's rule and by Cassandra's arithmetic
`;

export function addCalculatorCommand(program: Command): void {
  program
    .command('calculator')
    .description('consistency and survival of a Cassandra cluster: by nodes and levels, or by data centers')
    .option('--nodes <n>', 'Cassandra nodes in one data center')
    .option('--rf <n>', 'replication factor (default 3)')
    .option('--write <level>', `consistency level of writes, ${LEVELS_EXPECTED} (default QUORUM)`)
    .option('--read <level>', `consistency level of reads, ${LEVELS_EXPECTED} (default QUORUM)`)
    .option('--data-centers <list>', DATA_CENTERS_EXPECTED)
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: CalculatorOptions) => {
      const check = createInputCheck(PLACE);
      const answer =
        options.dataCenters === undefined ? answerCluster(options, check) : answerDataCenters(options, check);
      if (answer === undefined) {
        throw new OperatingError('INVALID_INPUT', 'the calculator has no answer', check.problems);
      }
      process.stdout.write(
        options.json === true ? `${JSON.stringify(answer.json, null, 2)}\n` : answer.lines.join('\n').concat('\n'),
      );
    });
}

/** The same for people and for machines. */
interface Answer {
  readonly lines: readonly string[];
  readonly json: unknown;
}

function answerCluster(options: CalculatorOptions, check: InputCheck): Answer | undefined {
  const { nodes, rf, write, read } = options;
  const given = { nodes: readNumber(nodes), replicationFactor: readNumber(rf), write, read };
  const asked = readCluster(check, given, NAMES);
  if (asked === undefined) return undefined;
  const promise = judgeCluster(asked);
  return { lines: describeCluster(asked, promise), json: promise };
}

function answerDataCenters(options: CalculatorOptions, check: InputCheck): Answer | undefined {
  for (const [name, given] of Object.entries({
    nodes: options.nodes,
    rf: options.rf,
    write: options.write,
    read: options.read,
  })) {
    if (given !== undefined)
      check.refuse(`--${name}`, 'not together with --data-centers, which says how many replicas each has');
  }
  const dataCenters = readDataCenters(check, '--data-centers', options.dataCenters);
  if (dataCenters === undefined || check.problems.length > 0) return undefined;
  const levels = judgeDataCenters(dataCenters);
  const width = Math.max(...levels.map((judgement) => nameLevel(judgement).length));
  return {
    lines: [
      ...levels.map((judgement) => `${nameLevel(judgement).padEnd(width)}  ${describeLevel(judgement)}`),
      '',
      'what was written at a level is surely seen by reads at',
      ...describeReadYourWrites(dataCenters, levels).map((line) => `  ${line}`),
    ],
    json: levels.map((judgement) => ({
      ...judgement,
      seenBy: levels
        .filter((read) => read.tolerates !== null && judgement.tolerates !== null)
        .filter((read) => sharedReplicas(dataCenters, judgement, read) >= 1)
        .map(nameLevel),
    })),
  };
}
