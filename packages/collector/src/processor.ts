import type { FormatRule, Product } from '@cryptrail/catalogue';
import { decodeBlocks } from './decode/decoders.ts';
import { bodyBlocks } from './map/body.ts';
import { beginBlocks, commonBlocks, endBlocks, resourceNames } from './map/common.ts';
import { detailBlocks } from './map/details.ts';
import { fieldBlocks } from './map/fields.ts';
import { foreignBlocks } from './map/foreign.ts';
import { outcomeBlocks } from './map/outcome.ts';
import { recogniseBlocks } from './map/recognise.ts';
import { GUARDED, redactMap } from './map/redact.ts';
import { tablesBlock } from './map/tables.ts';
import type { Block } from './ottl/block.ts';
import type { CollectorNames } from './versions.ts';
import type { Yaml } from './yaml.ts';

/** All statements of a product, in the order of the steps: read, recognise, map, redact. */
export function productBlocks(product: Product, formats: readonly FormatRule[]): Block[] {
  return [
    tablesBlock(product),
    ...decodeBlocks(formats),
    ...beginBlocks(product, formats),
    ...recogniseBlocks(product),
    ...outcomeBlocks(product),
    ...commonBlocks(product, formats),
    ...fieldBlocks(product),
    ...bodyBlocks(product),
    ...detailBlocks(product, formats),
    {
      comment: 'Secrets in the attributes',
      conditions: [`log.attributes["cryptrail.source.format"] != nil and ${GUARDED}`],
      statements: redactMap('log.attributes', product.redaction),
    },
    ...foreignBlocks(product),
    ...endBlocks(product),
  ];
}

/** The processors of a product: the mapping, then the grouping by resource. */
export function processors(
  product: Product,
  formats: readonly FormatRule[],
  names: CollectorNames,
): Record<string, Yaml> {
  return {
    [`${names.transform}/${product.id}`]: {
      '# 1':
        'A statement that fails leaves its record as it is and says nothing: an error would repeat text of the record in the log of the Collector.',
      error_mode: 'silent',
      log_statements: productBlocks(product, formats).map(blockYaml),
    },
    [`${names.groupByAttributes}/${product.id}`]: { keys: resourceNames(product, formats) },
  };
}

function blockYaml({ comment, context, conditions, statements }: Block): Yaml {
  return {
    '# ': comment,
    ...(context ? { context } : {}),
    ...(conditions ? { conditions: [...conditions] } : {}),
    statements: [...statements],
  };
}
