/** The statistics that provisioning adds to the stat server (guide, L1417): a medium, and what is counted of its queues. */
import type { MediaType } from '#core/statistics/interaction-filter.ts';

/**
 * Of a queue: interactions in it now; those of them that nobody has taken up; how many have entered, and left, since the
 * statistics began. What is in it = what was in it then + entered - left.
 */
export type QueueMeasure = 'currentInQueue' | 'currentWaitingProcessing' | 'totalEntered' | 'totalMovedFrom';

export interface ProvisionedStatistic {
  readonly name: string;
  readonly medium: MediaType;
  readonly measure: QueueMeasure;
}

export const PROVISIONED_STATISTICS: readonly ProvisionedStatistic[] = [
  { name: 'Chat_Current_In_Queue', medium: 'chat', measure: 'currentInQueue' },
  { name: 'Chat_Current_Waiting_Processing_In_Queue', medium: 'chat', measure: 'currentWaitingProcessing' },
  { name: 'Chat_Total_Entered_Queue', medium: 'chat', measure: 'totalEntered' },
  { name: 'Webcallback_Current_In_Queue', medium: 'webcallback', measure: 'currentInQueue' },
  {
    name: 'Webcallback_Current_Waiting_Processing_In_Queue',
    medium: 'webcallback',
    measure: 'currentWaitingProcessing',
  },
  { name: 'Webcallback_Total_Entered_Queue', medium: 'webcallback', measure: 'totalEntered' },
  { name: 'Webengagement_Total_Entered_Queue', medium: 'webengagement', measure: 'totalEntered' },
  { name: 'Webengagement_Total_Moved_From_Queue', medium: 'webengagement', measure: 'totalMovedFrom' },
];
