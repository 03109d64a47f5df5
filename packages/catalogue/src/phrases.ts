/** Texts in which phrases that occur again and again are replaced by signs: what a service loads should be small. */
export interface PhraseBook {
  /** Signs that no phrase and no text holds but in place of a phrase: each stands for one, the last {@link LEADS} together with the sign behind them. */
  readonly signs: string;
  /** A phrase may hold what stands for others before it. */
  readonly phrases: readonly string[];
}

/** How many signs at the end of a book's `signs` need another one behind them. */
export const LEADS = 5;
/** The signs behind a lead. */
export const FOLLOWERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-!#%&()*,./:;<=>?@[]^_{|}~';

/** What stands for the phrase at a place of the book. */
export function tokenAt(place: number, signs: string): string {
  const beyond = place - (signs.length - LEADS);
  if (beyond < 0) return signs.charAt(place);
  const lead = signs.length - LEADS + Math.floor(beyond / FOLLOWERS.length);
  return signs.charAt(lead) + FOLLOWERS.charAt(beyond % FOLLOWERS.length);
}

/** Makes what gives a text its phrases back. */
export function createExpander({ signs, phrases }: PhraseBook): (text: string) => string {
  const among = (some: string) => `[${some.replace(/[\]^-]/g, '\\$&')}]`;
  const tokens = new RegExp(`${among(signs.slice(-LEADS))}.|${among(signs)}`, 'g');
  const byToken = new Map<string, string>();
  const expand = (text: string) => text.replace(tokens, (token) => byToken.get(token) ?? token);
  for (const [place, phrase] of phrases.entries()) byToken.set(tokenAt(place, signs), expand(phrase));
  return expand;
}
