import type { TaskSpec } from './spec/task.ts';

/** One port of a task's Service. */
export interface ServicePort {
  readonly name: string;
  /** The port that the task is reached under. */
  readonly port: number;
  readonly targetPort: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  /** The host name that the document asks for. */
  readonly host: string | undefined;
}

/** The ports of all containers, in their order: `80-tcp` unless they are named. */
export function servicePorts(spec: Pick<TaskSpec, 'containers'>): readonly ServicePort[] {
  return spec.containers.flatMap((container) =>
    container.ports.map(({ containerPort, hostPort = containerPort, protocol, name, host }) => ({
      name: name ?? `${hostPort}-${protocol.toLowerCase()}`,
      port: hostPort,
      targetPort: containerPort,
      protocol,
      host,
    })),
  );
}
