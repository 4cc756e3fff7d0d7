/** Load and servers: rates at the left, at the right what they take, each figure with its formula and source on demand. */
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { Alert } from '@mantine/core';
import type { SizingTraffic } from '#protocol/run-feed.ts';
import { sizeDeployment } from '#renderer/feed/host-api.ts';
import { useAnswer, valueOf } from '#renderer/feed/use-answer.ts';
import { GUIDE_EXAMPLE, sizingRequest, trafficOf, type SizingForm } from '#renderer/view/sizing-form.ts';
import { ResultsLoading } from '#renderer/sizing/results-loading.tsx';
import { SimulateButton } from '#renderer/sizing/simulate-button.tsx';
import { SizingHeader } from '#renderer/sizing/sizing-header.tsx';
import { SizingInputs } from '#renderer/sizing/sizing-inputs.tsx';
import { SizingResults } from '#renderer/sizing/sizing-results.tsx';
import classes from '#renderer/sizing/sizing.module.css';

interface LoadPlaceProps {
  /** Opens the start of a run with this traffic. */
  readonly onSimulate: (traffic: SizingTraffic) => void;
  readonly onStarted: () => void;
}

const TYPING_MS = 150;

/** Kept while the app is open: a look at the run doesn't lose what was typed. */
let kept: { readonly form: SizingForm; readonly touched: ReadonlySet<string> } = {
  form: GUIDE_EXAMPLE,
  touched: new Set(),
};

export function LoadPlace({ onSimulate, onStarted }: LoadPlaceProps): ReactNode {
  const [{ form, touched }, setState] = useState(kept);
  const onChange = useCallback((name: string, value: number | null) => {
    setState((last) => {
      kept = { form: { ...last.form, [name]: value }, touched: new Set([...last.touched, name]) };
      return kept;
    });
  }, []);
  const request = useMemo(() => sizingRequest(form, touched), [form, touched]);
  const ask = useCallback((signal: AbortSignal) => sizeDeployment(request, signal), [request]);
  const answer = useAnswer(ask, TYPING_MS);
  const report = valueOf(answer);
  const problems = answer.state === 'refused' ? answer.refusal.problems : [];
  const traffic = trafficOf(form);
  return (
    <div className={classes['screen']}>
      <SizingHeader
        shown="load"
        about="From visits and page views to load, servers and disk, by the deployment guide's formulas."
      >
        <SimulateButton traffic={problems.length === 0 ? traffic : null} onChoose={onSimulate} onStarted={onStarted} />
      </SizingHeader>
      <div className={classes['columns']}>
        <SizingInputs form={form} problems={problems} assumptions={report?.assumptions ?? []} onChange={onChange} />
        <div
          className={classes['results']}
          aria-busy={answer.state === 'waiting'}
          data-stale={answer.state === 'refused' || undefined}
        >
          {answer.state === 'refused' && (
            <Alert color="red" title={answer.refusal.message}>
              {problems.map((problem) => `${problem.path}: ${problem.message}`).join('; ') || 'Try again.'}
              {report && ' The figures below are those before.'}
            </Alert>
          )}
          {report ? <SizingResults report={report} /> : answer.state === 'waiting' && <ResultsLoading label="Sizing" />}
        </div>
      </div>
    </div>
  );
}
