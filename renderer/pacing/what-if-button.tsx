/** Tells pacing another goal, target or algorithm in mid-run: a form with the present values; what was told stands on the time axis. */
import { memo, useState, type ReactNode } from 'react';
import { Button, NativeSelect, NumberInput, Popover, SegmentedControl } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { PacingInForce, RunStatus, WhatIfMark } from '#protocol/run-feed.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { Icon } from '#renderer/shared/icons.tsx';
import { clockOf } from '#renderer/run/run-moment.ts';
import {
  ALGORITHM_LABELS,
  answerWhatIf,
  changeBack,
  isDualForm,
  PACED_BY_LABELS,
  whatIfForm,
  type WhatIfForm,
} from '#renderer/view/what-if-form.ts';
import classes from '#renderer/pacing/what-if.module.css';

export function WhatIfButton(): ReactNode {
  const { status } = useRunView('header');
  if (status === null || (status.state !== 'running' && status.state !== 'paused')) return null;
  return <WhatIf inForce={status.pacing} told={status.whatIfs.length} />;
}

/** Redrawn when pacing was told something, not with the clock: a form under somebody's hands stands still. */
const WhatIf = memo(
  function WhatIf({ inForce }: { readonly inForce: PacingInForce | null; readonly told: number }): ReactNode {
    const [opened, { close, toggle }] = useDisclosure(false);
    return (
      <Popover opened={opened} onChange={close} position="bottom-end" width={380} trapFocus returnFocus>
        <Popover.Target>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Icon name="whatIf" size={14} />}
            disabled={inForce === null}
            title={inForce === null ? 'Pacing is off in this scenario: there is nothing to be told' : undefined}
            onClick={toggle}
            aria-expanded={opened}
          >
            What if…
          </Button>
        </Popover.Target>
        <Popover.Dropdown>{inForce !== null && <Form inForce={inForce} onDone={close} />}</Popover.Dropdown>
      </Popover>
    );
  },
  (before, now) => before.told === now.told && (before.inForce === null) === (now.inForce === null),
);

interface FormProps {
  readonly inForce: PacingInForce;
  readonly onDone: () => void;
}

const TARGETS = [
  { value: 'ABANDONMENT_RATE', label: 'abandoned at most' },
  { value: 'BUSY_FACTOR', label: 'busy at least' },
] as const;

function Form({ inForce, onDone }: FormProps): ReactNode {
  const { send } = useRunLine();
  const [form, setForm] = useState(() => whatIfForm(inForce));
  const { change, problems } = answerWhatIf(inForce, form);
  const set = (more: Partial<WhatIfForm>): void => setForm((last) => ({ ...last, ...more }));
  return (
    <form
      className={classes['form']}
      aria-label="What if"
      onSubmit={(event) => {
        event.preventDefault();
        if (change === null) return;
        send({ type: 'whatIf', change });
        onDone();
      }}
    >
      <p>From this moment on pacing goes by what stands here. The scenario and the options stay as they are.</p>
      <div className={classes['goal']}>
        <SegmentedControl
          size="xs"
          aria-label="Target"
          data={[...TARGETS]}
          value={form.target}
          onChange={(target) => set({ target })}
        />
        <Percent label="Goal" value={form.goal} error={problems.goal} onChange={(goal) => set({ goal })} />
      </div>
      <NativeSelect
        size="xs"
        label="Paced by"
        data={[...PACED_BY_LABELS]}
        value={form.pacedBy}
        onChange={(event) => set({ pacedBy: event.currentTarget.value as WhatIfForm['pacedBy'] })}
      />
      <NativeSelect
        size="xs"
        label="Algorithm"
        disabled={form.pacedBy !== 'algorithm'}
        data={[...ALGORITHM_LABELS]}
        value={form.algorithm}
        onChange={(event) => set({ algorithm: event.currentTarget.value as WhatIfForm['algorithm'] })}
      />
      {isDualForm(form) && (
        <Percent
          label="Slots kept for invited visitors"
          value={form.proactiveRatio}
          error={problems.proactiveRatio}
          onChange={(proactiveRatio) => set({ proactiveRatio })}
        />
      )}
      <div className={classes['actions']}>
        <Button size="xs" type="submit" disabled={change === null}>
          Tell pacing
        </Button>
        <Button size="xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
      <Told onDone={onDone} />
    </form>
  );
}

interface PercentProps {
  readonly label: string;
  readonly value: number | null;
  readonly error: string | undefined;
  readonly onChange: (value: number | null) => void;
}

function Percent({ label, value, error, onChange }: PercentProps): ReactNode {
  return (
    <NumberInput
      size="xs"
      label={label}
      suffix=" %"
      min={0}
      max={100}
      decimalScale={1}
      hideControls
      clampBehavior="none"
      value={value ?? ''}
      error={error}
      onChange={(next) => onChange(typeof next === 'number' ? next : null)}
    />
  );
}

/** What was told so far, the newest first, and how to take it back. */
function Told({ onDone }: { readonly onDone: () => void }): ReactNode {
  const { store, send } = useRunLine();
  const { status } = store.view();
  const newest = status?.whatIfs.at(-1);
  if (status === null || newest === undefined) return null;
  return (
    <div className={classes['told']}>
      <h3>Told so far</h3>
      <ul>
        {status.whatIfs
          .toReversed()
          .slice(0, SHOWN_MAX)
          .map((mark) => describeMark(mark, status))}
      </ul>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          send({ type: 'whatIf', change: changeBack(newest.before) });
          onDone();
        }}
      >
        Take the last back
      </Button>
    </div>
  );
}

const SHOWN_MAX = 4;

function describeMark({ commandId, atMs, sentence }: WhatIfMark, { startsAt, timeZone }: RunStatus): ReactNode {
  return (
    <li key={commandId}>
      <time>{clockOf(startsAt, timeZone).time(atMs)}</time> {sentence}
    </li>
  );
}
