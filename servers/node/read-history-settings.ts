/** What the history of an installation is kept by, as its options have it: retention of each entity in milliseconds, and indexing. */
import type { OptionPath } from '#core/options/option-table.ts';
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import { SECONDS_PER_RETENTION_UNIT } from '#core/options/wmdb-options.ts';
import type { HistoryClock, HistorySettings } from '#ports/history.ts';

type RetentionPath = Extract<OptionPath, `service:wmdb/wmdb.retention.entity.${string}`>;

export function readHistorySettings(options: ResolvedOptions, clock: HistoryClock): HistorySettings {
  const unitMs = SECONDS_PER_RETENTION_UNIT[options.get('service:wmdb/wmdb.retention.time-unit')] * 1_000;
  const ofAll = options.get('service:wmdb/wmdb.retention.entity.all');
  const retentionMs = (path: RetentionPath): number =>
    (options.entry(path).origin.from === 'given' ? options.get(path) : ofAll) * unitMs;
  return {
    retentionMs: {
      event: retentionMs('service:wmdb/wmdb.retention.entity.event'),
      page: retentionMs('service:wmdb/wmdb.retention.entity.page'),
      session: retentionMs('service:wmdb/wmdb.retention.entity.session'),
      visit: retentionMs('service:wmdb/wmdb.retention.entity.visit'),
      engagementattempt: retentionMs('service:wmdb/wmdb.retention.entity.engagementattempt'),
      useragent: retentionMs('service:wmdb/wmdb.retention.entity.useragent'),
      identity: retentionMs('service:wmdb/wmdb.retention.entity.identity'),
    },
    limitIndexing: options.get('service:wmdb/wmdb.limitIndexing'),
    clock,
  };
}
