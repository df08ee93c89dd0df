import { describe } from 'vitest';
import { have } from '../support/parts.ts';
import { onBoth } from './both-places.ts';
import { syncKubectlContract } from './sync-kubectl.contract.ts';

describe.skipIf(!have('kubectl'))('with kubectl', () => onBoth('Migration from kubectl', syncKubectlContract));
