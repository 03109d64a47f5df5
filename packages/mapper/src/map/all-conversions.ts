import type { Conversion, FieldRule } from '@cryptrail/catalogue';
import {
  type Convert,
  conversionAmong,
  convertAddress,
  convertBasename,
  convertCollect,
  convertDn,
  convertForwarded,
  convertHash,
  convertHostPort,
  convertHttpMethod,
  convertJsonText,
  convertPathQuery,
  convertPeer,
  convertSpanId,
  convertSql,
  convertStacktrace,
  convertTraceId,
  convertUrl,
  convertUuid5,
} from './conversions.ts';

/** Every conversion that a rule can name. */
export const ALL_CONVERSIONS: Readonly<Record<Conversion, Convert>> = {
  address: convertAddress,
  forwarded: convertForwarded,
  host_port: convertHostPort,
  peer: convertPeer,
  path_query: convertPathQuery,
  url: convertUrl,
  http_method: convertHttpMethod,
  hash: convertHash,
  uuid5: convertUuid5,
  stacktrace: convertStacktrace,
  json_text: convertJsonText,
  sql: convertSql,
  dn: convertDn,
  trace_id: convertTraceId,
  span_id: convertSpanId,
  collect: convertCollect,
  basename: convertBasename,
};

/** The conversion that a rule asks for. */
export function conversionOf(rule: FieldRule): Convert {
  return conversionAmong(rule, ALL_CONVERSIONS);
}
