import { ExporterError } from './errors.ts';

/**
 * Loads an optional package when it is needed for the first time.
 * @throws {ExporterError} `missing_package`, naming the package and the option that asks for it.
 */
export async function loadPackage<Module>(name: string, option: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const message = `${option} needs the package ${name}, which cannot be loaded: npm install ${name}`;
    throw new ExporterError('missing_package', message, { cause });
  }
}
