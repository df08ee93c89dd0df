import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { keyRows } from '../../../synth/moving/keys.ts';

const text = readFileSync(new URL('../../../docs/migration.md', import.meta.url), 'utf8');

it('docs/migration.md says where every key of the original went, as the importer has it', () => {
  const [, table = ''] = text.split('| key | variables | went to |\n|---|---|---|\n');
  expect(table.split('\n\n')[0]?.trimEnd().split('\n')).toEqual(keyRows());
});
