import { afterEach, expect, expectTypeOf, it } from 'vitest';
import {
  createClient,
  type InfrastructureDocument,
  type SimpleTask,
  type Task,
  type TaskDocument,
} from '../../../../controller/client/index.ts';
import type { Status, WorkerAddress } from '../../../../controller/status.ts';
import { EDGE, type RestWorld, restWorld } from '../../../support/rest.ts';

const WEB: SimpleTask = { name: 'web', dock: 'class', image: 'nginx', ports: [80] };

let open: RestWorld | undefined;
afterEach(() => open?.stop());

async function world() {
  open = await restWorld({ 'infrastructures/edge.yaml': EDGE });
  return createClient(await open.listen());
}

it('makes, reads and removes a task', async () => {
  const client = await world();
  const made = await client.POST('/api/v1/tasks', { body: WEB, params: { header: { 'Idempotency-Key': 'once' } } });
  expect(made.data).toMatchObject({ resp: 'ok', id: 'web', task: { dock: 'class', pods: [] } });
  const path = { id: made.data?.id ?? '' };
  expect((await client.GET('/api/v1/tasks/{id}', { params: { path } })).data?.task.containers).toMatchObject([{ image: 'nginx' }]);
  expect((await client.DELETE('/api/v1/tasks/{id}', { params: { path } })).data?.content).toBe('ok');
});

it('tells an error by its status and its words', async () => {
  const client = await world();
  const { data, error, response } = await client.GET('/api/v1/tasks/{id}', { params: { path: { id: 'none' } } });
  expect([data, error?.message, response.status]).toEqual([undefined, 'There is no task none', 404]);
});

it('has the types of the documents, and of what is seen of them', () => {
  const client = createClient('http://localhost');
  type Seen = NonNullable<Awaited<ReturnType<typeof getStatus>>['data']>;
  const getStatus = () => client.GET('/api/v1/status');
  expectTypeOf<Seen>().toExtend<Status>();
  expectTypeOf<Task['pods'][number]>().toExtend<WorkerAddress>();
  expectTypeOf<InfrastructureDocument['spec']['type']>().toEqualTypeOf<'kubernetes' | 'openshift' | 'microk8s'>();
  expectTypeOf<SimpleTask>().toHaveProperty('image').toEqualTypeOf<string>();
  const document: TaskDocument = {
    apiVersion: 'rotterdam.dev/v1alpha1',
    kind: 'Task',
    metadata: { name: 'web' },
    spec: { containers: [{ image: 'nginx' }] },
  };
  // @ts-expect-error as there is no such path
  const none = () => client.GET('/api/v1/nothing');
  // @ts-expect-error as a task has a name
  const nameless = () => client.POST('/api/v1/tasks', { body: { image: 'nginx' } });
  expect([document, none, nameless]).toHaveLength(3);
});
