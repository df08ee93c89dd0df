import type { Series } from '../../controller/ports.ts';

/** As Prometheus answers queries that were joined into one, each by `answer`; any other query goes to that as it is. */
export function answerJoined(expression: string, answer: (expression: string) => readonly Series[]): readonly Series[] {
  const joined = [...expression.matchAll(/label_replace\(\((.*?)\n\), "(\w+)", "(\d+)", "", ""\)/gs)];
  if (joined.length === 0) return answer(expression);
  const [range = ''] = /\[\d+ms:\d+ms\]$/.exec(expression) ?? [];
  return joined.flatMap(([, inner = '', label = '', value = '']) =>
    answer(range === '' ? inner : `(${inner}\n)${range}`).map((one) => ({ ...one, labels: { ...one.labels, [label]: value } })),
  );
}
