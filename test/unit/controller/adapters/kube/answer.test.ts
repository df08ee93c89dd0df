import { describe, expect, it } from 'vitest';
import { afterMs, refused, warningsIn } from '../../../../../controller/adapters/kube/answer.ts';

const peer = { name: "infrastructure 'modena'", secret: 'modena-kubeconfig' };

describe('refused', () => {
  it('tells reason, causes and message of the Status', () => {
    const body = {
      reason: 'Invalid',
      message: 'no good',
      details: { causes: [{ reason: 'FieldValueInvalid', field: 'spec.x', message: 'bad' }] },
    };
    expect(refused({ status: 422, retryAfter: undefined, body }, peer)).toMatchObject({
      message: 'no good',
      status: 422,
      reason: 'Invalid',
      outcome: 'terminal',
      causes: [{ reason: 'FieldValueInvalid', field: 'spec.x', message: 'bad' }],
    });
  });

  it.each([
    [401, undefined, 'terminal', undefined],
    [403, undefined, 'terminal', undefined],
    [429, '2', 'transient', 2000],
    [500, undefined, 'transient', undefined],
    [503, '30', 'transient', 30_000],
  ])('%i with Retry-After %s is %s', (status, retryAfter, outcome, after) => {
    expect(refused({ status, retryAfter, body: undefined }, peer)).toMatchObject({ status, outcome, afterMs: after });
  });

  it('401 names the secret to renew, and does not repeat the server', () => {
    const error = refused({ status: 401, retryAfter: undefined, body: { message: 'Unauthorized token abc' } }, peer);
    expect(error.message).toBe(
      "Cannot authenticate to infrastructure 'modena' as it refuses the credentials: renew secret 'modena-kubeconfig'",
    );
  });

  it.each([undefined, 'text', [], { details: 'x' }, { details: { causes: 'y' } }, { message: 7 }])('makes do with a body %j', (body) => {
    expect(refused({ status: 502, retryAfter: undefined, body }, peer).message).toBe("infrastructure 'modena' answered 502");
  });

  it('takes control characters out of the message', () => {
    const body = { message: 'a\u001b[2Jb\r\nc' };
    expect(refused({ status: 400, retryAfter: undefined, body }, peer).message).toBe('a [2Jb c');
  });
});

describe('afterMs', () => {
  it.each([
    ['1', 1000],
    ['0', undefined],
    ['1000000000', 600_000],
    ['-1', undefined],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    [undefined, undefined],
  ])('of Retry-After %s is %s', (text, expected) => {
    expect(afterMs(text)).toBe(expected);
  });
});

describe('warningsIn', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['299 - "v1beta1 is deprecated"', ['v1beta1 is deprecated']],
    ['299 - "use \\"os\\", not beta", 299 kube-apiserver "second, with a comma"', ['use "os", not beta', 'second, with a comma']],
    ['199 - "something else"', []],
    ['299 - "moves\u001b[2J the cursor"', ['moves [2J the cursor']],
  ])('%j holds %j', (header, warnings) => {
    expect(warningsIn(header)).toEqual(warnings);
  });
});
