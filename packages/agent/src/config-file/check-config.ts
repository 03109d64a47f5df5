import type { z } from 'zod';
import type { ConfigProblem } from './problem.ts';
import { type AgentConfig, agent } from './schema/agent.ts';
import { BETWEEN_KEYS } from './schema/parts.ts';
import type { Environment } from './substitute.ts';
import { readYaml, type YamlText } from './yaml-text.ts';

/** A configuration, or what is wrong with it. */
export type CheckedConfig =
  | { readonly ok: true; readonly config: AgentConfig; readonly place: YamlText['place'] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Checks the text of a configuration: its YAML, its variables, and every key and value. All problems are told at once, in the order of the text. */
export function checkConfig(text: string, environment: Environment): CheckedConfig {
  const yaml = readYaml(text, environment);
  if (yaml.value === undefined || yaml.value === null) {
    const empty = { ...yaml.place([]), message: 'there is no configuration here; cryptrail config example prints one' };
    return { ok: false, problems: yaml.problems.length > 0 ? yaml.problems : [empty] };
  }
  const { success, data, error } = agent.safeParse(yaml.value);
  const problems = [...yaml.problems, ...(error?.issues ?? []).flatMap((issue) => problemsOf(issue, yaml))];
  if (success && problems.length === 0) return { ok: true, config: data, place: yaml.place };
  return { ok: false, problems: problems.sort((one, other) => one.line - other.line || one.column - other.column) };
}

function problemsOf(issue: z.core.$ZodIssue, { value, place }: YamlText): ConfigProblem[] {
  const { path } = issue;
  const name = nameOf(path);
  if (issue.code === 'unrecognized_keys') {
    const sentences = issue.message.split(BETWEEN_KEYS);
    return issue.keys.map((key, at) => ({ ...place(path, key), message: within(name, sentences[at] ?? '') }));
  }
  const isMissing = path.length > 0 && valueAt(value, path) === undefined;
  const sentence = isMissing ? `is missing; it ${issue.message}` : issue.message;
  return [{ ...place(path), message: name === '' ? `the configuration ${sentence}` : `${name} ${sentence}` }];
}

function within(name: string, sentence: string): string {
  return name === '' ? sentence : `${name}: ${sentence}`;
}

/** `sources[0].include`. */
function nameOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, step) => {
    if (typeof step === 'number') return `${name}[${step}]`;
    return name === '' ? String(step) : `${name}.${String(step)}`;
  }, '');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<PropertyKey, unknown>)[step];
  }
  return found;
}
