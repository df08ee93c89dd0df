import { afterEach, describe, expect, it } from 'vitest';
import { Failure, RefusedBranch } from '../../../../../controller/errors.ts';
import { keptName } from '../../../../../synth/original/secrets.ts';
import { EDGE, type RestWorld, restWorld } from '../../../../support/rest.ts';

const OPENSHIFT = {
  name: 'modena',
  type: 'Openshift',
  hostIP: '10.0.0.1',
  user: 'root',
  password: 'first',
  openshiftEndPoint: 'https://modena.example:8443',
  openshiftOauthToken: 'first-token',
};
const AWAY = new Failure('transient', 'Cannot push main: the remote is away');

let open: RestWorld | undefined;
afterEach(() => open?.stop());

/** What is in the secrets directory, and what is wrong with it at the moment. */
async function world(files: Readonly<Record<string, string>> = {}, inside: Readonly<Record<string, string>> = {}) {
  const kept = new Map(Object.entries(inside));
  const fault: { keep?: (made: number) => void; forget?: () => void; commit?: (made: boolean) => void } = {};
  let made = 0;
  open = await restWorld({ 'infrastructures/edge.yaml': EDGE, ...files }, undefined, {
    secrets: {
      keep: async (label, text) => {
        made += 1;
        fault.keep?.(made);
        const name = keptName(label, made.toString(16).padStart(32, '0'));
        kept.set(name, text);
        return name;
      },
      forget: async (name) => {
        fault.forget?.();
        kept.delete(name);
      },
    },
  });
  const { repository } = open;
  const commit = repository.commit;
  Object.assign(repository, {
    commit: async (...given: Parameters<typeof commit>) => {
      // All that the commit refers to is there before it is.
      for (const { content } of given[0])
        for (const name of content?.match(/rest-[a-z0-9-]+/g) ?? []) expect([...kept.keys()]).toContain(name);
      fault.commit?.(false);
      const revision = await commit(...given);
      fault.commit?.(true);
      return revision;
    },
  });
  const texts = () => [...kept.values()].map((text) => (text.startsWith('{') ? JSON.parse(text).users[0].user.token : text)).sort();
  const named = async () =>
    Object.values(await (open as RestWorld).files())
      .flatMap((text) => text.match(/rest-[a-z0-9-]+/g) ?? [])
      .sort();
  const intact = async () => expect([...kept.keys()].filter((name) => name.startsWith('rest-')).sort()).toEqual(await named());
  return { ...open, kept, fault, texts, intact };
}

describe('Secrets of infrastructures', () => {
  it('go with the last document that refers to them, and a new one of the name has none of them', async () => {
    const { call, texts, intact } = await world();
    await call('POST', '/imec', OPENSHIFT);
    expect(texts()).toEqual(['first', 'first-token']);
    await call('DELETE', '/imec/modena');
    expect(texts()).toEqual([]);
    const { json } = await call('POST', '/imec', { ...OPENSHIFT, password: '', openshiftOauthToken: '' });
    expect(json.infr).toMatchObject({ password: '' });
    await intact();
  });

  it('are replaced by those that are given, the others stay', async () => {
    const { call, texts, intact } = await world();
    await call('POST', '/imec', OPENSHIFT);
    await call('PUT', '/imec/modena', { ...OPENSHIFT, password: 'second', openshiftOauthToken: '***' });
    expect(texts()).toEqual(['first-token', 'second']);
    await call('PUT', '/imec/modena', { ...OPENSHIFT, password: undefined, openshiftOauthToken: 'second-token' });
    expect(texts()).toEqual(['second', 'second-token']);
    await intact();
  });

  it('are not for another server', async () => {
    const { call, texts } = await world();
    await call('POST', '/imec', OPENSHIFT);
    const other = { ...OPENSHIFT, openshiftEndPoint: 'https://localhost:8443' };
    expect(await call('PUT', '/imec/modena', { ...other, openshiftOauthToken: '***' })).toMatchObject({
      status: 400,
      json: { message: expect.stringMatching(/^Give openshiftOauthToken with another endpoint/) },
    });
    expect(texts()).toEqual(['first', 'first-token']);
    expect(await call('PUT', '/imec/modena', { ...other, openshiftOauthToken: 'second-token' })).toMatchObject({ status: 200 });
    expect(texts()).toEqual(['first', 'second-token']);
  });

  it('that an operator put there, or that another document refers to, are never touched', async () => {
    const name = keptName('modena', 'a'.repeat(32));
    const old = { ...OPENSHIFT, name: 'old', password: { secret: 'mine' }, openshiftOauthToken: { secret: name } };
    const other = `apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: other}\nspec: {type: kubernetes, credentials: {secret: ${name}}}\n`;
    const { call, kept } = await world(
      { 'infrastructures/old.json': JSON.stringify(old), 'infrastructures/other.yaml': other },
      { mine: 'x', [name]: '{}', old: 'x', 'old-ssh-password': 'x' },
    );
    await call('DELETE', '/imec/old');
    expect([...kept.keys()]).toEqual(['mine', name, 'old', 'old-ssh-password']);
    await call('DELETE', '/imec/other');
    expect([...kept.keys()]).toEqual(['mine', 'old', 'old-ssh-password']);
  });

  it('are not changed by a request that is repeated', async () => {
    const { call, texts, intact } = await world();
    const key = { 'idempotency-key': 'k1' };
    for (const password of ['first', 'second', 'third']) {
      expect((await call('POST', '/imec', { ...OPENSHIFT, password }, key)).json.id).toBe('modena');
    }
    expect(texts()).toEqual(['first', 'first-token']);
    await intact();
  });

  it.each([
    { reason: 'its documents would not be valid', body: { ...OPENSHIFT, defaultDock: 'a b' }, status: 400 },
    { reason: 'the branch refuses it', body: OPENSHIFT, error: new RefusedBranch('Cannot push main: protected'), status: 403 },
    { reason: 'a condition stands where none can be', body: OPENSHIFT, headers: { 'if-match': '"x"' }, status: 400 },
  ])('are gone when the write is refused as $reason', async ({ body, error, headers, status }) => {
    const { call, fault, kept } = await world();
    if (error !== undefined)
      fault.commit = () => {
        throw error;
      };
    expect((await call('POST', '/imec', body, headers)).status).toBe(status);
    expect([...kept.keys()]).toEqual([]);
  });

  it('are all kept before anything is committed, or the write fails', async () => {
    const { call, fault, kept, messages } = await world();
    fault.keep = (made) => {
      if (made === 2) throw new Failure('transient', 'Cannot write secret: the disk is full');
    };
    expect(await call('POST', '/imec', OPENSHIFT)).toMatchObject({
      status: 503,
      json: { message: 'Cannot write secret: the disk is full' },
    });
    expect([...kept.keys()]).toEqual([]);
    expect(await messages()).toHaveLength(1);
  });

  it.each([
    { reason: 'was not made', isMade: false, left: [] },
    { reason: 'was made', isMade: true, left: ['first', 'first-token'] },
  ])('of a commit that nobody answers for stay until the next one tells: it $reason', async ({ isMade, left }) => {
    const { call, fault, texts, intact } = await world();
    fault.commit = (made) => {
      if (made === isMade) throw AWAY;
    };
    expect((await call('POST', '/imec', OPENSHIFT)).status).toBe(503);
    expect(texts()).toEqual(['first', 'first-token']);
    delete fault.commit;
    expect((await call('POST', '/tasks', { name: 'web', containers: [{ image: 'nginx' }] })).status).toBe(200);
    expect(texts()).toEqual(left);
    await intact();
  });

  it('that can not be removed are so after a later commit', async () => {
    const { call, fault, texts } = await world();
    await call('POST', '/imec', OPENSHIFT);
    fault.forget = () => {
      throw new Error('EROFS');
    };
    expect(await call('DELETE', '/imec/modena')).toMatchObject({ status: 200 });
    expect(texts()).toEqual(['first', 'first-token']);
    delete fault.forget;
    await call('POST', '/tasks', { name: 'web', containers: [{ image: 'nginx' }] });
    expect(texts()).toEqual([]);
  });
});
