/** What the store was asked: every question of this screen, how long it took, and a line for curl that asks it again. */
import { useSyncExternalStore, type ReactNode } from 'react';
import { CopyButton } from '@mantine/core';
import type { AskedLine, AskedLog } from '#renderer/history/asked-log.ts';
import { SidePanel } from '#renderer/shared/side-panel.tsx';
import { formatCount, formatDuration } from '#renderer/view/format.ts';
import { plural } from '#renderer/view/history-insight.ts';
import classes from '#renderer/history/history.module.css';

export function useAsked(asked: AskedLog): readonly AskedLine[] {
  return useSyncExternalStore(asked.subscribe, asked.lines);
}

export function AskedPanel({ asked, onClose }: { readonly asked: AskedLog; readonly onClose: () => void }): ReactNode {
  const lines = useAsked(asked);
  return (
    <SidePanel
      label="What the store was asked"
      bodyLabel="Questions"
      kind="newest first; each question once"
      title="What the store was asked"
      closeLabel="Close what was asked"
      onClose={onClose}
    >
      {lines.length === 0 && <p className={classes['dim']}>Nothing yet.</p>}
      <ol className={classes['asked']}>
        {lines.map((line) => (
          <li key={line.text} data-amiss={(line.status ?? 599) >= 500 || undefined}>
            <code>{line.text}</code>
            <p>
              {describeLine(line)}
              {line.curl !== null && (
                <CopyButton value={line.curl}>
                  {({ copied, copy }) => (
                    <button type="button" className={classes['copyLine']} title={line.curl ?? ''} onClick={copy}>
                      {copied ? 'copied' : 'copy as curl'}
                    </button>
                  )}
                </CopyButton>
              )}
            </p>
          </li>
        ))}
      </ol>
    </SidePanel>
  );
}

function describeLine({ status, tookMs, rows, times, backend }: AskedLine): string {
  const parts = [
    status === null ? 'no answer' : String(status),
    tookMs === null ? null : formatDuration(Math.max(1, tookMs)),
    rows === null ? null : plural(rows, 'record'),
    backend === null ? null : `by ${backend}`,
    times === 1 ? null : `${formatCount(times)}×`,
  ];
  return `${parts.filter((part) => part !== null).join(' · ')} `;
}
