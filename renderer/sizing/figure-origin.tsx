/** Where a figure comes from: its formula, the same with values, and its source. */
import type { ReactNode } from 'react';
import type { SizingFigure } from '#protocol/control-api.ts';
import { formatCount, formatNumber, formatShare } from '#renderer/view/format.ts';
import classes from '#renderer/sizing/sizing.module.css';

/** Whole things without decimals, shares in per cent. */
export function describeValue({ value, unit }: SizingFigure): string {
  if (unit === 'share') return value < 0.0995 ? `${Number((value * 100).toPrecision(2))}\u202f%` : formatShare(value);
  return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
}

/** What stands behind the value: `2 nodes`, `1 node`. */
export function unitOf({ unit, value }: SizingFigure): string {
  if (unit === 'share') return '';
  return value === 1 ? unit.replace(/(?<!\/)s$/, '') : unit;
}

export function FigureOrigin({ figure }: { readonly figure: SizingFigure }): ReactNode {
  return (
    <dl className={classes['formula']}>
      <dt className={classes['formulaTitle']}>{figure.label}</dt>
      <dd className={classes['formulaText']}>{figure.formula}</dd>
      <dt>with these values</dt>
      <dd className={classes['formulaText']}>
        {figure.worked} = <strong>{describeValue(figure)}</strong> {unitOf(figure)}
      </dd>
      <dt>source</dt>
      <dd>{figure.source}</dd>
    </dl>
  );
}
