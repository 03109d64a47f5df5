import { defineConfig, type Options } from 'tsup';

const common: Options = {
  target: 'node22',
  dts: false,
  sourcemap: true,
  // `node:sqlite` has no name without the prefix.
  removeNodeProtocol: false,
};

/** A module with nothing but a default export, which a CommonJS file does not get by a mere `require`. */
const STRING_WIDTH = 'string-width';
const requireDefault: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'require-default',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: new RegExp(`^${STRING_WIDTH}$`) }, ({ namespace, path }) =>
      namespace === 'default' ? { path, external: true } : { path, namespace: 'default' },
    );
    onLoad({ filter: /.*/, namespace: 'default' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)}).default;`,
    }));
  },
};

export default defineConfig([
  { ...common, format: 'esm', entry: ['src/cli.ts'], clean: ['*'] },
  // Once more all that `convert` needs, in one file: see src/kept-code.ts.
  {
    ...common,
    format: 'cjs',
    entry: ['src/convert-program.ts'],
    outDir: 'dist/convert',
    noExternal: [/^@cryptrail\//, STRING_WIDTH],
    external: [/^@grpc\//, /proxy/],
    esbuildPlugins: [requireDefault],
    shims: true,
    clean: true,
    esbuildOptions: (options) => {
      // A text of one byte a letter is half as long in memory.
      options.charset = 'ascii';
      // A script that is compiled by hand has no `import()` yet without a warning.
      options.supported = { ...options.supported, 'dynamic-import': false };
    },
  },
]);
