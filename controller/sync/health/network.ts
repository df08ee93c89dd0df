import { type Condition, type Facts, fieldsOf, itemsOf, type Rule } from './facts.ts';
import { failed, progressing, READY, type Verdict } from './verdict.ts';

export const NETWORK: Readonly<Record<string, Rule>> = {
  '/Service': service,
  'networking.k8s.io/Ingress': ({ status }) => addressed(status, 'no ingress controller has given it an address yet'),
  'route.openshift.io/Route': route,
};

function service({ spec, status }: Facts): Verdict {
  const { port, nodePort } = fieldsOf(itemsOf(spec.ports).find((one) => (fieldsOf(one).protocol ?? 'TCP') === 'TCP'));
  if (spec.type === 'NodePort' && typeof nodePort === 'number') return { ...READY, reach: { port: nodePort } };
  if (spec.type !== 'LoadBalancer') return READY;
  const { ip, hostname = ip } = fieldsOf(itemsOf(fieldsOf(status.loadBalancer).ingress)[0]);
  const isReached = typeof hostname === 'string' && typeof port === 'number';
  return { ...addressed(status, 'the load balancer has no address yet'), ...(isReached ? { reach: { host: hostname, port } } : {}) };
}

function addressed(status: Facts['status'], otherwise: string): Verdict {
  return itemsOf(fieldsOf(status.loadBalancer).ingress).length > 0 ? READY : progressing(otherwise);
}

/** Each router says by itself whether it admits the route. */
function route({ status }: Facts): Verdict {
  type Router = { readonly host?: string; readonly routerName?: string; readonly conditions?: readonly Condition[] };
  const routers = itemsOf<Router>(status.ingress).map(({ host, routerName, conditions }) => {
    return { host, routerName, admitted: itemsOf<Condition>(conditions).find(({ type }) => type === 'Admitted') };
  });
  const refused = routers.find(({ admitted }) => admitted?.status === 'False');
  if (refused !== undefined) {
    return failed(`router ${refused.routerName} refuses it: ${refused.admitted?.message ?? refused.admitted?.reason ?? 'it says no more'}`);
  }
  const admitting = routers.find(({ admitted }) => admitted?.status === 'True');
  if (admitting === undefined) return progressing('no router has admitted it yet');
  return admitting.host === undefined ? READY : { ...READY, reach: { host: admitting.host } };
}
