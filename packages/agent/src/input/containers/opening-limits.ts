/** How far containers (compressed data, archives) are opened. What is stopped by a limit is reported, and the run ends with status 1. */
export interface OpeningLimits {
  /** Most entries of the archives in one input, folders and links counted. */
  readonly maxMembers: number;
  /** Containers within containers. */
  readonly maxDepth: number;
  /** Most bytes that one byte of an input may expand to, once the input has expanded past {@link freeExpansionBytes}. */
  readonly maxRatio: number;
  /** Expansion that is never refused: it is read in a second or two, whatever it was before. */
  readonly freeExpansionBytes: number;
}

/**
 * The stated defaults. A support bundle has hundreds of members; a gzip in a tar.gz in a zip is four deep; logs shrink to a tenth, rarely to a
 * hundredth, while deflate can make a thousand bytes of one.
 */
export const DEFAULT_OPENING_LIMITS: OpeningLimits = {
  maxMembers: 10_000,
  maxDepth: 6,
  maxRatio: 250,
  freeExpansionBytes: 256 * 1024 * 1024,
};
