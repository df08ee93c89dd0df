import type { Need } from './grant.ts';

/**
 * What each route asks of who calls it, once there are tokens. A route that is not here is refused to everybody: nothing is open as somebody forgot it.
 * `HEAD` is as `GET`.
 */
const NEEDS: Readonly<Record<Need, readonly string[]>> = {
  open: [
    'GET /openapi.json',
    'GET /api/v1/openapi.json',
    'GET /swagger.json',
    'GET /swaggerui',
    'GET /swaggerui/',
    'GET /swaggerui/swagger.json',
    'GET /swaggerui/start.js',
    'GET /swaggerui/swagger-ui-bundle.js',
    'GET /swaggerui/swagger-ui.css',
    'GET /swaggerui/favicon-32x32.png',
    'GET /',
    'GET /page/:name',
    'GET /healthz',
    'GET /readyz',
    'GET /api/v1/version',
  ],
  signed: ['POST /api/v1/hooks/git'],
  read: [
    'GET /api/v1/status',
    'GET /api/v1/events',
    'GET /api/v1/tasks',
    'GET /api/v1/tasks/:id',
    'GET /api/v1/tasks/:id/all',
    'GET /api/v1/tasks/:id/story',
    'GET /api/v1/decisions',
    'GET /api/v1/docks',
    'GET /api/v1/docks/:dock',
    'GET /api/v1/docks/tasks',
    'GET /api/v1/docks/tasksqos',
    'GET /api/v1/docks/:dock/tasks',
    'GET /api/v1/docks/:dock/tasks/:id',
    'GET /api/v1/docks/:dock/tasks/:id/containers',
    'GET /api/v1/qos/definitions',
    'GET /api/v1/qos/definitions/:name',
    'GET /api/v1/functions',
    'GET /api/v1/functions/:id',
    'GET /sla/v1',
    'GET /sla/v1/',
    'GET /sla/v1/agreements',
    'GET /sla/v1/agreements/:id',
    'GET /sla/v1/agreements/:id/details',
    'GET /sla/v1/templates',
    'GET /sla/v1/templates/:id',
    'GET /sla/v1/providers',
    'GET /sla/v1/providers/:id',
    'GET /sla/v1/metrics',
  ],
  'read all': [
    'GET /metrics',
    'GET /api/v1/commits/:id',
    'GET /api/v1/config',
    'GET /api/v1/caas/config',
    'GET /api/v1/rules-engine/config',
    'GET /api/v1/imec',
    'GET /api/v1/imec/:id',
    'GET /api/v1/imec/:id/status',
    'GET /api/v1/imec/:id/cluster',
    'GET /sla/v1/sources/prometheus',
    'GET /sla/v1/endpoints',
  ],
  write: [
    'PUT /metrics/job*',
    'POST /metrics/job*',
    'DELETE /metrics/job*',
    'POST /api/v1/reconcile',
    'POST /api/v1/sla/tasks/:id/guarantee/:guarantee',
    'POST /api/v1/tasks',
    'PUT /api/v1/tasks/:id',
    'DELETE /api/v1/tasks/:id',
    'POST /api/v1/docks/tasks',
    'POST /api/v1/docks/tasks-compss',
    'PUT /api/v1/docks/:dock/tasks/:id',
    'DELETE /api/v1/docks/:dock/tasks/:id',
    'POST /api/v1/functions',
    'POST /api/v1/functions/:id',
    'DELETE /api/v1/functions/:id',
    'POST /sla/v1/agreements',
    'PUT /sla/v1/agreements/:id',
    'PUT /sla/v1/agreements/:id/start',
    'PUT /sla/v1/agreements/:id/stop',
    'PUT /sla/v1/agreements/:id/terminate',
    'DELETE /sla/v1/agreements/:id',
    'POST /sla/v1/create-agreement',
    'POST /sla/v1/providers',
    'DELETE /sla/v1/providers/:id',
    'PUT /sla/v1/sla-predict',
    'POST /sla/v1/metrics/:id',
    'DELETE /sla/v1/metrics/:id',
  ],
  'write all': ['POST /api/v1/qos/definitions', 'POST /sla/v1/templates'],
  admin: [
    'POST /sla/v1/sources/prometheus',
    'DELETE /sla/v1/sources/prometheus/:id',
    'POST /sla/v1/endpoints/:id',
    'DELETE /sla/v1/endpoints/:id',
    'PUT /api/v1/config',
    'POST /api/v1/imec',
    'PUT /api/v1/imec/:id',
    'DELETE /api/v1/imec/:id',
    'POST /api/v1/imec/:id/cluster',
    'DELETE /api/v1/imec/:id/cluster',
  ],
};

const BY_ROUTE: ReadonlyMap<string, Need> = new Map(
  Object.entries(NEEDS).flatMap(([need, routes]) => routes.map((route) => [route, need as Need] as const)),
);

/** Undefined when nobody said. `url` is the route's pattern: `/api/v1/tasks/:id`. */
export function needOf(method: string, url: string): Need | undefined {
  return BY_ROUTE.get(`${method === 'HEAD' ? 'GET' : method} ${url}`);
}

/** Those that are in the table, for a test that looks for what is served no more. */
export const ROUTES: readonly string[] = [...BY_ROUTE.keys()];
