import { z } from 'zod';
import { decision, time } from './answers.ts';
import { envelope, type Operation, READ_ERRORS } from './operation.ts';

const evidence = z.object({ compared: z.string().optional(), value: z.number(), limit: z.number(), at: time, source: z.string() });

const promise = z.object({
  agreement: z.string(),
  guarantee: z.string(),
  promise: z.string().describe('The condition that must hold.'),
  answer: z.string().describe("What is done when it doesn't."),
  since: z.object({ commit: z.string(), at: time }).optional(),
  kind: z.enum(['counter', 'gauge']),
  queries: z.array(z.string()),
  series: z.int(),
  evidence: evidence.optional(),
  verdict: z.enum(['met', 'violated', 'unknown']),
  reason: z.string().optional(),
  violations: z.int(),
  decision,
});

const rollout = z.object({
  infrastructure: z.string(),
  applied: z.string().optional(),
  desired: z.int().optional(),
  ready: z.int().optional(),
  health: z.string(),
  since: time.optional(),
  failed: z.string().optional(),
});

const commitNamed = z.object({
  id: z.string(),
  at: time,
  author: z.string().optional(),
  subject: z.string().optional(),
  url: z.string().optional().describe('Where people see it.'),
});

const decisionTold = z.object({
  id: z.string(),
  agreement: z.string(),
  guarantee: z.string(),
  queries: z.array(z.string()),
  evidence: evidence.extend({ consumed: z.record(z.string(), z.number()) }),
  reason: z.string(),
  limitedBy: z.string().optional(),
  fallback: z.literal(true).optional(),
  effect: z
    .enum(['met', 'none', 'open'])
    .optional()
    .describe('Of a scale-out that is to bring something: whether the promise was kept again in time; `open` while that is waited for.'),
});

const action = z.object({ from: z.int(), to: z.int(), commit: commitNamed, decision: decisionTold.optional() });

const story = z.object({
  task: z.string(),
  environment: z.string(),
  revision: z.string(),
  declaredAt: z.string().describe('`file:line:column`'),
  replicas: z.int(),
  at: time,
  promises: z.array(promise),
  idle: z.array(z.object({ agreement: z.string(), state: z.enum(['stopped', 'terminated']), reason: z.string() })),
  decision: decision.optional(),
  rollout: z.array(rollout),
  actions: z.array(action).describe('Newest first.'),
});

const made = z.object({ task: z.string(), from: z.int(), to: z.int(), commit: commitNamed, decision: decisionTold });

const line = z.object({ mark: z.enum(['-', '+', ' ', '…']), text: z.string() });

const commit = commitNamed.extend({
  author: z.string(),
  subject: z.string(),
  message: z.string(),
  files: z.array(z.object({ path: z.string(), lines: z.array(line).optional() })),
});

export const STORY_COMPONENTS: Readonly<Record<string, z.ZodType>> = { Story: story, DecisionMade: made, Commit: commit };

const get = { headers: ['prefer'], errors: [404, ...READ_ERRORS], form: 'envelope' } as const;

export const STORY: readonly Operation[] = [
  {
    ...get,
    at: 'GET /api/v1/tasks/{id}/story',
    tag: 'task',
    id: 'getTaskStory',
    summary: 'How each promise of a task led to what runs',
    answers: { 200: envelope({ story }) },
  },
  {
    ...get,
    at: 'GET /api/v1/decisions',
    tag: 'qos',
    id: 'getDecisions',
    summary: 'What was decided last, newest first',
    query: z.object({ task: z.string().optional(), limit: z.int().min(0).optional() }),
    answers: { 200: envelope({ decisions: z.array(made) }) },
    errors: [400, ...READ_ERRORS],
  },
  {
    ...get,
    at: 'GET /api/v1/commits/{id}',
    tag: 'status',
    id: 'getCommit',
    summary: 'A commit of the branch, and the lines that it changed',
    answers: { 200: envelope({ commit }) },
    errors: [400, 404, ...READ_ERRORS],
  },
];
