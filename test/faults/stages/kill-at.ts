/**
 * Loaded into the program under test with `--import`: kills it at a stage of delivery, named by the variable `KILL_AT` as `stage` or `stage:times`.
 * The program knows nothing of it: the stages are told by what it asks of the runtime.
 */
import type { ClientRequest } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { Stage } from './stages.ts';

const [stage = '', times = '1'] = (process.env.KILL_AT ?? '').split(':');
let left = Number(times);

let isAnswered = false;

function reach(reached: Stage): void {
  if (reached !== stage) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}

const http = process.getBuiltinModule('node:http');
const { request } = http;
http.request = ((...given: Parameters<typeof request>): ClientRequest => {
  reach('read');
  const made = Reflect.apply(request, http, given);
  made.prependListener('finish', () => reach('sent'));
  made.prependListener('response', () => {
    isAnswered = true;
    reach('answered');
  });
  return made;
}) as typeof request;

const files = process.getBuiltinModule('node:fs/promises');
const { rename } = files;
files.rename = async (from, to) => {
  if (String(to).endsWith('positions.copy.json')) reach('copying');
  return rename(from, to);
};
syncBuiltinESMExports();

const { emitWarning } = process;
process.emitWarning = () => {};
const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
process.emitWarning = emitWarning;
const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (statement) {
  if (/user_version.*COMMIT/.test(statement)) reach('creating');
  // Before the first answer there is no position of a record.
  if (isAnswered && statement === 'BEGIN IMMEDIATE') reach('acknowledged');
  if (isAnswered && statement === 'COMMIT') reach('saving');
  exec.call(this, statement);
  if (isAnswered && statement === 'COMMIT') reach('saved');
};
