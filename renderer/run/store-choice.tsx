/** Where a live run keeps what it acknowledges: the choice of its store, and of a Cassandra its contact points. */
import type { ReactNode } from 'react';
import { Alert, SegmentedControl, TextInput } from '@mantine/core';
import type { HostRefusal } from '#renderer/feed/host-api.ts';
import { pointsProblem, STORE_ABOUTS, STORE_CHOICES, type StoreForm } from '#renderer/view/store-form.ts';
import classes from '#renderer/run/start.module.css';

interface StoreChoiceProps {
  readonly form: StoreForm;
  /** Why the host would not start with it; null: it has not been asked, or would. */
  readonly refusal: HostRefusal | null;
  readonly onChange: (form: StoreForm) => void;
}

export function StoreChoice({ form, refusal, onChange }: StoreChoiceProps): ReactNode {
  const atPoints = refusal === null ? undefined : pointsProblem(form, refusal.problems);
  return (
    <div className={classes['store']}>
      <div>
        <span id="start-store" className={classes['label']}>
          Store
        </span>
        <SegmentedControl
          aria-labelledby="start-store"
          aria-describedby="start-store-about"
          size="xs"
          data={[...STORE_CHOICES]}
          value={form.name}
          onChange={(name) => onChange({ ...form, name })}
        />
        <p id="start-store-about" className={classes['modeAbout']}>
          {STORE_ABOUTS[form.name]}
        </p>
      </div>
      {form.name === 'cassandra' && (
        <TextInput
          size="xs"
          label="Contact points"
          description="Hosts, or host:port, between commas; blank: the seed nodes of the scenario's options"
          placeholder="127.0.0.1:19160"
          spellCheck={false}
          autoComplete="off"
          value={form.contactPoints}
          error={atPoints}
          onChange={(event) => onChange({ ...form, contactPoints: event.currentTarget.value })}
        />
      )}
      {refusal !== null && atPoints === undefined && (
        <Alert color="red" title="This store can't be used">
          {refusal.message}
        </Alert>
      )}
    </div>
  );
}
