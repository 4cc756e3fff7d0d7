/** Which node processes this test's own process has started and not yet seen end. */
import { execFileSync } from 'node:child_process';

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Pids of the nodes below this process, threads' children among them; `entry`: a part of the entry point's name. */
export async function pidsOfNodes(entry = '-node'): Promise<readonly number[]> {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .map(parseRow)
    .filter((row) => row !== null);
  return rows
    .filter(({ parent, command }) => parent === process.pid && command.includes(`${entry}.ts`))
    .map(({ pid }) => pid);
}

function parseRow(line: string): Row | null {
  const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
  if (command === undefined || state?.startsWith('Z') === true) return null;
  return { pid: Number(pid), parent: Number(parent), command };
}
