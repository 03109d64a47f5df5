import type { FormatRule, Product } from '@cryptrail/catalogue';
import { decodeBlocks } from './decode/decoders.ts';
import { bodyBlocks } from './map/body.ts';
import { beginBlocks, commonBlocks, endBlocks, headStatements, resourceNames, settleBlocks } from './map/common.ts';
import { detailBlocks } from './map/details.ts';
import { fieldBlocks } from './map/fields.ts';
import { foreignBlocks } from './map/foreign.ts';
import { hiddenBlocks } from './map/hidden.ts';
import { outcomeBlocks } from './map/outcome.ts';
import { beginningsTable, recogniseBlocks } from './map/recognise.ts';
import { GUARDED, redactMap, secondLook } from './map/redact.ts';
import { tablesBlock } from './map/tables.ts';
import type { Block } from './ottl/block.ts';
import { quote } from './ottl/expression.ts';
import type { CollectorNames } from './versions.ts';
import { wrapperTime } from './wrappers.ts';
import type { Yaml } from './yaml.ts';

/** All statements of a product, in the order of the steps: read, recognise, map, redact. */
export function productBlocks(
  product: Product,
  formats: readonly FormatRule[],
  reading: readonly Block[] = [],
): Block[] {
  return [
    tablesBlock(product, [['beginnings', beginningsTable(product)]]),
    ...reading,
    ...decodeBlocks(product, formats, (format) => headStatements(product, format)),
    ...beginBlocks(product, formats),
    ...recogniseBlocks(product),
    ...outcomeBlocks(product),
    ...commonBlocks(product, formats),
    ...fieldBlocks(product),
    ...bodyBlocks(product),
    ...detailBlocks(product, formats),
    ...settleBlocks(product),
    ...hiddenBlocks(product),
    {
      comment: 'Secrets in the attributes',
      conditions: [`log.attributes["cryptrail.source.format"] != nil and ${GUARDED}`],
      statements: [
        ...secondLook('log.attributes', product.redaction),
        ...redactMap('log.attributes', product.redaction),
      ],
    },
    ...foreignBlocks(product, formats),
    ...(reading.length > 0 ? [] : [wrapperTime()]),
    ...endBlocks(),
  ];
}

/** Where the records of {@link processors} come from when it is not from lines. */
export interface OtherSource {
  /** What makes the names of its processors its own. */
  readonly suffix: string;
  /** The statements that read a record. */
  readonly reading: readonly Block[];
}

/** The processors of a product: the mapping, then the grouping by resource. */
export function processors(
  product: Product,
  formats: readonly FormatRule[],
  names: CollectorNames,
  { suffix, reading }: OtherSource = { suffix: '', reading: [] },
): Record<string, Yaml> {
  const id = `${product.id}${suffix}`;
  const resources = resourceNames(product, formats);
  const waiting = resources.filter((name) => name.startsWith(WAITING));
  return {
    [`${names.transform}/${id}`]: {
      '# 1':
        'A statement that fails leaves its record as it is and says nothing: an error would repeat text of the record in the log of the Collector.',
      error_mode: 'silent',
      log_statements: productBlocks(product, formats, reading).map((block) => blockYaml(known(block, names))),
    },
    [`${names.groupByAttributes}/${id}`]: { keys: resources },
    ...(waiting.length === 0
      ? {}
      : {
          [`${names.transform}/${id}_resource`]: {
            error_mode: 'silent',
            log_statements: [{ context: 'resource', statements: waiting.flatMap(renameStatements) }],
          },
        }),
  };
}

/** Resource attributes that other records have as attributes of their own waited under another name. */
const WAITING = '_resource.';

function renameStatements(name: string): string[] {
  const from = `resource.attributes[${quote(name)}]`;
  return [
    `set(resource.attributes[${quote(name.slice(WAITING.length))}], ${from}) where ${from} != nil`,
    `delete_key(resource.attributes, ${quote(name)})`,
  ];
}

/** A group without the statements that the release cannot run. */
function known({ statements, ...block }: Block, { lacks }: CollectorNames): Block {
  return { ...block, statements: statements.filter((text) => !lacks.some((name) => text.includes(`${name}(`))) };
}

/** A group of statements as the transform processor wants it. */
export function blockYaml({ comment, context, conditions, statements }: Block): Yaml {
  return {
    '# ': comment,
    ...(context ? { context } : {}),
    ...(conditions ? { conditions: [...conditions] } : {}),
    statements: [...statements],
  };
}
