import { onBoth } from './both-places.ts';
import { inventoryContract } from './inventory.contract.ts';

onBoth('Inventory', inventoryContract, { plane: { pods: 'none' } });
