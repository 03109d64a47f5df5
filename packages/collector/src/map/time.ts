import type { FormatRule, TimeRule } from '@cryptrail/catalogue';
import { FORMAT_ATTRIBUTE, isOneOf, STATUS_ATTRIBUTE } from '../decode/decoder.ts';
import type { Block } from '../ottl/block.ts';
import { pathOf } from '../ottl/condition.ts';
import { all, any, attribute, concat, quote, set } from '../ottl/expression.ts';

const unset = 'log.time_unix_nano == 0';

/** Blocks that set the time where it is not printed as usual: the first rule of the format that can be read counts, to the nanosecond. A time that is there and cannot be read marks the record as partial. */
export function timeBlocks(formats: readonly FormatRule[]): Block[] {
  const groups = new Map<string, { rules: readonly TimeRule[]; users: FormatRule[] }>();
  for (const format of formats) {
    if (format.time.length === 0) continue;
    const key = JSON.stringify(format.time);
    const group = groups.get(key) ?? { rules: format.time, users: [] };
    group.users.push(format);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ rules, users }) => {
    const names = [...new Set(rules.map(({ field }) => field))].join(', ');
    const there = rules.map((rule) => `${pathOf(rule.field, rule.in)} != nil`);
    return [
      {
        comment: `Time from ${names} in another form than the usual one`,
        conditions: [all(unset, isOneOf(users, formats))],
        statements: [
          ...rules.flatMap((rule, index) => ruleStatements(rule, index)),
          set(attribute(STATUS_ATTRIBUTE), '"partial"', all(unset, any(...there))),
        ],
      },
    ];
  });
}

function ruleStatements(rule: TimeRule, index: number): string[] {
  const path = pathOf(rule.field, rule.in);
  switch (rule.form) {
    case 'unix_seconds':
      return unixSeconds(path);
    case 'epoch_millis':
      return [set('log.time_unix_nano', epochMillis(path), all(unset, isPositive(path)))];
    case 'iso':
    case 'layout':
      return isoTime(path, rule, index);
    case 'digit_groups':
      return digitGroups(path, index);
  }
}

/** Statements that read a time in the form in which it is nearly always printed, in one step. Whatever they leave open {@link timeBlocks} reads. */
export function usualTimeStatements({ id, time: rules }: FormatRule): string[] {
  const isFormat = `${attribute(FORMAT_ATTRIBUTE)} == ${quote(id)}`;
  return rules.flatMap((rule, index) => {
    // A rule before this one may read its field in another form.
    const earlier = rules.slice(0, index).map(({ field, in: space }) => `${pathOf(field, space)} == nil`);
    const statements = usualForms(rule);
    return statements.map(({ target, value, holds }, form) =>
      set(target, value, all(index === 0 && form === 0 ? undefined : unset, isFormat, ...earlier, holds)),
    );
  });
}

/** One way to read a time. */
interface UsualForm {
  readonly target: 'log.time' | 'log.time_unix_nano';
  readonly value: string;
  readonly holds: string;
}

function usualForms(rule: TimeRule): UsualForm[] {
  const path = pathOf(rule.field, rule.in);
  const isText = `IsString(${path})`;
  if (rule.form === 'unix_seconds') {
    const digits = concat(`Substring(${path}, 0, 10)`, `Substring(${path}, 11, 3)`, '"000000"');
    const holds = all(isText, `IsMatch(${path}, "^[0-9]{10}\\\\.[0-9]{3}$")`);
    return [{ target: 'log.time_unix_nano', value: `Int(${digits})`, holds }];
  }
  if (rule.form === 'epoch_millis')
    return [{ target: 'log.time_unix_nano', value: epochMillis(path), holds: isPositive(path) }];
  if (rule.form !== 'iso') return [];
  const layout = pathOf('time', 'layout');
  const isRefined = rule.refinedBy === 'layout';
  return ['T', ' '].flatMap((sign) => {
    const civil = `%Y-%m-%d${sign}%H:%M:%S`;
    const zoned = quote(`${civil}%z`);
    const digits = `^(?:19[89]|2[01][0-9])[0-9]-[0-9]{2}-[0-9]{2}${sign}[0-9]{2}:[0-9]{2}:[0-9]{2}`;
    const zone = '(?:Z|[+-][0-9]{2}:[0-9]{2})$';
    const fits = (pattern: string) => all(isText, `IsMatch(${path}, ${quote(pattern)})`);
    const isPlain = isRefined ? `${layout} == nil` : undefined;
    const read = (value: string, holds: string): UsualForm => ({ target: 'log.time', value, holds });
    return [
      ...(isRefined ? [refined(path, layout, zoned, fits(digits + zone))] : []),
      read(`Time(${path}, ${zoned})`, all(isPlain, fits(`${digits}(?:\\.[0-9]{1,9})?${zone}`))),
      ...(rule.zone === 'option'
        ? []
        : [read(`Time(${path}, ${quote(civil)}, "UTC")`, all(isPlain, fits(`${digits}(?:\\.[0-9]{1,9})?$`)))]),
    ];
  });
}

/** Whole seconds of the message with the milliseconds of the layout, where both name the same second. */
function refined(path: string, layout: string, format: string, isSeconds: string): UsualForm {
  const clock = (from: number, length: number) => `Substring(${layout}, Len(${layout}) - ${from}, ${length})`;
  const whole = concat(`Substring(${path}, 0, 19)`, '"."', clock(3, 3), `Substring(${path}, 19, Len(${path}) - 19)`);
  return {
    target: 'log.time',
    value: `Time(${whole}, ${format})`,
    holds: all(
      `IsString(${layout})`,
      isSeconds,
      `Len(${layout}) >= 12`,
      `${clock(12, 8)} == Substring(${path}, 11, 8)`,
      `IsMatch(${clock(4, 4)}, "^[.,][0-9]{3}$")`,
    ),
  };
}

function epochMillis(path: string): string {
  return `Int(${concat(`String(${path})`, '"000000"')})`;
}

function isPositive(path: string): string {
  return any(all(`IsString(${path})`, `IsMatch(${path}, "^[0-9]{1,13}$")`), all(`IsInt(${path})`, `${path} > 0`));
}

/** `1726560000.950`: digits are joined, not computed, so that nothing is rounded. */
function unixSeconds(path: string): string[] {
  const parts = 'log.cache["s"]';
  const readable = all(unset, `IsString(${path})`, `IsMatch(${path}, "^[0-9]{1,10}(?:\\\\.[0-9]{1,9})?$")`);
  const fraction = `Substring(${concat(`${parts}[1]`, '"000000000"')}, 0, 9)`;
  return [
    set(parts, `Split(${concat(path, '"."')}, ".")`, readable),
    set('log.time_unix_nano', `Int(${concat(`${parts}[0]`, fraction)})`, readable),
  ];
}

/** Zone of times that print none, as the Collector substitutes it. */
export const ZONE_VARIABLE = '${env:CRYPTRAIL_TIME_ZONE:-UTC}';

const CLOCK = '%Y-%m-%dT%H:%M:%S';

/** Later times (from 2262 on) do not fit the whole numbers of OTTL. */
const LAST_SECOND = 9_223_372_036;

const ISO =
  '^(?P<d>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<t>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?(?: ?(?P<z>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?))?$';

/** `2024-05-13T08:31:07.123456+02:00` and its relatives. Seconds come from a parser that knows the calendar, the fraction from the digits. */
export function isoTime(path: string, rule: TimeRule, index = 0): string[] {
  const parts = `log.cache["i${index}"]`;
  const isText = all(unset, `IsString(${path})`);
  return [
    set(parts, `ExtractPatterns(${path}, ${quote(ISO)})`, isText),
    ...civilStatements(parts, `${parts}["d"] != nil`, rule.refinedBy === 'layout', rule.zone === 'option'),
  ];
}

const DIGIT_GROUPS =
  '^(?P<y>[0-9]{4})[^0-9](?P<mo>[0-9]{2})[^0-9](?P<da>[0-9]{2})[^0-9](?P<h>[0-9]{2})[^0-9](?P<mi>[0-9]{2})[^0-9](?P<s>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?(?:[ :]?(?:(?:GMT|UTC|Z)|(?P<z>[+-][0-9]{2}:?[0-9]{2})))?$';

function digitGroups(path: string, index: number): string[] {
  const parts = `log.cache["i${index}"]`;
  const isText = all(unset, `IsString(${path})`);
  const there = `${parts}["y"] != nil`;
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
  const clock = concat(`${parts}["d"]`, '"T"', `${parts}["t"]`);
  const local = `Time(${clock}, ${quote(CLOCK)}, ${quote(ZONE_VARIABLE)})`;
  return [
    ...(byOption
      ? [
          set(seconds, `UnixSeconds(${local})`, all(there, isOpen)),
          // In the hour that comes twice in autumn the earlier time is meant, as everywhere in Cryptrail.
          set(
            seconds,
            `${seconds} - 3600`,
            all(there, isOpen, `FormatTime(${local} - Duration("1h"), ${quote(CLOCK)}) == ${clock}`),
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
