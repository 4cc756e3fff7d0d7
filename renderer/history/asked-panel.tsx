/** What the store was asked: every question of this screen, how long it took, and a line for curl that asks it again. */
import { useSyncExternalStore, type ReactNode } from 'react';
import { CloseButton, CopyButton } from '@mantine/core';
import type { AskedLine, AskedLog } from '#renderer/history/asked-log.ts';
import { formatCount, formatDuration } from '#renderer/view/format.ts';
import { plural } from '#renderer/view/history-insight.ts';
import whyClasses from '#renderer/run/why.module.css';
import classes from '#renderer/history/history.module.css';

export function useAsked(asked: AskedLog): readonly AskedLine[] {
  return useSyncExternalStore(asked.subscribe, asked.lines);
}

export function AskedPanel({ asked, onClose }: { readonly asked: AskedLog; readonly onClose: () => void }): ReactNode {
  const lines = useAsked(asked);
  return (
    <aside className={whyClasses['why']} aria-label="What the store was asked">
      <header className={whyClasses['head']}>
        <div>
          <p className={whyClasses['kind']}>newest first; each question once</p>
          <h2>What the store was asked</h2>
        </div>
        <CloseButton aria-label="Close what was asked" onClick={onClose} />
      </header>
      <div className={whyClasses['body']} tabIndex={0} role="group" aria-label="Questions">
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
      </div>
    </aside>
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
