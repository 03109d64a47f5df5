import type { Product } from '@cryptrail/catalogue';

/** What is compiled of each product when a record of it comes, and not before: most inputs are of one. */
export class CompiledProducts<Compiled> {
  readonly products: readonly Product[];
  readonly #byId: ReadonlyMap<string, Product>;
  readonly #compile: (product: Product) => Compiled;
  readonly #compiled = new Map<string, Compiled>();

  constructor(products: readonly Product[], compile: (product: Product) => Compiled) {
    this.#byId = new Map(products.map((product) => [product.id, product]));
    this.products = [...this.#byId.values()];
    this.#compile = compile;
  }

  /** Undefined for products that are not at hand. */
  get(id: string): Compiled | undefined {
    const known = this.#compiled.get(id);
    if (known !== undefined) return known;
    const product = this.#byId.get(id);
    if (!product) return undefined;
    const made = this.#compile(product);
    this.#compiled.set(id, made);
    return made;
  }
}
