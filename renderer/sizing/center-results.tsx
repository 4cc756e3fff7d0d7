/** Which QUORUM levels work over the data centers that were typed: the guide's word beside Cassandra's arithmetic. */
import { memo, type ReactNode } from 'react';
import type { ConsistencyReport, JudgedLevel } from '#protocol/control-api.ts';
import { CommandLine } from '#renderer/sizing/command-line.tsx';
import { FigureButton } from '#renderer/sizing/figure-button.tsx';
import { SizingSection } from '#renderer/sizing/sizing-section.tsx';
import { YesNo } from '#renderer/sizing/yes-no.tsx';
import classes from '#renderer/sizing/consistency.module.css';

interface CenterResultsProps {
  readonly dataCenters: ConsistencyReport['dataCenters'];
  readonly command: string;
}

export const CenterResults = memo(function CenterResults({
  dataCenters: { layout, seenBy },
  command,
}: CenterResultsProps): ReactNode {
  return (
    <SizingSection title="Several data centers" driver={layout.sentence}>
      <table className={classes['levels']}>
        <thead>
          <tr>
            <th scope="col">level</th>
            <th scope="col">the guide</th>
            <th scope="col">must answer</th>
            <th scope="col">may be lost</th>
            <th scope="col">in a sentence</th>
          </tr>
        </thead>
        <tbody>
          {layout.levels.map((level) => (
            <LevelRow key={level.name} level={level} />
          ))}
        </tbody>
      </table>
      <h3 className={classes['subtitle']}>What was written at a level is surely seen by reads at</h3>
      <ul className={classes['sentences']}>
        {seenBy.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <CommandLine command={command} />
    </SizingSection>
  );
});

function LevelRow({ level }: { readonly level: JudgedLevel }): ReactNode {
  const [needed, tolerated] = level.figures;
  return (
    <tr>
      <th scope="row">{level.name}</th>
      <td>
        <YesNo is={level.guide} yes="works" no="does not work" />
      </td>
      <td>{needed === undefined ? '–' : <FigureButton figure={needed} withUnit={false} />}</td>
      <td>{tolerated === undefined ? '–' : <FigureButton figure={tolerated} withUnit={false} />}</td>
      <td>{level.sentence}</td>
    </tr>
  );
}
