import { expect, test } from 'vitest';
import { parseGroupPath } from '../../../../../controller/adapters/push/group-path.ts';

test.each([
  { path: '/metrics/job/compss', group: { job: 'compss' } },
  { path: '/metrics/job/compss/', group: { job: 'compss' } },
  { path: '/metrics/job/compss/task/a/instance/1', group: { job: 'compss', task: 'a', instance: '1' } },
  { path: '/metrics/job/a%20b', group: { job: 'a b' } },
  { path: '/metrics/job@base64/Y29tcHNz', group: { job: 'compss' } },
  { path: '/metrics/job/x/path@base64/L3Zhci90bXA', group: { job: 'x', path: '/var/tmp' } },
  { path: '/metrics/job/x/path@base64/L3Zhci90bXA=', group: { job: 'x', path: '/var/tmp' } },
  { path: '/metrics/job/x/name@base64/_-8', reason: /not valid|encoded/ },
  { path: '/metrics/job/x/empty@base64/=', group: { job: 'x', empty: '' } },
  { path: '/metrics/job/x/empty//more/1', group: { job: 'x', empty: '', more: '1' } },
  { path: '/metrics/job/x/name@base64/!!', reason: /not base64/ },
  { path: '/metrics/job/', reason: /job has no name/ },
  { path: '/metrics/job@base64/=', reason: /job has no name/ },
  { path: '/metrics/job', reason: /write \/metrics\/job/ },
  { path: '/metrics/job/x/label', reason: /write \/metrics\/job/ },
  { path: '/metrics/jobs/x', reason: /job has no name/ },
  { path: '/metrics/job/x/__name__/y', reason: /no label may be called "__name__"/ },
  { path: '/metrics/job/x/__proto__/y', reason: /no label may be called "__proto__"/ },
  { path: '/metrics/job/x/a-b/y', reason: /no label may be called "a-b"/ },
  { path: '/metrics/job/x/job/y', reason: /job stands at its begin only/ },
  { path: '/metrics/job/%zz', reason: /malformed/ },
])('$path', ({ path, group, reason }) => {
  if (reason === undefined) expect(parseGroupPath(path)).toEqual(group);
  else expect(() => parseGroupPath(path)).toThrow(reason);
});
