/** What a visitor can be invited to, in the guide's spelling. */
export type EngagementChannel = 'proactiveChat' | 'proactiveCallback';
