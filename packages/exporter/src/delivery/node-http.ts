/**
 * `node:http`, without what else an `import` of it loads: the names of a module that is imported are all looked up, and among those of this one is
 * a `WebSocket` behind which Node.js keeps the whole of its `fetch` (40 ms of processor time at each start).
 */
export function builtinHttp(): typeof import('node:http') {
  return process.getBuiltinModule('node:http');
}

/** `node:https`, loaded for addresses that need it. */
export function builtinHttps(): typeof import('node:https') {
  return process.getBuiltinModule('node:https');
}
