import { afterEach, describe, expect, it } from 'vitest';
import { EDGE, type RestWorld, restWorld } from '../../../../support/rest.ts';
import { example } from '../../../../support/source-files.ts';

const FUNCTION = { ...JSON.parse(example('function-helloworld.json')), dock: 'class', cluster: 'edge' };
const TASK = JSON.stringify({ name: 'web', dock: 'class', qos: [{ qosid: 'DeadlinesMissed_1' }], image: 'nginx', ports: [80] });

let open: RestWorld | undefined;
const world = async (files: Readonly<Record<string, string>> = {}) => {
  open = await restWorld({ 'infrastructures/edge.yaml': EDGE, ...files });
  return open;
};

afterEach(() => open?.stop());

describe('Functions by REST', () => {
  it.each([
    { name: 'Hello_World', id: 'hello_world', shown: 'Hello_World' },
    { name: 'hello.world!', id: 'hello_world', shown: 'hello-world' },
  ])('are called as tasks are: $name', async ({ name, id, shown }) => {
    const { call } = await world();
    expect((await call('POST', '/functions', { ...FUNCTION, name })).json).toMatchObject({ id, task: { id, name: shown } });
    expect(await call('GET', `/functions/${shown}`)).toMatchObject({ status: 200, json: { id } });
    expect(await call('DELETE', `/functions/${id}`)).toMatchObject({ status: 200 });
  });

  it('are kept as documents and wait, and a call is refused with the reason', async () => {
    const { call, files } = await world();
    const { json } = await call('POST', '/functions', FUNCTION);
    expect(json).toMatchObject({
      resp: 'ok',
      message: 'Function deployed',
      task: { type: 'function', status: 'waiting', functionDefinition: { runtime: FUNCTION.runtime } },
    });
    expect(Object.keys(await files())).toContain(`functions/${FUNCTION.name}.json`);
    expect((await call('GET', '/functions')).json.tasks).toMatchObject([{ id: json.id }]);
    expect(await call('POST', `/functions/${json.id}`, { any: 1 })).toMatchObject({
      status: 503,
      json: { resp: 'error', message: 'No serverless engine runs functions yet' },
    });
    expect(await call('DELETE', `/functions/${json.id}`)).toMatchObject({ status: 200, json: { content: 'ok' } });
    expect(await call('GET', `/functions/${json.id}`)).toMatchObject({ status: 404 });
  });

  it('and tasks have one space of ids', async () => {
    const { call } = await world();
    const first = await call('POST', '/functions', { ...FUNCTION, name: 'web' });
    expect([first.json.id, (await call('POST', '/tasks', TASK)).json.id]).toEqual(['web', 'web_2']);
  });
});

describe('The configuration by REST', () => {
  const DEFAULTS = 'apiVersion: rotterdam.dev/v1alpha1\nkind: Defaults\nmetadata:\n  name: defaults\nspec:\n  maxReplicas: 40 # enough\n';

  it('shows Defaults and infrastructures under their names in the original', async () => {
    const { call } = await world({ 'defaults.yaml': DEFAULTS });
    expect((await call('GET', '/config')).json.content).toMatchObject({
      Tasks: { MaxReplicas: 40, MinReplicas: 1, MaxAllowed: 2, ScaleFactor: 1.25, Value: 2, Comparator: '<', Action: 'scale_out' },
      Clusters: [{ ID: 'edge', Type: 'Kubernetes', DefaultDock: 'class' }],
    });
  });

  it('has every key that the original had, and no secret', async () => {
    const { call } = await world();
    await call('POST', '/imec', JSON.parse(example('infrastructure-edge-device.json')));
    const { content } = (await call('GET', '/config')).json;
    const versions = ['CaaSVersion', 'FaaSVersion', 'IMECVersion', 'RestApiVersion', 'RulesEngineVersion', 'SLALiteVersion'];
    expect(Object.keys(content).sort()).toEqual(['Clusters', 'SLAs', 'ServerPort', 'Tasks', ...versions].sort());
    expect(content.SLAs).toEqual({ CreationDate: '', ExpirationDate: '', DefaultInfrQoSRule: '' });
    const cluster = content.Clusters.find(({ Name }: { Name: string }) => Name === 'edge-device-1');
    expect(Object.keys(cluster).sort()).toEqual(
      [
        ...['ID', 'Name', 'Description', 'DefaultDock', 'Type', 'SO', 'KubernetesEndPoint', 'OpenshiftEndPoint', 'HostIP', 'HostPort'],
        ...['OpenshiftOauthToken', 'SLALiteEndPoint', 'PrometheusPushgatewayEndPoint', 'PrometheusEndPoint', 'User', 'Password', 'KeyFile'],
      ].sort(),
    );
    expect(cluster.Password).toBe('***');
  });

  it('says what is not changed there, and where it is; what was read can be sent back', async () => {
    const { call, messages } = await world({ 'defaults.yaml': DEFAULTS });
    const { content } = (await call('GET', '/config')).json;
    const back = await call('PUT', '/config', { ...content, Colour: 1, Tasks: { MaxReplicas: 12, Shape: 2 } });
    expect(back).toMatchObject({ status: 200, json: { content: { Tasks: { MaxReplicas: 12 } } } });
    const said = back.json.warnings.map(({ code, message }: { code: string; message: string }) => `${code} ${message}`);
    expect(said).toHaveLength(11);
    expect(said).toEqual(
      expect.arrayContaining([
        'not-set-here Ignored Clusters: infrastructures are changed by POST, PUT and DELETE of /api/v1/imec',
        expect.stringMatching(/^not-set-here Ignored SLAs: .*\/sla\/v1\/agreements/),
        expect.stringMatching(/^not-set-here Ignored ServerPort: /),
        expect.stringMatching(/^unknown-field Unknown field 'Colour': known are Tasks, /),
        expect.stringMatching(/^unknown-field Unknown setting 'Shape': known are MaxReplicas, /),
      ]),
    );
    const nothing = await call('PUT', '/config', { Clusters: [] });
    expect([nothing.status, nothing.json.warnings]).toEqual([
      200,
      [expect.objectContaining({ file: 'body', line: 1, column: 2, code: 'not-set-here' })],
    ]);
    expect(await messages()).toHaveLength(2);
  });

  it.each([
    { had: DEFAULTS, path: 'defaults.yaml', text: `${DEFAULTS.replace('40', '12')}  minReplicas: 2\n` },
    { had: undefined, path: 'defaults.yaml', text: expect.stringMatching(/maxReplicas: 12/) },
    {
      had: JSON.stringify({ apiVersion: 'rotterdam.dev/v1alpha1', kind: 'Defaults', metadata: { name: 'defaults' }, spec: {} }),
      path: 'defaults.json',
      text: expect.stringMatching(/"maxReplicas": 12/),
    },
  ])('is changed where it stands: $path', async ({ had, path, text }) => {
    const { call, files } = await world(had === undefined ? {} : { [path]: had });
    const { status, json } = await call('PUT', '/config', { Tasks: { MaxReplicas: 12, MinReplicas: 2 } });
    expect({ status, json }).toMatchObject({ status: 200, json: { content: { Tasks: { MaxReplicas: 12, MinReplicas: 2 } } } });
    expect((await files())[path]).toEqual(text);
  });

  it.each([{ Tasks: { MaxReplicas: 0 } }, { Tasks: [] }, { Tasks: null }])('refuses %j', async (body) => {
    const { call, messages } = await world();
    expect(await call('PUT', '/config', body)).toMatchObject({ status: 400 });
    expect(await messages()).toHaveLength(1);
  });
});

describe('The rest of the original', () => {
  it('docks are told with their tasks', async () => {
    const { call } = await world({ 'tasks/web.json': TASK });
    expect((await call('GET', '/docks')).json.docks).toMatchObject([
      { name: 'class', declared: false, infrastructures: ['edge'], tasks: ['web'] },
    ]);
    expect((await call('GET', '/docks/class')).json.dock).toMatchObject({ name: 'class' });
    expect((await call('GET', '/docks/none')).status).toBe(404);
  });

  it('a task is told with its objects, and with what it is bound to', async () => {
    const { call } = await world({ 'tasks/web.json': TASK });
    const { json } = await call('GET', '/tasks/web/all');
    expect(json).toMatchObject({ resp: 'ok', task: { id: 'web' } });
    expect(json.objects.map(({ manifest }: { manifest: { kind: string } }) => manifest.kind)).toContain('StatefulSet');
    expect((await call('GET', '/docks/tasksqos')).json.tasksqos).toMatchObject([
      { idtask: 'web', guarantee: 'deadlines_missed', maxallowed: 0, scalefactor: 1.5 },
    ]);
  });

  it.each(['/version', '/status'])('%s is the envelope with more in it', async (path) => {
    const { call } = await world();
    expect(await call('GET', path)).toMatchObject({ status: 200, json: { resp: 'ok', caasversion: '1.2.3', imecversion: '1.2.3' } });
  });
});
