import { describe, expect, it } from 'vitest';
import { jsonSchemas } from '../../../synth/json-schema.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly const?: string;
  readonly default?: unknown;
  readonly additionalProperties?: boolean;
}

describe('jsonSchemas', () => {
  const schemas = jsonSchemas() as ReadonlyMap<string, Schema>;

  it('has a schema for each kind, and one for the rest', () => {
    expect([...schemas.keys()]).toEqual([
      'infrastructure.schema.json',
      'dock.schema.json',
      'task.schema.json',
      'qos-template.schema.json',
      'function.schema.json',
      'agreement.schema.json',
      'agreement-template.schema.json',
      'source.schema.json',
      'metric.schema.json',
      'defaults.schema.json',
      'rotterdam.schema.json',
    ]);
  });

  it('describes what is written, not what is read: fields with a default are not required', () => {
    const task = schemas.get('task.schema.json');
    expect(task?.required).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    expect(task?.properties?.kind?.const).toBe('Task');
    expect(task?.properties?.spec).toMatchObject({
      required: ['containers'],
      additionalProperties: false,
      properties: { replicas: { default: 1 } },
    });
  });

  it("knows every format of Rotterdam's own", () => {
    const formats = schemas.get('rotterdam.schema.json')?.anyOf ?? [];
    expect(formats.map(({ required }) => required?.join(' '))).toEqual([
      'name containers',
      'name image',
      'type guaranteeName guarantees',
      undefined,
      'name type',
      'type',
      'name runtime function',
      'id name details',
      'id name details',
    ]);
  });
});
