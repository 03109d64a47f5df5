import type { EvidenceFinding, FieldValue } from '@cryptrail/mapper';
import type { SourceSetting } from '../sources/table.ts';
import type { Damage } from '../state/position-store.ts';
import type { AgentSettings } from './settings.ts';

/** What is said when the saved positions could not be read: what is lost, and what will be read again. */
export function damageFinding(directory: string, { reason, quarantined, copyMillis }: Damage): EvidenceFinding {
  const lost = `the saved positions in ${directory} cannot be used: ${reason}`;
  const kept = quarantined === undefined ? '' : `; the damaged file is kept as ${quarantined}`;
  const again =
    copyMillis === undefined
      ? 'there is no copy of them, so every source is read from its beginning'
      : `the copy of ${new Date(copyMillis).toISOString()} stands in, so what came after it is read again`;
  return {
    event: 'cryptrail.state.damaged',
    message: `${lost}${kept}; ${again}. Records that were delivered may come a second time.`,
    fields: new Map<string, FieldValue>([
      ['reason', { kind: 'string', text: copyMillis === undefined ? 'beginning' : 'copy' }],
    ]),
  };
}

/** The settings with every source from its beginning: to begin at the end would pass over what was never delivered. */
export function fromTheBeginning(settings: AgentSettings): AgentSettings {
  return { ...settings, sources: settings.sources.map(fromBeginning) };
}

function fromBeginning(setting: SourceSetting): SourceSetting {
  switch (setting.type) {
    case 'file':
      return { type: 'file', options: { ...setting.options, startAt: 'beginning' } };
    case 'journald':
      return { type: 'journald', options: { ...setting.options, startAt: 'beginning' } };
    default:
      return setting;
  }
}
