export { ClusterChart, type ClusterChartProps } from './cluster-chart.ts';
export { Dock, type DockProps } from './dock.ts';
export { type Reach, taskUrl } from './exposure.ts';
export { ServerlessFunction, type ServerlessFunctionProps } from './function.ts';
export { Infrastructure, type InfrastructureProps } from './infrastructure.ts';
export { ANNOTATION, LABEL, MANAGED_BY } from './labels.ts';
export { QosTemplate, type QosTemplateProps } from './qos-template.ts';
export { Task, type TaskProps } from './task.ts';
