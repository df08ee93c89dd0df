import { Agent, request } from 'node:https';
import { parse } from 'yaml';

/** What an API server answers, looked into as the test expects it to be. */
// biome-ignore lint/suspicious/noExplicitAny: the answer's shape is what the tests are about
export type Body = any;

export interface Answer {
  readonly status: number;
  readonly body: Body;
}

export interface Event {
  readonly type: string;
  readonly object: Body;
}

const APPLY = 'application/apply-patch+yaml';

/** Plain HTTPS to the API server of a kubeconfig with a token: no client library, so that a contract depends on none. */
export class RawKube {
  private readonly server: string;
  private readonly ca: Buffer;
  private readonly token: string;
  private readonly agent = new Agent({ keepAlive: true });

  constructor(kubeconfig: string) {
    const { clusters, users } = parse(kubeconfig);
    this.server = clusters[0].cluster.server;
    this.ca = Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64');
    this.token = users[0].user.token;
  }

  get = (path: string): Promise<Answer> => this.send('GET', path);
  post = (path: string, body: unknown): Promise<Answer> => this.send('POST', path, body);
  put = (path: string, body: unknown): Promise<Answer> => this.send('PUT', path, body);
  delete = (path: string, body?: unknown): Promise<Answer> => this.send('DELETE', path, body);
  merge = (path: string, body: unknown): Promise<Answer> => this.send('PATCH', path, body, 'application/merge-patch+json');

  /** Server-side apply of `object` at `path`. */
  apply(path: string, object: unknown, manager: string, force = false): Promise<Answer> {
    const query = `fieldManager=${manager}${force ? '&force=true' : ''}`;
    return this.send('PATCH', `${path}${path.includes('?') ? '&' : '?'}${query}`, object, APPLY);
  }

  send(method: string, path: string, body?: unknown, contentType = 'application/json', token = this.token): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      // Node gives a DELETE no length of its own accord.
      const length = Buffer.byteLength(text ?? '');
      const headers = { Authorization: `Bearer ${token}`, 'User-Agent': 'tester/1', 'Content-Type': contentType, 'Content-Length': length };
      const call = request(`${this.server}${path}`, { method, headers, ca: this.ca, agent: this.agent }, (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          answer += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parseBody(answer) }));
      });
      call.on('error', reject);
      call.end(text);
    });
  }

  /** Events of a watch until `enough` says so, or the server ends it. */
  watch(path: string, enough: (events: readonly Event[]) => boolean = () => false): Promise<readonly Event[]> {
    return new Promise((resolve, reject) => {
      const headers = { Authorization: `Bearer ${this.token}` };
      const call = request(`${this.server}${path}`, { headers, ca: this.ca, agent: false }, (response) => {
        const events: Event[] = [];
        let rest = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) events.push(JSON.parse(line));
          if (enough(events)) call.destroy();
        });
        response.on('close', () => resolve(events));
      });
      call.on('error', (error) => (call.destroyed ? undefined : reject(error)));
      call.end();
    });
  }

  /** The object once it is as `wanted` says. Throws when it isn't within 30 s. */
  async until(collection: string, name: string, wanted: (object: Body) => boolean): Promise<Body> {
    const matches = (event: Event): boolean => event.type !== 'DELETED' && wanted(event.object);
    const events = await this.watch(watchOf(collection, name), (seen) => seen.some(matches));
    const found = events.find(matches);
    if (found === undefined) throw new Error(`Waited in vain for ${collection}/${name}: ${JSON.stringify(events.at(-1)?.object)}`);
    return found.object;
  }

  async untilGone(collection: string, name: string): Promise<void> {
    const { body } = await this.get(`${collection}?fieldSelector=metadata.name%3D${name}`);
    if (body.items.length === 0) return;
    const from = `&resourceVersion=${body.metadata.resourceVersion}`;
    const isGone = (event: Event): boolean => event.type === 'DELETED';
    const events = await this.watch(watchOf(collection, name) + from, (seen) => seen.some(isGone));
    if (!events.some(isGone)) throw new Error(`Waited in vain for ${collection}/${name} to go`);
  }

  close(): void {
    this.agent.destroy();
  }
}

function watchOf(collection: string, name: string): string {
  return `${collection}?watch=1&timeoutSeconds=30&fieldSelector=metadata.name%3D${name}`;
}

function parseBody(text: string): Body {
  return /^\s*[[{]/.test(text) ? JSON.parse(text) : text;
}
