import type { Found, Member } from '../member.ts';

/** Longest path of an entry that is shown. It stands on every record, and a hostile archive may give a megabyte of it. */
const MAX_LABEL_LENGTH = 1024;

/** The path that an entry of an archive has as a member. It is a label and nothing else: it is never opened, whatever it says. */
export function entryPath(archive: Member, path: string): string {
  return `${archive.path}!${labelOf(path)}`;
}

/** The member that an entry of an archive is. */
export function entryMember(archive: Member, path: string, bytes: AsyncIterable<Uint8Array>): Member {
  const label = labelOf(path);
  return { path: entryPath(archive, path), name: label.slice(label.lastIndexOf('/') + 1), bytes };
}

function labelOf(path: string): string {
  return path.length <= MAX_LABEL_LENGTH ? path : `…${path.slice(1 - MAX_LABEL_LENGTH)}`;
}

/** Entries that are no files: counted, so that they can be named in one remark. */
export interface Skipped {
  readonly add: (path: string) => void;
  /** The remark; nothing when there were none. */
  readonly found: () => readonly Found[];
}

/** Collects the links, pipes and devices of an archive. */
export function createSkipped(archive: Member): Skipped {
  let first: string | undefined;
  let count = 0;
  return {
    add: (path) => {
      first ??= path;
      count += 1;
    },
    found: () => {
      if (first === undefined) return [];
      const others = count > 1 ? ` and ${count - 1} more` : '';
      const notice = `${entryPath(archive, first)}${others}: left out; links, pipes and devices in an archive are not read`;
      return [{ notice }];
    },
  };
}
