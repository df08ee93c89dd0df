import { Failure } from '../../errors.ts';

/** What a push belongs to: its labels, `job` among them. They stand above labels of the same names in the body. */
export type Group = Readonly<Record<string, string>>;

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const BASE64 = '@base64';

/**
 * Reads `/metrics/job/<job>{/<label>/<value>}`; a value may be base64 (URL-safe too, padded or not) where its label's name ends
 * in `@base64`, with `=` for the empty one. As prometheus/pushgateway's handler/push.go.
 * @throws terminal Failure that says what is wrong.
 */
export function parseGroupPath(path: string): Group {
  const components = path.replace(/^\/metrics\//, '').split('/');
  if (components.at(-1) === '' && components.length % 2 === 1) components.pop();
  if (!path.startsWith('/metrics/job') || components.length % 2 !== 0) throw refused(path, 'write /metrics/job/<job>{/<label>/<value>}');
  const group: Record<string, string> = {};
  for (let at = 0; at < components.length; at += 2) {
    const written = components[at] ?? '';
    const label = written.endsWith(BASE64) ? written.slice(0, -BASE64.length) : written;
    if (!LABEL_NAME.test(label) || label.startsWith('__')) throw refused(path, `no label may be called ${JSON.stringify(label)}`);
    if (at > 0 && label === 'job') throw refused(path, 'job stands at its begin only');
    group[label] = labelValue(path, components[at + 1] ?? '', written !== label);
  }
  if (!group.job) throw refused(path, 'the job has no name');
  return group;
}

function labelValue(path: string, text: string, isBase64: boolean): string {
  try {
    const value = decodeURIComponent(text);
    if (!isBase64) return value;
    if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) throw new Error(`not base64: ${value}`);
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'base64'));
  } catch (error) {
    throw refused(path, error instanceof Error ? error.message : String(error));
  }
}

function refused(path: string, why: string): Failure {
  return new Failure('terminal', `Cannot read the group of ${JSON.stringify(path)}: ${why}`);
}
