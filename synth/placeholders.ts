import type { Path } from './parse.ts';

/** JSON data. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Filled {
  readonly value: Json;
  /** Placeholders that stand for nothing, or for what can't stand there. */
  readonly faults: readonly PlaceholderFault[];
}

export interface PlaceholderFault {
  readonly path: Path;
  readonly message: string;
}

const PLACEHOLDER = /\{\{\s*\.([A-Za-z_]\w*(?:\.\w+)*)\s*\}\}/g;
const WHOLE = new RegExp(`^${PLACEHOLDER.source}$`);
/** Fields that are read as a language: in them a value must be a word or a number, so that none can say more than its place allows. */
const READ = ['constraint', 'query', 'metric'];
const WORD = /^(?:[a-zA-Z_:][a-zA-Z0-9_:]*|[+-]?\d+(?:\.\d+)?)$/;

/**
 * `template` with its placeholders `{{.a.b}}` replaced by values of `parameters`. A text that is one placeholder becomes the value, of whatever
 * type; within a longer text the value must be text or a number. Values are never read again: they are data, whatever stands in them. Keys are
 * left as they are.
 */
export function fillPlaceholders(template: Json, parameters: Json): Filled {
  const faults: PlaceholderFault[] = [];
  const fill = (value: Json, path: Path): Json => {
    if (typeof value === 'string') return fillText(value, parameters, path, faults);
    if (Array.isArray(value)) return value.map((element: Json, at) => fill(element, [...path, at]));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, fill(field, [...path, key])]));
  };
  return { value: fill(template, []), faults };
}

/** What in `template` looks like a placeholder and is none. */
export function badPlaceholders(template: Json): readonly PlaceholderFault[] {
  const faults: PlaceholderFault[] = [];
  const look = (value: Json, path: Path): void => {
    if (typeof value === 'string') {
      if (/\{\{|\}\}/.test(value.replaceAll(PLACEHOLDER, ''))) faults.push({ path, message: UNREADABLE });
    } else if (Array.isArray(value)) value.forEach((element: Json, at) => void look(element, [...path, at]));
    else if (value !== null && typeof value === 'object') for (const [key, field] of Object.entries(value)) look(field, [...path, key]);
  };
  look(template, []);
  return faults;
}

const UNREADABLE = "Write a placeholder as '{{.name}}' or '{{.name.part}}': nothing else is computed";

function fillText(text: string, parameters: Json, path: Path, faults: PlaceholderFault[]): Json {
  const [, whole] = WHOLE.exec(text) ?? [];
  if (whole !== undefined) {
    const value = parameterOf(parameters, whole);
    if (value === undefined) faults.push({ path, message: missing(whole) });
    return value ?? null;
  }
  if (/\{\{|\}\}/.test(text.replaceAll(PLACEHOLDER, ''))) faults.push({ path, message: UNREADABLE });
  return text.replaceAll(PLACEHOLDER, (_, name: string) => {
    const value = parameterOf(parameters, name);
    const fault = value === undefined ? missing(name) : whyNotWithin(name, value, path);
    if (fault !== undefined) faults.push({ path, message: fault });
    return fault === undefined ? String(value) : '';
  });
}

function whyNotWithin(name: string, value: Json, path: Path): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number')
    return `Give parameter '${name}' as text or a number, as it stands within a text`;
  if (!READ.includes(String(path.at(-1))) || WORD.test(String(value))) return undefined;
  return `Give parameter '${name}' as a number or the name of a metric, as it stands within a ${String(path.at(-1))}`;
}

function missing(name: string): string {
  return `Give parameter '${name}': nothing was given for it`;
}

/** Own fields only: `constructor` is nobody's parameter. */
function parameterOf(parameters: Json, name: string): Json | undefined {
  return name.split('.').reduce<Json | undefined>((value, key) => {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    return (value as { readonly [key: string]: Json })[key];
  }, parameters);
}
