/** The consistency calculator for the screen: core's report, with the command lines that print the same. */
import { reportConsistency, type ConsistencyReport } from '#core/sizing/consistency-report.ts';
import type { ConsistencyReply } from '#protocol/control-api.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { quoteWord } from '#host/commands/run-again.ts';

/** `inputs` as they came over HTTP. OperatingError INVALID_INPUT with every problem, its path the input's name. */
export function answerConsistency(inputs: unknown): ConsistencyReply {
  const report = reportConsistency(inputs);
  if (!report.ok) throw new OperatingError('INVALID_INPUT', 'The calculator has no answer', report.problems);
  return { ...report.value, commands: describeCommands(report.value) };
}

function describeCommands({ cluster, dataCenters }: ConsistencyReport): ConsistencyReply['commands'] {
  const { nodes, replicationFactor, write, read } = cluster.asked;
  const list = dataCenters.asked.map(({ name, replicas }) => `${name}:${replicas}`).join(',');
  return {
    cluster: `engage calculator --nodes ${nodes} --rf ${replicationFactor} --write ${write} --read ${read}`,
    dataCenters: `engage calculator --data-centers ${quoteWord(list)}`,
  };
}
