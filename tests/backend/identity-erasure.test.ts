/** The order of an erasure: the contact center forgets, then the store takes away; and what comes of either being away. */
import { expect, test } from 'vitest';
import { eraseEverywhere, type IdentityErasureParts } from '#backend/identity-erasure.ts';

const EMPTY = { erased: { events: 1 }, inProgress: {} };

function partsOf(changes: Partial<IdentityErasureParts> = {}) {
  const steps: string[] = [];
  const answers: ((ok: boolean) => void)[] = [];
  const parts: IdentityErasureParts = {
    deliver: ({ type, identityId }, onDone) => {
      steps.push(`${type} ${identityId}`);
      answers.push(onDone);
    },
    door: () => null,
    store: {
      erase: async (identityId) => {
        steps.push(`erase ${identityId}`);
        return EMPTY;
      },
    },
    ...changes,
  };
  return { parts, steps, answer: (ok: boolean) => answers.shift()?.(ok) };
}

test('the store is asked when the contact center has forgotten, not before', async () => {
  const { parts, steps, answer } = partsOf();
  const erasure = eraseEverywhere(parts, 'ann');
  await new Promise((resolve) => setImmediate(resolve));
  expect(steps).toEqual(['identityErased ann']);
  answer(true);
  expect(await erasure).toEqual(EMPTY);
  expect(steps).toEqual(['identityErased ann', 'erase ann']);
});

test('nothing is erased while the contact center can not be reached, or where it could not do its part', async () => {
  const away = partsOf({ door: () => 'the contact center can not be reached' });
  await expect(eraseEverywhere(away.parts, 'ann')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(away.steps).toEqual([]);
  const failing = partsOf();
  const erasure = eraseEverywhere(failing.parts, 'ann');
  failing.answer(false);
  await expect(erasure).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(failing.steps).toEqual(['identityErased ann']);
});
