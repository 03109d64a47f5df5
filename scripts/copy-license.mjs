// `prepack` of every package: the licence lies once in the repository and once in every tarball.
import { copyFileSync } from 'node:fs';

copyFileSync(new URL('../LICENSE', import.meta.url), 'LICENSE');
