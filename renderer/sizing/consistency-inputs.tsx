/** What the consistency calculator starts from; what is wrong with an input stands under it. */
import { memo, type ReactNode } from 'react';
import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import type { Problem } from '#protocol/control-api.ts';
import { levelsOffered, type ConsistencyForm } from '#renderer/view/consistency-form.ts';
import sizing from '#renderer/sizing/sizing.module.css';
import classes from '#renderer/sizing/consistency.module.css';

interface ConsistencyInputsProps {
  readonly form: ConsistencyForm;
  readonly problems: readonly Problem[];
  readonly onChange: (change: Partial<ConsistencyForm>) => void;
}

const COUNTS = [
  { name: 'nodes', label: 'Nodes' },
  { name: 'replicationFactor', label: 'Replication factor' },
] as const;

const LEVELS = [
  { name: 'write', label: 'Writes at' },
  { name: 'read', label: 'Reads at' },
] as const;

export const ConsistencyInputs = memo(function ConsistencyInputs({
  form,
  problems,
  onChange,
}: ConsistencyInputsProps): ReactNode {
  const problemOf = (name: keyof ConsistencyForm): ReactNode => {
    const said = problems.filter(({ path }) => path === name).map(({ message }) => message);
    return said.length === 0 ? undefined : said.join('; ');
  };
  return (
    <form className={sizing['inputs']} aria-label="Consistency inputs" onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend>One data center</legend>
        {COUNTS.map(({ name, label }) => (
          <div key={name} className={classes['field']}>
            <label htmlFor={`consistency-${name}`}>{label}</label>
            <NumberInput
              id={`consistency-${name}`}
              size="xs"
              value={form[name] ?? ''}
              min={1}
              max={1_000}
              allowDecimal={false}
              hideControls
              clampBehavior="none"
              error={problemOf(name)}
              onChange={(next) => onChange({ [name]: typeof next === 'number' ? next : null })}
            />
          </div>
        ))}
        {LEVELS.map(({ name, label }) => (
          <div key={name} className={classes['field']}>
            <label htmlFor={`consistency-${name}`}>{label}</label>
            <NativeSelect
              id={`consistency-${name}`}
              size="xs"
              data={levelsOffered(form[name])}
              value={form[name]}
              error={problemOf(name)}
              onChange={(event) => onChange({ [name]: event.currentTarget.value })}
            />
          </div>
        ))}
      </fieldset>
      <fieldset>
        <legend>Several data centers</legend>
        <TextInput
          size="xs"
          label="Data centers and their replicas"
          description="As wmdb.cassandra.cluster.defaultStrategyParams has it"
          placeholder="DataCenter1:3, DataCenter2:2"
          spellCheck={false}
          autoComplete="off"
          value={form.dataCenters}
          error={problemOf('dataCenters')}
          onChange={(event) => onChange({ dataCenters: event.currentTarget.value })}
        />
      </fieldset>
    </form>
  );
});
