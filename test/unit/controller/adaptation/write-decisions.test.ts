import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { TaskDecision } from '../../../../controller/adaptation/decide.ts';
import { decisionMessage } from '../../../../controller/adaptation/message.ts';
import { planEdits } from '../../../../controller/adaptation/plan-edits.ts';
import { writeDecisions } from '../../../../controller/adaptation/write-decisions.ts';
import { ConflictError, Failure, RefusedFiles } from '../../../../controller/errors.ts';
import type { Repository } from '../../../../controller/ports.ts';
import type { DecisionRecord } from '../../../../controller/sla/trailer.ts';
import type { Edit, SourceFile } from '../../../../synth/source.ts';
import { decision } from '../sla/world.ts';

const DIRECTORY = 'environments/city';

function file(path: string, text: string): SourceFile {
  const content = new TextEncoder().encode(text);
  const id = createHash('sha1').update(content).digest('hex');
  return { path: `${DIRECTORY}/${path}`, id, kind: 'file', size: content.length, content };
}

const native = (name: string, replicas: number) => `# kept
apiVersion: rotterdam.dev/v1alpha1
kind: Task
metadata: { name: ${name} }
spec:
  replicas: ${replicas} # workers
  containers: [{ image: nginx }]
`;
const WORKFLOW = file('tasks/compss-workflow.json', '{ "name": "compss-workflow", "replicas": 4,\n  "image": "example/compss-test" }\n');

describe('planEdits', () => {
  test.each<{
    reason: string;
    files: readonly SourceFile[];
    records?: readonly DecisionRecord[];
    edits: readonly Edit[];
    held: readonly RegExp[];
  }>([
    {
      reason: "Rotterdam's JSON: the bytes of one number",
      files: [WORKFLOW],
      edits: [{ path: WORKFLOW.path, content: '{ "name": "compss-workflow", "replicas": 6,\n  "image": "example/compss-test" }\n' }],
      held: [],
    },
    {
      reason: 'two documents of one file',
      files: [file('tasks/all.yaml', `${native('a', 4)}---\n${native('b', 4)}`)],
      records: [decision({ task: 'a' }), decision({ task: 'b', to: 9 })],
      edits: [{ path: `${DIRECTORY}/tasks/all.yaml`, content: `${native('a', 6)}---\n${native('b', 9)}` }],
      held: [],
    },
    {
      reason: 'a document that has moved to another place',
      files: [file('tasks/moved.yaml', `${native('first', 1)}---\n${native('compss-workflow', 4)}`)],
      edits: [{ path: `${DIRECTORY}/tasks/moved.yaml`, content: `${native('first', 1)}---\n${native('compss-workflow', 6)}` }],
      held: [],
    },
    {
      reason: 'a name written with an escape',
      files: [file('tasks/x.json', '{ "name": "compss\\u002dworkflow", "replicas": 4, "image": "x" }')],
      edits: [{ path: `${DIRECTORY}/tasks/x.json`, content: '{ "name": "compss\\u002dworkflow", "replicas": 6, "image": "x" }' }],
      held: [],
    },
    {
      reason: 'a name with capitals and _, as the original had them',
      files: [file('tasks/x.json', '{ "name": "Compss_Workflow", "replicas": 4, "image": "x" }')],
      edits: [{ path: `${DIRECTORY}/tasks/x.json`, content: '{ "name": "Compss_Workflow", "replicas": 6, "image": "x" }' }],
      held: [],
    },
    {
      reason: 'a typo in another file stops nobody',
      files: [WORKFLOW, file('tasks/broken.yaml', 'apiVersion: [')],
      edits: [{ path: WORKFLOW.path, content: expect.stringContaining('"replicas": 6') }],
      held: [],
    },
    {
      reason: 'a human was faster',
      files: [file('tasks/x.yaml', native('compss-workflow', 5))],
      edits: [],
      held: [/4 → 6 as the tip says 5/],
    },
    { reason: 'the task was deleted', files: [], edits: [], held: [/No document of the tip/] },
    {
      reason: 'its file does not parse',
      files: [file('tasks/x.json', '{ "name": "compss-workflow", ')],
      edits: [],
      held: [/No document of the tip/],
    },
    {
      reason: 'two files declare it',
      files: [WORKFLOW, file('tasks/x.yaml', native('compss-workflow', 4))],
      edits: [],
      held: [/Several documents declare it: .*compss-workflow.json, .*x.yaml/],
    },
    {
      reason: 'its replicas cannot be edited: an alias',
      files: [
        file('tasks/x.yaml', native('compss-workflow', 4).replace('metadata:', 'metadata: &m').replace('replicas: 4 #', 'replicas: *n #')),
      ],
      edits: [],
      held: [/./],
    },
  ])('$reason', ({ files, records = [decision()], edits, held }) => {
    const plan = planEdits(records, DIRECTORY, files);
    expect(plan.edits).toEqual(edits);
    expect(plan.held.map(({ reason }) => reason)).toEqual(held.map((one) => expect.stringMatching(one)));
    expect(plan.decisions).toHaveLength(records.length - held.length);
  });
});

describe('writeDecisions', () => {
  const taken: TaskDecision = {
    task: 'compss_workflow',
    decision: { kind: 'scale', from: 4, to: 6, reason: 'x' },
    record: decision(),
    proposals: [],
  };
  const none: TaskDecision = { task: 'redis', decision: { kind: 'hold', reason: 'met' }, proposals: [] };

  function repository(commit: Repository['commit'], files: readonly SourceFile[] = [WORKFLOW]): Repository {
    const unused = () => Promise.reject(new Error('not asked here'));
    const read = async () => files;
    return {
      head: unused,
      decisionsHead: unused,
      dropDecisions: unused,
      resolve: unused,
      read,
      blobs: unused,
      history: unused,
      root: unused,
      isAncestor: unused,
      commit,
      watch: () => () => {},
      close: unused,
    };
  }

  test('makes one commit on the tip', async () => {
    const commits: { edits: readonly Edit[]; parent: string; message: string }[] = [];
    const written = await writeDecisions({
      repository: repository(async (edits, { parent, message }) => {
        commits.push({ edits, parent, message });
        return 'c2';
      }),
      tip: 'c1',
      environment: 'city',
      decisions: [taken, none],
    });
    expect(written).toMatchObject({ kind: 'written', revision: 'c2', decisions: [{ id: 'd1' }], held: [] });
    expect(commits).toMatchObject([{ parent: 'c1', edits: [{ path: WORKFLOW.path }] }]);
  });

  test('makes none when nothing is to be scaled', async () => {
    const written = await writeDecisions({
      repository: repository(async () => Promise.reject(new Error('no'))),
      tip: 'c1',
      environment: 'city',
      decisions: [none],
    });
    expect(written).toEqual({ kind: 'nothing', held: [] });
  });

  test('tells that the branch has moved', async () => {
    const moved = repository(async () => Promise.reject(new ConflictError('moved', { afterMs: 70 })));
    expect(await writeDecisions({ repository: moved, tip: 'c1', environment: 'city', decisions: [taken] })).toEqual({
      kind: 'conflict',
      held: [],
      afterMs: 70,
    });
  });

  test('rejects when the repository takes nothing', async () => {
    const full = repository(async () => Promise.reject(new Failure('transient', 'no space left')));
    await expect(writeDecisions({ repository: full, tip: 'c1', environment: 'city', decisions: [taken] })).rejects.toThrow('no space left');
  });

  describe('where files are refused', () => {
    const files = ['a', 'b', 'c'].map((name) => file(`tasks/${name}.yaml`, native(name, 4)));
    const wanted = ['a', 'b', 'c'].map((name) => ({ ...taken, task: name, record: decision({ id: name, task: name }) }));
    const dirty = (paths: readonly string[]) => new RefusedFiles(`Cannot write ${paths.join(', ')}`, { paths, afterMs: 1_000 });

    /** Refuses, one call after the other, what has uncommitted changes. */
    function workTree(refusals: readonly (readonly string[])[]) {
      const messages: string[] = [];
      const made = repository(async (_, { message }) => {
        const paths = refusals[messages.push(message) - 1];
        if (paths !== undefined) throw dirty(paths.map((name) => `${DIRECTORY}/tasks/${name}.yaml`));
        return 'c2';
      }, files);
      return { messages, written: writeDecisions({ repository: made, tip: 'c1', environment: 'city', decisions: wanted }) };
    }

    test.each([
      { reason: 'the others are committed', refusals: [['a']], held: ['a'], decisions: ['b', 'c'] },
      { reason: 'those that are named one after the other too', refusals: [['a'], ['c']], held: ['a', 'c'], decisions: ['b'] },
    ])('$reason', async ({ refusals, held, decisions }) => {
      const { messages, written } = workTree(refusals);
      expect(await written).toMatchObject({
        kind: 'written',
        revision: 'c2',
        decisions: decisions.map((id) => ({ id })),
        held: held.map((task) => ({ task, reason: `Cannot write ${DIRECTORY}/tasks/${task}.yaml` })),
      });
      expect(messages.at(-1)?.match(/^Rotterdam-Decision: /gm)).toHaveLength(decisions.length);
    });

    test.each([
      { reason: 'all of them', refusals: [['a', 'b', 'c']] },
      { reason: 'the rest as well', refusals: [['a'], ['b', 'c']] },
      { reason: 'a file that is not ours', refusals: [['other']] },
    ])('it rejects when that is $reason', async ({ refusals }) => {
      await expect(workTree(refusals).written).rejects.toThrow(RefusedFiles);
    });
  });
});

describe('decisionMessage', () => {
  test('of one decision', () => {
    expect(decisionMessage([{ ...decision(), name: 'compss-workflow', path: 'x.json' }])).toBe(
      [
        'Scale compss-workflow 4 → 6: deadlines_missed 1, promised < 1',
        '',
        'Scale compss-workflow 4 → 6, for agreement compss_workflow_DeadlinesMissed_1: deadlines_missed 1, promised < 1.',
        'Seen at 2023-11-14T22:13:20.000Z in prometheus.',
        '',
        `Rotterdam-Decision: ${JSON.stringify(decision())}`,
        '',
      ].join('\n'),
    );
  });

  test('of several: what limited one is said', () => {
    const message = decisionMessage([
      { ...decision(), name: 'a', path: 'a.yaml' },
      { ...decision({ id: 'd2', limitedBy: 'maxReplicas 6' }), name: 'b', path: 'b.yaml' },
    ]);
    expect(message).toMatch(/^Scale 2 tasks\n\n/);
    expect(message).toMatch(/Scale b 4 → 6, limited by maxReplicas 6, for agreement/);
    expect(message.match(/^Rotterdam-Decision: /gm)).toHaveLength(2);
  });
});
