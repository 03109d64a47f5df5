/**
 * Tells the SDK's diagnostics of a fault. Its API is loaded when there is one to tell of: a program that only delivers does without it. Resolves when
 * it is told, and never rejects.
 */
export async function reportFault(message: string, error: unknown): Promise<void> {
  try {
    const { diag } = await import('@opentelemetry/api');
    diag.error(message, error);
  } catch {
    // Without the API nobody listens.
  }
}
