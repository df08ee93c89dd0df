import { App } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { QosTemplate, type QosTemplateProps } from '../../../constructs/index.ts';

const guarantees = [{ name: 'deadlines_missed', constraint: 'deadlines_missed < 1' }];

describe('QosTemplate', () => {
  it('keeps durations as milliseconds', () => {
    const template = new QosTemplate(new App(), 'DeadlinesMissed_1', { type: 'app-compss', guarantees, cooldown: '1m' });
    expect(template).toMatchObject({ name: 'DeadlinesMissed_1', spec: { window: 300_000, cooldown: 60_000 } });
  });

  it.each<[string, Partial<QosTemplateProps>, string]>([
    [
      'a factor that cannot grow',
      { action: 'scale_out', scaleFactor: 1 },
      "Cannot make QoS template 'q': scale_out needs a factor above 1: 1",
    ],
    ['a factor that cannot shrink', { action: 'scale_in', scaleFactor: 2 }, 'scale_in needs a factor between 0 and 1: 2'],
    [
      'a condition that is none',
      { guarantees: [{ name: 'd', constraint: 'd = 1' }] },
      `guarantees.0.constraint: Cannot use '=' in a constraint: '=' compares nothing: write '==', in "d = 1"`,
    ],
    ['no promise', { guarantees: [] }, 'guarantees: '],
  ])('refuses %s', (_, props, message) => {
    expect(() => new QosTemplate(new App(), 'q', { type: 'app', guarantees, ...props })).toThrow(message);
  });
});
