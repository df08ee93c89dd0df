import type { ResourceType } from '../../ports.ts';

export interface Discovery {
  resource(apiVersion: string, kind: string, signal?: AbortSignal): Promise<ResourceType | undefined>;
  resources(signal?: AbortSignal): Promise<readonly ResourceType[]>;
  /** The next question about this group version is asked again. */
  forget(apiVersion: string): void;
}

interface ResourceList {
  readonly resources?: readonly { name: string; kind: string; namespaced: boolean; verbs: readonly string[] }[];
}
interface GroupList {
  readonly groups?: readonly { preferredVersion: { groupVersion: string } }[];
}

/**
 * What an API server serves, one question per group version, asked once however many want to know.
 * `read` gives the answer's body, or undefined when there is no such path.
 */
export function createDiscovery(read: (path: string, signal?: AbortSignal) => Promise<unknown>): Discovery {
  const known = new Map<string, Promise<readonly ResourceType[]>>();

  const ask = (apiVersion: string): Promise<readonly ResourceType[]> => {
    // Shared by all who wait, so no one's signal may end it.
    const asked = read(groupPath(apiVersion)).then((body) => typesOf(apiVersion, body as ResourceList | undefined));
    known.set(apiVersion, asked);
    asked.catch(() => known.get(apiVersion) === asked && known.delete(apiVersion));
    return asked;
  };

  return {
    async resource(apiVersion, kind) {
      const cached = known.get(apiVersion);
      const found = (await (cached ?? ask(apiVersion))).find((type) => type.kind === kind);
      if (found || cached === undefined) return found;
      const again = known.get(apiVersion);
      return (await (again === undefined || again === cached ? ask(apiVersion) : again)).find((type) => type.kind === kind);
    },
    async resources(signal) {
      const groups = ((await read('/apis', signal)) as GroupList | undefined)?.groups ?? [];
      const versions = ['v1', ...groups.map((group) => group.preferredVersion.groupVersion)];
      const types = await Promise.all(versions.map(ask));
      return types.flat().filter((type) => type.verbs.includes('list'));
    },
    forget(apiVersion) {
      known.delete(apiVersion);
    },
  };
}

export function groupPath(apiVersion: string): string {
  const path = apiVersion.split('/').map(encodeURIComponent).join('/');
  return apiVersion.includes('/') ? `/apis/${path}` : `/api/${path}`;
}

function typesOf(apiVersion: string, list: ResourceList | undefined): ResourceType[] {
  return (list?.resources ?? [])
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced, verbs }) => ({ apiVersion, kind, plural: name, namespaced, verbs }));
}
