import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../../controller/gateway/openapi/document.ts';
import { swagger2 } from '../../../../../controller/gateway/openapi/swagger2.ts';
import { createServer } from '../../../../../controller/gateway/server.ts';
import { DOCUMENT } from '../../../../support/documented.ts';
import { gatewayOptions } from '../../../../support/gateway.ts';

const SWAGGER = JSON.parse(JSON.stringify(swagger2(DOCUMENT)));

/** What becomes of one schema. */
function converted(schema: JsonObject): unknown {
  return (swagger2({ ...DOCUMENT, paths: {}, components: { schemas: { It: schema }, responses: {} } }).definitions as JsonObject).It;
}

describe('the Swagger document', () => {
  it('is a valid one of version 2.0, whose references lead somewhere', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(SWAGGER))).toEqual({ valid: true });
    expect(validator.version).toBe('2.0');
    expect(validator.resolveRefs()).toBeDefined();
  });

  it('has every operation, with its body, under the tags of the original', () => {
    expect(Object.keys(SWAGGER.paths)).toEqual(Object.keys(DOCUMENT.paths));
    expect(SWAGGER.tags.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['status', 'task', 'function', 'imec', 'qos', 'dock']),
    );
    expect(SWAGGER.paths['/api/v1/docks/tasks'].post).toMatchObject({
      tags: ['dock'],
      operationId: 'createTask',
      deprecated: true,
      consumes: ['application/json'],
      parameters: expect.arrayContaining([
        expect.objectContaining({ in: 'body', schema: { example: expect.objectContaining({ name: 'nginx-app' }) } }),
      ]),
    });
  });

  it.each([
    ['a constant', { type: 'string', const: 'ok' }, { type: 'string', enum: ['ok'] }],
    ['null among others', { anyOf: [{ type: 'string' }, { type: 'null' }] }, { type: 'string', 'x-nullable': true }],
    ['one of several', { description: 'either', anyOf: [{ type: 'string' }, { type: 'integer' }] }, { description: 'either' }],
    ['a bound that is left out', { type: 'number', exclusiveMinimum: 0 }, { type: 'number', minimum: 0, exclusiveMinimum: true }],
    ['a reference', { $ref: '#/components/schemas/Task' }, { $ref: '#/definitions/Task' }],
    [
      'a map',
      { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { $ref: '#/components/schemas/Task' } },
      { type: 'object', additionalProperties: { $ref: '#/definitions/Task' } },
    ],
  ])('says as much as it can: %s', (_what, schema, expected) => {
    expect(converted(schema as JsonObject)).toEqual(expected);
  });

  it.each(['/swagger.json', '/swaggerui/swagger.json'])('is served at %s', async (url) => {
    const reply = await createServer(gatewayOptions()).inject({ url, headers: { host: 'localhost' } });
    expect(reply.json()).toEqual(SWAGGER);
  });
});

describe('Swagger UI', () => {
  it.each([
    ['/swaggerui/', 200, 'text/html; charset=utf-8'],
    ['/swaggerui/start.js', 200, 'text/javascript; charset=utf-8'],
    ['/swaggerui/swagger-ui.css', 200, 'text/css; charset=utf-8'],
    ['/swaggerui/swagger-ui-bundle.js', 200, 'text/javascript; charset=utf-8'],
    ['/swaggerui/..%2fserver.ts', 404, 'application/json; charset=utf-8'],
  ])('%s: %i', async (url, status, type) => {
    const reply = await createServer(gatewayOptions()).inject({ url, headers: { host: 'localhost' } });
    expect([reply.statusCode, reply.headers['content-type']]).toEqual([status, type]);
  });
});
