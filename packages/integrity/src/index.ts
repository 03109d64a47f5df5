export { type ChainOptions, type ChainVerifier, createChainVerifier, type LineStatus } from './acra/chain.ts';
export { type ChainFormat, detectFormat } from './acra/read-entry.ts';
export type { Chain, ChainErrorClass, ChainNoteClass, ChainVerdict, ChainWarningClass, Place } from './acra/verdict.ts';
export type { HashPort } from './hash-port.ts';
