/** A map with known keys that also mean something together: what is wrong between them is told beside what is wrong in them. */
import { z } from 'zod';
import { isRecord, listFaults, sectionField } from '#protocol/scenario-file-fields.ts';

export type FieldReport = (path: readonly (string | number)[], message: string) => void;

type Given = Readonly<Record<string, unknown>>;

/** `sectionField` with a check on what was written, made whatever its keys hold; `build` runs where nothing is wrong. */
export function checkedSection<S extends z.core.$ZodLooseShape, T>(
  shape: S,
  check: (given: Given, report: FieldReport) => void,
  build: (parsed: z.output<z.ZodObject<S, z.core.$strict>>) => T,
): z.ZodType<T> {
  const section = sectionField(shape);
  return z.unknown().transform((given, context): T => {
    let faults = 0;
    const report: FieldReport = (path, message) => {
      faults += 1;
      context.addIssue({ code: 'custom', path: [...path], message });
    };
    if (isRecord(given)) check(given, report);
    const parsed = section.safeParse(given);
    if (parsed.success) return faults === 0 ? build(parsed.data) : z.NEVER;
    for (const fault of parsed.error.issues.flatMap(listFaults)) report(fault.path, fault.message);
    return z.NEVER;
  });
}
