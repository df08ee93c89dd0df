import { sentence } from '../errors.ts';
import { jsonField, type PlannedChange, printPlans, totalOf } from '../sync/engine.ts';
import { inDocuments } from '../wanted.ts';
import { EXIT } from './exit.ts';
import { type Look, type LookOptions, type Unseen, withLooks } from './looks.ts';
import { paintDiff } from './paint.ts';

/** Shows what would change at the branch's tip; asks for no more than rights to read. Exit code 3 when something would. */
export async function plan(options: LookOptions & { readonly json?: boolean }): Promise<number> {
  return withLooks(options, async (looks, unseen) => {
    if (options.json) process.stdout.write(`${JSON.stringify(planJson(looks, unseen))}\n`);
    else showPlan(looks, unseen);
    if (unseen.length > 0 || looks.some(({ plan: { failed } }) => failed.length > 0)) return EXIT.failed;
    return looks.some(({ plan: { changes } }) => changes.length > 0) ? EXIT.changes : EXIT.done;
  });
}

/** For people: the plan, then what can't be applied, what was compared here, and which clusters were not reached. */
export function showPlan(looks: readonly Look[], unseen: readonly Unseen[]): void {
  if (looks.length > 0) process.stdout.write(`${paintDiff(printPlans(looks))}\n`);
  for (const { name, placeOf, plan: planned } of looks) {
    if (planned.comparedHere !== undefined) process.stderr.write(`${name}: ${planned.comparedHere}\n`);
    for (const one of planned.failed) process.stderr.write(`${name}: ${inDocuments(placeOf, one)}\n`);
  }
  for (const { name, reason } of unseen) process.stderr.write(`${name}: not reached: ${reason}\n`);
}

/** For machines; the shape is described in docs/operations.md. */
export function planJson(looks: readonly Look[], unseen: readonly Unseen[]) {
  return {
    changes: looks.flatMap(({ name, plan: { changes, held } }) => changes.map((change) => changeJson(name, change, held))),
    counts: totalOf(looks.map(({ plan: { counts } }) => counts)),
    infrastructures: looks.map(({ name, plan: { counts, held, comparedHere } }) => ({ name, counts, held, comparedHere })),
    failed: looks.flatMap(({ name, plan: { failed } }) =>
      failed.map(({ ref, error }) => ({ infrastructure: name, ref, error: sentence(error) })),
    ),
    unseen,
  };
}

export function changeJson(infrastructure: string, { fields, ...change }: PlannedChange, held?: string) {
  return {
    infrastructure,
    ...change,
    ...(held !== undefined && change.op === 'delete' ? { held } : {}),
    ...(fields === undefined ? {} : { fields: fields.map(jsonField) }),
  };
}
