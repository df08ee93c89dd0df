import { describe, expect, it } from 'vitest';
import { ApiError, Failure } from '../../../../../controller/errors.ts';
import type { Cluster } from '../../../../../controller/ports.ts';
import { createPreflight } from '../../../../../controller/sync/write/preflight.ts';
import type { Right } from '../../../../../controller/sync/write/rights.ts';

const RIGHTS: readonly Right[] = [{ verb: 'patch', group: '', resource: 'services', namespace: 'class' }];

/** A cluster on which a question is answered, or fails. */
function setup(review: (kind: string, spec: Readonly<Record<string, unknown>>) => unknown) {
  const asked: string[] = [];
  const cluster = {
    version: async () => 'v1.36.0',
    review: async (kind: string, spec: Readonly<Record<string, unknown>>) => {
      asked.push(kind);
      return review(kind, spec);
    },
  } as unknown as Cluster;
  return { asked, preflight: createPreflight(cluster) };
}
const isForAll = (spec: Readonly<Record<string, unknown>>) => Object(spec.resourceAttributes).verb === '*';

describe('createPreflight', () => {
  it.each([
    { reason: 'reviews are forbidden', error: new ApiError('no', { status: 403, reason: 'Forbidden' }) },
    { reason: 'reviews are not served', error: new ApiError('no', { status: 404, reason: 'NotFound' }) },
  ])('lets trying tell where $reason', async ({ error }) => {
    const { preflight, asked } = setup(() => Promise.reject(error));
    await preflight.check('edge', () => RIGHTS);
    await preflight.check('edge', () => RIGHTS);
    expect(asked).toEqual(['SelfSubjectAccessReview']);
  });

  it('rejects with what stops everything, and asks again', async () => {
    const gone = new Failure('transient', 'Cannot reach');
    let isGone = true;
    const { preflight } = setup(() => (isGone ? Promise.reject(gone) : { allowed: true }));
    await expect(preflight.check('edge', () => RIGHTS)).rejects.toBe(gone);
    isGone = false;
    await preflight.check('edge', () => RIGHTS);
  });

  it('believes no list of rules that it lacks something', async () => {
    const { preflight, asked } = setup((kind, spec) =>
      kind === 'SelfSubjectRulesReview' ? { resourceRules: [], incomplete: true } : { allowed: !isForAll(spec) },
    );
    await preflight.check('edge', () => RIGHTS);
    expect(asked).toEqual(['SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SelfSubjectAccessReview']);
    await preflight.check('edge', () => RIGHTS);
    expect(asked.length).toBe(3);
    preflight.forget();
    await preflight.check('edge', () => RIGHTS);
    expect(asked.length).toBe(6);
  });

  it('makes no list of rights while what it follows from is the same', async () => {
    const { preflight } = setup((_, spec) => ({ allowed: !isForAll(spec) }));
    let made = 0;
    const rights = () => {
      made += 1;
      return RIGHTS;
    };
    const from = [RIGHTS, 'class'];
    for (const one of [from, [...from], [RIGHTS, 'other'], [RIGHTS, 'other']]) await preflight.check('edge', rights, undefined, one);
    expect(made).toBe(2);
    preflight.forget();
    await preflight.check('edge', rights, undefined, [RIGHTS, 'other']);
    expect(made).toBe(3);
  });

  it('asks again for what was lacking', async () => {
    let granted = false;
    const { preflight } = setup((kind, spec) => (kind === 'SelfSubjectRulesReview' ? {} : { allowed: granted && !isForAll(spec) }));
    await expect(preflight.check('edge', () => RIGHTS)).rejects.toMatchObject({
      outcome: 'terminal',
      message:
        "Cannot sync infrastructure 'edge' as its credentials lack rights: patch services in namespace 'class': grant them to their user",
    });
    granted = true;
    await preflight.check('edge', () => RIGHTS);
  });
});
