/** Names that the History REST API and those who ask it share; without the schemas, which a page need not carry. */

export const HISTORY_PATH = '/backend/data';
/** The header that says where the next page begins, and that takes it back. */
export const PAGING_NEXT = 'paging-next';
/** The header that names included lists that were cut. */
export const INCLUDE_TRUNCATED = 'include-truncated';
/** `activeSessionId` of a visit in which nobody is signed in. */
export const NO_SESSION = '00000000-0000-1000-8000-000000000000';
