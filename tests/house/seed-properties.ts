/** Gives fast-check the run's seed, so that every property test of a run can be repeated. */
import { configureGlobal } from 'fast-check';
import { inject } from 'vitest';

configureGlobal({ seed: inject('testSeed') });
