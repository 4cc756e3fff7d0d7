/** What a sizing starts from; what is wrong with an input stands under it. */
import { memo, type ReactNode } from 'react';
import { NumberInput } from '@mantine/core';
import type { Problem, SizingAssumption } from '#protocol/control-api.ts';
import { SIZING_SECTIONS, type SizingField, type SizingForm } from '#renderer/view/sizing-form.ts';
import classes from '#renderer/sizing/sizing.module.css';

interface SizingInputsProps {
  readonly form: SizingForm;
  readonly problems: readonly Problem[];
  readonly assumptions: readonly SizingAssumption[];
  readonly onChange: (name: string, value: number | null) => void;
}

export const SizingInputs = memo(function SizingInputs({
  form,
  problems,
  assumptions,
  onChange,
}: SizingInputsProps): ReactNode {
  return (
    <form className={classes['inputs']} aria-label="Sizing inputs" onSubmit={(event) => event.preventDefault()}>
      {SIZING_SECTIONS.map(({ title, fields }) => (
        <fieldset key={title}>
          <legend>{title}</legend>
          {fields.map((field) => (
            <Field
              key={field.name}
              field={field}
              value={form[field.name] ?? null}
              problem={problems.find(({ path }) => path === field.name)?.message}
              isAssumed={assumptions.some(({ input, given }) => input === field.name && !given)}
              onChange={onChange}
            />
          ))}
        </fieldset>
      ))}
    </form>
  );
});

interface FieldProps {
  readonly field: SizingField;
  readonly value: number | null;
  readonly problem: string | undefined;
  readonly isAssumed: boolean;
  readonly onChange: (name: string, value: number | null) => void;
}

function Field({ field, value, problem, isAssumed, onChange }: FieldProps): ReactNode {
  return (
    <div className={classes['field']}>
      <label htmlFor={`sizing-${field.name}`}>
        {field.label}
        {isAssumed && value !== null && <em>assumed</em>}
      </label>
      <NumberInput
        id={`sizing-${field.name}`}
        size="xs"
        value={value ?? ''}
        min={field.min}
        step={field.step}
        allowDecimal={!field.isWhole}
        allowNegative={false}
        hideControls
        thousandSeparator=","
        clampBehavior="none"
        placeholder={field.ifEmpty ?? ''}
        error={problem}
        onChange={(next) => onChange(field.name, typeof next === 'number' ? next : null)}
      />
      <span className={classes['unit']}>{field.unit}</span>
    </div>
  );
}
