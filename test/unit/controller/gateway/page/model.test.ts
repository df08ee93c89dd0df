import { describe, expect, it } from 'vitest';
import { filtered, promisedBy, sortedAgreements, sortedTasks, summaryOf } from '../../../../../controller/gateway/page/model.js';

const task = (name: string, health = 'ready', states: readonly string[] = [], more: object = {}) => ({
  ...{ id: name.replaceAll('-', '_'), name, dock: 'class', infrastructure: 'modena', health },
  agreements: states.map((state) => ({ id: `${name}_fast`, guarantee: 'misses', state })),
  ...more,
});
const names = (tasks: readonly { readonly name: string }[]) => tasks.map(({ name }) => name);

describe('sortedTasks', () => {
  it('has what needs a look first, then names as people count', () => {
    const tasks = [
      task('web-10'),
      task('web-9'),
      task('idle', 'suspended'),
      task('late', 'progressing'),
      task('broken', 'failed'),
      task('slow', 'ready', ['violated']),
    ];
    expect(names(sortedTasks(tasks))).toEqual(['broken', 'late', 'slow', 'idle', 'web-9', 'web-10']);
  });
});

describe('filtered', () => {
  const tasks = [
    task('web-shop', 'ready', ['met']),
    task('trams', 'failed', [], { dock: 'transport', infrastructures: [{ name: 'edge-1' }, { name: 'edge-2' }] }),
  ];
  it.each([
    ['', false, ['web-shop', 'trams']],
    ['WEB', false, ['web-shop']],
    ['web_shop', false, ['web-shop']],
    ['transport failed', false, ['trams']],
    ['edge-2', false, ['trams']],
    ['met', false, ['web-shop']],
    ['transport met', false, []],
    ['', true, ['trams']],
    ['web', true, []],
  ])('%s, only what needs a look: %s', (text, onlyLook, expected) => {
    expect(names(filtered(tasks, text, onlyLook))).toEqual(expected);
  });
});

describe('sortedAgreements', () => {
  it('has the broken first, each with what it promises where that is known', () => {
    const promised = promisedBy([{ id: 'a_fast', details: { guarantees: [{ name: 'misses', constraint: 'misses < 1' }] } }, { id: 'odd' }]);
    const told = sortedAgreements([task('a', 'ready', ['met']), task('b', 'ready', ['violated'])], promised);
    expect(told.map(({ id, promise }: { id: string; promise: string }) => [id, promise])).toEqual([
      ['b_fast', 'misses'],
      ['a_fast', 'misses < 1'],
    ]);
  });
});

describe('summaryOf', () => {
  it('counts what there is of each state, the worst first', () => {
    const tasks = [task('a'), task('b'), task('c', 'failed', ['met', 'violated'])];
    expect(summaryOf({ tasks, infrastructures: [] })).toEqual([
      {
        noun: 'task',
        total: 3,
        states: [
          ['failed', 1],
          ['ready', 2],
        ],
      },
      {
        noun: 'promise',
        total: 2,
        states: [
          ['violated', 1],
          ['met', 1],
        ],
      },
      { noun: 'infrastructure', total: 0, states: [] },
    ]);
  });
});
