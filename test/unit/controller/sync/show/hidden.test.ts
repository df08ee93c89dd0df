import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffFields } from '../../../../../controller/sync/show/field-diff.ts';
import { hide } from '../../../../../controller/sync/show/hidden.ts';
import { jsonField, printFields } from '../../../../../controller/sync/show/print-fields.ts';

const SECRET = 'hunter2';
const CODED = Buffer.from(SECRET).toString('base64');
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const secret = (fields: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' }, ...fields });
const leaks = (text: string) => text.includes(SECRET) || text.includes(CODED);

describe('hide', () => {
  it.each([
    { reason: 'data', object: secret({ data: { password: CODED } }) },
    { reason: 'stringData', object: secret({ stringData: { password: SECRET } }) },
    { reason: 'data that is no base64', object: secret({ data: { password: SECRET } }) },
    { reason: 'data that is no text', object: secret({ data: { password: { deep: [SECRET] } } }) },
    { reason: 'data that is no map', object: secret({ data: [SECRET], stringData: SECRET }) },
    { reason: 'a Secret in a List', object: { apiVersion: 'v1', kind: 'List', items: [secret({ data: { a: CODED } })] } },
    { reason: 'a Secret in a template', object: { kind: 'Thing', spec: { template: secret({ stringData: { a: SECRET } }) } } },
    {
      reason: "kubectl's copy of it",
      object: secret({ metadata: { name: 'x', annotations: { [LAST_APPLIED]: JSON.stringify(secret({ data: { a: CODED } })) } } }),
    },
    {
      reason: "kubectl's copy on an object of another kind",
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { annotations: { [LAST_APPLIED]: `{"kind":"Secret","data":"${CODED}"}` } } },
    },
  ])('shows nothing of $reason, whatever is made of it', ({ object }) => {
    const hidden = hide(object);
    for (const fields of [diffFields({}, hidden), diffFields(hidden, {}), diffFields([hidden], [hidden, hidden])]) {
      const shown = [
        printFields(fields).join('\n'),
        JSON.stringify(fields.map(jsonField)),
        JSON.stringify(fields),
        inspect(fields, { depth: 99, showHidden: true }),
      ];
      expect(shown.filter(leaks)).toEqual([]);
    }
    expect(JSON.stringify(hidden)).toContain('*****');
  });

  it.each([
    { reason: 'a Secret of another group', object: { apiVersion: 'example.com/v1', kind: 'Secret', data: { a: SECRET } } },
    {
      reason: 'a SealedSecret',
      object: { apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret', spec: { encryptedData: { a: SECRET } } },
    },
    { reason: 'a ConfigMap', object: { apiVersion: 'v1', kind: 'ConfigMap', data: { a: SECRET } } },
  ])('leaves $reason as it is', ({ object }) => {
    expect(hide(object)).toEqual(object);
  });

  it('keeps what is the same the same, written as data or stringData, and no other', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const written = hide(secret({ stringData: { key: a } }));
        const kept = hide(secret({ data: { key: Buffer.from(b).toString('base64') } }));
        expect(diffFields(written, kept).length).toBe(Buffer.from(a).equals(Buffer.from(b)) ? 0 : 1);
      }),
    );
  });

  it('tells by distinct masks that a value changed, and which keys are new or gone', () => {
    const before = hide(secret({ data: { changed: 'QQ==', same: 'Qg==', gone: 'Qw==' } }));
    const after = hide(secret({ data: { changed: 'WA==', same: 'Qg==', fresh: 'WQ==' } }));
    expect(printFields(diffFields(before, after))).toEqual([
      '.data.changed',
      '  - ***** (before)',
      '  + ***** (after)',
      '.data.fresh',
      '  + *****',
      '.data.gone',
      '  - *****',
    ]);
    expect(diffFields(before, after).map(jsonField)[0]).toEqual({
      path: '.data.changed',
      before: '***** (before)',
      after: '***** (after)',
    });
  });
});
