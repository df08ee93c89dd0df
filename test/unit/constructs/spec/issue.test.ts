import { describe, expect, it } from 'vitest';
import { compareIssues, type Issue, printIssue } from '../../../../constructs/spec/issue.ts';

const ISSUE: Issue = {
  file: 'environments/city/tasks/redis.yaml',
  line: 7,
  column: 13,
  severity: 'error',
  code: 'c',
  message: 'Cannot do it',
};

describe('issues', () => {
  it('print as file:line:column', () => {
    expect(printIssue(ISSUE)).toBe('environments/city/tasks/redis.yaml:7:13 Cannot do it');
    expect(printIssue({ ...ISSUE, severity: 'warning' })).toBe('environments/city/tasks/redis.yaml:7:13 warning: Cannot do it');
  });

  it('sort by file, line and column as numbers, errors first', () => {
    const issues = [
      { ...ISSUE, line: 10 },
      { ...ISSUE, severity: 'warning' as const },
      { ...ISSUE, file: 'a' },
      ISSUE,
      { ...ISSUE, column: 2 },
    ];
    expect(
      issues.sort(compareIssues).map(({ file, line, column, severity }) => `${file === 'a' ? 'a' : 'r'} ${line}:${column} ${severity}`),
    ).toEqual(['a 7:13 error', 'r 7:2 error', 'r 7:13 error', 'r 7:13 warning', 'r 10:13 error']);
  });
});
