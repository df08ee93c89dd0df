import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { openApiDocument } from '../../../../controller/gateway/openapi/document.ts';

const FILE = fileURLToPath(new URL('../../../../controller/client/schema.ts', import.meta.url));

it("the client's types are those of the OpenAPI document: npx vitest run --project unit test/unit/controller/client --update", {
  timeout: 60_000,
}, async () => {
  const types = await openapiTS(JSON.parse(JSON.stringify(openApiDocument('0'))), {
    alphabetize: true,
    // What has a default may be left out.
    defaultNonNullable: false,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    // A type can't be made of itself alone.
    transform: (_schema, { path }) =>
      path === '#/components/schemas/Json' ? ts.factory.createKeywordTypeNode(ts.SyntaxKind.UnknownKeyword) : undefined,
  });
  await expect(
    `// Of the OpenAPI document; test/unit/controller/client/schema.test.ts writes it.\n${astToString(types)}`,
  ).toMatchFileSnapshot(FILE);
});
