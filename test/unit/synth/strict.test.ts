import { expect, it } from 'vitest';
import { strictly } from '../../../synth/strict.ts';

const ISSUE = { file: 'f', line: 1, column: 1, severity: 'warning', code: 'secret-in-git', message: 'm' } as const;

it('strictly makes errors of warnings that a document could be rid of', () => {
  expect(strictly(ISSUE)).toEqual({ ...ISSUE, severity: 'error' });
  expect(strictly({ ...ISSUE, code: 'baseline-security' }).severity).toBe('warning');
  expect(strictly({ ...ISSUE, severity: 'error', code: 'syntax' }).severity).toBe('error');
});
