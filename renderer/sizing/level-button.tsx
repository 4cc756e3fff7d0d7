/** A consistency level over data centers in a table's cell: the guide's word, what must answer, what may be lost; asked, it explains itself. */
import { memo, type ReactNode } from 'react';
import { Popover, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { JudgedLevel } from '#protocol/control-api.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import { describeNeeds, guideTick } from '#renderer/view/consistency-words.ts';
import { FigureOrigin } from '#renderer/sizing/figure-origin.tsx';
import sizing from '#renderer/sizing/sizing.module.css';
import classes from '#renderer/sizing/consistency.module.css';

interface LevelButtonProps {
  readonly level: JudgedLevel;
  /** `DC1:2, DC2:1`, for who hears the table read. */
  readonly layout: string;
}

export const LevelButton = memo(function LevelButton({ level, layout }: LevelButtonProps): ReactNode {
  const [opened, { toggle, close }] = useDisclosure(false);
  if (level.tolerates === null) return <span className={classes['never']}>never</span>;
  const tick = guideTick(level);
  return (
    <span className={classes['cell']} data-works={level.guide ?? undefined}>
      <Icon name={tick.icon} size={12} />
      <VisuallyHidden>{tick.word}</VisuallyHidden>
      <Popover opened={opened} onChange={close} position="bottom" width={380} returnFocus>
        <Popover.Target>
          <button
            type="button"
            className={sizing['figure']}
            onClick={toggle}
            aria-expanded={opened}
            title="How it is computed"
          >
            <VisuallyHidden>
              {level.name} of {layout}:{' '}
            </VisuallyHidden>
            {describeNeeds(level)}, {level.tolerates}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <p className={classes['said']}>
            {level.name} {level.sentence}.
          </p>
          {level.figures.map((figure) => (
            <FigureOrigin key={figure.path} figure={figure} />
          ))}
        </Popover.Dropdown>
      </Popover>
    </span>
  );
});
