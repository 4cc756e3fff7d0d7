/** One record of a story: in words first, figures second, the raw record last. */
import type { ReactNode } from 'react';
import { Chips } from '#renderer/history/story-list.tsx';
import { KindMark } from '#renderer/shared/kind-bar.tsx';
import { FigureList, RawRecord, Sentences, SidePanel } from '#renderer/shared/side-panel.tsx';
import type { StoryMark } from '#renderer/view/history-marks.ts';
import { describeMark, type WordsContext } from '#renderer/view/history-words.ts';

const KIND_WORDS = { page: 'page', event: 'event', session: 'sign-in', attempt: 'attempt to engage' } as const;

interface RecordPanelProps {
  readonly mark: StoryMark;
  readonly context: WordsContext;
  readonly onClose: () => void;
}

export function RecordPanel({ mark, context, onClose }: RecordPanelProps): ReactNode {
  const { title, sentences, figures } = describeMark(mark, context);
  return (
    <SidePanel
      label="Record"
      bodyLabel="Record in words"
      kind={
        <>
          <KindMark kind={mark.tone} />
          {KIND_WORDS[mark.kind]}
          <time>{context.time(mark.atMs)}</time>
        </>
      }
      title={title}
      closeLabel="Close the record"
      onClose={onClose}
    >
      <Sentences sentences={sentences} />
      <Chips names={mark.categories} />
      <FigureList figures={figures} />
      <RawRecord record={mark.record} />
    </SidePanel>
  );
}
