/** What whoever looks at a run, its figures or its log must know of the pacing in force. */
export interface PacingNotice {
  /** `alarm`: nothing holds invites back. `note`: pacing works, and its promise or its figures are to be read with care. */
  readonly tone: 'alarm' | 'note';
  readonly text: string;
}
