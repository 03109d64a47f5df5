import { GENERATED } from './generated-head.ts';

/** `src/products.generated.ts`: every product folder, and the map from its id to its type. */
export function productsModule(ids: readonly string[]): string {
  const imports = ids.map((id) => `import { ${constantOf(id)} } from '../products/${id}/index.ts';`);
  const members = ids.map((id) => `  readonly '${id}': typeof ${constantOf(id)};`);
  return [
    `${GENERATED}${imports.join('\n')}`,
    `export { ${ids.map(constantOf).join(', ')} };`,
    `/** Every product of this package, in name order. */\nexport const products = [${ids.map(constantOf).join(', ')}] as const;`,
    `/** Product id → type of the product. */\nexport interface ProductsById {\n${members.join('\n')}\n}\n`,
  ].join('\n\n');
}

/** `products/<id>/entries.generated.ts`: the whole tables of one product, prose included, and its `configuration.json` where it has one. */
export function entriesModule(id: string, hasConfiguration: boolean): string {
  const name = constantOf(id);
  const configuration = hasConfiguration
    ? "import configuration from './configuration.json' with { type: 'json' };\n"
    : '';
  const tables = hasConfiguration ? 'configuration, product, events, fields' : 'product, events, fields';
  return `${GENERATED}import { defineEntries, type ProductEntries } from '../../src/define-entries.ts';
import type { NameOf } from '../../src/product-types.ts';
${configuration}import events from './events.json' with { type: 'json' };
import fields from './fields.json' with { type: 'json' };
import type { ${name} as running } from './index.ts';
import product from './product.json' with { type: 'json' };

/** Everything the catalogue knows about this product. */
export const ${name}: ProductEntries<NameOf<typeof running>> = defineEntries({ ${tables} });
`;
}

/** `src/entries.generated.ts`: the whole tables of every product. */
export function allEntriesModule(ids: readonly string[]): string {
  const imports = ids.map((id) => `import { ${constantOf(id)} } from '../products/${id}/entries.generated.ts';`);
  return `${GENERATED}${imports.join('\n')}\n\n/** The whole tables of every product, in name order. */\nexport const entries = [${ids.map(constantOf).join(', ')}] as const;\n`;
}

/** `aqtive-guard` → `aqtiveGuard`. */
export function constantOf(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
