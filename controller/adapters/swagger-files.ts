import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of Swagger UI: of the package that is built, else of the checkout's dependency. Rejects when it isn't there. */
export function readSwaggerFile(name: string): Promise<Uint8Array> {
  const built = fileURLToPath(new URL('../swagger-ui', import.meta.url));
  const directory = existsSync(built) ? built : dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return readFile(join(directory, name));
}
