import type { ChainVerdict, TableVerdict } from '@cryptrail/integrity';
import { renderChainVerdict } from './chain-verdict.ts';
import { renderTableVerdict, tableVerdictJson } from './table-verdict.ts';
import { visibleJson } from './visible.ts';

/** The verdicts on exported records: of one product in its own shape, of both as `{"ok","acra","cesecore"}` with null for what was not asked for. */
export function renderExportVerdict(
  chain: ChainVerdict | undefined,
  table: TableVerdict | undefined,
  { audit, keys, json, both }: { audit: number; keys: number; json: boolean; both: boolean },
): string {
  const parts = json
    ? [chain ? visibleJson(JSON.stringify(chain)) : 'null', table ? tableVerdictJson(table) : 'null']
    : [chain ? renderChainVerdict(chain, audit) : '', table ? renderTableVerdict(table, keys) : ''];
  if (!json) return parts.filter(Boolean).join('\n');
  if (!both) return `${chain ? parts[0] : parts[1]}\n`;
  const ok = (chain?.ok ?? true) && (table?.ok ?? true);
  return `{"ok":${ok},"acra":${parts[0]},"cesecore":${parts[1]}}\n`;
}
