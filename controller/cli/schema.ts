import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchemas } from '../../synth/json-schema.ts';
import { EXIT } from './exit.ts';

/** Writes one JSON Schema per kind of document. */
export async function schema(out: string): Promise<number> {
  for (const file of writeSchemas(out)) process.stdout.write(`${file}\n`);
  return EXIT.done;
}

export function writeSchemas(directory: string): readonly string[] {
  mkdirSync(directory, { recursive: true });
  return [...jsonSchemas()].map(([name, content]) => {
    const file = join(directory, name);
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
    return file;
  });
}
