import type { FastifyInstance } from 'fastify';
import type { CommitNamed } from '../../story/task-story.ts';
import { commitUrl } from './commit-url.ts';
import { HttpError } from './reply.ts';
import type { Rest } from './rest.ts';
import { taskOf } from './task-document.ts';
import { whole } from './tasks.ts';

interface Named {
  Params: { readonly id: string };
}
interface Asked {
  Querystring: { readonly task?: string; readonly limit?: string };
}

const FEW = 50;
const MOST = 1_000;

/** What was decided, and how each promise of a task led to what runs: `/decisions`, `/tasks/{id}/story`, `/commits/{id}`. The original had none of it. */
export function addStoryRoutes(server: FastifyInstance, rest: Rest, repository: string): void {
  const linked = <C extends CommitNamed>(commit: C) => {
    const url = commitUrl(repository, commit.id);
    return url === undefined ? commit : { ...commit, url };
  };
  server.get<Asked>(
    '/decisions',
    rest.route<Asked>('GetDecisions', ({ query: { task, limit } }) => {
      const view = rest.view();
      const only = task === undefined ? undefined : (taskOf(view.environment, task)?.id ?? task);
      const made = view.decisions(Math.min(whole(limit, 'limit', FEW), MOST), only);
      const decisions = made.map(({ commit, ...decision }) => ({ ...decision, commit: linked(commit) }));
      return { message: `${decisions.length} decisions retrieved`, decisions };
    }),
  );
  server.get<Named>(
    '/tasks/:id/story',
    rest.route<Named>('GetTaskStory', ({ params: { id } }) => {
      const view = rest.view();
      const task = taskOf(view.environment, id);
      if (task === undefined) throw new HttpError(404, `There is no task ${id.slice(0, 80)}`);
      const { actions, ...story } = view.story(task);
      return {
        message: 'Story told',
        story: { ...story, actions: actions.map((action) => ({ ...action, commit: linked(action.commit) })) },
      };
    }),
  );
  server.get<Named>(
    '/commits/:id',
    rest.route<Named>('GetCommit', async ({ params: { id } }) => {
      const commit = await rest.view().commit(id);
      if (commit === undefined) throw new HttpError(404, `There is no commit ${id.slice(0, 80)} on the branch`);
      return { message: 'Commit retrieved', commit: linked(commit) };
    }),
  );
}
