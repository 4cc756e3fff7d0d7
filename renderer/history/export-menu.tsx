/** Saves what is known of a visit or an identity: all of it as JSON, or one kind of record as CSV; with a count, and a way out. */
import { useRef, useState, type ReactNode } from 'react';
import { Button, Menu } from '@mantine/core';
import {
  EXPORTED_LISTS,
  exportCsv,
  exportJson,
  LIST_LABELS,
  type ExportProgress,
  type ExportSubject,
} from '#renderer/history/export-history.ts';
import { HistoryRefusal, type HistoryClient } from '#renderer/history/history-client.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import { saveFile } from '#renderer/shared/save-file.ts';
import { fileNameOf } from '#renderer/view/history-csv.ts';
import classes from '#renderer/history/history.module.css';

interface ExportMenuProps {
  readonly client: HistoryClient;
  readonly subject: ExportSubject;
}

type State =
  | { readonly step: 'idle' }
  | { readonly step: 'reading'; readonly words: string }
  | { readonly step: 'said'; readonly words: string };

export function ExportMenu({ client, subject }: ExportMenuProps): ReactNode {
  const [state, setState] = useState<State>({ step: 'idle' });
  const abort = useRef<AbortController | null>(null);
  const save = async (
    name: string,
    extension: 'json' | 'csv',
    read: (progress: ExportProgress) => Promise<string>,
  ): Promise<void> => {
    const { signal } = (abort.current = new AbortController());
    setState({ step: 'reading', words: 'Nothing' });
    try {
      const text = await read({ signal, onRead: (words) => setState({ step: 'reading', words }) });
      const suggestedName = fileNameOf([subject.kind, subject.id, ...(name === '' ? [] : [name])], extension);
      const outcome = await saveFile({
        suggestedName,
        kind: { name: extension.toUpperCase(), extensions: [extension] },
        text,
      });
      setState(
        outcome.outcome === 'cancelled'
          ? { step: 'idle' }
          : { step: 'said', words: outcome.outcome === 'saved' ? `Saved as ${outcome.name}` : outcome.reason },
      );
    } catch (error) {
      if (signal.aborted) return setState({ step: 'idle' });
      if (!(error instanceof HistoryRefusal)) throw error;
      setState({ step: 'said', words: `Not saved: ${error.message}` });
    }
  };
  if (state.step === 'reading') {
    return (
      <Button size="compact-sm" variant="default" onClick={() => abort.current?.abort()}>
        {state.words} read: cancel
      </Button>
    );
  }
  return (
    <>
      <span role="status" className={classes['said']}>
        {state.step === 'said' && state.words}
      </span>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button size="compact-sm" variant="default" leftSection={<Icon name="save" size={12} />}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void save('', 'json', (progress) => exportJson(client, subject, progress))}>
            All of it as JSON
          </Menu.Item>
          <Menu.Divider />
          {EXPORTED_LISTS[subject.kind].map((list) => (
            <Menu.Item
              key={list}
              onClick={() => void save(list, 'csv', (progress) => exportCsv(client, subject, list, progress))}
            >
              {`${LIST_LABELS[list].charAt(0).toUpperCase()}${LIST_LABELS[list].slice(1)} as CSV`}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
