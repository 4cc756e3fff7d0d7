/** What can be done to a node on purpose, and for how long; or, while it is under something, what ends that. */
import { useState, type ReactNode } from 'react';
import { ActionIcon, Button, Popover, SegmentedControl, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { LiveFaultKind, LiveNode } from '#protocol/run-feed-live.ts';
import { useRunLine } from '#renderer/feed/run-context.tsx';
import { Icon } from '#renderer/shared/icons.tsx';
import { canBeStruck, FAULT_LABELS, FAULT_LENGTHS } from '#renderer/view/live-words.ts';
import classes from '#renderer/run/nodes.module.css';

const KINDS = ['kill', 'stop', 'restart', 'slow', 'partition'] as const satisfies readonly LiveFaultKind[];
const LENGTHS = FAULT_LENGTHS.map(({ value, label }) => ({ value, label }));

export function FaultsButton({ node }: { readonly node: LiveNode }): ReactNode {
  const { send } = useRunLine();
  const [opened, { toggle, close }] = useDisclosure(false);
  const [length, setLength] = useState<string>(LENGTHS[0]?.value ?? '');
  const { name, fault } = node;
  const strike = (kind: LiveFaultKind): void => {
    const forMs = FAULT_LENGTHS.find(({ value }) => value === length)?.forMs ?? null;
    send({ type: 'fault', kind, node: name, forMs });
    close();
  };
  return (
    <Popover opened={opened} onChange={close} position="bottom-end" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={`Hurt or heal ${name}`} disabled={opened}>
          <ActionIcon
            size={22}
            variant="subtle"
            aria-label={`Faults of ${name}`}
            aria-expanded={opened}
            onClick={toggle}
          >
            <Icon name="fault" size={13} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Faults of ${name}`}>
        {fault === null ? (
          <>
            <h2 className={classes['faultTitle']}>Hurt {name}</h2>
            <SegmentedControl
              size="xs"
              fullWidth
              aria-label="For how long, in virtual time"
              data={LENGTHS}
              value={length}
              onChange={setLength}
            />
            <ul className={classes['faults']}>
              {KINDS.map((kind) => (
                <li key={kind}>
                  <button type="button" disabled={!canBeStruck(node)} onClick={() => strike(kind)}>
                    <strong>{FAULT_LABELS[kind].verb}</strong>
                    <span>{FAULT_LABELS[kind].about}</span>
                  </button>
                </li>
              ))}
            </ul>
            {!canBeStruck(node) && <p className={classes['faultNote']}>It is not up just now: wait until it is.</p>}
          </>
        ) : (
          <>
            <h2 className={classes['faultTitle']}>
              {name} is under: {FAULT_LABELS[fault].verb.toLowerCase()}
            </h2>
            <p className={classes['faultNote']}>It ends by itself after the time that was set, or now.</p>
            <Button
              size="xs"
              fullWidth
              onClick={() => {
                send({ type: 'heal', node: name });
                close();
              }}
            >
              Heal {name}
            </Button>
          </>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
