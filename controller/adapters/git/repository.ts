import type { Edit } from '../../../synth/source.ts';
import { Failure } from '../../errors.ts';
import { type Clock, type CommitPlace, DECISIONS_BRANCH, type Repository, type Revision, type Secrets } from '../../ports.ts';
import { readCredentials } from './credentials.ts';
import { type Identity, writeDraft } from './draft.ts';
import { dropDraftRef, takeDraftRef } from './drafts.ts';
import type { Home } from './home.ts';
import { openLocal } from './local.ts';
import { checkBranch, parseLocation } from './location.ts';
import { createRace } from './race.ts';
import { openRemote } from './remote.ts';
import { signingWith } from './signing.ts';

export interface RepositoryOptions {
  /** A folder, bare or not, or a URL: https, http, ssh, file or `user@host:path`. */
  readonly location: string;
  readonly branch: string;
  /** Where clones of remote repositories are kept. They may be deleted at any time. */
  readonly cacheDirectory: string;
  readonly secrets?: Secrets | undefined;
  /** Name of the secret folder that lets us in: `token` for http(s), alone or as `user:token`; `ssh-key` and `known_hosts` for ssh. */
  readonly secret?: string | undefined;
  /** Name of the secret with the private key that commits are signed with; they aren't without one. */
  readonly signingSecret?: string | undefined;
  /** Of commits; rotterdam-sync <rotterdam-sync@localhost> unless given. */
  readonly author?: Identity | undefined;
  readonly clock: Clock;
}

const OURSELVES: Identity = { name: 'rotterdam-sync', email: 'rotterdam-sync@localhost' };

/**
 * The branch of a git repository, by the `git` binary. A remote is first asked by `head`. Rejects with a terminal Failure when
 * the location can't be used, is no repository of its own, or is a shallow clone.
 */
export async function openRepository(options: RepositoryOptions): Promise<Repository> {
  const { branch, clock, author = OURSELVES, secrets, signingSecret } = options;
  const signing = signingSecret === undefined ? undefined : signingWith(secrets, signingSecret);
  checkBranch(branch);
  const home = await openHome(options, author);
  const { reader } = home;
  const race = createRace();
  return {
    head: home.head,
    decisionsHead: home.decisionsHead,
    dropDecisions: home.dropDecisions,
    watch: home.watch,
    close: home.close,
    async resolve(name, signal) {
      const found = (await home.using(() => reader.named(name, signal), signal)) ?? (await onBranch(home, branch, name, signal));
      if (found === undefined)
        throw new Failure('terminal', `Cannot find revision ${JSON.stringify(name)}: name a commit, a tag or a branch`);
      return found;
    },
    read: (revision, directory, signal) => home.using(() => reader.files(revision, directory, signal), signal),
    blobs: (ids, signal) => home.using(() => reader.blobs(ids, signal), signal),
    history: (to, from, directory, signal) => home.using(() => reader.history(to, from, directory, signal), signal),
    root: (revision, signal) => home.using(() => reader.root(revision, signal), signal),
    isAncestor: async (ancestor, revision, signal) => {
      const ask = () => home.using(() => reader.isAncestor(ancestor, revision, signal), signal);
      const known = await ask();
      if (known !== undefined) return known;
      // Somebody else may have pushed it since.
      await home.head(signal);
      return (await ask()) ?? false;
    },
    commit: (edits, at, signal) => race(() => commit(edits, at, signal)),
  };

  async function commit(edits: readonly Edit[], at: CommitPlace, signal?: AbortSignal): Promise<Revision> {
    const { parent, message } = at;
    const ref = takeDraftRef();
    const draft = { parent, message, ref, author: at.author ?? author, committer: author, atMs: clock.now(), signing };
    const commit = await home
      .using(() => writeDraft(reader, edits, draft, signal), signal)
      .catch(async (error) => {
        await dropDraftRef(reader.gitDir, ref);
        throw error;
      });
    const move = at.decisionsAt === undefined ? { branch, from: parent } : { branch: DECISIONS_BRANCH, from: at.decisionsAt };
    await home.publish({ commit, parent, ref }, move, signal);
    return commit;
  }
}

/** A clone has the branch's commits, but not its name. */
async function onBranch(home: Home, branch: string, name: string, signal?: AbortSignal): Promise<Revision | undefined> {
  const from = [branch, 'HEAD', '@'].find((start) => name.startsWith(start) && /^([~^]|$)/.test(name.slice(start.length)));
  if (from === undefined) return undefined;
  const tip = await home.head(signal);
  return await home.using(() => home.reader.named(`${tip}${name.slice(from.length)}`, signal), signal);
}

async function openHome(
  { location, branch, cacheDirectory, secrets, secret }: RepositoryOptions,
  { name, email }: Identity,
): Promise<Home> {
  const place = parseLocation(location);
  if (place.kind === 'path') return openLocal(place.path, branch, { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email });
  return openRemote(place.url, branch, cacheDirectory, () => readCredentials(place, secrets, secret));
}
