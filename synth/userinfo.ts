import type { InfrastructureSpec } from '../constructs/spec/infrastructure.ts';
import type { Place, Problem } from './parse.ts';

type Field = 'prometheus' | 'pushgateway';

/** A URL may carry `user:password@`: it is taken out, so that it can reach no log, and warned about. */
export function withoutUserinfo(
  spec: InfrastructureSpec,
  placeOf: (field: Field) => Place,
): { spec: InfrastructureSpec; problems: Problem[] } {
  const problems: Problem[] = [];
  let clean = spec;
  for (const field of ['prometheus', 'pushgateway'] as const) {
    const url = spec[field]?.url;
    if (url === undefined || url === 'embedded') continue;
    const parsed = new URL(url);
    if (parsed.username === '' && parsed.password === '') continue;
    parsed.username = '';
    parsed.password = '';
    clean = { ...clean, [field]: { url: parsed.href } };
    problems.push({
      ...placeOf(field),
      severity: 'warning',
      code: 'secret-in-git',
      message: `Remove the credentials from the URL of ${field}: they are not used`,
    });
  }
  return { spec: clean, problems };
}
