import type { Manifest } from './manifest.ts';

/**
 * Manifests as one YAML stream, in their order, `---` between them. Block style; the same bytes for the same value. What it writes reads
 * back the same as YAML 1.2 and as YAML 1.1 (`yes`, `0o17`, `1:30`, dates and the like are quoted). Values must be JSON data.
 *
 * An emitter of our own, as `yaml` takes ten times as long, and the controller synthesizes every revision.
 */
export function emitYaml(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => mapping(inReadingOrder(manifest), '')).join('---\n');
}

/** One mapping, in the same style. */
export function emitMapping(value: object): string {
  return mapping(value, '');
}

function inReadingOrder({ apiVersion, kind, metadata, ...rest }: Manifest): object {
  return { apiVersion, kind, metadata, ...rest };
}

/** Every line ends with a line feed. */
function mapping(value: object, indent: string): string {
  let text = '';
  for (const [key, field] of Object.entries(value)) {
    if (field !== undefined) text += `${indent}${printKey(key)}:${afterIndicator(field, indent)}`;
  }
  return text;
}

function sequence(items: readonly unknown[], indent: string): string {
  let text = '';
  for (const item of items) {
    const nested = isFilled(item) && !Array.isArray(item) ? mapping(item, `${indent}  `).slice(indent.length + 1) : undefined;
    text += `${indent}-${nested ?? afterIndicator(item, indent)}`;
  }
  return text;
}

/** What follows `key:` or `-` of a line indented by `indent`. */
function afterIndicator(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (typeof value === 'string') return ` ${scalarText(value, inner)}\n`;
  if (!isFilled(value)) return ` ${scalar(value)}\n`;
  return `\n${Array.isArray(value) ? sequence(value, inner) : mapping(value, inner)}`;
}

function isFilled(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.values(value).some((field) => field !== undefined || Array.isArray(value));
}

function scalar(value: unknown): string {
  if (Array.isArray(value)) return '[]';
  if (typeof value === 'object' && value !== null) return '{}';
  // YAML 1.1 takes 1e+21 for a text without the point.
  return typeof value === 'number' ? String(value).replace(/^(-?\d+)e/, '$1.0e') : String(value ?? null);
}

const PLAIN = /^[A-Za-z/_][A-Za-z0-9/_.@+=,;()$~^|<>?*-]*(?:[: ][A-Za-z0-9/_.@+=,;()$~^|<>?*-]+)*$/;
/** Quantities and names of ports: `64Mi`, `80-tcp`. */
const PLAIN_NUMBERED = /^\d+(?:[mkMGT]|[KMGTPE]i|-[a-z]+)$/;
/** Words that a parser of YAML 1.1 takes for a boolean or null. */
const WORD = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

function printKey(key: string): string {
  return isPlain(key) ? key : quoted(key);
}

function scalarText(text: string, indent: string): string {
  if (isPlain(text)) return text;
  return isLiteral(text) ? literal(text, indent) : quoted(text);
}

/** A cautious subset of what may stand without quotes. */
function isPlain(text: string): boolean {
  return PLAIN.test(text) ? !(text.length <= 5 && WORD.test(text)) : PLAIN_NUMBERED.test(text);
}

/** Lines that read better as they are: no control characters, no blanks that could be taken for indentation. */
function isLiteral(text: string): boolean {
  return /^[^\s][^\n]*\n/.test(text) && !/\n[ \t]+(?:\n|$)|\n\n$|[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufdff]/.test(text);
}

function literal(text: string, indent: string): string {
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n');
  return `${ended ? '|' : '|-'}\n${lines.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n')}`;
}

/** JSON's quoted form is YAML's, but for characters that YAML takes for line ends or doesn't allow. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
