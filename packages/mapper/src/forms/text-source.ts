/** Text of an input as it comes in, for forms whose units are no lines. What was read can be dropped, so memory holds one unit. */
export interface TextSource {
  /** The text not dropped yet. */
  readonly text: string;
  push(chunk: Uint8Array): void;
  /** No more bytes come. */
  end(): void;
  readonly ended: boolean;
  /** Drops the first `length` UTF-16 units. */
  drop(length: number): void;
}

/** Reads UTF-8; what is not valid becomes U+FFFD, a byte order mark at the beginning is dropped. */
export function createTextSource(): TextSource {
  const decoder = new TextDecoder('utf-8');
  let text = '';
  let ended = false;
  return {
    get text() {
      return text;
    },
    get ended() {
      return ended;
    },
    push(chunk) {
      text += decoder.decode(chunk, { stream: true });
    },
    end() {
      text += decoder.decode();
      ended = true;
    },
    drop(length) {
      text = text.slice(length);
    },
  };
}
