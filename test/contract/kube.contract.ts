import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Body, RawKube } from '../support/raw-kube.ts';

/** What rotterdam-sync relies on in a Kubernetes API server, run on the real one and on the sandbox. */
export function kubeContract(name: string, start: () => Promise<{ kubeconfig: string; stop(): Promise<void> | void }>): void {
  describe(name, () => {
    let server: Awaited<ReturnType<typeof start>>;
    let kube: RawKube;
    /** `namespaces/<name>` of this run. */
    let space = '';
    const core = (rest: string) => `/api/v1/${space}/${rest}`;
    const apps = (rest: string) => `/apis/apps/v1/${space}/${rest}`;

    beforeAll(async () => {
      server = await start();
      kube = new RawKube(server.kubeconfig);
      space = `namespaces/${await newNamespace(kube)}`;
    });
    afterAll(async () => {
      kube.close();
      await server.stop();
    });

    describe('the door', () => {
      it('answers 401 to an unknown token', async () => {
        const { status, body } = await kube.send('GET', '/api/v1/namespaces', undefined, 'application/json', 'nobody');
        expect({ status, body }).toEqual({
          status: 401,
          body: {
            kind: 'Status',
            apiVersion: 'v1',
            metadata: {},
            status: 'Failure',
            message: 'Unauthorized',
            reason: 'Unauthorized',
            code: 401,
          },
        });
      });
      it('tells its version', async () => {
        expect((await kube.get('/version')).body.gitVersion).toMatch(/^v1\.\d+\.\d+/);
      });
      it.each(['/healthz', '/livez', '/readyz'])('is well: %s', async (path) => {
        expect(await kube.get(path)).toEqual({ status: 200, body: 'ok' });
      });
    });

    describe('discovery', () => {
      it.each([
        ['/api/v1', 'pods', { kind: 'Pod', namespaced: true, singularName: 'pod', shortNames: ['po'] }],
        ['/api/v1', 'namespaces', { kind: 'Namespace', namespaced: false }],
        ['/apis/apps/v1', 'deployments', { kind: 'Deployment', namespaced: true }],
        ['/apis/apps/v1', 'deployments/scale', { kind: 'Scale', group: 'autoscaling', version: 'v1' }],
        ['/apis/apps/v1', 'statefulsets/status', { kind: 'StatefulSet' }],
        ['/apis/networking.k8s.io/v1', 'ingresses', { kind: 'Ingress' }],
        ['/apis/networking.k8s.io/v1', 'networkpolicies', { kind: 'NetworkPolicy' }],
        ['/apis/discovery.k8s.io/v1', 'endpointslices', { kind: 'EndpointSlice' }],
        ['/apis/autoscaling/v2', 'horizontalpodautoscalers', { kind: 'HorizontalPodAutoscaler' }],
        ['/apis/apiextensions.k8s.io/v1', 'customresourcedefinitions', { kind: 'CustomResourceDefinition', namespaced: false }],
        ['/apis/rbac.authorization.k8s.io/v1', 'clusterroles', { kind: 'ClusterRole', namespaced: false }],
      ])('lists in %s: %s', async (path, resource, expected) => {
        const { body } = await kube.get(path);
        expect(body.kind).toBe('APIResourceList');
        expect(body.resources.find((item: Body) => item.name === resource)).toMatchObject(expected);
      });
      it('lists the verbs of a resource', async () => {
        const { body } = await kube.get('/apis/apps/v1');
        const { verbs } = body.resources.find((item: Body) => item.name === 'deployments');
        expect([...verbs].sort()).toEqual(['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']);
      });
      it('lists groups with the version to prefer', async () => {
        const { body } = await kube.get('/apis');
        const version = { groupVersion: 'apps/v1', version: 'v1' };
        expect(body.groups.find((group: Body) => group.name === 'apps')).toEqual({
          name: 'apps',
          versions: [version],
          preferredVersion: version,
        });
      });
      it('answers 404 for a group that nobody defined', async () => {
        expect((await kube.get('/apis/nobody.example/v1')).status).toBe(404);
      });
      it('answers a Status for a resource that is not served', async () => {
        const { status, body } = await kube.get(core('foos'));
        expect(status).toBe(404);
        expect(body).toMatchObject({ reason: 'NotFound', message: 'the server could not find the requested resource' });
      });
    });

    describe('an object', () => {
      it('gets an identity when it is created', async () => {
        const { status, body } = await kube.post(core('configmaps'), configMap('identity', { a: '1' }));
        expect(status).toBe(201);
        expect(body).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } });
        expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
        expect(body.metadata.resourceVersion).toMatch(/^\d+$/);
        expect(body.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        expect(body.metadata.generation).toBeUndefined();
        expect((await kube.get(core('configmaps/identity'))).body).toEqual(body);
      });
      it('exists once', async () => {
        await kube.post(core('configmaps'), configMap('once'));
        const { status, body } = await kube.post(core('configmaps'), configMap('once'));
        expect(status).toBe(409);
        expect(body).toMatchObject({
          message: 'configmaps "once" already exists',
          reason: 'AlreadyExists',
          details: { name: 'once', kind: 'configmaps' },
        });
      });
      it('may leave its name to the server', async () => {
        const { body } = await kube.post(core('configmaps'), { ...configMap(''), metadata: { generateName: 'some-' } });
        expect(body.metadata.name).toMatch(/^some-[a-z0-9]{5}$/);
      });
      it('that nobody created is told with resource and group', async () => {
        const { status, body } = await kube.get(apps('deployments/nobody'));
        expect(status).toBe(404);
        expect(body).toMatchObject({
          kind: 'Status',
          message: 'deployments.apps "nobody" not found',
          reason: 'NotFound',
          details: { name: 'nobody', group: 'apps', kind: 'deployments' },
        });
      });
      it('is replaced only in the version that was read', async () => {
        const { body: first } = await kube.post(core('configmaps'), configMap('replaced', { a: '1' }));
        const { body: second } = await kube.put(core('configmaps/replaced'), { ...first, data: { a: '2' } });
        expect(Number(second.metadata.resourceVersion)).toBeGreaterThan(Number(first.metadata.resourceVersion));
        const { status, body } = await kube.put(core('configmaps/replaced'), { ...first, data: { a: '3' } });
        expect(status).toBe(409);
        expect(body).toMatchObject({
          message:
            'Operation cannot be fulfilled on configmaps "replaced": the object has been modified; please apply your changes to the latest version and try again',
          reason: 'Conflict',
          details: { name: 'replaced', kind: 'configmaps' },
        });
      });
      it('is replaced whatever its version when none is sent', async () => {
        await kube.post(core('configmaps'), configMap('unconditional', { a: '1' }));
        const { status, body } = await kube.put(core('configmaps/unconditional'), configMap('unconditional', { b: '2' }));
        expect({ status, data: body.data }).toEqual({ status: 200, data: { b: '2' } });
      });
      it('keeps its version when a write changes nothing', async () => {
        const { body: first } = await kube.post(core('configmaps'), configMap('same', { a: '1' }));
        const { body: put } = await kube.put(core('configmaps/same'), first);
        const { body: merged } = await kube.merge(core('configmaps/same'), { data: { a: '1' } });
        expect([put, merged]).toEqual([first, first]);
      });
      it('is merged', async () => {
        await kube.post(core('configmaps'), configMap('merged', { a: '1', b: '2' }));
        const { body } = await kube.merge(core('configmaps/merged'), { data: { a: null, c: '3' } });
        expect(body.data).toEqual({ b: '2', c: '3' });
      });
      it('is patched by JSON operations, all or none', async () => {
        await kube.post(core('configmaps'), configMap('operations', { a: '1' }));
        const json = (operations: unknown) => kube.send('PATCH', core('configmaps/operations'), operations, 'application/json-patch+json');
        const { body } = await json([
          { op: 'test', path: '/data/a', value: '1' },
          { op: 'add', path: '/metadata/annotations', value: {} },
          { op: 'add', path: '/metadata/annotations/b~1c', value: '2' },
          { op: 'remove', path: '/data/a' },
        ]);
        expect([body.data, body.metadata.annotations]).toEqual([undefined, { 'b/c': '2' }]);
        const failed = await json([
          { op: 'add', path: '/metadata/annotations/d', value: '4' },
          { op: 'test', path: '/metadata/annotations/d', value: '5' },
        ]);
        expect(failed.status).toBe(422);
        expect((await kube.get(core('configmaps/operations'))).body).toEqual(body);
      });
      it('of a built-in kind is patched with regard to list keys', async () => {
        await kube.post(apps('deployments'), deployment('strategic', { replicas: 0 }));
        const patch = {
          spec: {
            template: {
              spec: {
                containers: [
                  { name: 'side', image: 'side:1' },
                  { name: 'main', image: 'main:2' },
                ],
              },
            },
          },
        };
        const { body } = await kube.send('PATCH', apps('deployments/strategic'), patch, 'application/strategic-merge-patch+json');
        const images = body.spec.template.spec.containers.map((container: Body) => [container.name, container.image]);
        expect(new Map(images)).toEqual(
          new Map([
            ['main', 'main:2'],
            ['side', 'side:1'],
          ]),
        );
      });
      it.each([
        ['a name with capitals', 'ConfigMap', configMap('Bad'), 'metadata.name', 'FieldValueInvalid'],
        ['no name', 'ConfigMap', { ...configMap(''), metadata: {} }, 'metadata.name', 'FieldValueRequired'],
        [
          'a label that is none',
          'ConfigMap',
          { ...configMap('l'), metadata: { name: 'l', labels: { a: 'b c' } } },
          'metadata.labels',
          'FieldValueInvalid',
        ],
      ])('is refused with %s', async (_, kind, object, field, reason) => {
        const { status, body } = await kube.post(core('configmaps'), object);
        expect(status).toBe(422);
        expect(body).toMatchObject({ reason: 'Invalid', details: { kind, causes: [{ field, reason }] } });
        expect(body.message).toBe(`${kind} "${object.metadata.name ?? ''}" is invalid: ${field}: ${body.details.causes[0].message}`);
      });
      it('is refused in a namespace that is not there', async () => {
        const { status, body } = await kube.post('/api/v1/namespaces/nowhere/configmaps', configMap('lost'));
        expect(status).toBe(404);
        expect(body).toMatchObject({
          message: 'namespaces "nowhere" not found',
          reason: 'NotFound',
          details: { name: 'nowhere', kind: 'namespaces' },
        });
      });
      it('is refused when its namespace is not that of the request', async () => {
        const { status, body } = await kube.post(core('configmaps'), { ...configMap('x'), metadata: { name: 'x', namespace: 'other' } });
        expect({ status, message: body.message }).toEqual({
          status: 400,
          message: 'the namespace of the provided object does not match the namespace sent on the request',
        });
      });
      it('counts generations of its spec only', async () => {
        const { body: first } = await kube.post(apps('deployments'), deployment('generations', { replicas: 0 }));
        const { body: labelled } = await kube.merge(apps('deployments/generations'), { metadata: { labels: { a: '1' } } });
        const { body: paused } = await kube.merge(apps('deployments/generations'), { spec: { minReadySeconds: 1 } });
        expect([first, labelled, paused].map((object) => object.metadata.generation)).toEqual([1, 1, 2]);
      });
      it('has its defaults filled in', async () => {
        const { body } = await kube.post(core('services'), service('defaults', { type: 'NodePort' }));
        expect(body.spec).toMatchObject({ sessionAffinity: 'None', internalTrafficPolicy: 'Cluster', externalTrafficPolicy: 'Cluster' });
        expect(body.spec.clusterIP).toMatch(/^10\.96\./);
        expect(body.spec.clusterIPs).toEqual([body.spec.clusterIP]);
        expect(body.spec.ports).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80, nodePort: expect.any(Number) }]);
        const again = await kube.put(core('services/defaults'), service('defaults', { type: 'NodePort' }));
        expect(again.body.spec).toEqual(body.spec);
      });
    });

    describe('a dry run', () => {
      it('answers what would be created and creates nothing', async () => {
        const { status, body } = await kube.post(core('configmaps?dryRun=All'), configMap('dry', { a: '1' }));
        expect(status).toBe(201);
        expect(body).toMatchObject({ data: { a: '1' }, metadata: { name: 'dry', uid: expect.any(String) } });
        expect((await kube.get(core('configmaps/dry'))).status).toBe(404);
      });
      it('of an apply, a patch and a deletion leaves the object as it is', async () => {
        const { body } = await kube.post(core('configmaps'), configMap('kept', { a: '1' }));
        const applied = await kube.apply(core('configmaps/kept?dryRun=All'), configMap('kept', { b: '2' }), 'one');
        expect(applied.body.data).toEqual({ a: '1', b: '2' });
        const merged = await kube.merge(core('configmaps/kept?dryRun=All'), { data: { a: '3' } });
        expect(merged.body.data).toEqual({ a: '3' });
        expect((await kube.delete(core('configmaps/kept?dryRun=All'))).status).toBe(200);
        expect((await kube.get(core('configmaps/kept'))).body).toEqual(body);
      });
      it('is All or nothing', async () => {
        const { status, body } = await kube.post(core('configmaps?dryRun=Some'), configMap('dry'));
        expect(status).toBe(422);
        expect(body.details.causes).toEqual([
          { reason: 'FieldValueNotSupported', message: 'Unsupported value: ["Some"]: supported values: "All"', field: 'dryRun' },
        ]);
      });
    });

    describe('a list', () => {
      let pages = '';
      beforeAll(async () => {
        pages = `/api/v1/namespaces/${await newNamespace(kube)}/configmaps`;
        await kube.untilGone(pages, 'nobody');
        for (const [name, labels] of [
          ['c', { tier: 'front', app: 'web' }],
          ['a', { tier: 'back' }],
          ['b', { tier: 'front' }],
          ['d', {}],
        ] as const) {
          await kube.post(pages, { ...configMap(name), metadata: { name, labels: { ...labels, set: 'yes' } } });
        }
      });
      const names = (body: Body): string[] => body.items.map((item: Body) => item.metadata.name);

      it('is sorted by name and doesn’t repeat the kind', async () => {
        const { body } = await kube.get(`${pages}?labelSelector=set`);
        expect(body).toMatchObject({
          kind: 'ConfigMapList',
          apiVersion: 'v1',
          metadata: { resourceVersion: expect.stringMatching(/^\d+$/) },
        });
        expect(names(body)).toEqual(['a', 'b', 'c', 'd']);
        expect(body.items[0]).not.toHaveProperty('kind');
      });
      it.each([
        ['tier=front', ['b', 'c']],
        ['tier==front,app', ['c']],
        ['tier!=front,set', ['a', 'd']],
        ['tier in (back, none),set', ['a']],
        ['tier notin (front),set=yes', ['a', 'd']],
        ['!tier,set', ['d']],
        ['set,!app,tier', ['a', 'b']],
        ['tier=nothing', []],
      ])('keeps what matches %s', async (selector, expected) => {
        expect(names((await kube.get(`${pages}?labelSelector=${encodeURIComponent(selector)}`)).body)).toEqual(expected);
      });
      it('refuses a selector that is none', async () => {
        const { status, body } = await kube.get(`${pages}?labelSelector=a%20b`);
        expect({ status, reason: body.reason }).toEqual({ status: 400, reason: 'BadRequest' });
      });
      it('selects by name', async () => {
        expect(names((await kube.get(`${pages}?fieldSelector=metadata.name%3Db`)).body)).toEqual(['b']);
        expect((await kube.get(`${pages}?fieldSelector=data.a%3Db`)).status).toBe(400);
      });
      it('of all namespaces holds those of each', async () => {
        const { body } = await kube.get('/api/v1/configmaps?labelSelector=set');
        expect(names(body)).toEqual(['a', 'b', 'c', 'd']);
      });
      it('comes in pages of one moment', async () => {
        const total = names((await kube.get(pages)).body);
        const first = (await kube.get(`${pages}?limit=2`)).body;
        expect(first.metadata.remainingItemCount).toBe(total.length - 2);
        await kube.post(pages, configMap('e-later'));
        const next = (await kube.get(`${pages}?limit=2&continue=${first.metadata.continue}`)).body;
        const last = (await kube.get(`${pages}?continue=${next.metadata.continue}`)).body;
        expect([...names(first), ...names(next), ...names(last)]).toEqual(total);
        expect(last.metadata.continue).toBeUndefined();
        expect(last.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
        await kube.delete(`${pages}/e-later`);
      });
      it('refuses a continuation that is none', async () => {
        expect((await kube.get(`${pages}?continue=nonsense`)).status).toBe(400);
      });
      it('of nothing is empty, also in a namespace that is not there', async () => {
        expect((await kube.get('/api/v1/namespaces/nowhere/configmaps')).body.items).toEqual([]);
      });
      it('can be deleted as a whole', async () => {
        await kube.post(pages, { ...configMap('gone-1'), metadata: { name: 'gone-1', labels: { gone: '' } } });
        await kube.post(pages, { ...configMap('gone-2'), metadata: { name: 'gone-2', labels: { gone: '' } } });
        expect((await kube.delete(`${pages}?labelSelector=gone`)).status).toBe(200);
        expect(names((await kube.get(`${pages}?labelSelector=gone`)).body)).toEqual([]);
        expect(names((await kube.get(`${pages}?labelSelector=set`)).body)).toHaveLength(4);
      });
    });

    describe('a watch', () => {
      it('tells what happens after a version', async () => {
        const { body: list } = await kube.get(core('configmaps'));
        const { body: created } = await kube.post(core('configmaps'), configMap('watched', { a: '1' }));
        const { body: changed } = await kube.merge(core('configmaps/watched'), { data: { a: '2' } });
        await kube.delete(core('configmaps/watched'));
        const from = list.metadata.resourceVersion;
        const path = core(`configmaps?watch=1&timeoutSeconds=20&resourceVersion=${from}&fieldSelector=metadata.name%3Dwatched`);
        const events = await kube.watch(path, (seen) => seen.some((event) => event.type === 'DELETED'));
        expect(events.map((event) => event.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
        expect(events.slice(0, 2).map((event) => event.object)).toEqual([created, changed]);
        expect(events[2]?.object.data).toEqual({ a: '2' });
        expect(Number(events[2]?.object.metadata.resourceVersion)).toBeGreaterThan(Number(changed.metadata.resourceVersion));
      });
      it('without a version begins with what is there', async () => {
        await kube.post(core('configmaps'), configMap('there'));
        const events = await kube.watch(
          core('configmaps?watch=1&fieldSelector=metadata.name%3Dthere&timeoutSeconds=20'),
          (seen) => seen.length > 0,
        );
        expect(events.map((event) => [event.type, event.object.metadata.name])).toEqual([['ADDED', 'there']]);
      });
      it('tells that an object begins and ceases to match', async () => {
        const { body: list } = await kube.get(core('configmaps'));
        await kube.post(core('configmaps'), configMap('turning'));
        await kube.merge(core('configmaps/turning'), { metadata: { labels: { on: 'yes' } } });
        await kube.merge(core('configmaps/turning'), { metadata: { labels: { on: null } } });
        const path = core(`configmaps?watch=1&timeoutSeconds=20&labelSelector=on&resourceVersion=${list.metadata.resourceVersion}`);
        const events = await kube.watch(path, (seen) => seen.length > 1);
        expect(events.map((event) => event.type)).toEqual(['ADDED', 'DELETED']);
      });
      it.each([
        ['when asked', '&allowWatchBookmarks=true', ['ADDED', 'BOOKMARK']],
        ['only when asked', '', ['ADDED']],
      ])('tells with a bookmark that all is told, %s', async (_, asked, types) => {
        const { body: object } = await kube.post(core('configmaps'), configMap(`bookmark${types.length}`));
        const query = `watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3D${object.metadata.name}${asked}`;
        const events = await kube.watch(core(`configmaps?${query}`));
        expect(events.map((event) => event.type)).toEqual(types);
        const last = events.at(-1)?.object;
        expect(last).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1' });
        expect(Number(last.metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(object.metadata.resourceVersion));
      });
    });

    describe('server-side apply', () => {
      it('needs a manager', async () => {
        const { status, body } = await kube.send('PATCH', core('configmaps/x'), configMap('x'), 'application/apply-patch+yaml');
        expect(status).toBe(422);
        expect(body.details.causes).toEqual([
          { reason: 'FieldValueRequired', message: 'Required value: is required for apply patch', field: 'fieldManager' },
        ]);
      });
      it('creates, and then changes nothing', async () => {
        const config = { ...configMap('applied', { a: '1' }), metadata: { name: 'applied', labels: { l: '1' } } };
        const first = await kube.apply(core('configmaps/applied'), config, 'one');
        expect(first.status).toBe(201);
        expect(managers(first.body)).toEqual({ 'one Apply': { 'f:data': { 'f:a': {} }, 'f:metadata': { 'f:labels': { 'f:l': {} } } } });
        const second = await kube.apply(core('configmaps/applied'), config, 'one');
        expect(second).toEqual({ status: 200, body: first.body });
      });
      it('takes YAML', async () => {
        const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: yaml}\ndata: {a: "1"}\n';
        const { body } = await kube.apply(core('configmaps/yaml'), yaml, 'one');
        expect(body.data).toEqual({ a: '1' });
      });
      it('removes what its configuration no longer has', async () => {
        await kube.apply(
          core('configmaps/removal'),
          { ...configMap('removal', { a: '1', b: '2' }), metadata: { name: 'removal', labels: { l: '1' } } },
          'one',
        );
        const { body } = await kube.apply(core('configmaps/removal'), configMap('removal', { b: '2' }), 'one');
        expect(body.data).toEqual({ b: '2' });
        expect(body.metadata.labels).toBeUndefined();
      });
      it('leaves what nobody’s configuration had', async () => {
        await kube.apply(core('configmaps/others'), configMap('others', { a: '1' }), 'one');
        await kube.merge(core('configmaps/others'), { data: { b: '2' } });
        const { body } = await kube.apply(core('configmaps/others'), configMap('others', {}), 'one');
        expect(body.data).toEqual({ b: '2' });
      });
      it('conflicts with another applier', async () => {
        await kube.apply(core('configmaps/conflict'), configMap('conflict', { a: '1' }), 'one');
        const { status, body } = await kube.apply(core('configmaps/conflict'), configMap('conflict', { a: '2' }), 'two');
        expect({ status, body }).toEqual({
          status: 409,
          body: {
            kind: 'Status',
            apiVersion: 'v1',
            metadata: {},
            status: 'Failure',
            message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
            reason: 'Conflict',
            details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' }] },
            code: 409,
          },
        });
      });
      it('conflicts with who updated or scaled', async () => {
        const web = deployment('scaled', { replicas: 0 });
        await kube.apply(apps('deployments/scaled'), web, 'one');
        await kube.merge(apps('deployments/scaled/scale'), { spec: { replicas: 1 } });
        await kube.merge(apps('deployments/scaled'), {
          spec: { template: { spec: { containers: [{ name: 'main', image: 'other:1' }] } } },
        });
        const { body } = await kube.apply(apps('deployments/scaled'), web, 'one');
        const causes = body.details.causes.map((cause: Body) => `${cause.message}: ${cause.field}`);
        expect(causes.sort()).toEqual([
          'conflict with "tester" using apps/v1: .spec.template.spec.containers[name="main"].image',
          'conflict with "tester" with subresource "scale" using apps/v1: .spec.replicas',
        ]);
        expect(body.message.split('\n').sort()).toEqual([
          '- .spec.replicas',
          '- .spec.template.spec.containers[name="main"].image',
          expect.stringMatching(/^Apply failed with 2 conflicts: conflicts with "tester" /),
          expect.stringMatching(/^conflicts with "tester" /),
        ]);
      });
      it('takes a field by force, and its owner loses it', async () => {
        await kube.apply(core('configmaps/forced'), configMap('forced', { a: '1', b: '1' }), 'one');
        const { body } = await kube.apply(core('configmaps/forced'), configMap('forced', { a: '2' }), 'two', true);
        expect(body.data).toEqual({ a: '2', b: '1' });
        expect(managers(body)).toEqual({ 'one Apply': { 'f:data': { 'f:b': {} } }, 'two Apply': { 'f:data': { 'f:a': {} } } });
      });
      it('shares a field that both set alike, until the last lets go', async () => {
        await kube.apply(core('configmaps/shared'), configMap('shared', { a: '1', b: '1' }), 'one');
        const { status, body } = await kube.apply(core('configmaps/shared'), configMap('shared', { a: '1' }), 'two');
        expect(status).toBe(200);
        expect(managers(body)).toEqual({ 'one Apply': { 'f:data': { 'f:a': {}, 'f:b': {} } }, 'two Apply': { 'f:data': { 'f:a': {} } } });
        const left = await kube.apply(core('configmaps/shared'), configMap('shared', { b: '1' }), 'one');
        expect(left.body.data).toEqual({ a: '1', b: '1' });
        const gone = await kube.apply(core('configmaps/shared'), configMap('shared', {}), 'two');
        expect(gone.body.data).toEqual({ b: '1' });
      });
      it('has nobody own an empty map that an update sent', async () => {
        await kube.post(core('configmaps'), { ...configMap('hollow', {}), metadata: { name: 'hollow', labels: {} } });
        const config = { ...configMap('hollow', {}), metadata: { name: 'hollow', labels: {} } };
        const { status, body } = await kube.apply(core('configmaps/hollow'), config, 'one');
        expect([status, body.data, body.metadata.labels]).toEqual([200, undefined, undefined]);
        expect(managers(body)).toEqual({ 'one Apply': { 'f:data': {}, 'f:metadata': { 'f:labels': {} } } });
        expect((await kube.apply(core('configmaps/hollow'), config, 'one')).body).toEqual(body);
      });
      it('gives a changed field to who updates', async () => {
        await kube.apply(core('configmaps/taken'), configMap('taken', { a: '1', b: '1' }), 'one');
        const { body } = await kube.merge(core('configmaps/taken?fieldManager=human'), { data: { a: '2' } });
        expect(managers(body)).toEqual({ 'one Apply': { 'f:data': { 'f:b': {} } }, 'human Update': { 'f:data': { 'f:a': {} } } });
      });
      it('doesn’t own what the server filled in', async () => {
        const { replicas: _, ...spec } = deployment('unowned', { replicas: 1 }).spec;
        const { body } = await kube.apply(apps('deployments/unowned'), { ...deployment('unowned', {}), spec }, 'one');
        expect(body.spec).toMatchObject({ replicas: 1, revisionHistoryLimit: 10, strategy: { type: 'RollingUpdate' } });
        expect(body.spec.template.spec).toMatchObject({
          restartPolicy: 'Always',
          dnsPolicy: 'ClusterFirst',
          schedulerName: 'default-scheduler',
        });
        expect(managers(body)['one Apply']).toEqual({
          'f:spec': {
            'f:selector': {},
            'f:template': {
              'f:metadata': { 'f:labels': { 'f:app': {} } },
              'f:spec': {
                'f:containers': {
                  'k:{"name":"main"}': {
                    '.': {},
                    'f:image': {},
                    'f:name': {},
                    'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
                  },
                },
              },
            },
          },
        });
      });
      it('merges lists by their keys', async () => {
        const one = deployment('keys', { replicas: 0 });
        await kube.apply(
          apps('deployments/keys'),
          withContainers(one, [{ name: 'main', image: 'main:1', env: [{ name: 'A', value: '1' }] }]),
          'one',
        );
        const two = {
          ...one,
          spec: {
            template: {
              spec: {
                containers: [
                  { name: 'main', env: [{ name: 'B', value: '2' }] },
                  { name: 'side', image: 'side:1' },
                ],
              },
            },
          },
        };
        const { body, status } = await kube.apply(apps('deployments/keys'), two, 'two');
        expect(status).toBe(200);
        const [main, side] = body.spec.template.spec.containers;
        expect([main.name, main.env, side.name]).toEqual([
          'main',
          [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
          'side',
        ]);
        const back = await kube.apply(apps('deployments/keys'), withContainers(one, [{ name: 'main', image: 'main:1' }]), 'one');
        expect(back.body.spec.template.spec.containers[0].env).toEqual([{ name: 'B', value: '2' }]);
        const alone = await kube.apply(
          apps('deployments/keys'),
          { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'keys' } },
          'two',
        );
        expect(alone.body.spec.template.spec.containers.map((container: Body) => [container.name, container.env])).toEqual([
          ['main', undefined],
        ]);
      });
      it('keeps the order of its own items, with others’ before the next that both have', async () => {
        const ports = (numbers: readonly number[]) => ({
          ...service('order', {}),
          spec: { selector: { app: 'x' }, ports: numbers.map((port) => ({ name: `p${port}`, port })) },
        });
        await kube.apply(core('services/order'), ports([1, 2, 3]), 'one');
        const { body } = await kube.apply(core('services/order'), ports([4, 3, 1]), 'two');
        expect(body.spec.ports.map((port: Body) => port.port)).toEqual(ORDER_OF_BOTH);
      });
      it('treats a selector as one value', async () => {
        await kube.apply(core('services/atomic'), service('atomic', { selector: { app: 'a', tier: 'b' } }), 'one');
        const { body } = await kube.apply(core('services/atomic'), service('atomic', { selector: { app: 'a' } }), 'two');
        expect(body.details.causes.map((cause: Body) => cause.field)).toEqual(['.spec.selector']);
      });
      it('adds finalizers as a set and owners by uid', async () => {
        const { body: owner } = await kube.post(core('configmaps'), configMap('owner'));
        const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid };
        const withMeta = (metadata: object) => ({ ...configMap('meta'), metadata: { name: 'meta', ...metadata } });
        await kube.apply(core('configmaps/meta'), withMeta({ finalizers: ['a.example/one'] }), 'one');
        const { body } = await kube.apply(
          core('configmaps/meta'),
          withMeta({ finalizers: ['a.example/two'], ownerReferences: [reference] }),
          'two',
        );
        expect(body.metadata.finalizers).toEqual(['a.example/one', 'a.example/two']);
        expect(managers(body)['two Apply']).toEqual({
          'f:metadata': { 'f:finalizers': { 'v:"a.example/two"': {} }, 'f:ownerReferences': { [`k:{"uid":"${owner.metadata.uid}"}`]: {} } },
        });
        await kube.merge(core('configmaps/meta'), { metadata: { finalizers: null } });
      });
      it('refuses a version, a uid or a name that is not the object’s', async () => {
        const path = core('configmaps/preconditions');
        await kube.apply(path, configMap('preconditions', { a: '1' }), 'one');
        const withMeta = (metadata: object) => ({
          ...configMap('preconditions', { a: '1' }),
          metadata: { name: 'preconditions', ...metadata },
        });
        expect((await kube.apply(path, withMeta({ resourceVersion: '1' }), 'one')).body.reason).toBe('Conflict');
        expect((await kube.apply(path, withMeta({ uid: 'u' }), 'one')).status).toBe(422);
        expect(
          (await kube.apply(core('configmaps/never'), { ...configMap('never'), metadata: { name: 'never', uid: 'u' } }, 'one')).status,
        ).toBe(409);
        expect((await kube.apply(path, configMap('another'), 'one')).body.message).toBe(
          'the name of the object (another) does not match the name on the URL (preconditions)',
        );
      });
      it('refuses another selector of a Deployment', async () => {
        await kube.apply(apps('deployments/immutable'), deployment('immutable', { replicas: 0 }), 'one');
        const other = deployment('immutable', { replicas: 0, selector: { matchLabels: { app: 'x' } } });
        other.spec.template.metadata.labels = { app: 'x' };
        const { status, body } = await kube.apply(apps('deployments/immutable'), other, 'one');
        expect(status).toBe(422);
        expect(body.details.causes).toEqual([
          {
            reason: 'FieldValueInvalid',
            message: 'Invalid value: {"matchLabels":{"app":"x"}}: field is immutable',
            field: 'spec.selector',
          },
        ]);
      });
    });

    describe('a deletion', () => {
      it('answers what is gone', async () => {
        const { body: object } = await kube.post(core('configmaps'), configMap('gone'));
        const { status, body } = await kube.delete(core('configmaps/gone'));
        expect(status).toBe(200);
        expect(body).toMatchObject({
          kind: 'Status',
          status: 'Success',
          details: { name: 'gone', kind: 'configmaps', uid: object.metadata.uid },
        });
        expect((await kube.delete(core('configmaps/gone'))).status).toBe(404);
      });
      it.each([{ uid: 'another' }, { resourceVersion: '1' }])('needs the precondition %j', async (preconditions) => {
        await kube.post(core('configmaps'), configMap('guarded'));
        const { status, body } = await kube.delete(core('configmaps/guarded'), { preconditions });
        expect({ status, reason: body.reason, name: body.details.name }).toEqual({ status: 409, reason: 'Conflict', name: 'guarded' });
        expect(body.message).toMatch(
          /^Operation cannot be fulfilled on ConfigMap "guarded": the (UID|ResourceVersion) in the precondition/,
        );
        expect((await kube.get(core('configmaps/guarded'))).status).toBe(200);
      });
      it('waits for finalizers', async () => {
        await kube.post(core('configmaps'), { ...configMap('held'), metadata: { name: 'held', finalizers: ['a.example/hold'] } });
        const { body } = await kube.delete(core('configmaps/held'));
        expect(body.metadata).toMatchObject({
          deletionTimestamp: expect.any(String),
          deletionGracePeriodSeconds: 0,
          finalizers: ['a.example/hold'],
        });
        expect((await kube.get(core('configmaps/held'))).body.metadata.deletionTimestamp).toBe(body.metadata.deletionTimestamp);
        await kube.merge(core('configmaps/held'), { metadata: { finalizers: [] } });
        expect((await kube.get(core('configmaps/held'))).status).toBe(404);
      });
      const tree = async (name: string): Promise<void> => {
        await kube.post(apps('deployments'), deployment(name, { replicas: 2 }));
        await kube.until(apps('deployments'), name, (object) => object.status?.readyReplicas === 2);
      };
      const left = async (name: string): Promise<string[]> => {
        const lists = await Promise.all([
          kube.get(apps(`replicasets?labelSelector=app%3D${name}`)),
          kube.get(core(`pods?labelSelector=app%3D${name}`)),
        ]);
        return lists.flatMap(({ body }) => body.items.map((item: Body) => item.metadata.name));
      };
      it('in the foreground lets the owner go last', async () => {
        await tree('foreground');
        const { body } = await kube.delete(apps('deployments/foreground'), { propagationPolicy: 'Foreground' });
        expect(body.metadata).toMatchObject({ finalizers: ['foregroundDeletion'], deletionTimestamp: expect.any(String), generation: 2 });
        await kube.untilGone(apps('deployments'), 'foreground');
        expect(await left('foreground')).toEqual([]);
      });
      it('in the background takes what was owned along', async () => {
        await tree('background');
        const [set = ''] = await left('background');
        expect((await kube.delete(apps('deployments/background'), { propagationPolicy: 'Background' })).body.status).toBe('Success');
        await kube.untilGone(apps('replicasets'), set);
      });
      it('of an owner alone leaves orphans', async () => {
        await tree('orphans');
        const [set = ''] = await left('orphans');
        await kube.delete(apps('deployments/orphans'), { propagationPolicy: 'Orphan' });
        await kube.untilGone(apps('deployments'), 'orphans');
        const { status, body } = await kube.get(apps(`replicasets/${set}`));
        expect({ status, owners: body.metadata.ownerReferences }).toEqual({ status: 200, owners: undefined });
        await kube.delete(apps(`replicasets/${set}`), { propagationPolicy: 'Background' });
      });
    });

    describe('a Deployment', () => {
      it('becomes available with its pods, up and down', async () => {
        const { body: created } = await kube.apply(apps('deployments/web'), deployment('web', { replicas: 3 }), 'one');
        expect(created.status.readyReplicas).toBeUndefined();
        const three = await kube.until(apps('deployments'), 'web', (object) => object.status.availableReplicas === 3);
        expect(three.status).toMatchObject({ observedGeneration: 1, replicas: 3, updatedReplicas: 3, readyReplicas: 3 });
        await kube.apply(apps('deployments/web'), deployment('web', { replicas: 5 }), 'one');
        await kube.until(
          apps('deployments'),
          'web',
          (object) => object.status.availableReplicas === 5 && object.status.observedGeneration === 2,
        );
        await kube.apply(apps('deployments/web'), deployment('web', { replicas: 2 }), 'one');
        const two = await kube.until(
          apps('deployments'),
          'web',
          (object) => object.status.replicas === 2 && object.status.observedGeneration === 3,
        );
        expect(conditions(two)).toMatchObject({
          Available: ['True', 'MinimumReplicasAvailable'],
          Progressing: ['True', 'NewReplicaSetAvailable'],
        });
      });
      it('owns a ReplicaSet that owns pods, named after both', async () => {
        await kube.apply(apps('deployments/named'), deployment('named', { replicas: 1 }), 'one');
        const { metadata } = await kube.until(apps('deployments'), 'named', (object) => object.status.availableReplicas === 1);
        const [set] = (await kube.get(apps('replicasets?labelSelector=app%3Dnamed'))).body.items;
        const [pod] = (await kube.get(core('pods?labelSelector=app%3Dnamed'))).body.items;
        const hash = set.metadata.labels['pod-template-hash'];
        expect(set.metadata.name).toBe(`named-${hash}`);
        expect(pod.metadata.name).toMatch(new RegExp(`^named-${hash}-[a-z0-9]{5}$`));
        expect(pod.metadata.labels).toEqual({ app: 'named', 'pod-template-hash': hash });
        const owner = { apiVersion: 'apps/v1', controller: true, blockOwnerDeletion: true };
        expect(set.metadata.ownerReferences).toEqual([{ ...owner, kind: 'Deployment', name: 'named', uid: metadata.uid }]);
        expect(pod.metadata.ownerReferences).toEqual([{ ...owner, kind: 'ReplicaSet', name: set.metadata.name, uid: set.metadata.uid }]);
        expect(pod.status).toMatchObject({ phase: 'Running', podIP: expect.any(String) });
        expect(conditions(pod).Ready?.[0]).toBe('True');
        expect(metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });
      });
      it('rolls a new template out and back', async () => {
        const image = (tag: string) => withContainers(deployment('rolling', { replicas: 4 }), [{ name: 'main', image: `main:${tag}` }]);
        await kube.apply(apps('deployments/rolling'), image('1'), 'one');
        await kube.until(apps('deployments'), 'rolling', (object) => object.status.availableReplicas === 4);
        const rolled = (generation: number) => (object: Body) =>
          object.status.observedGeneration === generation &&
          object.status.updatedReplicas === 4 &&
          object.status.replicas === 4 &&
          object.status.availableReplicas === 4;
        await kube.apply(apps('deployments/rolling'), image('2'), 'one');
        const second = await kube.until(apps('deployments'), 'rolling', rolled(2));
        expect(second.metadata.annotations['deployment.kubernetes.io/revision']).toBe('2');
        const { body: pods } = await kube.get(core('pods?labelSelector=app%3Drolling'));
        expect(new Set(pods.items.map((pod: Body) => pod.spec.containers[0].image))).toEqual(new Set(['main:2']));
        await kube.apply(apps('deployments/rolling'), image('1'), 'one');
        const third = await kube.until(apps('deployments'), 'rolling', rolled(3));
        expect(third.metadata.annotations['deployment.kubernetes.io/revision']).toBe('3');
        expect((await kube.get(apps('replicasets?labelSelector=app%3Drolling'))).body.items).toHaveLength(2);
      });
      it('tells its scale', async () => {
        await kube.apply(apps('deployments/scale'), deployment('scale', { replicas: 1 }), 'one');
        await kube.until(apps('deployments'), 'scale', (object) => object.status.availableReplicas === 1);
        const { body } = await kube.get(apps('deployments/scale/scale'));
        expect(body).toMatchObject({
          kind: 'Scale',
          apiVersion: 'autoscaling/v1',
          spec: { replicas: 1 },
          status: { replicas: 1, selector: 'app=scale' },
        });
        const { body: scaled } = await kube.put(apps('deployments/scale/scale'), { ...body, spec: { replicas: 2 } });
        expect(scaled.spec.replicas).toBe(2);
        expect((await kube.get(apps('deployments/scale'))).body.spec.replicas).toBe(2);
      });
      it.each([
        ['whose selector matches no pod of its', { selector: { matchLabels: { app: 'other' } } }, ['spec.template.metadata.labels']],
        ['of less than nothing', { replicas: -1 }, ['spec.replicas']],
        [
          'whose pods have a label that is none',
          { template: { ...podTemplate('refused'), metadata: { labels: { app: 'refused', bad: 'a b' } } } },
          ['spec.template.labels'],
        ],
      ])('%s is refused', async (_, spec, fields) => {
        const { status, body } = await kube.post(apps('deployments'), deployment('refused', spec));
        expect(status).toBe(422);
        expect(body.details.causes.map((cause: Body) => cause.field)).toEqual(fields);
      });
      it('without a selector and containers is refused for each', async () => {
        const bare = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'bare' }, spec: { replicas: 1 } };
        const { status, body } = await kube.apply(apps('deployments/bare'), bare, 'one');
        expect(status).toBe(422);
        expect(body.message).toBe(
          'Deployment.apps "bare" is invalid: [spec.selector: Required value, spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`, spec.template.spec.containers: Required value]',
        );
      });
      it('with replicas that are no number is refused', async () => {
        const { status, body } = await kube.post(apps('deployments'), deployment('three', { replicas: 'three' }));
        expect({ status, reason: body.reason }).toEqual({ status: 400, reason: 'BadRequest' });
      });
    });

    describe('a StatefulSet', () => {
      const podNames = async (app: string): Promise<string[]> =>
        (await kube.get(core(`pods?labelSelector=app%3D${app}`))).body.items.map((pod: Body) => pod.metadata.name);

      it('in parallel starts all at once and loses the newest first', async () => {
        await kube.apply(apps('statefulsets/workers'), statefulSet('workers', { replicas: 4, podManagementPolicy: 'Parallel' }), 'one');
        const ready = (count: number) => (object: Body) => object.status.readyReplicas === count && object.status.replicas === count;
        const four = await kube.until(apps('statefulsets'), 'workers', ready(4));
        expect(four.status).toMatchObject({
          observedGeneration: 1,
          currentReplicas: 4,
          updatedReplicas: 4,
          availableReplicas: 4,
          collisionCount: 0,
        });
        expect(four.status.currentRevision).toBe(four.status.updateRevision);
        const { body: before } = await kube.get(core('pods/workers-0'));
        await kube.apply(apps('statefulsets/workers'), statefulSet('workers', { replicas: 6, podManagementPolicy: 'Parallel' }), 'one');
        await kube.until(apps('statefulsets'), 'workers', ready(6));
        expect(await podNames('workers')).toEqual([0, 1, 2, 3, 4, 5].map((index) => `workers-${index}`));
        await kube.apply(apps('statefulsets/workers'), statefulSet('workers', { replicas: 3, podManagementPolicy: 'Parallel' }), 'one');
        await kube.until(apps('statefulsets'), 'workers', ready(3));
        expect(await podNames('workers')).toEqual(['workers-0', 'workers-1', 'workers-2']);
        expect((await kube.get(core('pods/workers-0'))).body.metadata.uid).toBe(before.metadata.uid);
      });
      it('in order starts one after the other', async () => {
        await kube.apply(apps('statefulsets/ordered'), statefulSet('ordered', { replicas: 3 }), 'one');
        const set = await kube.until(apps('statefulsets'), 'ordered', (object) => object.status?.readyReplicas === 3);
        expect(set.spec).toMatchObject({ podManagementPolicy: 'OrderedReady', updateStrategy: { type: 'RollingUpdate' } });
        const { body } = await kube.get(core('pods?labelSelector=app%3Dordered'));
        const created = body.items.map((pod: Body) => pod.metadata.creationTimestamp);
        expect(created).toEqual([...created].sort());
        expect(body.items[1].metadata.labels).toEqual({
          app: 'ordered',
          'apps.kubernetes.io/pod-index': '1',
          'controller-revision-hash': set.status.currentRevision,
          'statefulset.kubernetes.io/pod-name': 'ordered-1',
        });
        expect(body.items[1].spec).toMatchObject({ hostname: 'ordered-1', subdomain: 'ordered' });
      });
      it('replaces its pods when the template changes', async () => {
        const image = (tag: string) => withContainers(statefulSet('replaced', { replicas: 2 }), [{ name: 'main', image: `main:${tag}` }]);
        await kube.apply(apps('statefulsets/replaced'), image('1'), 'one');
        await kube.until(apps('statefulsets'), 'replaced', (object) => object.status?.readyReplicas === 2);
        await kube.apply(apps('statefulsets/replaced'), image('2'), 'one');
        await kube.until(
          apps('statefulsets'),
          'replaced',
          ({ status }) =>
            status.observedGeneration === 2 &&
            status.updatedReplicas === 2 &&
            status.readyReplicas === 2 &&
            status.currentRevision === status.updateRevision,
        );
        const { body } = await kube.get(core('pods?labelSelector=app%3Dreplaced'));
        expect(body.items.map((pod: Body) => pod.spec.containers[0].image)).toEqual(['main:2', 'main:2']);
      });
      it('refuses another service name', async () => {
        await kube.apply(apps('statefulsets/fixed'), statefulSet('fixed', { replicas: 0 }), 'one');
        const { status, body } = await kube.apply(
          apps('statefulsets/fixed'),
          statefulSet('fixed', { replicas: 0, serviceName: 'other' }),
          'one',
        );
        expect(status).toBe(422);
        expect(body.details.causes[0]).toMatchObject({ reason: 'FieldValueForbidden', field: 'spec' });
      });
    });

    describe('a Service', () => {
      it('has the addresses of the pods that it selects', async () => {
        await kube.apply(core('services/back'), service('back', { selector: { app: 'back' } }), 'one');
        await kube.apply(apps('deployments/back'), deployment('back', { replicas: 2 }), 'one');
        await kube.until(apps('deployments'), 'back', (object) => object.status.availableReplicas === 2);
        const slices = `/apis/discovery.k8s.io/v1/${space}/endpointslices`;
        const full = (seen: readonly { object: Body }[]) => seen.some(({ object }) => object.endpoints?.length === 2);
        const selector = 'labelSelector=kubernetes.io/service-name%3Dback';
        const events = await kube.watch(`${slices}?watch=1&timeoutSeconds=20&${selector}`, full);
        const slice = events.at(-1)?.object;
        const { body: pods } = await kube.get(core('pods?labelSelector=app%3Dback'));
        const addresses = pods.items.map((pod: Body) => pod.status.podIP).sort();
        expect(slice.endpoints.flatMap((endpoint: Body) => endpoint.addresses).sort()).toEqual(addresses);
        expect(slice.endpoints[0].conditions).toEqual({ ready: true, serving: true, terminating: false });
        expect(slice.ports).toEqual([{ name: '', protocol: 'TCP', port: 80 }]);
      });
      it('without ports is refused', async () => {
        const { body } = await kube.post(core('services'), service('portless', { ports: [] }));
        expect(body.details.causes).toEqual([{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.ports' }]);
      });
    });

    describe('a Namespace', () => {
      it('is furnished, and takes its content along', async () => {
        const name = await newNamespace(kube);
        const path = `/api/v1/namespaces/${name}`;
        await kube.until(`${path}/configmaps`, 'kube-root-ca.crt', () => true);
        await kube.until(`${path}/serviceaccounts`, 'default', () => true);
        await kube.post(`${path}/configmaps`, { ...configMap('held'), metadata: { name: 'held', finalizers: ['a.example/hold'] } });
        const { body } = await kube.delete(path);
        expect(body).toMatchObject({
          kind: 'Namespace',
          status: { phase: 'Terminating' },
          metadata: { deletionTimestamp: expect.any(String) },
        });
        const late = await kube.post(`${path}/configmaps`, configMap('late'));
        expect(late.status).toBe(403);
        expect(late.body).toMatchObject({
          reason: 'Forbidden',
          message: `configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
          details: { causes: [{ reason: 'NamespaceTerminating' }] },
        });
        await kube.until(`${path}/configmaps`, 'held', (object) => object.metadata.deletionTimestamp !== undefined);
        expect((await kube.get(path)).status).toBe(200);
        await kube.merge(`${path}/configmaps/held`, { metadata: { finalizers: null } });
        await kube.untilGone('/api/v1/namespaces', name);
      });
      it('that the cluster needs is not deleted', async () => {
        const { status, body } = await kube.delete('/api/v1/namespaces/default');
        expect({ status, message: body.message }).toEqual({
          status: 403,
          message: 'namespaces "default" is forbidden: this namespace may not be deleted',
        });
      });
    });

    describe('a custom resource', () => {
      const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      const group = `g${randomBytes(3).toString('hex')}.example`;
      const widgets = () => `/apis/${group}/v1/${space}/widgets`;
      const widget = (name: string, spec: object) => ({ apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name }, spec });

      beforeAll(async () => {
        await kube.post(definitions, definition(group));
        await kube.until(definitions, `widgets.${group}`, (object) => conditions(object).Established?.[0] === 'True');
        // The real server serves a kind a moment after it says so.
        for (let tries = 0; tries < 2000 && (await kube.get(widgets())).status !== 200; tries += 1);
      });

      it('is discovered', async () => {
        const { body } = await kube.get(`/apis/${group}/v1`);
        expect(body.resources.map((resource: Body) => resource.name)).toEqual(['widgets', 'widgets/status']);
        expect(body.resources[0]).toMatchObject({ kind: 'Widget', namespaced: true, singularName: 'widget', shortNames: ['wd'] });
      });
      it('is applied with granular maps and atomic lists', async () => {
        const { status, body } = await kube.apply(`${widgets()}/a`, widget('a', { size: 1, list: [1, 2], deep: { er: 1 } }), 'one');
        expect(status).toBe(201);
        expect(body.metadata.generation).toBe(1);
        expect(managers(body)['one Apply']).toEqual({
          'f:spec': { 'f:size': {}, 'f:list': {}, 'f:deep': { '.': {}, 'f:er': {} } },
        });
        const { body: both } = await kube.apply(`${widgets()}/a`, widget('a', { deep: { est: 2 } }), 'two');
        expect(both.spec).toEqual({ size: 1, list: [1, 2], deep: { er: 1, est: 2 } });
        const { body: refused } = await kube.apply(`${widgets()}/a`, widget('a', { list: [3] }), 'two');
        expect(refused.details.causes.map((cause: Body) => cause.field)).toEqual(['.spec.list']);
      });
      it('says its kind in lists', async () => {
        const { body } = await kube.get(widgets());
        expect(body).toMatchObject({ kind: 'WidgetList', items: [{ kind: 'Widget', apiVersion: `${group}/v1` }] });
      });
      it('has a status of its own', async () => {
        await kube.post(widgets(), { ...widget('s', { size: 1 }), status: { ignored: true } });
        const { body } = await kube.merge(`${widgets()}/s/status`, { status: { seen: 1 }, spec: { size: 2 } });
        expect([body.spec, body.status, body.metadata.generation]).toEqual([{ size: 1 }, { seen: 1 }, 1]);
      });
      it('needs a version to be replaced, and no strategic merge', async () => {
        await kube.post(widgets(), widget('v', { size: 1 }));
        expect((await kube.put(`${widgets()}/v`, widget('v', { size: 2 }))).body.details.causes).toEqual([
          { reason: 'FieldValueInvalid', message: 'Invalid value: 0: must be specified for an update', field: 'metadata.resourceVersion' },
        ]);
        expect((await kube.send('PATCH', `${widgets()}/v`, {}, 'application/strategic-merge-patch+json')).status).toBe(415);
      });
      it('can’t be watched from before it was defined', async () => {
        const events = await kube.watch(`${widgets()}?watch=1&resourceVersion=1&timeoutSeconds=5`);
        expect(events).toHaveLength(1);
        expect(events[0]).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
        expect(events[0]?.object.message).toMatch(/^too old resource version: 1 \(\d+\)$/);
      });
      it('is gone with its definition', async () => {
        await kube.delete(`${definitions}/widgets.${group}`);
        await kube.untilGone(definitions, `widgets.${group}`);
        expect((await kube.get(`${definitions}/widgets.${group}`)).status).toBe(404);
      });
    });
  });
}

const ORDER_OF_BOTH = [2, 4, 3, 1];

async function newNamespace(kube: RawKube): Promise<string> {
  const name = `t-${randomBytes(4).toString('hex')}`;
  await kube.post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await kube.until(`/api/v1/namespaces/${name}/serviceaccounts`, 'default', () => true);
  return name;
}

function configMap(name: string, data?: Record<string, string>) {
  const metadata: { name?: string; [field: string]: unknown } = { name };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, ...(data === undefined ? {} : { data }) };
}

function podTemplate(app: string) {
  const container: Body = { name: 'main', image: 'main:1', ports: [{ containerPort: 80 }] };
  return { metadata: { labels: { app } }, spec: { containers: [container] } };
}

function deployment(name: string, spec: Record<string, unknown>) {
  const base = { selector: { matchLabels: { app: name } }, template: podTemplate(name) };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { replicas: undefined as unknown, ...base, ...spec } };
}

function statefulSet(name: string, spec: Record<string, unknown>) {
  const base = { serviceName: name, selector: { matchLabels: { app: name } }, template: podTemplate(name) };
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name }, spec: { ...base, ...spec } };
}

function withContainers<T extends { spec: { template: ReturnType<typeof podTemplate> } }>(workload: T, containers: readonly object[]): T {
  const template = { ...workload.spec.template, spec: { containers: [...containers] } };
  return { ...workload, spec: { ...workload.spec, template } };
}

function service(name: string, spec: object) {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } };
}

function definition(group: string) {
  const free = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: free, status: free } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] },
      versions: [{ name: 'v1', served: true, storage: true, subresources: { status: {} }, schema }],
    },
  };
}

/** The fields of each manager that isn't a controller: `one Apply`. */
function managers(object: Body): Record<string, unknown> {
  const entries = object.metadata.managedFields.map((entry: Body) => [`${entry.manager} ${entry.operation}`, entry.fieldsV1]);
  return Object.fromEntries(entries);
}

function conditions(object: Body): Record<string, [status: string, reason: string]> {
  const all = object.status?.conditions ?? [];
  return Object.fromEntries(all.map(({ type, status, reason }: Body) => [type, [status, reason]]));
}
