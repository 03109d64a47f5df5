/** Why a log is not whole, in the classes of Acra's own verifier. */
export type ChainErrorClass =
  | 'integrity_mismatch'
  | 'missing_end_of_chain'
  | 'invalid_hex'
  | 'odd_length_hex'
  | 'unreadable_line'
  | 'file_missing';

/** What Acra's verifier warns of without refusing the log. */
export type ChainWarningClass = 'no_integrity' | 'missing_end_of_final_chain' | 'empty_source' | 'file_missing';

/** What Acra's verifier does not look for. */
export type ChainNoteClass =
  | 'line_too_long'
  | 'unsigned_line_in_chain'
  | 'signed_line_after_end'
  | 'chain_not_closed'
  | 'chain_repeated'
  | 'chain_out_of_order'
  | 'mark_in_value'
  | 'other_key';

/** A place in the files; `line` counts physical lines of that file from 1, null when the whole file is meant. */
export interface Place {
  readonly file: string;
  readonly line: number | null;
}

/** One chain of signed lines. */
export interface Chain {
  readonly file: string;
  readonly firstLine: number;
  /** The file the chain ends in, when it goes over several. */
  readonly lastFile: string;
  readonly lastLine: number;
  /** Its last line is the mark that ends a chain. */
  readonly closed: boolean;
  /** Index of the key it was made with, in the order given. */
  readonly key: number;
}

/** The result of verifying a log; names and classes are stable. */
export interface ChainVerdict {
  readonly ok: boolean;
  readonly error: (Place & { readonly class: ChainErrorClass; readonly message: string }) | null;
  readonly warnings: readonly (Place & { readonly class: ChainWarningClass })[];
  /** Lines that are not empty. */
  readonly records: number;
  /** Lines whose value fits. */
  readonly verified: number;
  readonly chains: readonly Chain[];
  readonly notes: readonly (Place & { readonly class: ChainNoteClass; readonly message: string })[];
  /** Lines that could not be checked, because their text is not there any more or a line before them in the chain could not be; only when there are any. */
  readonly not_verifiable?: readonly Place[];
}
