import { describe, expect, it } from 'vitest';
import { ApiError, Failure } from '../../../../../controller/errors.ts';
import { explain, stopsAll } from '../../../../../controller/sync/write/refusal.ts';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'class', name: 'web' };
const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'class', name: 'token' };
const api = (status: number, message: string, causes: ApiError['causes'] = [], reason = '') =>
  new ApiError(message, { status, reason, causes });

describe('explain', () => {
  it.each<[string, ApiError, string, string]>([
    [
      'a missing right',
      api(
        403,
        'deployments.apps "web" is forbidden: User "x" cannot patch resource "deployments" in API group "apps" in the namespace "class"',
      ),
      "Cannot apply Deployment class/web as the credentials lack the right to patch deployments.apps in namespace 'class': grant it to their user",
      'terminal',
    ],
    [
      'a missing right in the cluster',
      api(403, 'namespaces "a" is forbidden: User "x" cannot patch resource "namespaces" in API group "" at the cluster scope'),
      'Cannot apply Deployment class/web as the credentials lack the right to patch namespaces in the whole cluster: grant it to their user',
      'terminal',
    ],
    [
      'a quota',
      api(403, 'pods "web" is forbidden: exceeded quota: small'),
      'Cannot apply Deployment class/web as the server forbids it: pods "web" is forbidden: exceeded quota: small',
      'terminal',
    ],
    [
      'a namespace on its way out',
      api(403, 'unable to create new content in namespace class because it is being terminated', [{ reason: 'NamespaceTerminating' }]),
      "Cannot apply Deployment class/web as namespace 'class' is being deleted: it is tried again when that is done",
      'waiting',
    ],
    [
      'a missing namespace',
      api(404, 'namespaces "class" not found'),
      "Cannot apply Deployment class/web as namespace 'class' does not exist: declare a dock 'class'",
      'terminal',
    ],
    [
      'an immutable field',
      api(422, 'Deployment.apps "web" is invalid: …', [
        { reason: 'FieldValueInvalid', field: 'spec.selector', message: 'Invalid value: {"a":"b"}: field is immutable' },
      ]),
      'Cannot apply Deployment class/web as spec.selector cannot be changed once it is set (field is immutable): give the object another name, delete it first, or annotate it with rotterdam.dev/recreate: allowed to have it deleted and made anew',
      'terminal',
    ],
    [
      'any other invalid value is not immutability',
      api(422, 'spec.replicas: Invalid value: -1', [{ field: 'spec.replicas', message: 'Invalid value: -1: must be greater' }]),
      'Cannot apply Deployment class/web: spec.replicas: Invalid value: -1',
      'terminal',
    ],
    [
      'a webhook’s refusal',
      api(400, 'admission webhook "no.example" denied the request: no latest tags'),
      "Cannot apply Deployment class/web as admission by 'no.example' refuses it: no latest tags",
      'terminal',
    ],
    [
      'a policy’s refusal',
      api(422, "deployments \"web\" is forbidden: ValidatingAdmissionPolicy 'small' with binding 'all' denied request: too many"),
      "Cannot apply Deployment class/web as admission by 'small' refuses it: too many",
      'terminal',
    ],
    ['a broken webhook', api(500, 'failed calling webhook'), 'Cannot apply Deployment class/web: failed calling webhook', 'transient'],
    [
      'a conflict',
      api(409, 'the object has been modified'),
      'Cannot apply Deployment class/web: the object has been modified',
      'transient',
    ],
  ])('%s', (_, error, message, outcome) => {
    expect(explain('apply', web, error)).toMatchObject({ message, outcome });
  });

  it('quotes no value of a Secret', () => {
    const causes = [{ field: 'data.a', reason: 'FieldValueInvalid', message: 'Invalid value: "hush": not base64' }];
    expect(explain('apply', secret, api(422, 'Secret "token" is invalid: data.a: Invalid value: "hush"', causes, 'Invalid')).message).toBe(
      'Cannot apply Secret class/token: Invalid data.a (FieldValueInvalid)',
    );
  });

  it('quotes no words of who refuses a Secret', () => {
    const denied = api(400, 'admission webhook "guard.example" denied the request: "hush" is too short', [], 'BadRequest');
    expect(explain('apply', secret, denied).message).toBe(
      "Cannot apply Secret class/token as admission by 'guard.example' refuses it: its words are not shown, as they may quote the Secret",
    );
  });

  it('keeps how long the server wants to be left alone', () => {
    expect(explain('apply', web, new ApiError('busy', { status: 503, reason: '', afterMs: 7000 })).afterMs).toBe(7000);
  });

  it('leaves a Failure of ours as it is', () => {
    const failure = new Failure('waiting', 'not yet');
    expect(explain('apply', web, failure)).toBe(failure);
  });
});

describe('stopsAll', () => {
  it.each<[unknown, boolean]>([
    [api(401, ''), true],
    [api(429, ''), true],
    [api(403, ''), false],
    [api(500, ''), false],
    [api(503, ''), false],
    [new Failure('transient', 'Cannot reach'), true],
    [new Failure('terminal', 'not served'), false],
    [new Failure('waiting', 'not yet'), false],
    [new Error('aborted'), true],
  ])('%s: %s', (error, expected) => {
    expect(stopsAll(error)).toBe(expected);
  });
});
