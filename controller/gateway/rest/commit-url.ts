/** What git hosts put between a repository and a commit; `/commit/` is what most have: GitHub, Gitea, Forgejo, sourcehut, cgit's relatives. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)gitlab\./, '/-/commit/'],
  [/(^|\.)bitbucket\./, '/commits/'],
];

/**
 * Where people see a commit of the repository at `location`: `https://github.com/city/ops/commit/4f3c…`. Undefined for a folder, and for what
 * no page can be derived of. Pure; holds no credentials.
 */
export function commitUrl(location: string, id: string): string | undefined {
  const [, host = '', path = ''] = SCP.exec(location) ?? URLS.exec(location) ?? [];
  const name = path.replace(/\/+$/, '').replace(/\.git$/, '');
  if (host === '' || name === '') return undefined;
  const between = OTHERS.find(([pattern]) => pattern.test(host))?.[1] ?? '/commit/';
  return `https://${host}/${name.split('/').map(encodeURIComponent).join('/')}${between}${id}`;
}

/** `git@host:owner/name.git` */
const SCP = /^[^/@:]+@([a-z0-9.-]+):\/?([^/].*)$/i;
/** The port of ssh is none of the page's, and that of http nearly never one that is left to be seen from outside. */
const URLS = /^(?:https|ssh):\/\/(?:[^/@]+@)?([a-z0-9.-]+)(?::\d+)?\/(.+)$/i;
