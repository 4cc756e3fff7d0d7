/** Runs the traffic that was typed, with the people and rules of a scenario; says first what ends by it. */
import type { ReactNode } from 'react';
import { Button, Group, Popover, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { RunSpeed, SizingTraffic } from '#protocol/run-feed.ts';
import { useRunLine, useRunView } from '#renderer/feed/run-context.tsx';
import { Icon } from '#renderer/shared/icons.tsx';
import { formatElapsed, formatNumber } from '#renderer/view/format.ts';

interface SimulateButtonProps {
  /** null: the inputs are incomplete or wrong. */
  readonly traffic: SizingTraffic | null;
  readonly onChoose: (traffic: SizingTraffic) => void;
  readonly onStarted: () => void;
}

const FIRST_SCENARIO = 'guide-example.yaml';

export function SimulateButton({ traffic, onChoose, onStarted }: SimulateButtonProps): ReactNode {
  const { send } = useRunLine();
  const { status } = useRunView('header');
  const [opened, { open, close }] = useDisclosure(false);
  const scenario = status?.scenarioFile ?? FIRST_SCENARIO;
  const isUnderWay = status !== null && (status.state === 'running' || status.state === 'paused');
  const start = (speed: RunSpeed): void => {
    if (traffic === null) return;
    close();
    send({ type: 'start', mode: 'sim', scenario, seed: null, speed, traffic });
    onStarted();
  };
  return (
    <Popover opened={opened} onChange={close} position="bottom-end" width={340} trapFocus returnFocus>
      <Popover.Target>
        <Button
          leftSection={<Icon name="play" />}
          disabled={traffic === null}
          onClick={() => (isUnderWay ? open() : start(1))}
          aria-expanded={opened}
        >
          Simulate this
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" mb="sm">
          {traffic !== null &&
            `${formatNumber(traffic.visitsPerHour)} visits and ${formatNumber(traffic.pageViewsPerHour)} page views an hour, `}
          on the site, rules and agents of {scenario.replace(/\.ya?ml$/i, '')}.
          {isUnderWay &&
            ` Ends ${status.scenario} at ${formatElapsed(status.virtualMs)}; its charts and report go with it.`}
        </Text>
        <Group gap="xs">
          <Button size="xs" onClick={() => start(1)}>
            Start
          </Button>
          <Button size="xs" variant="default" onClick={() => start('max')}>
            Start at full speed
          </Button>
          <Button
            size="xs"
            variant="subtle"
            onClick={() => {
              close();
              if (traffic !== null) onChoose(traffic);
            }}
          >
            Other scenario…
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}
