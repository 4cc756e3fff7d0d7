/** What one data center's cluster promises: the verdict, the figures behind it, and what goes on while nodes are lost. */
import { memo, useMemo, type ReactNode } from 'react';
import type { ConsistencyReport, LossRow } from '#protocol/control-api.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import { describeLost, verdictOf } from '#renderer/view/consistency-words.ts';
import { CommandLine } from '#renderer/sizing/command-line.tsx';
import { FigureButton } from '#renderer/sizing/figure-button.tsx';
import { SizingSection } from '#renderer/sizing/sizing-section.tsx';
import { YesNo } from '#renderer/sizing/yes-no.tsx';
import sizing from '#renderer/sizing/sizing.module.css';
import classes from '#renderer/sizing/consistency.module.css';

interface ClusterResultsProps {
  readonly cluster: ConsistencyReport['cluster'];
  readonly command: string;
}

const ANSWERS = [
  ['lost without impact', 'survivesWithoutImpact'],
  ['lost, just acknowledged', 'survivesWithoutLoss'],
  ['lost, on all replicas', 'survivesOnceReplicated'],
  ['of the data on each node', 'holdsShare'],
] as const;

const FACTS = [
  ['replicas of each row', 'replicationFactor'],
  ['answer a write', 'writeReplicas'],
  ['answer a read', 'readReplicas'],
  ['surely asked by both', 'sharedReplicas'],
] as const;

export const ClusterResults = memo(function ClusterResults({ cluster, command }: ClusterResultsProps): ReactNode {
  const figures = useMemo(() => new Map(cluster.figures.map((figure) => [figure.path, figure])), [cluster]);
  const verdict = verdictOf(cluster);
  return (
    <>
      <section className={sizing['answer']} aria-label="The answer in short">
        <div className={classes['verdict']} data-tone={verdict.tone}>
          <Icon name={verdict.icon} size={18} />
          <strong>{verdict.word}</strong>
        </div>
        {ANSWERS.filter(([, path]) => figures.has(path)).map(([label, path]) => (
          <div key={path} className={sizing['one']}>
            <span>{label}</span>
            <FigureButton figure={figures.get(path)} large />
          </div>
        ))}
      </section>
      <SizingSection
        title="One data center"
        driver={`${cluster.asked.nodes} nodes, replication factor ${cluster.asked.replicationFactor}, written at ${cluster.asked.write}, read at ${cluster.asked.read}.`}
      >
        <ul className={classes['sentences']}>
          {cluster.sentences.map((sentence) => (
            <li key={sentence}>{inSentenceCase(sentence)}</li>
          ))}
        </ul>
        <div className={classes['pair']}>
          <table className={sizing['table']}>
            <tbody>
              {FACTS.filter(([, path]) => figures.has(path)).map(([label, path]) => (
                <tr key={path}>
                  <th scope="row">{label}</th>
                  <td>
                    <FigureButton figure={figures.get(path)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {cluster.losses.length > 0 && <Losses cluster={cluster} />}
        </div>
        <CommandLine command={command} />
      </SizingSection>
    </>
  );
});

function Losses({ cluster: { asked, losses } }: { readonly cluster: ConsistencyReport['cluster'] }): ReactNode {
  const columns = [
    { name: 'writes', label: `writes at ${asked.write}` },
    { name: 'reads', label: `reads at ${asked.read}` },
    { name: 'acknowledged', label: 'just acknowledged' },
    { name: 'replicated', label: 'on all replicas' },
  ] as const satisfies readonly { readonly name: keyof LossRow; readonly label: string }[];
  return (
    <table className={`${sizing['table']} ${classes['losses']}`}>
      <caption className={classes['caption']}>What goes on, with nodes lost that hold the same row</caption>
      <thead>
        <tr>
          <th scope="col">nodes lost</th>
          {columns.map(({ name, label }) => (
            <th key={name} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {losses.map((row) => (
          <tr key={row.fromLost}>
            <th scope="row">{describeLost(row)}</th>
            {columns.map(({ name }) => (
              <td key={name}>
                <YesNo is={row[name]} yes="holds" no="does not hold" />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function inSentenceCase(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}
