import type { Environment } from '../../synth/environment.ts';
import { sourcesFor } from '../../synth/resolve-sources.ts';
import { systemClock } from '../adapters/clock.ts';
import { createLog } from '../adapters/log.ts';
import { sourcesOf } from '../main.ts';
import { createJudge, type Judgement, type TaskFacts } from '../sla/judge.ts';
import type { AtTip } from './at-tip.ts';

/** Judges the agreements of `environment` once, as a running controller does, by what their sources say now. */
export async function judgeNow(
  { settings, desired: { history }, signal }: AtTip,
  environment: Environment,
  facts: ReadonlyMap<string, TaskFacts>,
): Promise<readonly Judgement[]> {
  const { open, keep } = await sourcesOf(settings);
  const judge = createJudge({
    sourceOf: (infrastructure, source) => sourcesFor(environment, infrastructure, source).map(open),
    keep,
    clock: systemClock,
    log: createLog({ pretty: process.stderr.isTTY, level: 'error' }),
    evaluateEveryMs: settings.evaluateEveryMs,
  });
  return judge.judge({ environment, history, facts }, signal);
}
