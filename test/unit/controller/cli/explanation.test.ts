import { describe, expect, it } from 'vitest';
import { type Explanation, printExplanation } from '../../../../controller/cli/explanation.ts';

const BASE: Explanation = { infrastructure: 'modena', object: 'Deployment dock/hello', owners: [], leftToOthers: [] };

describe('printExplanation', () => {
  it('marks the fields that another manager keeps, and counts those of the status', () => {
    const told = printExplanation({
      ...BASE,
      owners: [
        { manager: 'rotterdam-sync', operation: 'Apply', time: '2026-01-01T00:00:00Z', fields: ['.spec.template'] },
        { manager: 'hpa', operation: 'Update', fields: ['.spec.replicas', '.status.replicas', '.status.readyReplicas'] },
      ],
      leftToOthers: [{ field: '.spec.replicas', managers: ['hpa'] }],
      appliedRevision: 'a'.repeat(40),
    });
    expect(told).toContain('revision aaaaaaaaaa; this object was last changed by us at 2026-01-01T00:00:00Z');
    expect(told).toContain('    hpa (Update)\n      .spec.replicas  wanted by us, left to it\n      .status (2 of its fields)\n');
    expect(told).toContain('  left to others\n    .spec.replicas to hpa\n');
  });

  it.each([
    { reason: 'is foreign', told: { uid: '1', ours: false, health: 'ready' }, says: 'it is not ours' },
    { reason: 'is ours and no longer declared', told: { uid: '1', ours: true }, says: 'no longer wanted' },
    { reason: 'is declared and not there', told: { declaredAt: 'a.yaml:1:1', revision: 'b'.repeat(40) }, says: 'health    not there' },
    { reason: 'could not be looked at', told: { failed: 'Cannot reach modena' }, says: 'failed    Cannot reach modena' },
  ])('says what an object is that $reason', ({ told, says }) => {
    expect(printExplanation({ ...BASE, ...told })).toContain(says);
  });
});
