import { createServer } from '../../controller/gateway/server.ts';
import { gatewayOptions } from './gateway.ts';

/** What the gateway serves, as `GET /api/v1/tasks/:id`: the branches of the router's tree, put together again. */
export async function servedRoutes(): Promise<readonly string[]> {
  const server = createServer(gatewayOptions());
  await server.ready();
  const above: string[] = [];
  return server
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, branch = '', segment = '', methods = ''] = /^([ │]*)[├└]── (\S+)(?: \((.*)\))?$/.exec(line) ?? [];
      const depth = branch.length / 4;
      above.splice(depth, above.length, segment);
      const url = above.join('');
      return methods
        .split(', ')
        .filter((method) => method !== '')
        .map((method) => `${method} ${url}`);
    });
}
