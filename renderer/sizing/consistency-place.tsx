/** Consistency and survival: a cluster and its data centers at the left, at the right what they promise and what they outlive. */
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { Alert } from '@mantine/core';
import { judgeConsistency } from '#renderer/feed/host-api.ts';
import { useAnswer, valueOf } from '#renderer/feed/use-answer.ts';
import { readPlace, replacePlace, usePlace } from '#renderer/screens.ts';
import {
  consistencyPlace,
  GUIDE_CLUSTER,
  isConsistencyPlace,
  readConsistencyPlace,
  type ConsistencyForm,
} from '#renderer/view/consistency-form.ts';
import { ConsistencyInputs } from '#renderer/sizing/consistency-inputs.tsx';
import { ClusterResults } from '#renderer/sizing/cluster-results.tsx';
import { CenterResults } from '#renderer/sizing/center-results.tsx';
import { LayoutsTable } from '#renderer/sizing/layouts-table.tsx';
import { ResultsLoading } from '#renderer/sizing/results-loading.tsx';
import { SizingHeader } from '#renderer/sizing/sizing-header.tsx';
import classes from '#renderer/sizing/sizing.module.css';

const TYPING_MS = 150;

/** Kept while the app is open: a look at the run doesn't lose what was typed. */
let kept: ConsistencyForm = GUIDE_CLUSTER;

export function ConsistencyPlace(): ReactNode {
  const [form, onChange] = useForm();
  const ask = useCallback((signal: AbortSignal) => judgeConsistency(form, signal), [form]);
  const answer = useAnswer(ask, TYPING_MS);
  const reply = valueOf(answer);
  const problems = answer.state === 'refused' ? answer.refusal.problems : [];
  return (
    <div className={classes['screen']}>
      <SizingHeader
        shown="consistency"
        about="What a Cassandra cluster promises, and how many of its nodes may be lost, by levels and data centers."
      />
      <div className={classes['columns']}>
        <ConsistencyInputs form={form} problems={problems} onChange={onChange} />
        <div
          className={classes['results']}
          aria-busy={answer.state === 'waiting'}
          data-stale={answer.state === 'refused' || undefined}
        >
          {answer.state === 'refused' && (
            <Alert color="red" title={answer.refusal.message}>
              {problems.length > 0 ? 'What is wrong stands at its field.' : 'Try again.'}
              {reply && ' The figures below are those before.'}
            </Alert>
          )}
          {reply && (
            <>
              <ClusterResults cluster={reply.cluster} command={reply.commands.cluster} />
              <CenterResults dataCenters={reply.dataCenters} command={reply.commands.dataCenters} />
              <LayoutsTable layouts={reply.layouts} asked={reply.dataCenters.layout} onChange={onChange} />
            </>
          )}
          {!reply && answer.state === 'waiting' && <ResultsLoading label="Consistency and survival" />}
        </div>
      </div>
    </div>
  );
}

/** The form, and the address that carries it: each follows the other. */
function useForm(): readonly [ConsistencyForm, (change: Partial<ConsistencyForm>) => void] {
  const place = usePlace();
  const [form, setForm] = useState(() => readConsistencyPlace(place) ?? kept);
  useEffect(() => {
    kept = form;
    const timer = setTimeout(() => replacePlace('sizing', consistencyPlace(form)), TYPING_MS);
    return () => clearTimeout(timer);
  }, [form]);
  useEffect(() => {
    const follow = (): void => {
      const asked = readConsistencyPlace(readPlace());
      if (asked !== null) setForm(asked);
      else if (isConsistencyPlace(readPlace())) replacePlace('sizing', consistencyPlace(kept));
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const onChange = useCallback((change: Partial<ConsistencyForm>) => setForm((last) => ({ ...last, ...change })), []);
  return [form, onChange];
}
