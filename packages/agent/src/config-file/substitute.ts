/** Variables of an environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `${env:NAME}`, `${env:NAME:-default}`; `$${env:NAME}` is meant as it is written. */
const REFERENCE = /\$?\$\{env:([A-Za-z_][A-Za-z0-9_]{0,255})(?::-([^{}]*))?\}/g;

/** Puts variables into a text. A variable that is not set and has no default is named, and stands for nothing. */
export function substitute(text: string, environment: Environment): { text: string; missing: readonly string[] } {
  if (!text.includes('${env:')) return { text, missing: [] };
  const missing: string[] = [];
  const result = text.replaceAll(REFERENCE, (written: string, name: string, otherwise: string | undefined) => {
    if (written.startsWith('$$')) return written.slice(1);
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value !== undefined && (value !== '' || otherwise === undefined)) return value;
    if (otherwise === undefined) missing.push(name);
    return otherwise ?? '';
  });
  return { text: result, missing };
}
