/** What any program has to do at least: `read` and split into lines, `copy` each byte once, `hash` each byte. Arguments: WHAT FILE. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

const [what = '', file = ''] = process.argv.slice(2);
const NEWLINE = 0x0a;
const hash = createHash('sha256');
let target = Buffer.alloc(0);
let lines = 0;
for await (const data of createReadStream(file, { highWaterMark: 1 << 18 })) {
  const chunk: Buffer = data;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
  if (what === 'hash') hash.update(chunk);
  if (what !== 'copy') continue;
  if (target.length < chunk.length) target = Buffer.alloc(chunk.length);
  chunk.copy(target);
}
process.stdout.write(`${lines}\n`);
