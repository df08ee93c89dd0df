import { readPage } from '../../controller/adapters/page-files.ts';
import { readSwaggerFile } from '../../controller/adapters/swagger-files.ts';
import { createFeed } from '../../controller/feed.ts';
import type { GatewayOptions } from '../../controller/gateway/server.ts';
import type { Log } from '../../controller/ports.ts';
import type { Status } from '../../controller/status.ts';
import { fakeClock } from './fake-clock.ts';

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

export const EMPTY_STATUS: Status = {
  environment: 'city',
  revision: null,
  tip: null,
  conditions: [],
  issues: [],
  infrastructures: [],
  tasks: [],
  functions: [],
};

/** Of a gateway that has seen nothing and does nothing, but for what is given. */
export function gatewayOptions(given: Partial<GatewayOptions> = {}): Omit<GatewayOptions, 'listen'> {
  const { clock = fakeClock(), log = SILENT } = given;
  return {
    feed: createFeed(log, clock),
    status: () => EMPTY_STATUS,
    view: () => undefined,
    write: () => Promise.reject(new Error('Not written to here')),
    secrets: { keep: () => Promise.reject(new Error('No secret is kept here')), forget: () => Promise.resolve() },
    repository: '.',
    swaggerFile: readSwaggerFile,
    page: readPage(),
    version: '1.2.3',
    notReady: () => undefined,
    metrics: async () => ({ contentType: 'text/plain', text: 'up 1\n' }),
    pushes: { push: async () => undefined },
    report: async () => undefined,
    lookNow: async () => undefined,
    hook: { secret: undefined, look: () => undefined },
    clock,
    log,
    ...given,
  };
}
