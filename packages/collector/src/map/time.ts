import type { FormatRule, TimeRule } from '@cryptrail/catalogue';
import { FORMAT_ATTRIBUTE, STATUS_ATTRIBUTE } from '../decode/decoder.ts';
import { pathOf } from '../ottl/condition.ts';
import { all, any, attribute, concat, quote, set } from '../ottl/expression.ts';

const unset = 'log.time_unix_nano == 0';

/** Statements that set the time: the first rule of the format that can be read counts, to the nanosecond. A time that is there and cannot be read marks the record as partial. */
export function timeStatements(formats: readonly FormatRule[]): string[] {
  const groups = new Map<string, { rules: readonly TimeRule[]; ids: string[] }>();
  for (const { id, time } of formats) {
    const key = JSON.stringify(time);
    const group = groups.get(key) ?? { rules: time, ids: [] };
    group.ids.push(id);
    groups.set(key, group);
  }
  const statements = [...groups.values()].flatMap(({ rules, ids }) => {
    const isFormat =
      ids.length === formats.length
        ? undefined
        : any(...ids.map((id) => `${attribute(FORMAT_ATTRIBUTE)} == ${quote(id)}`));
    const there = rules.map((rule) => `${pathOf(rule.field, rule.in)} != nil`);
    return [
      ...rules.flatMap((rule) => ruleStatements(rule, isFormat)),
      set(attribute(STATUS_ATTRIBUTE), '"partial"', all(unset, isFormat, any(...there))),
    ];
  });
  return statements;
}

function ruleStatements(rule: TimeRule, isFormat: string | undefined): string[] {
  const path = pathOf(rule.field, rule.in);
  switch (rule.form) {
    case 'unix_seconds':
      return unixSeconds(path, isFormat);
    case 'epoch_millis':
      return [
        set(
          'log.time_unix_nano',
          `Int(${concat(`String(${path})`, '"000000"')})`,
          all(unset, isFormat, isPositive(path)),
        ),
      ];
    case 'iso':
    case 'layout':
      return isoTime(path, rule, isFormat);
    case 'digit_groups':
      return digitGroups(path, isFormat);
  }
}

function isPositive(path: string): string {
  return any(all(`IsString(${path})`, `IsMatch(${path}, "^[0-9]{1,13}$")`), all(`IsInt(${path})`, `${path} > 0`));
}

/** `1726560000.950`: digits are joined, not computed, so that nothing is rounded. */
function unixSeconds(path: string, isFormat: string | undefined): string[] {
  const parts = 'log.cache["s"]';
  const readable = all(unset, isFormat, `IsString(${path})`, `IsMatch(${path}, "^[0-9]{1,10}(?:\\\\.[0-9]{1,9})?$")`);
  const fraction = `Substring(${concat(`${parts}[1]`, '"000000000"')}, 0, 9)`;
  return [
    set(parts, `Split(${concat(path, '"."')}, ".")`, readable),
    set('log.time_unix_nano', `Int(${concat(`${parts}[0]`, fraction)})`, readable),
  ];
}

/** Zone of times that print none, as the Collector substitutes it. */
export const ZONE_VARIABLE = '${env:CRYPTRAIL_TIME_ZONE:-UTC}';

/** Later times (from 2262 on) do not fit the whole numbers of OTTL. */
const LAST_SECOND = 9_223_372_036;

const ISO =
  '^(?P<d>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<t>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?(?: ?(?P<z>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?))?$';

/** `2024-05-13T08:31:07.123456+02:00` and its relatives. Seconds come from a parser that knows the calendar, the fraction from the digits. */
export function isoTime(path: string, rule: TimeRule, isFormat: string | undefined): string[] {
  const parts = 'log.cache["i"]';
  const isText = all(unset, isFormat, `IsString(${path})`);
  return [
    set(parts, `ExtractPatterns(${path}, ${quote(ISO)})`, isText),
    ...civilStatements(parts, all(isText, `${parts}["d"] != nil`), rule.refinedBy === 'layout', rule.zone === 'option'),
  ];
}

const DIGIT_GROUPS =
  '^(?P<y>[0-9]{4})[^0-9](?P<mo>[0-9]{2})[^0-9](?P<da>[0-9]{2})[^0-9](?P<h>[0-9]{2})[^0-9](?P<mi>[0-9]{2})[^0-9](?P<s>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?(?:[ :]?(?:(?:GMT|UTC|Z)|(?P<z>[+-][0-9]{2}:?[0-9]{2})))?$';

function digitGroups(path: string, isFormat: string | undefined): string[] {
  const parts = 'log.cache["i"]';
  const isText = all(unset, isFormat, `IsString(${path})`);
  const there = all(isText, `${parts}["y"] != nil`);
  return [
    set(parts, `ExtractPatterns(${path}, ${quote(DIGIT_GROUPS)})`, isText),
    set(`${parts}["d"]`, `Concat([${parts}["y"], ${parts}["mo"], ${parts}["da"]], "-")`, there),
    set(`${parts}["t"]`, `Concat([${parts}["h"], ${parts}["mi"], ${parts}["s"]], ":")`, there),
    ...civilStatements(parts, there, false, false),
  ];
}

/** The time from date, clock, fraction and zone. A zone of hours alone gets its minutes. */
function civilStatements(parts: string, there: string, refined: boolean, byOption: boolean): string[] {
  const zone = `${parts}["z"]`;
  const seconds = `${parts}["seconds"]`;
  const isOpen = any(`${zone} == nil`, `${zone} == ""`);
  return [
    ...(byOption
      ? [
          set(
            seconds,
            `UnixSeconds(Time(${concat(`${parts}["d"]`, '"T"', `${parts}["t"]`)}, "%Y-%m-%dT%H:%M:%S", ${quote(ZONE_VARIABLE)}))`,
            all(there, isOpen),
          ),
        ]
      : []),
    set(zone, '"+0000"', all(there, any(...(byOption ? [] : [isOpen]), `${zone} == "Z"`, `${zone} == "z"`))),
    `replace_pattern(${zone}, ":", "") where ${there} and IsString(${zone})`,
    `replace_pattern(${zone}, "^(.[0-9]{2})$", "$\{1}00") where ${there}`,
    ...(refined ? refineStatements(parts, there) : []),
    set(
      seconds,
      `UnixSeconds(Time(${concat(`${parts}["d"]`, '"T"', `${parts}["t"]`, zone)}, "%Y-%m-%dT%H:%M:%S%z"))`,
      all(there, `${zone} != nil`, `${zone} != ""`),
    ),
    set(
      'log.time_unix_nano',
      `Int(Concat([String(${seconds}), Substring(${concat(`${parts}["f"]`, '"000000000"')}, 0, 9)], ""))`,
      all(there, `${seconds} != nil`, `${seconds} > 0`, `${seconds} < ${LAST_SECOND}`),
    ),
  ];
}

/** The message prints whole seconds, the layout milliseconds of the same clock: the fraction is the layout's when both name the same second. */
function refineStatements(parts: string, there: string): string[] {
  const layout = pathOf('time', 'layout');
  const split = 'log.cache["r"]';
  const isWhole = all(there, `${parts}["f"] == ""`, `IsString(${layout})`);
  return [
    set(split, `ExtractPatterns(${layout}, "(?P<t>[0-9]{2}:[0-9]{2}:[0-9]{2})[.,](?P<f>[0-9]{1,9})$")`, isWhole),
    set(`${parts}["f"]`, `${split}["f"]`, all(isWhole, `${split}["t"] == ${parts}["t"]`)),
  ];
}
