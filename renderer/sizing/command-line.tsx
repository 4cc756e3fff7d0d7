/** The command line that prints the same, to be copied. */
import type { ReactNode } from 'react';
import { useClipboard } from '@mantine/hooks';
import classes from '#renderer/sizing/consistency.module.css';

export function CommandLine({ command }: { readonly command: string }): ReactNode {
  const { copy, copied, error } = useClipboard();
  return (
    <div className={classes['command']}>
      <code>{command}</code>
      <button type="button" onClick={() => copy(command)} aria-label={`Copy ${command}`}>
        {copied ? 'Copied' : 'Copy'}
      </button>
      <span role="status">{error !== null && 'It could not be copied: select it.'}</span>
    </div>
  );
}
