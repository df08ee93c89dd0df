import type { FastifyInstance } from 'fastify';
import type { Feed } from '../../feed.ts';
import type { Status } from '../../status.ts';
import { addPage, type PageFiles } from '../page.ts';
import { addReconcileRoute, type LookNow } from '../reconcile.ts';
import { addViolationRoute, type TakeReport } from '../violation.ts';
import { addConfigRoutes } from './config.ts';
import { addEventRoutes, type SeenBy } from './events.ts';
import { addFunctionRoutes } from './functions.ts';
import { addGeneralRoutes, versions } from './general.ts';
import { addImecRoutes } from './imec.ts';
import { addFallbacks, type Served } from './missing.ts';
import { addQosRoutes } from './qos.ts';
import { preferOk } from './reply.ts';
import { createRest, type RestOptions } from './rest.ts';
import { addSlaRoutes, SLA_BASE } from './sla.ts';
import { addStoryRoutes } from './story.ts';
import { addTaskRoutes } from './tasks.ts';

export const BASE = '/api/v1';

const MAX_BODY_BYTES = 1024 * 1024;

export interface ApiOptions extends RestOptions {
  readonly feed: Feed;
  /** What of an event who asks may see; undefined where that is all of each. */
  readonly seen?: SeenBy;
  readonly status: () => Status;
  readonly report: TakeReport;
  readonly lookNow: LookNow;
  /** Answers below `/api/v1` have status 200 whatever happened, as the original's, but for those who prefer the true one. */
  readonly alwaysOk?: boolean;
  readonly page: PageFiles;
}

/** The original's REST API, below `/api/v1`: every write is a commit, every read is documents with what has been seen of them. */
export function addRest(server: FastifyInstance, options: ApiOptions, served: Served): void {
  const rest = createRest(options);
  addPage(
    server,
    options.page,
    rest.route('Root', () => ({ message: `The REST API is at ${BASE}, Swagger UI at /swaggerui/`, ...versions(rest) })),
  );
  server.register(
    async (api) => {
      api.addHook('onRoute', (route) => {
        route.bodyLimit ??= MAX_BODY_BYTES;
      });
      addFallbacks(api, 'envelope', served, options);
      if (options.alwaysOk) api.addHook('onRequest', async ({ headers }) => preferOk(headers));
      addTaskRoutes(api, rest);
      addQosRoutes(api, rest);
      addImecRoutes(api, rest);
      addFunctionRoutes(api, rest);
      addConfigRoutes(api, rest);
      addGeneralRoutes(api, rest, options.status);
      addStoryRoutes(api, rest, options.repository);
      addEventRoutes(api, options);
      addReconcileRoute(api, options);
      addViolationRoute(api, options.report);
    },
    { prefix: BASE },
  );
  addSla(server, options, served, SLA_BASE);
}

/** The API of the original's SLA Manager, below `prefix`. */
export function addSla(server: FastifyInstance, options: ApiOptions, served: Served, prefix: string): void {
  const rest = createRest(options);
  server.register(
    async (sla) => {
      sla.addHook('onRoute', (route) => {
        route.bodyLimit = MAX_BODY_BYTES;
      });
      addFallbacks(sla, 'sla', served, options);
      addSlaRoutes(sla, rest);
    },
    { prefix },
  );
}
