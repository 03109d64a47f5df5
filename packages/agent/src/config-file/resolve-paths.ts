import { isAbsolute, join } from 'node:path';
import type { AgentConfig } from './schema/agent.ts';

/** Makes a path of a configuration absolute: it begins at the folder of the configuration, wherever the agent was started. */
export type PathResolver = (path: string) => string;

/** The resolver for a configuration in a folder. */
export function createPathResolver(folder: string): PathResolver {
  return (path) => (isAbsolute(path) ? path : join(folder, path));
}

/** The sources with absolute paths. */
export function resolveSources(sources: AgentConfig['sources'], resolve: PathResolver): AgentConfig['sources'] {
  return sources.map((source): AgentConfig['sources'][number] => {
    if (source.type === 'file') {
      const { include, exclude, ...options } = source.options;
      return {
        type: 'file',
        options: {
          ...options,
          include: include.map(resolve),
          ...(exclude ? { exclude: exclude.map(resolve) } : {}),
        },
      };
    }
    if (source.type === 'journald') {
      const { directory, ...options } = source.options;
      return { type: 'journald', options: { ...options, ...(directory ? { directory: resolve(directory) } : {}) } };
    }
    if (source.type !== 'otlp' && source.type !== 'syslog') return source;
    const { tls } = source.options;
    if (!tls) return source;
    const files = {
      certFile: resolve(tls.certFile),
      keyFile: resolve(tls.keyFile),
      ...(tls.clientCaFile ? { clientCaFile: resolve(tls.clientCaFile) } : {}),
    };
    return source.type === 'otlp'
      ? { type: 'otlp', options: { ...source.options, tls: files } }
      : { type: 'syslog', options: { ...source.options, tls: files } };
  });
}
