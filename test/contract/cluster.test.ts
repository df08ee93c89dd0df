import { onBoth } from './both-places.ts';
import { clusterContract } from './cluster.contract.ts';

onBoth('Cluster', clusterContract, { plane: { pods: 'none' } });
