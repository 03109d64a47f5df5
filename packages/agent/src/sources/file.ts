import { runFiles } from './file/run-files.ts';
import type { FileOptions } from './options.ts';
import type { Source } from './source.ts';

/**
 * Files that are written, rotated, packed and removed while they are read. A file is told by its content, wherever it lies; its position moves
 * when its records have arrived.
 */
export function createFileSource(options: FileOptions): Source {
  return {
    id: options.id ?? `file ${options.include.join(',')}`,
    type: 'file',
    run: (context) => runFiles(options, context),
  };
}
