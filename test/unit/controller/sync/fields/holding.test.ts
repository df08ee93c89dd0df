import { describe, expect, it } from 'vitest';
import { holdingOf, holds } from '../../../../../controller/sync/fields/holding.ts';

const fieldsV1 = {
  'f:data': { 'f:a': {}, 'f:a.b': {} },
  'f:spec': { 'f:template': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {} } } }, 'f:selector': {} },
};
const HOLDING = holdingOf(
  [
    { manager: 'argo', operation: 'Apply', apiVersion: 'v1', fieldsV1 },
    { manager: 'argo', operation: 'Update', apiVersion: 'v1', subresource: 'status', fieldsV1: { 'f:status': { 'f:x': {} } } },
    { manager: 'rotterdam-sync', operation: 'Apply', apiVersion: 'v1', fieldsV1: { 'f:data': { 'f:c': {} } } },
  ],
  'rotterdam-sync',
);

describe('holds', () => {
  it.each([
    { manager: 'argo', field: '.data.a', held: true, reason: 'it is one of its fields' },
    { manager: 'argo', field: '.data.c', held: false, reason: 'that is ours' },
    { manager: 'flux', field: '.data.a', held: false, reason: 'another one has it' },
    { manager: 'argo', field: '.data', held: true, reason: 'it has something of it' },
    { manager: 'argo', field: '.spec.selector.matchLabels', held: true, reason: 'it has what it is part of' },
    { manager: 'argo', field: '.spec.template.containers[name="web"].image', held: true, reason: 'of an item' },
    { manager: 'argo', field: '.spec.template.containers[name="other"].image', held: false, reason: 'of another item' },
    { manager: 'argo', field: '.spec.selectors', held: false, reason: 'it only begins alike' },
    { manager: 'argo', field: '.status.x', held: false, reason: 'nobody is asked of the status' },
  ])('$manager $field: $held, as $reason', ({ manager, field, held }) => {
    expect(holds(HOLDING, manager, field)).toBe(held);
  });
});
