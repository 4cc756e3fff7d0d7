/** Stops the run after it has said what is lost by it. */
import type { ReactNode } from 'react';
import { ActionIcon, Button, Group, Popover, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useRunLine } from '#renderer/feed/run-context.tsx';
import { Icon } from '#renderer/shared/icons.tsx';
import { formatElapsed } from '#renderer/view/format.ts';

export function StopButton(): ReactNode {
  const { send, store } = useRunLine();
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <Popover opened={opened} onChange={close} position="bottom-end" width={290} trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          size={30}
          variant="default"
          aria-label="Stop the run"
          title="Stop the run"
          onClick={toggle}
          aria-expanded={opened}
        >
          <Icon name="stop" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" mb="sm">
          Stop for good at {formatElapsed(store.view().status?.virtualMs ?? 0)}? What is on the screen stays, and so
          does the report so far; the rest of the run won't happen.
        </Text>
        <Group gap="xs">
          <Button
            size="xs"
            onClick={() => {
              send({ type: 'stop' });
              close();
            }}
          >
            Stop
          </Button>
          <Button size="xs" variant="default" onClick={close}>
            Go on
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}
