/** Picks what runs next: a scenario of the gallery, its seed and speed, a live run's store, and if wanted other traffic than its own. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Alert, Button, Drawer, NumberInput, SegmentedControl, Skeleton, Switch } from '@mantine/core';
import type { ScenarioCard } from '#protocol/control-api.ts';
import type { StoreRequest } from '#protocol/run-feed-live.ts';
import type { RunMode, RunSpeed, RunStatus, SizingTraffic } from '#protocol/run-feed.ts';
import { findStore, HostRefusal, listScenarios } from '#renderer/feed/host-api.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { useAnswer, valueOf } from '#renderer/feed/use-answer.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import { formatElapsed, formatSpeed } from '#renderer/view/format.ts';
import { MODE_LABELS, speedFor, speedsOf } from '#renderer/view/run-mode.ts';
import { storeForm, storeRequest, type StoreForm } from '#renderer/view/store-form.ts';
import { parseSpeed } from '#renderer/run/run-header.tsx';
import { ScenarioChoice } from '#renderer/run/scenario-choice.tsx';
import { StoreChoice } from '#renderer/run/store-choice.tsx';
import classes from '#renderer/run/start.module.css';

interface StartDrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onStarted: () => void;
  /** Sizing inputs to begin with, typed elsewhere; null: the scenario's own traffic. */
  readonly traffic: SizingTraffic | null;
}

export function StartDrawer({ opened, onClose, onStarted, traffic }: StartDrawerProps): ReactNode {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="left"
      size={520}
      title="Start a run"
      padding="md"
      styles={{ title: { fontWeight: 600 } }}
    >
      {opened && (
        <StartForm
          onStarted={() => {
            onClose();
            onStarted();
          }}
          given={traffic}
        />
      )}
    </Drawer>
  );
}

function StartForm({
  onStarted,
  given,
}: {
  readonly onStarted: () => void;
  readonly given: SizingTraffic | null;
}): ReactNode {
  const { send } = useRunLine();
  const { status } = useRunView('header');
  const answer = useAnswer(listScenarios);
  const cards = valueOf(answer);
  const [chosen, setChosen] = useState<string | null>(null);
  const [seed, setSeed] = useState<number | null>(null);
  const [mode, setMode] = useState<RunMode>(status?.mode ?? 'sim');
  const [speed, setSpeed] = useState<RunSpeed>(1);
  const [typed, setTyped] = useState<SizingTraffic | null>(given);
  const [store, setStore] = useState<StoreForm>(() => storeForm(status?.live?.store.asked));
  const search = useStoreSearch();
  const file = chosen ?? status?.scenarioFile ?? firstChoice(cards ?? []);
  const card = cards?.find((one) => one.file === file);
  const choose = (next: string): void => {
    setChosen(next);
    setSeed(null);
  };
  const chooseMode = (next: RunMode): void => {
    setMode(next);
    setSpeed(speedFor(next, speed));
  };
  const start = async (): Promise<void> => {
    if (!card) return;
    const begin = { type: 'start', mode, scenario: card.file, seed: seed ?? card.seed, speed, traffic: typed } as const;
    if (mode === 'sim') send(begin);
    else {
      const asked = storeRequest(store);
      if (!(await search.find(card.file, asked))) return;
      send({ ...begin, store: asked });
    }
    onStarted();
  };
  if (answer.state === 'refused')
    return (
      <Alert color="red" title="The scenarios can't be read">
        {answer.refusal.message}
      </Alert>
    );
  if (!cards) return <GalleryLoading />;
  if (cards.length === 0)
    return <Alert>There is no scenario yet: put a file into the folder scenarios, then open this again.</Alert>;
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <fieldset className={classes['gallery']}>
        <legend>Scenario</legend>
        {cards.map((one) => (
          <ScenarioChoice key={one.file} card={one} isChosen={one.file === card?.file} onChoose={choose} />
        ))}
      </fieldset>
      {card && (
        <>
          <ModeChoice mode={mode} onMode={chooseMode} />
          <div className={classes['settings']}>
            <NumberInput
              label="Seed"
              description="Equal seeds, equal runs"
              size="xs"
              min={0}
              allowDecimal={false}
              value={seed ?? card.seed}
              onChange={(value) => setSeed(typeof value === 'number' ? value : null)}
            />
            <div>
              <span id="start-speed" className={classes['label']}>
                Speed
              </span>
              <SegmentedControl
                aria-labelledby="start-speed"
                size="xs"
                data={speedsOf(mode).map((one) => ({ value: String(one), label: formatSpeed(one) }))}
                value={String(speed)}
                onChange={(value) => setSpeed(parseSpeed(value))}
              />
            </div>
          </div>
          {mode === 'live' && (
            <StoreChoice
              form={store}
              refusal={search.refusal}
              onChange={(next) => {
                search.forget();
                setStore(next);
              }}
            />
          )}
          <TypedTraffic card={card} typed={typed} onTyped={setTyped} />
        </>
      )}
      <footer className={classes['foot']}>
        <Lost status={status} />
        <Button
          type="submit"
          loading={search.isLooking}
          disabled={!card || card.problems.length > 0}
          leftSection={<Icon name="play" />}
        >
          Start {card?.name ?? ''}
          {mode === 'live' && ' live'}
        </Button>
      </footer>
    </form>
  );
}

interface StoreSearch {
  readonly isLooking: boolean;
  readonly refusal: HostRefusal | null;
  /** False: it can't be used and `refusal` says why, or nobody waits for it any more. */
  find(scenario: string, asked: StoreRequest): Promise<boolean>;
  forget(): void;
}

/** A Cassandra is looked for before anything is ended for a run in it; the other stores are always there. */
function useStoreSearch(): StoreSearch {
  const [isLooking, setLooking] = useState(false);
  const [refusal, setRefusal] = useState<HostRefusal | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  return {
    isLooking,
    refusal,
    async find(scenario, asked) {
      setRefusal(null);
      if (asked.name !== 'cassandra') return true;
      const asking = new AbortController();
      abort.current = asking;
      setLooking(true);
      try {
        await findStore({ scenario, store: asked }, asking.signal);
        return !asking.signal.aborted;
      } catch (error) {
        if (asking.signal.aborted) return false;
        setRefusal(error instanceof HostRefusal ? error : new HostRefusal(String(error), []));
        return false;
      } finally {
        if (!asking.signal.aborted) setLooking(false);
      }
    },
    forget: () => setRefusal(null),
  };
}

interface ModeChoiceProps {
  readonly mode: RunMode;
  readonly onMode: (mode: RunMode) => void;
}

function ModeChoice({ mode, onMode }: ModeChoiceProps): ReactNode {
  return (
    <div>
      <span id="start-mode" className={classes['label']}>
        How
      </span>
      <SegmentedControl
        aria-labelledby="start-mode"
        aria-describedby="start-mode-about"
        size="xs"
        data={(['sim', 'live'] as const).map((value) => ({ value, label: MODE_LABELS[value] }))}
        value={mode}
        onChange={onMode}
      />
      <p id="start-mode-about" className={classes['modeAbout']}>
        {MODE_ABOUTS[mode]}
      </p>
    </div>
  );
}

const MODE_ABOUTS: Readonly<Record<RunMode, string>> = {
  sim: 'In virtual time, up to thousands of times as fast as life; equal seeds give equal runs.',
  live: 'Real server processes on this machine with real sockets and a real store, at 0.1x to 10x. Takes some seconds to start.',
};

/** The guide's example, else the first that can run. */
function firstChoice(cards: readonly ScenarioCard[]): string | undefined {
  const sound = cards.filter(({ problems }) => problems.length === 0).map(({ file }) => file);
  return sound.find((file) => file === 'guide-example.yaml') ?? sound[0];
}

function GalleryLoading(): ReactNode {
  return (
    <div className={classes['gallery']} aria-label="Reading the scenarios" role="status">
      {Array.from({ length: 3 }, (_, index) => (
        <Skeleton key={index} height={84} />
      ))}
    </div>
  );
}

/** Starting ends what runs: says what is lost by it. */
function Lost({ status }: { readonly status: RunStatus | null }): ReactNode {
  if (status === null || (status.state !== 'running' && status.state !== 'paused')) return <span />;
  return (
    <p className={classes['lost']}>
      Ends {status.scenario} at {formatElapsed(status.virtualMs)} of {formatElapsed(status.totalMs)}; its charts and
      report go with it.
    </p>
  );
}

interface TypedTrafficProps {
  readonly card: ScenarioCard;
  readonly typed: SizingTraffic | null;
  readonly onTyped: (traffic: SizingTraffic | null) => void;
}

const FIELDS = [
  { name: 'visitsPerHour', label: 'Visits per hour', min: 1, step: 100 },
  { name: 'pageViewsPerHour', label: 'Page views per hour', min: 1, step: 1_000 },
  { name: 'pageEvents', label: 'Business events per page view', min: 0, step: 0.5 },
  { name: 'visitEvents', label: 'Identity events per visit', min: 0, step: 0.1 },
] as const;

function TypedTraffic({ card, typed, onTyped }: TypedTrafficProps): ReactNode {
  const { visitsPerHour, pageViewsPerHour, pageEvents, visitEvents } = card;
  const own = {
    visitsPerHour: Math.round(visitsPerHour),
    pageViewsPerHour: Math.round(pageViewsPerHour),
    pageEvents,
    visitEvents,
  };
  return (
    <div className={classes['traffic']}>
      <Switch
        size="xs"
        label="Type the traffic, in place of the scenario's own"
        checked={typed !== null}
        onChange={(event) => onTyped(event.currentTarget.checked ? own : null)}
      />
      {typed !== null && (
        <div className={classes['fields']}>
          {FIELDS.map(({ name, label, min, step }) => (
            <NumberInput
              key={name}
              label={label}
              size="xs"
              min={min}
              step={step}
              thousandSeparator=","
              value={typed[name]}
              onChange={(value) => onTyped({ ...typed, [name]: typeof value === 'number' ? value : typed[name] })}
              error={
                name === 'pageViewsPerHour' && typed.pageViewsPerHour < typed.visitsPerHour
                  ? 'At least one page view a visit'
                  : undefined
              }
            />
          ))}
        </div>
      )}
    </div>
  );
}
