import { z } from 'zod';
import { documentSchema, type Kind, SPECS } from '../constructs/spec/document.ts';
import { original } from './original/schemas.ts';

/** JSON Schemas (draft 2020-12) by file name, for editors: one for each kind of document, one for Rotterdam's own JSON. */
export function jsonSchemas(): ReadonlyMap<string, object> {
  const kinds = Object.keys(SPECS) as Kind[];
  return new Map<string, object>([
    ...kinds.map((kind): [string, object] => [schemaFile(kind), z.toJSONSchema(documentSchema(kind), { io: 'input' })]),
    ['rotterdam.schema.json', z.toJSONSchema(original, { io: 'input' })],
  ]);
}

/** QosTemplate → `qos-template.schema.json` */
export function schemaFile(kind: Kind): string {
  return `${kind.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()}.schema.json`;
}
