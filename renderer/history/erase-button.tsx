/** Erases an identity with all of its history, after it has named what will be lost. */
import type { ReactNode } from 'react';
import { Button, Group, Loader, Modal } from '@mantine/core';
import type { ErasureUse } from '#renderer/history/use-erasure.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import { FigureList } from '#renderer/shared/side-panel.tsx';
import { formatCount } from '#renderer/view/format.ts';
import { describeLoss } from '#renderer/view/history-erasure.ts';
import type { IdentityCounts } from '#renderer/history/erase-identity.ts';
import classes from '#renderer/history/history.module.css';

interface EraseButtonProps {
  readonly identityId: string;
  readonly erasure: ErasureUse;
}

export function EraseButton({ identityId, erasure }: EraseButtonProps): ReactNode {
  const { state, count, erase, cancel } = erasure;
  return (
    <>
      <Button size="compact-sm" variant="default" leftSection={<Icon name="erase" size={12} />} onClick={count}>
        Erase
      </Button>
      <Modal opened={state.step !== 'idle'} onClose={cancel} title={`Erase ${identityId}`} size={480}>
        {state.step === 'counting' && (
          <p className={classes['counting']} role="status">
            <Loader size="xs" color="gray" /> Counting what would be lost.
          </p>
        )}
        {state.step === 'failed' && (
          <>
            <p role="alert" className={classes['failed']}>
              {state.words}
            </p>
            <Group gap="xs">
              <Button size="xs" onClick={count}>
                Try again
              </Button>
              <Button size="xs" variant="default" onClick={cancel}>
                Leave it
              </Button>
            </Group>
          </>
        )}
        {(state.step === 'counted' || state.step === 'erasing') && (
          <Confirmation
            identityId={identityId}
            counts={state.counts}
            isErasing={state.step === 'erasing'}
            onErase={erase}
            onCancel={cancel}
          />
        )}
      </Modal>
    </>
  );
}

interface ConfirmationProps {
  readonly identityId: string;
  readonly counts: IdentityCounts;
  readonly isErasing: boolean;
  readonly onErase: () => void;
  readonly onCancel: () => void;
}

function Confirmation({ identityId, counts, isErasing, onErase, onCancel }: ConfirmationProps): ReactNode {
  return (
    <>
      <p>
        This takes {identityId} and all that is known of him out of every table, for good: the history, his contact, and
        what the contact center has finished for him. Backups, journals and logs are not touched.
      </p>
      <FigureList
        figures={counts.lists.map(({ list, count, isMore }) => ({
          name: describeLoss(list),
          value: `${isMore ? 'more than ' : ''}${formatCount(count)}`,
        }))}
      />
      {counts.openVisits > 0 && (
        <p className={classes['failed']}>
          {counts.openVisits === 1 ? 'One of the visits goes on' : `${counts.openVisits} of the visits go on`}: what
          comes after the erasure is written anew. Erase when the visitor has gone.
        </p>
      )}
      <Group gap="xs" mt="md">
        <Button size="xs" color="red" loading={isErasing} onClick={onErase}>
          Erase for good
        </Button>
        <Button size="xs" variant="default" data-autofocus onClick={onCancel} disabled={isErasing}>
          Keep
        </Button>
      </Group>
    </>
  );
}
