import fc from 'fast-check';

// The same cases on every machine, so that a change fails for what it changes; `PROPERTY_SEED=random` looks for more, a number repeats what was found.
const { PROPERTY_SEED = '20260914' } = process.env;
if (PROPERTY_SEED !== 'random') fc.configureGlobal({ seed: Number(PROPERTY_SEED) });
