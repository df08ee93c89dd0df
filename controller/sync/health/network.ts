import { type Condition, type Facts, fieldsOf, itemsOf, type Rule } from './facts.ts';
import { failed, progressing, READY, type Verdict } from './verdict.ts';

export const NETWORK: Readonly<Record<string, Rule>> = {
  '/Service': ({ spec, status }) => (spec.type === 'LoadBalancer' ? addressed(status, 'the load balancer has no address yet') : READY),
  'networking.k8s.io/Ingress': ({ status }) => addressed(status, 'no ingress controller has given it an address yet'),
  'route.openshift.io/Route': route,
};

function addressed(status: Facts['status'], otherwise: string): Verdict {
  return itemsOf(fieldsOf(status.loadBalancer).ingress).length > 0 ? READY : progressing(otherwise);
}

/** Each router says by itself whether it admits the route. */
function route({ status }: Facts): Verdict {
  type Router = { readonly routerName?: string; readonly conditions?: readonly Condition[] };
  const routers = itemsOf<Router>(status.ingress).map(({ routerName, conditions }) => {
    return { routerName, admitted: itemsOf<Condition>(conditions).find(({ type }) => type === 'Admitted') };
  });
  const refused = routers.find(({ admitted }) => admitted?.status === 'False');
  if (refused !== undefined) {
    return failed(`router ${refused.routerName} refuses it: ${refused.admitted?.message ?? refused.admitted?.reason ?? 'it says no more'}`);
  }
  return routers.some(({ admitted }) => admitted?.status === 'True') ? READY : progressing('no router has admitted it yet');
}
