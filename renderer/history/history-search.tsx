/** One field for every id: it is looked for when typing rests, and what it names is listed below; Enter goes there. */
import { useCallback, useState, type KeyboardEvent, type ReactNode } from 'react';
import { CloseButton, Loader, TextInput } from '@mantine/core';
import { useAnswer, type Answer } from '#renderer/feed/use-answer.ts';
import { findById, type Finding } from '#renderer/history/find-by-id.ts';
import type { HistoryClient } from '#renderer/history/history-client.ts';
import { Icon } from '#renderer/shared/icons.tsx';
import type { HistoryRoute } from '#renderer/view/history-route.ts';
import classes from '#renderer/history/search.module.css';

interface HistorySearchProps {
  readonly client: HistoryClient;
  readonly onFound: (route: HistoryRoute) => void;
}

export const SEARCH_ID = 'history-search';
const TYPING_MS = 300;
const NONE: readonly Finding[] = [];
const AGAIN_MS = 2_000;

/** A run goes on: what is not stored yet, or could not be asked for, may be there a moment later. */
const untilItIsThere = (answer: Answer<readonly Finding[]>): number | null =>
  answer.state === 'answered' && answer.value.length > 0 ? null : AGAIN_MS;

export function HistorySearch({ client, onFound }: HistorySearchProps): ReactNode {
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const id = text.trim();
  const answer = useAnswer(
    useCallback(
      (signal: AbortSignal) => (id === '' ? Promise.resolve(NONE) : findById(client, id, signal)),
      [client, id],
    ),
    TYPING_MS,
    id !== '' && isOpen ? untilItIsThere : undefined,
  );
  const isWaiting = id !== '' && answer.state === 'waiting';
  const found = answer.state === 'answered' ? answer.value : NONE;
  const go = (finding: Finding | undefined): void => {
    if (finding === undefined) return;
    setOpen(false);
    setText('');
    onFound(finding.route);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      setAt((at + step + found.length) % found.length);
    } else if (event.key === 'Enter') go(found[at]);
    else if (event.key === 'Escape') {
      if (text === '') event.currentTarget.blur();
      setText('');
    }
  };
  const isListed = isOpen && id !== '';
  return (
    <div className={classes['search']}>
      <TextInput
        id={SEARCH_ID}
        size="sm"
        aria-label="Find a visit, identity, page or event by its id"
        placeholder="Find a visit, identity, page or event by its id"
        role="combobox"
        aria-expanded={isListed}
        aria-controls="history-found"
        aria-activedescendant={isListed && found[at] !== undefined ? `history-found-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        leftSection={<Icon name="search" size={14} />}
        rightSection={
          isWaiting ? (
            <Loader size={14} color="gray" />
          ) : text === '' ? (
            <kbd className={classes['hint']}>/</kbd>
          ) : (
            <CloseButton size="sm" aria-label="Clear the search" onClick={() => setText('')} />
          )
        }
      />
      <ul
        id="history-found"
        role="listbox"
        aria-label="What it names"
        className={classes['found']}
        hidden={!isListed || found.length === 0}
      >
        {found.map((finding, index) => (
          <li
            key={finding.what}
            id={`history-found-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerMove={() => setAt(index)}
            /** Before the field loses its focus, and with it the list. */
            onPointerDown={(event) => {
              event.preventDefault();
              go(finding);
            }}
          >
            <b>{finding.what}</b>
            <span>{finding.about}</span>
          </li>
        ))}
      </ul>
      <p
        role="status"
        className={classes['said']}
        data-shown={isListed && saidOf(id, answer.state, found) !== '' ? true : undefined}
      >
        {isListed ? saidOf(id, answer.state, found) : ''}
        {isListed && answer.state === 'refused' ? answer.refusal.message : ''}
      </p>
    </div>
  );
}

function saidOf(id: string, state: 'waiting' | 'answered' | 'refused', found: readonly Finding[]): string {
  if (state === 'refused') return 'The history can’t be asked: ';
  if (state !== 'answered' || found.length > 0) return '';
  return `Nothing is called “${id}”: neither a visit, an identity, a page, an event, a session nor an attempt. Ids are looked for whole, letter by letter.`;
}
