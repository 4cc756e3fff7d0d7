/** A figure that can be asked where it comes from: its formula, the same with values, and its source. */
import type { ReactNode } from 'react';
import { Popover, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { SizingFigure } from '#protocol/control-api.ts';
import { formatCount, formatNumber, formatShare } from '#renderer/view/format.ts';
import classes from '#renderer/sizing/sizing.module.css';

/** Whole things without decimals, shares in per cent. */
function describeValue({ value, unit }: SizingFigure): string {
  if (unit === 'share') return value < 0.0995 ? `${Number((value * 100).toPrecision(2))}\u202f%` : formatShare(value);
  return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
}

interface FigureButtonProps {
  readonly figure: SizingFigure | undefined;
  /** False where a column's head says it. */
  readonly withUnit?: boolean;
  readonly large?: boolean;
}

export function FigureButton({ figure, withUnit = true, large = false }: FigureButtonProps): ReactNode {
  const [opened, { toggle, close }] = useDisclosure(false);
  if (!figure) return null;
  const text = describeValue(figure);
  const unit = figure.unit === 'share' ? '' : figure.unit;
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
          {text}
          {withUnit && unit !== '' && <small> {unit}</small>}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <dl className={classes['formula']}>
          <dt className={classes['formulaTitle']}>{figure.label}</dt>
          <dd className={classes['formulaText']}>{figure.formula}</dd>
          <dt>with these values</dt>
          <dd className={classes['formulaText']}>
            {figure.worked} = <strong>{text}</strong> {unit}
          </dd>
          <dt>source</dt>
          <dd>{figure.source}</dd>
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}
