import { afterEach, describe, expect, it } from 'vitest';
import { EDGE, type RestWorld, restWorld } from '../../../../support/rest.ts';
import { example } from '../../../../support/source-files.ts';

const TEMPLATE = JSON.parse(example('qos-deadlines-missed-1.json'));
const named = (guaranteeName: string, maxAllowed = 0) => ({ ...[TEMPLATE].flat()[0], guaranteeName, maxAllowed });

let open: RestWorld | undefined;
const world = async (files: Readonly<Record<string, string>> = {}) => {
  open = await restWorld({ 'infrastructures/edge.yaml': EDGE, ...files });
  return open;
};

afterEach(() => open?.stop());

describe('QoS definitions by REST', () => {
  it('are listed with the built-in ones, and told one by one', async () => {
    const { call } = await world({ 'qos/mine.json': JSON.stringify(named('Mine', 7)) });
    const { json } = await call('GET', '/qos/definitions');
    expect(json.qosdefs).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ guaranteeName: 'Default_COMPSs' }),
        expect.objectContaining({ guaranteeName: 'Mine' }),
      ]),
    );
    expect((await call('GET', '/qos/definitions/Mine')).json.qosdef).toMatchObject({
      guaranteeName: 'Mine',
      maxAllowed: 7,
      action: 'scale_out',
      scaleFactor: 1.5,
      guarantees: [{ constraint: 'deadlines_missed < 1' }],
    });
    expect((await call('GET', '/qos/definitions/None')).status).toBe(404);
  });

  it('posted one or many at a time are added, and no other goes', async () => {
    const { call, files } = await world({ 'qos/mine.json': JSON.stringify(named('Mine')) });
    expect(await call('POST', '/qos/definitions', named('A'))).toMatchObject({
      status: 200,
      json: { resp: 'ok', qosdef: { guaranteeName: 'A' } },
    });
    expect((await call('POST', '/qos/definitions', [named('B'), named('Infr_Mem_2GB', 4)])).json.qosdefs).toHaveLength(2);
    expect(Object.keys(await files()).sort()).toEqual([
      'infrastructures/edge.yaml',
      'qos/a.json',
      'qos/b.json',
      'qos/infr-mem-2gb.json',
      'qos/mine.json',
    ]);
    expect((await call('GET', '/qos/definitions/Infr_Mem_2GB')).json.qosdef.maxAllowed).toBe(4);
  });

  it('take the places of those of the same names, wherever they stand', async () => {
    const { call, files } = await world({ 'qos/all.json': JSON.stringify(['A', 'B', 'C'].map((name) => named(name))) });
    expect(await call('POST', '/qos/definitions', [named('A', 5), named('C', 6)])).toMatchObject({ status: 200 });
    const left = await files();
    expect(JSON.parse(left['qos/all.json'] ?? '')).toMatchObject([{ guaranteeName: 'B' }]);
    expect([left['qos/a.json'], left['qos/c.json']].map((text) => JSON.parse(text ?? '').maxAllowed)).toEqual([5, 6]);
    await call('POST', '/qos/definitions', named('A', 9));
    expect(JSON.parse((await files())['qos/a.json'] ?? '').maxAllowed).toBe(9);
  });

  it.each([
    { reason: 'twice the same', body: [named('A'), named('A')] },
    { reason: 'no name', body: { ...named('A'), guaranteeName: undefined } },
    { reason: 'no constraint', body: { ...named('A'), guarantees: [{ name: 'x', constraint: 'x' }] } },
    { reason: 'an empty list', body: [] },
  ])('refuses $reason', async ({ body }) => {
    const { call, messages } = await world();
    expect(await call('POST', '/qos/definitions', body)).toMatchObject({ status: 400, json: { resp: 'error' } });
    expect(await messages()).toHaveLength(1);
  });
});
