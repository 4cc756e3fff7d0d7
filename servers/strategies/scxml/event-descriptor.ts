/** Event descriptors: which events a transition names (SCXML 3.12.1). */

/** The descriptors of an `event` attribute; `error`, `error.` and `error.*` are one. */
export function parseDescriptors(text: string): readonly string[] {
  return text
    .split(/\s+/)
    .filter((descriptor) => descriptor !== '')
    .map((descriptor) => (descriptor === '*' ? descriptor : descriptor.replace(/\.\*?$/, '')));
}

/** Whether one of `descriptors` is `name`, or is the beginning of its tokens. */
export function matchesEvent(descriptors: readonly string[], name: string): boolean {
  return descriptors.some(
    (descriptor) =>
      descriptor === '*' ||
      descriptor === name ||
      (name.startsWith(descriptor) && name.charAt(descriptor.length) === '.'),
  );
}
