/**
 * `node:util`, without what else an `import` of it loads: the names of a module that is imported are all looked up, and behind several of this one
 * stand modules of their own (4 ms of processor time at each start).
 */
export function builtinUtil(): typeof import('node:util') {
  return process.getBuiltinModule('node:util');
}
