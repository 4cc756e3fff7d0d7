/** The verdict so far; opened, every threshold with what was observed. */
import type { ReactNode } from 'react';
import { Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { RunStatus, ThresholdState } from '#protocol/run-feed.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import { describeObserved, describeVerdict } from '#renderer/view/threshold-words.ts';
import classes from '#renderer/run/header.module.css';

const SIGNS = { good: 'check', bad: 'cross', unknown: 'unknown' } as const;

export function VerdictButton({ status }: { readonly status: RunStatus }): ReactNode {
  const [opened, { toggle, close }] = useDisclosure(false);
  const verdict = describeVerdict(status.thresholds, status.state, status.virtualMs < status.warmupMs);
  return (
    <Popover opened={opened} onChange={close} position="bottom-end" width={340}>
      <Popover.Target>
        <button
          type="button"
          className={classes['verdict']}
          data-tone={verdict.tone}
          onClick={toggle}
          aria-expanded={opened}
        >
          <Icon name={SIGNS[verdict.tone]} size={14} />
          {verdict.text}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <h2 className={classes['popoverTitle']}>Thresholds</h2>
        {status.thresholds.length === 0 ? (
          <p className={classes['popoverNote']}>This scenario sets none: add them to its file, under thresholds.</p>
        ) : (
          <ul className={classes['thresholds']}>
            {status.thresholds.map((threshold) => (
              <Threshold key={threshold.expression} threshold={threshold} />
            ))}
          </ul>
        )}
        {status.virtualMs < status.warmupMs && (
          <p className={classes['popoverNote']}>Still in the warm-up: most figures count from its end.</p>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function Threshold({ threshold }: { readonly threshold: ThresholdState }): ReactNode {
  const tone = threshold.pass === null ? 'unknown' : threshold.pass ? 'good' : 'bad';
  const words = { good: 'holds', bad: 'broken', unknown: 'no data yet' }[tone];
  return (
    <li data-tone={tone}>
      <Icon name={SIGNS[tone]} size={14} />
      <code>{threshold.expression}</code>
      <span>{threshold.observed === null ? words : `${describeObserved(threshold)}, ${words}`}</span>
    </li>
  );
}
