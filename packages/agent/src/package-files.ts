/** Files of this package, found from the sources and from the build alike: both are one folder below its root. */

/** The log lines that `cryptrail start` sends. */
export const SAMPLES = new URL('../samples/', import.meta.url);

/** The package's manifest. */
export const MANIFEST = new URL('../package.json', import.meta.url);
