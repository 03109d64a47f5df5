import { readFile } from 'node:fs/promises';
import { applyOverlay, CatalogueError, type Overlay, type Product } from '@cryptrail/catalogue';
import { Failure } from '../command-line/misuse.ts';
import { reasonOf } from '../input/system-error.ts';

/**
 * Lays an overlay over the product that it names.
 *
 * @throws {@link Failure} when the file cannot be read or does not fit.
 */
export async function readOverlayFile(path: string, products: readonly Product[]): Promise<readonly Product[]> {
  const overlay = await readOverlay(path);
  const named = typeof overlay === 'object' && overlay !== null && 'product' in overlay ? overlay.product : undefined;
  if (!products.some(({ id }) => id === named))
    throw new Failure(`${path}: "product" takes ${products.map(({ id }) => id).join(', ')}`);
  try {
    // Its shape is checked where it is applied.
    return products.map((product) => (product.id === named ? applyOverlay(product, overlay as Overlay) : product));
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error;
    throw new Failure(`${path}: ${error.message}`, { cause: error });
  }
}

async function readOverlay(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`the overlay ${path} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure(`the overlay ${path} is no JSON`, { cause: error });
  }
}
