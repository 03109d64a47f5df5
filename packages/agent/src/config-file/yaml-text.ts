import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { ConfigProblem } from './problem.ts';
import { type Environment, substitute } from './substitute.ts';

/** A configuration as data, with the way back to its text. */
export interface YamlText {
  /** Undefined when the text is no YAML. */
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  /** Where the value at a path stands, or the nearest thing round it that is there; of a key, with `key`. */
  place(path: readonly PropertyKey[], key?: string): Pick<ConfigProblem, 'line' | 'column'>;
}

/** A configuration is written by hand. */
const MOST_ALIASES = 100;

/**
 * Reads YAML 1.2 and puts in the variables of the environment.
 *
 * @returns Also for broken text, with what is wrong. Messages hold nothing of it.
 */
export function readYaml(text: string, environment: Environment): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = document.errors.map(({ pos, code }) => ({ ...at(pos[0]), message: SENTENCES.get(code) ?? BROKEN }));
  const place: YamlText['place'] = (path, key) =>
    at(find(document.contents as Node | null, path, key)?.range?.[0] ?? 0);
  if (problems.length > 0) return { value: undefined, problems, place };
  problems.push(...putIn(document, environment, at));
  return { value: toValue(document), problems, place };
}

const BROKEN = 'this is no YAML that can be understood; look at the signs and the indentation here';

/** The parser's own words may quote the text. */
const SENTENCES = new Map<string, string>([
  ['DUPLICATE_KEY', 'this key was given before'],
  ['TAB_AS_INDENT', 'a tab cannot indent; write spaces'],
  ['BAD_INDENT', 'the indentation does not fit what is round it, or a closing bracket is missing'],
  ['MISSING_CHAR', 'a sign is missing before here: a closing quote or bracket, a comma, or a colon'],
  ['BLOCK_AS_IMPLICIT_KEY', 'a colon is too many here; put texts with ": " in quotes'],
  ['MULTILINE_IMPLICIT_KEY', 'a colon may be missing behind this key'],
  ['UNEXPECTED_TOKEN', 'this sign cannot stand here'],
]);

function putIn(document: Document, environment: Environment, at: (offset: number) => { line: number; column: number }) {
  const problems: ConfigProblem[] = [];
  visit(document, {
    Scalar: (key, node) => {
      if (key === 'key' || typeof node.value !== 'string') return;
      const { text, missing } = substitute(node.value, environment);
      for (const name of missing)
        problems.push({
          ...at(node.range?.[0] ?? 0),
          message: `the environment variable ${name} is not set; with \${env:${name}:-default} it need not be`,
        });
      node.value = text;
    },
  });
  return problems;
}

function toValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch {
    // Too many aliases: nothing that a person writes.
    return undefined;
  }
}

function find(root: Node | null, path: readonly PropertyKey[], key: string | undefined): Node | null {
  let node = root;
  for (const step of path) {
    const next = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(step))?.value
      : isSeq(node)
        ? node.items[Number(step)]
        : undefined;
    if (!next) return node;
    node = next as Node;
  }
  if (key === undefined || !isMap(node)) return node;
  const pair = node.items.find((one) => isScalar(one.key) && String(one.key.value) === key);
  return (pair?.key as Node | undefined) ?? node;
}
