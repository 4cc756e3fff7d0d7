/** Who is held out: a fixed share of the browsers for each rule or package, the same ones every time. */

const FNV_OFFSET_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const UTF8 = new TextEncoder();

/** `holder`: `package/rule`, or `package` for the package's guard. `share`: 0 to 1; null: nobody is. */
export function isHeldOut(share: number | null, holder: string, globalVisitID: string): boolean {
  return share !== null && hashFnv1a(`${holder}/${globalVisitID}`) / 2 ** 32 < share;
}

/** 32-bit FNV-1a of the text's UTF-8 bytes (draft-eastlake-fnv), as an unsigned integer. */
function hashFnv1a(text: string): number {
  let hash = FNV_OFFSET_BASIS;
  for (const byte of UTF8.encode(text)) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash >>> 0;
}
