/** A figure that can be asked where it comes from: its formula, the same with values, and its source. */
import type { ReactNode } from 'react';
import { Popover, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { SizingFigure } from '#protocol/control-api.ts';
import { describeValue, FigureOrigin, unitOf } from '#renderer/sizing/figure-origin.tsx';
import classes from '#renderer/sizing/sizing.module.css';

interface FigureButtonProps {
  readonly figure: SizingFigure | undefined;
  /** False where a column's head says it. */
  readonly withUnit?: boolean;
  readonly large?: boolean;
}

export function FigureButton({ figure, withUnit = true, large = false }: FigureButtonProps): ReactNode {
  const [opened, { toggle, close }] = useDisclosure(false);
  if (!figure) return null;
  const unit = unitOf(figure);
  return (
    <Popover opened={opened} onChange={close} position="bottom" width={360} returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={classes['figure']}
          data-large={large || undefined}
          onClick={toggle}
          aria-expanded={opened}
          title="How it is computed"
        >
          <VisuallyHidden>{figure.label}: </VisuallyHidden>
          {describeValue(figure)}
          {withUnit && unit !== '' && <small> {unit}</small>}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <FigureOrigin figure={figure} />
      </Popover.Dropdown>
    </Popover>
  );
}
