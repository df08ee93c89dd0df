import { kubernetesName } from '../../../constructs/spec/names.ts';
import type { Author, Change, Written } from '../../changes/change.ts';
import { HttpError } from '../rest/reply.ts';
import type { ApiOptions } from '../rest/routes.ts';
import { checkChange } from './changed.ts';
import { type Caller, hasDock, LOCAL } from './grant.ts';
import { checkHosts } from './hosts.ts';
import { type OwnIssues, ownIssues, ownRefusal } from './own-issues.ts';
import { checkPush } from './pushed.ts';
import { visibleEvent, visibleStatus, visibleView } from './visible.ts';

interface Served extends ApiOptions {
  readonly pushes: { push(method: 'PUT' | 'POST' | 'DELETE', groupPath: string, body: string): Promise<void> };
}

/** The same, of which who asks gets, changes and pushes no more than is granted. Routes don't know of it. */
export function restricted<Options extends Served>(options: Options, caller: () => Caller): Options {
  const { allowedHosts = [] } = options;
  const view = () => {
    const seen = options.view();
    return seen && visibleView(seen, caller());
  };
  const write = async (change: Change): Promise<Written> => {
    const who = caller();
    let edited: ReadonlySet<string> = new Set();
    const permitted: Change = {
      ...change,
      ...(who === LOCAL ? {} : { author: authorOf(who) }),
      make: (documents) => {
        const made = change.make(documents);
        edited = new Set(made.edits.map(({ path }) => path));
        return made;
      },
      seen: (before, after) => change.seen?.(before, after),
      permit: (before, after) => {
        if (who !== LOCAL) checkChange(who, before, after);
        checkHosts(before.environment, after.environment, allowedHosts);
      },
    };
    const ofOwn: OwnIssues = (issues) => ownIssues(who, options.view()?.environment, edited)(issues);
    try {
      const written = await options.write(permitted);
      return { ...written, warnings: ofOwn(written.warnings) };
    } catch (error) {
      throw ownRefusal(error, ofOwn);
    }
  };
  return {
    ...options,
    view,
    status: () => visibleStatus(options.status(), caller()),
    write,
    seen: () => {
      const who = caller();
      return who.docks === undefined ? undefined : (event) => visibleEvent(event, options.view(), who);
    },
    pushes: {
      push: async (method, groupPath, body) => {
        checkPush(caller(), options.view()?.environment, method, groupPath, body);
        return options.pushes.push(method, groupPath, body);
      },
    },
    report: async (report, id) => {
      const task = options.view()?.environment.tasks.get(kubernetesName(report.task));
      if (caller().docks !== undefined && (task === undefined || !hasDock(caller(), task.dock)))
        throw new HttpError(403, `Refused to ${caller().name}: ${report.task.slice(0, 80)} is no task of its docks`);
      return options.report(report, id);
    },
  };
}

function authorOf({ name }: Caller): Author {
  return { name, email: `${name}@localhost` };
}
