/** What is written behind the program for a thread of `convert --workers`, which starts it anew. */
export const THREAD_WORDS = ['convert', '--in-a-thread'] as const;
