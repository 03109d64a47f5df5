import { joinEvidence } from '@cryptrail/integrity';
import type { Evidence, PipelineOptions } from '@cryptrail/mapper';
import { Failure, Misuse } from '../command-line/misuse.ts';
import type { RunSeal } from '../seal/run-seal.ts';
import type { CommonOptions } from '../sources/options.ts';
import type { Source } from '../sources/source.ts';
import { openSource, type SourceOptions } from '../sources/table.ts';
import { type EvidencePlan, makeEvidence } from '../verify/evidence-plan.ts';
import { createPreparation, looksAtRecords } from './preparation.ts';
import type { AgentSettings } from './settings.ts';
import type { SourcePlan } from './source-run.ts';

/**
 * Opens the sources of the settings. Nothing is read yet.
 *
 * @throws {@link Misuse} when two sources have one name, under which their positions would be mixed.
 */
export async function planSources(settings: AgentSettings, seal?: RunSeal): Promise<SourcePlan[]> {
  const plans: SourcePlan[] = [];
  const ids = new Set<string>();
  for (const { type, options } of settings.sources) {
    const source = await open(type, options);
    const id = options.id ?? source.id;
    if (ids.has(id))
      throw new Misuse(`Two sources have the name ${JSON.stringify(id)}.`, 'Give each a name of its own with id.');
    ids.add(id);
    plans.push({
      source,
      options,
      pipeline: () => pipelineOptions(settings, options, seal?.of(id)),
      prepare: createPreparation(settings.preparation, options),
      // Files hold records as JSON, for which they would be decoded again.
      encodes: settings.export.file === undefined && !looksAtRecords(settings.preparation, options),
    });
  }
  if (plans.length === 0) throw new Failure('there is no source: nothing would ever be read.');
  return plans;
}

function pipelineOptions(
  { mapping, evidence }: AgentSettings,
  source: CommonOptions,
  sealing: Evidence | undefined,
): PipelineOptions {
  const { product, application, timeZone, logOrder } = source;
  return {
    ...mapping,
    ...(product === undefined ? {} : { product }),
    ...(application === undefined ? {} : { application }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(logOrder === undefined ? {} : { logOrder }),
    ...(evidence
      ? { evidence: joinEvidence([makeEvidence(withoutEnd(evidence)), ...(sealing ? [sealing] : [])]) }
      : {}),
  };
}

/** An agent never has all rows, so it looks for no gaps among those it has: that is for a source that knows the table. */
function withoutEnd({ cesecore, ...plan }: EvidencePlan): EvidencePlan {
  return cesecore ? { ...plan, cesecore: { ...cesecore, numbers: false } } : plan;
}

/** What a source says of options that it cannot mean, as words for the user. */
async function open<Type extends keyof SourceOptions>(type: Type, options: SourceOptions[Type]): Promise<Source> {
  try {
    return await openSource(type, options);
  } catch (error) {
    if (error instanceof Misuse || error instanceof Failure) throw error;
    throw new Failure(`source ${type}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
