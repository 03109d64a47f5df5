/** The word, and the path, that stands for standard input. Its records have no file. */
export const STANDARD_INPUT = '-';

/** One stream of bytes with a name: a file, standard input, or a member of an archive. */
export interface Member {
  /** As the user gave or the folder listed it; members of archives as `bundle.tar.gz!member/path`. */
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  /** Read once, from the beginning. Ends early by throwing when the source fails. An empty chunk says that nothing has come for a while. A chunk may hold no longer than until the next one is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The regular file behind the bytes, when there is one and the bytes are its own: for forms that must seek. */
  readonly file?: { readonly descriptor: number; readonly size: number };
  /** Bytes come as somebody writes them (standard input): what was read should be shown at once. */
  readonly live?: boolean;
  /** How to come to this member again, from its beginning; absent for what can be read only once. */
  readonly again?: Again;
}

/** A member of an input that can be opened anew. */
export interface Again {
  /** Opens the whole input. */
  readonly open: () => AsyncGenerator<Found>;
  /** Which of the members it is, from 0. */
  readonly index: number;
}

/** Something that could not be read, in words for the user. The rest of the input goes on. */
export interface InputProblem {
  readonly path: string;
  readonly message: string;
}

/** What reading meets: members to read, problems to report, and remarks about what was left out on purpose. */
export type Found = { readonly member: Member } | { readonly problem: InputProblem } | { readonly notice: string };

/** The bytes of a source are damaged or of a kind that cannot be read. The message is for the user. */
export class UnreadableContent extends Error {}
