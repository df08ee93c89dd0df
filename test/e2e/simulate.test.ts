import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';

const EXAMPLE = fileURLToPath(new URL('../../docs/examples/simulate/', import.meta.url));
const MORNING = ['simulate', 'responsive', EXAMPLE, '--series', join(EXAMPLE, 'morning.csv'), '--replicas', '2'];

describe('simulate', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'rotterdam-simulate-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('draws the chart of the documentation', async () => {
    const svg = join(directory, 'decisions.svg');
    const { code, stdout } = await cli([...MORNING, '--against', 'patient', '--svg', svg]);
    expect(code).toBe(0);
    expect(readFileSync(svg, 'utf8')).toBe(readFileSync(join(EXAMPLE, 'decisions.svg'), 'utf8'));
    for (const line of [
      /^2026-03-02T07:00:00.000Z to 2026-03-02T11:00:00.000Z, judged every 15s$/m,
      /^responsive: response_time_seconds < 0.25 +patient: response_time_seconds < 0.25$/m,
      /^ {10}03-02 07:00 .*03-02 11:00 +03-02 07:00 .*03-02 11:00$/m,
      /^ +responsive +patient\ndecisions +4 out, 0 in +3 out, 0 in$/m,
      /^DECIDED by responsive +REPLICAS +REASON\n2026-03-02T08:13:30.000Z +2 → 3 +response_time 0.4/m,
      /8 → 10 .*; limited by maxReplicas 10$/m,
    ])
      expect(stdout).toMatch(line);
  });

  it('prints each evaluation as JSON', async () => {
    const { stdout } = await cli([...MORNING, '--json', '--from', '2026-03-02T08:00:00Z', '--to', '2026-03-02T09:00:00Z', '--step', '30s']);
    const [told] = JSON.parse(stdout);
    expect(told).toMatchObject({ qos: 'responsive', from: '2026-03-02T08:00:00.000Z', stepSeconds: 30, replicas: { least: 2 } });
    expect(told.points[0]).toMatchObject({ at: told.from, replicas: 2, guarantees: [{ guarantee: 'response_time', state: 'met' }] });
    expect(told.decisions.length).toBeGreaterThan(0);
    expect(told.replicaHours).toBeGreaterThan(2);
  });

  it('takes built-in templates without any documents, and a range as Prometheus answers it', async () => {
    const values = [0, 0, 0, 1, 1, 1].map((value, at) => [1_700_000_000 + at * 15, `${value}`]);
    const answer = {
      status: 'success',
      data: { resultType: 'matrix', result: [{ metric: { __name__: 'deadlines_missed_my_task' }, values }] },
    };
    writeFileSync(join(directory, 'range.json'), JSON.stringify(answer));
    const { stdout } = await cli(['simulate', 'DeadlinesMissed_1', '--series', 'range.json', '--replicas', '4', '--json'], directory);
    expect(JSON.parse(stdout)[0].decisions).toMatchObject([{ task: 'my_task', from: 4, to: 6, evidence: { value: 1 } }]);
  });

  it.each([
    { what: 'no recording', args: ['simulate', 'responsive', EXAMPLE], says: 'either --series FILE or --prometheus URL' },
    { what: 'an unknown template', args: [...MORNING, '--against', 'patience'], says: "did you mean 'patient'?" },
    {
      what: 'another metric',
      args: ['simulate', 'KubeletTooManyPods', ...MORNING.slice(2)],
      says: 'nothing of kubelet_running_pod_count was recorded',
    },
    { what: 'no time', args: [...MORNING, '--from', '2026-03-02T09:00:00Z', '--to', '2026-03-02T08:00:00Z'], says: '--from before --to' },
    {
      what: 'a time that was not recorded',
      args: [...MORNING, '--from', '2027-01-01T00:00:00Z', '--to', '2027-01-02T00:00:00Z'],
      says: 'the recording is from 2026-03-02T07:00:00.000Z to 2026-03-02T11:00:00.000Z',
    },
    { what: 'a file that is not there', args: ['simulate', 'responsive', EXAMPLE, '--series', 'no.csv'], says: 'no.csv: no such file' },
    { what: 'a folder', args: ['simulate', 'responsive', EXAMPLE, '--series', EXAMPLE], says: ': illegal operation on a directory\n' },
    { what: 'no samples', args: ['simulate', 'responsive', EXAMPLE, '--series', '/dev/null'], says: '/dev/null has no samples' },
    {
      what: 'a task of which nothing was recorded',
      args: [...MORNING.slice(0, 3), '--series', 'tasks.csv', '--task', 'reports'],
      says: "tasks.csv has nothing of response_time_seconds of task 'reports': tasks are shop, web",
    },
    {
      what: 'what is no address',
      args: ['simulate', 'responsive', EXAMPLE, '--prometheus', 'prometheus', '--task', 'web'],
      says: 'as http://prometheus.example:9090: prometheus',
    },
    { what: 'too many evaluations', args: [...MORNING, '--from', '0'], says: 'more than 1000000 evaluations' },
    {
      what: 'a Prometheus without a task',
      args: ['simulate', 'responsive', EXAMPLE, '--prometheus', 'http://127.0.0.1:9'],
      says: '--task NAME',
    },
  ])('refuses $what', async ({ args, says }) => {
    writeFileSync(
      join(directory, 'tasks.csv'),
      'time,response_time_seconds{task="web"},response_time_seconds_shop\n2026-01-01T00:00:00Z,1,2\n2026-01-01T00:01:00Z,1,2\n',
    );
    const { code, stderr } = await cli(args, directory);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(says) });
  });
});
