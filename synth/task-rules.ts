import { kubernetesName } from '../constructs/spec/names.ts';
import type { TaskSpec } from '../constructs/spec/task.ts';
import { taskProblems } from '../constructs/task-problems.ts';
import type { Locate } from './draft.ts';
import { MAX_PROBLEMS, type Path, type Problem } from './parse.ts';

const SECRET_VARIABLE = /(^|[_-])(PASSWORD|PASSWD|PASSPHRASE|TOKEN|SECRET|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY)$/i;

/** What a schema can't say of a task, at the places of its document. Its name has been looked at before. */
export function problemsOfTask(name: string, spec: TaskSpec, locate: Locate): Problem[] {
  const errors = taskProblems(name, spec).filter(({ path }) => path.length > 0);
  return [
    ...errors.slice(0, MAX_PROBLEMS).map(({ path, code, message }): Problem => ({ ...locate(path), severity: 'error', code, message })),
    ...placeProblems(spec, locate),
    ...secretVariables(spec, locate),
  ];
}

function placeProblems({ infrastructure, infrastructures, rollout }: TaskSpec, locate: Locate): Problem[] {
  const error = (path: Path, code: string, message: string): Problem => ({ ...locate(path), severity: 'error', code, message });
  const names = (infrastructures ?? []).map(kubernetesName);
  const again = names.flatMap((name, at) => (names.indexOf(name) < at ? [at] : []));
  return [
    ...again.map((at) => error(['infrastructures', at], 'duplicate-infrastructure', `Name infrastructure '${names[at]}' once`)),
    ...(infrastructure !== undefined && infrastructures !== undefined
      ? [error(['infrastructure'], 'two-places', 'Say where the task goes once: in infrastructure, or in infrastructures')]
      : []),
    ...(rollout !== undefined && names.length < 2
      ? [error(['rollout'], 'nothing-to-order', 'Name several infrastructures to roll out to, or leave out rollout')]
      : []),
  ];
}

/** A variable's value reaches its container, so it must be somewhere: a Secret is the place. */
function secretVariables({ containers }: TaskSpec, locate: Locate): Problem[] {
  return containers.flatMap(({ env }, at) =>
    env.flatMap((variable, index): Problem[] => {
      if (!('value' in variable) || variable.value === '' || !SECRET_VARIABLE.test(variable.name)) return [];
      const message = `Move the value of ${variable.name} out of git: name a key of a Secret instead`;
      return [{ ...locate(['containers', at, 'env', index, 'value']), severity: 'warning', code: 'secret-in-git', message }];
    }),
  );
}
