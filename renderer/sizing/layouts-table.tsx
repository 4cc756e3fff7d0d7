/** Two data centers with up to three replicas each, all 15 layouts: a row chosen is looked at above. */
import { memo, type ReactNode } from 'react';
import type { ReplicaLayout } from '#protocol/control-api.ts';
import type { ConsistencyForm } from '#renderer/view/consistency-form.ts';
import { goesOnWithout, isAskedLayout, layoutText } from '#renderer/view/consistency-words.ts';
import { LevelButton } from '#renderer/sizing/level-button.tsx';
import { SizingSection } from '#renderer/sizing/sizing-section.tsx';
import { YesNo } from '#renderer/sizing/yes-no.tsx';
import classes from '#renderer/sizing/consistency.module.css';

interface LayoutsTableProps {
  readonly layouts: readonly ReplicaLayout[];
  readonly asked: ReplicaLayout;
  readonly onChange: (change: Partial<ConsistencyForm>) => void;
}

const ABOUT =
  'The guide calls a level working if each data center that it involves has two replicas (tick or cross); Cassandra needs a majority: replicas that must answer of those that there are, and how many may be lost, the worst ones.';

export const LayoutsTable = memo(function LayoutsTable({ layouts, asked, onChange }: LayoutsTableProps): ReactNode {
  return (
    <SizingSection title="All layouts of two data centers" driver={ABOUT}>
      <div className={classes['wide']}>
        <table className={classes['layouts']}>
          <thead>
            <tr>
              <th scope="col">replicas</th>
              <th scope="col">LOCAL_ QUORUM in DC1</th>
              <th scope="col">LOCAL_ QUORUM in DC2</th>
              <th scope="col">QUORUM</th>
              <th scope="col">EACH_ QUORUM</th>
              <th scope="col">QUORUM without DC1</th>
              <th scope="col">QUORUM without DC2</th>
              <th scope="col">in a sentence</th>
            </tr>
          </thead>
          <tbody>
            {layouts.map((layout) => (
              <Row
                key={layoutText(layout)}
                layout={layout}
                isAsked={isAskedLayout(layout, asked)}
                onChange={onChange}
              />
            ))}
          </tbody>
        </table>
      </div>
    </SizingSection>
  );
});

interface RowProps {
  readonly layout: ReplicaLayout;
  readonly isAsked: boolean;
  readonly onChange: (change: Partial<ConsistencyForm>) => void;
}

function Row({ layout, isAsked, onChange }: RowProps): ReactNode {
  const text = layoutText(layout);
  return (
    <tr data-asked={isAsked || undefined}>
      <th scope="row">
        <button
          type="button"
          aria-pressed={isAsked}
          title="Look at this layout above"
          onClick={() => onChange({ dataCenters: text })}
        >
          {text}
        </button>
      </th>
      {layout.levels.map((level) => (
        <td key={level.name}>
          <LevelButton level={level} layout={text} />
        </td>
      ))}
      {[0, 1].map((index) => (
        <td key={index}>
          <YesNo is={goesOnWithout(layout, index)} yes="goes on" no="stops" />
        </td>
      ))}
      <td>{layout.sentence}</td>
    </tr>
  );
}
