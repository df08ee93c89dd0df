// Builds what the package ships: the command line as one bundle per command, and the constructs as a library with types.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync('build', { recursive: true, force: true });
await build({
  entryPoints: { 'rotterdam-sync': 'controller/cli/rotterdam-sync.ts' },
  outdir: 'build/cli',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  legalComments: 'none',
  // Left outside: what finds its own files at run time (pino's worker, jsonc-parser's UMD parts) and what is large. A CommonJS dependency inside still asks for `require`.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  external: ['pino', 'pino-pretty', 'cdk8s', 'constructs', 'fastify', 'prom-client', 'selfsigned', 'jsonc-parser'],
  define: { 'process.env.ROTTERDAM_VERSION': JSON.stringify(version) },
  logLevel: 'warning',
});
chmodSync('build/cli/rotterdam-sync.js', 0o755);
// Of 12 MB that Swagger UI's package has, what a browser asks for.
const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
for (const name of ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png', 'LICENSE', 'NOTICE']) {
  cpSync(join(swaggerUi, name), join('build/swagger-ui', name));
}
// The web page is served as it stands.
cpSync('controller/gateway/page', 'build/gateway/page', { recursive: true });
execFileSync(process.execPath, [tsc, '--project', 'tsconfig.library.json'], { stdio: 'inherit' });
