import { afterAll, describe, expect, it } from 'vitest';
import { EDGE, type RestWorld, restWorld } from '../../../../support/rest.ts';

const TEMPLATE = {
  id: 'Latency',
  name: 'Latency',
  details: {
    type: 'template',
    name: '{{.name}}',
    provider: { id: 'p', name: 'p' },
    client: { id: '{{.task}}', name: 'c' },
    guarantees: [{ name: 'L', constraint: 'latency < 5' }],
  },
};

/** One for all of a table: what is refused leaves it as it is. */
function world() {
  let open: Promise<RestWorld> | undefined;
  afterAll(async () => (await open)?.stop());
  return () =>
    (open ??= restWorld({
      'infrastructures/edge.yaml': EDGE,
      'tasks/web.json': JSON.stringify({ name: 'web', dock: 'class', containers: [{ image: 'nginx' }] }),
      'sla/latency.json': JSON.stringify(TEMPLATE),
    }));
}

/** Written into JSON as they stand. */
const POLLUTED = ['__proto__', 'constructor', 'prototype', '\\u005f_proto__'].flatMap((key) => [
  { at: 'the top', text: `{"${key}": {"polluted": true}` },
  { at: 'a field', text: `{"spec": {"${key}": {"polluted": true}}` },
]);

describe('A body with a key that changes what an object is', () => {
  const here = world();

  it.each(
    [
      'POST /tasks',
      'PUT /tasks/web',
      'POST /docks/tasks-compss',
      'POST /functions',
      'POST /imec',
      'POST /qos/definitions',
      'PUT /config',
      'POST /sla/v1/agreements',
      'POST /sla/v1/templates',
      'POST /sla/v1/create-agreement',
      'POST /reconcile',
      'POST /api/v1/sla/tasks/web/guarantee/L',
      'PUT /sla/v1/agreements/a',
    ].flatMap((route) => POLLUTED.map((polluted) => ({ route, ...polluted }))),
  )('is refused by $route: $text', async ({ route, text }) => {
    const { call, messages } = await here();
    const [method, path] = route.split(' ') as ['POST' | 'PUT', string];
    const { status } = await call(
      method,
      path,
      `${text}, "name": "x", "image": "nginx", "containers": [{"image": "nginx"}], "template_id": "Latency", "Tasks": {}, "state": "stopped"}`,
    );
    expect(status).toBe(400);
    expect(await messages()).toHaveLength(1);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

/** As they come in a URL. */
const PATHS = ['..%2f..%2fsecrets', '%2e%2e%2fx', 'a%00b', 'a%0ab', '%e2%80%aeweb', 'we%cc%81b', 'web%5c..', '%ef%bb%bfweb', 'w%e2%84%aab'];

describe('An id with a trick in it', () => {
  const here = world();

  it.each(PATHS.flatMap((id) => ['tasks', 'functions', 'imec', 'docks', 'qos/definitions', 'sla'].map((folder) => ({ folder, id }))))(
    'is nothing that there is: $folder/$id',
    async ({ folder, id }) => {
      const { call, messages } = await here();
      const path = folder === 'sla' ? '/sla/v1/agreements' : `/${folder}`;
      expect((await call('GET', `${path}/${id}`)).status).toBe(404);
      if (folder !== 'docks' && folder !== 'qos/definitions') expect((await call('DELETE', `${path}/${id}`)).status).toBe(404);
      expect(await messages()).toHaveLength(1);
    },
  );

  it('is not made to fit one that there is', async () => {
    const { call } = await here();
    await call('POST', '/tasks', { name: 'kiosk', dock: 'class', containers: [{ image: 'nginx' }] });
    expect((await call('GET', `/tasks/${encodeURIComponent('\u212Aiosk')}`)).status).toBe(404);
    expect((await call('GET', '/tasks/Kiosk')).status).toBe(200);
  });
});

const NAMES = [
  '../../x',
  '/etc/x',
  '..',
  '.',
  'a/b',
  'a\\b',
  'a\0b',
  'a\nb',
  '\u202Eweb',
  'wéb',
  'ｗｅｂ',
  '\u212Aiosk',
  '-rf',
  '--upload-pack=x',
  '',
  ' ',
  'a b',
  'x'.repeat(300),
  'refs/heads/main',
  '.git/config',
  'CON',
  '💥',
];

describe('A name with a trick in it', () => {
  const here = world();

  it.each(NAMES.flatMap((name) => (['tasks', 'functions', 'imec'] as const).map((folder) => ({ folder, name }))))(
    'is refused, or a file beside the others: $folder $name',
    async ({ folder, name }) => {
      const { call, files } = await here();
      const known = Object.keys(await files());
      const body =
        folder === 'imec'
          ? { name, type: 'Kubernetes' }
          : { name, dock: 'class', runtime: 'python3.7', function: 'x', containers: [{ image: 'nginx' }] };
      const { status } = await call('POST', `/${folder}`, body);
      expect(status).toBeOneOf([200, 400]);
      const made = Object.keys(await files()).filter((path) => !known.includes(path));
      for (const path of made) expect(path).toMatch(/^[a-z]+\/[a-z]([a-z0-9-]*[a-z0-9])?\.json$/);
    },
  );

  it.each(NAMES)('of a QoS definition or an agreement is a file beside the others, and one line of a message: %j', async (name) => {
    const { call, files, messages } = await here();
    const known = Object.keys(await files());
    await call('POST', '/qos/definitions', { guaranteeName: name, type: 'app', guarantees: [{ name: 'L', constraint: '[latency] < 5' }] });
    await call('POST', '/sla/v1/templates', { ...TEMPLATE, id: name, name });
    const details = { ...TEMPLATE.details, id: name, type: 'agreement', name, client: { id: 'web', name: 'web' } };
    await call('POST', '/sla/v1/agreements', { id: name, name, state: 'started', details });
    const made = Object.keys(await files()).filter((path) => !known.includes(path));
    for (const path of made) expect(path).toMatch(/^(qos|sla)\/[a-z0-9-]{1,100}\.json$/);
    for (const message of (await messages()).slice(1)) expect(message).toMatch(/^[^\p{C}]{1,200}\n$/u);
  });

  it('brings no word of its own into the message of a commit', async () => {
    const { call, messages } = await here();
    const name = 'x\n\nRotterdam-Allow-Prune: city/edge';
    await call('POST', '/qos/definitions', { guaranteeName: name, type: 'app', guarantees: [{ name: 'L', constraint: '[latency] < 5' }] });
    await call('POST', '/tasks', { name: 'y', dock: 'class', containers: [{ image: 'nginx' }] });
    await call('POST', '/sla/v1/templates', { ...TEMPLATE, id: name, name });
    for (const message of await messages()) expect(message).not.toMatch(/^Rotterdam-Allow-Prune/m);
  });
});
