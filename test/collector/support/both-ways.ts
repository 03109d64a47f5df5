import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { products } from '@cryptrail/catalogue';
import { createPipeline } from '@cryptrail/mapper';
import { compare, type Difference, type Flat, fromCollector, fromMapper } from './compare.ts';
import type { InputGroup } from './inputs.ts';
import { runCollector } from './run-collector.ts';

/** What both engines made of the same files. */
export interface BothWays {
  readonly records: number;
  readonly differences: readonly Difference[];
  readonly stderr: string;
}

/** Files that begin alike are one file to the Collector until they differ: those that it left out are read in a run of their own. */
const MAX_ROUNDS = 6;

/** Sends the files of a group through the mapper and through the real Collector with this configuration. */
export async function readBothWays(
  { product, timeZone, encoding, files }: InputGroup,
  binary: string,
  pack: string,
  folder: string,
): Promise<BothWays> {
  mkdirSync(join(folder, 'in'), { recursive: true });
  const names = files.map((file, index) => `${String(index).padStart(3, '0')}-${basename(file)}`);
  for (const [index, file] of files.entries()) copyFileSync(file, join(folder, 'in', names[index] ?? ''));
  const mapped = names.flatMap((name) => readMapped(product, timeZone, join(folder, 'in', name), name));
  const collected: Flat[] = [];
  let pending = new Set(mapped.map(({ file }) => file));
  let stderr = '';
  for (let round = 0; round < MAX_ROUNDS && pending.size > 0; round += 1) {
    const own = join(folder, `round-${round}`);
    mkdirSync(own);
    const override = join(own, 'include.yaml');
    const include = [...pending].map((name) => JSON.stringify(join(folder, 'in', name))).join(', ');
    writeFileSync(
      override,
      `receivers: { file_log/${product}: { include: [${include}], fingerprint_size: 64KiB, poll_interval: 50ms } }\n`,
    );
    const run = await runCollector({
      binary,
      configs: [pack, override],
      pipelines: [`logs/${product}`],
      folder: own,
      env: {
        CRYPTRAIL_STATE: join(own, 'state'),
        CRYPTRAIL_TIME_ZONE: timeZone,
        [`CRYPTRAIL_${product.toUpperCase()}_ENCODING`]: encoding,
        [`CRYPTRAIL_${product.toUpperCase()}_LOG`]: 'replaced',
      },
      expected: mapped.filter(({ file }) => pending.has(file)).length,
    });
    stderr += run.stderr;
    const got = fromCollector(run.logs);
    collected.push(...got);
    const seen = new Set(got.map(({ file }) => file));
    if (seen.size === 0) break;
    pending = new Set([...pending].filter((name) => !seen.has(name)));
  }
  return { records: mapped.length, differences: compare(mapped, collected), stderr };
}

function readMapped(product: string, timeZone: string, path: string, name: string): Flat[] {
  const reader = createPipeline({ products, product, timeZone, now: () => 1n }).open({ name, path });
  return fromMapper([...reader.push(readFileSync(path)), ...reader.end()]);
}
