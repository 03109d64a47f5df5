/** Tells the SDK's diagnostics of a fault. Its API is loaded when there is one to tell of: a program that only delivers does without it. */
export function reportFault(message: string, error: unknown): void {
  import('@opentelemetry/api').then(
    ({ diag }) => diag.error(message, error),
    () => {},
  );
}
