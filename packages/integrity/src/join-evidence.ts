import type { Evidence, SavedState } from '@cryptrail/mapper';

/** Several verifiers as one: each sees every record; attributes and findings of all are put together, and the first status counts. */
export function joinEvidence(parts: readonly Evidence[]): Evidence {
  return {
    check(frame, recognition, input) {
      const verdicts = parts.map((part) => part.check(frame, recognition, input));
      const status = verdicts.find((verdict) => verdict.status !== undefined)?.status;
      return {
        ...(status === undefined ? {} : { status }),
        attributes: new Map(verdicts.flatMap(({ attributes }) => [...(attributes ?? [])])),
        findings: verdicts.flatMap(({ findings }) => findings),
      };
    },
    finish: () => parts.flatMap((part) => part.finish()),
    snapshot(input) {
      const states = parts.map((part) => part.snapshot?.(input) ?? null);
      return states.every((state) => state === null) ? undefined : states;
    },
    resume(input, state) {
      if (!Array.isArray(state) || state.length !== parts.length) return;
      const states: readonly SavedState[] = state;
      for (const [index, part] of parts.entries()) {
        const own = states[index] ?? null;
        if (own !== null) part.resume?.(input, own);
      }
    },
  };
}
