import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SPECS } from '../../../constructs/spec/document.ts';
import { BUILTIN_QOS } from '../../../synth/builtin-qos.ts';
import { jsonSchemas, schemaFile } from '../../../synth/json-schema.ts';
import { loadEnvironment } from '../../../synth/load.ts';
import { withFieldTables } from '../../support/field-tables.ts';
import { cityFiles } from '../../support/source-files.ts';

const FILE = fileURLToPath(new URL('../../../docs/environment-format.md', import.meta.url));
const text = readFileSync(FILE, 'utf8');

describe('docs/environment-format.md', () => {
  /** `npx vitest run -u` writes it. */
  it('lists the fields of the schemas', async () => {
    await expect(withFieldTables(text, jsonSchemas())).toMatchFileSnapshot(FILE);
  });

  it('has a table for every kind and names every built-in template', () => {
    for (const kind of Object.keys(SPECS)) {
      expect(text).toContain(`<!-- fields: ${schemaFile(kind as keyof typeof SPECS).replace('.schema.json', '')} -->`);
    }
    for (const name of BUILTIN_QOS.keys()) expect(text).toContain(`\`${name}\``);
  });

  it('shows a valid document', () => {
    const [, document = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
    const qos = { type: 'app', guaranteeName: 'DashboardLatency', guarantees: [{ name: 'g', constraint: 'g < 1' }] };
    const files = { 'infrastructures/i.json': { name: 'modena', type: 'kubernetes' }, 'qos/q.json': qos, 'tasks/t.yaml': document };
    expect(loadEnvironment('city', cityFiles(files))).toMatchObject({
      issues: [],
      tasks: new Map([['traffic-dashboard', expect.anything()]]),
    });
  });
});
