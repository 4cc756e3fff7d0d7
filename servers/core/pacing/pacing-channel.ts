/** Channels as pacing has them: the groups of one channel stand in for each other, and what the channel may do is their sum. */

export type PacingChannel = 'chat' | 'webcallback';
