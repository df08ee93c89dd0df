import { describe, expect, test } from 'vitest';
import { parseExposition } from '../../../../../controller/adapters/push/exposition.ts';

describe('parseExposition reads', () => {
  test.each([
    { text: 'a 1', samples: [{ name: 'a', family: 'a', labels: {}, value: 1 }] },
    {
      text: '# HELP a What it is\n# TYPE a counter\na{x="1",y="2",} 1.5e3\n',
      samples: [{ name: 'a', family: 'a', labels: { x: '1', y: '2' }, value: 1500 }],
    },
    { text: '\t a \t{ x = "1" , y="2" }\t 2 \r\n', samples: [{ name: 'a', family: 'a', labels: { x: '1', y: '2' }, value: 2 }] },
    { text: 'a{x="\\"\\\\\\n, } {"} 0', samples: [{ name: 'a', family: 'a', labels: { x: '"\\\n, } {' }, value: 0 }] },
    {
      text: 'a NaN\nb +Inf\nc -inf',
      samples: [{ value: Number.NaN }, { value: Number.POSITIVE_INFINITY }, { value: Number.NEGATIVE_INFINITY }],
    },
    {
      text: '# TYPE l histogram\nl_bucket{le="1"} 1\nl_bucket{le="+Inf"} 2\nl_sum 3\nl_count 2\nother_sum 1',
      samples: [...Array(4).fill({ family: 'l' }), { family: 'other_sum' }],
    },
    { text: '# a comment of any kind\n#TYPEless\n\n  \n', samples: [] },
    { text: '', samples: [] },
  ])('$text', ({ text, samples }) => {
    expect(parseExposition(text)).toMatchObject(samples);
  });
});

describe('parseExposition refuses, naming the line', () => {
  test.each([
    { text: 'ok 1\na', reason: /line 2: write <metric>/ },
    { text: 'a one', reason: /no number: "one"/ },
    { text: 'a 0x10', reason: /no number/ },
    { text: 'a 1_000', reason: /no number/ },
    { text: 'a 1 1700000000000', reason: /no timestamps/ },
    { text: 'a{x=1} 1', reason: /these are no labels/ },
    { text: 'a{x="1" y="2"} 1', reason: /these are no labels/ },
    { text: 'a{x="1",x="2"} 1', reason: /label x stands here twice/ },
    { text: 'a{__name__="b"} 1', reason: /no label may be called "__name__"/ },
    { text: 'a{x="1"} 1\na{x="1"} 2', reason: /line 2: this series stands here twice/ },
    { text: '1a 1', reason: /write <metric>/ },
    { text: '# TYPE a thing', reason: /there is no type thing/ },
    { text: '# TYPE a constructor', reason: /there is no type/ },
    { text: '# TYPE a counter\n# TYPE a gauge', reason: /said twice/ },
    { text: 'a 1\n# TYPE a gauge', reason: /said after its samples/ },
    { text: '<html>', reason: /write <metric>/ },
  ])('$text', ({ text, reason }) => {
    expect(() => parseExposition(text)).toThrow(reason);
  });
});
