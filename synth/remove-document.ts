import { parseTree } from 'jsonc-parser';
import type { Target } from './edit.ts';
import { parseText } from './parse.ts';

/**
 * The same text without one of its documents; null when it has no other. The others keep their bytes.
 * @throws Error when the document isn't there, or can't be told from the others.
 */
export function removeDocument(text: string, { file, index }: Target): string | null {
  const format = file.endsWith('.json') ? 'json' : 'yaml';
  const { documents } = parseText(text, format);
  if (!documents.some((one) => one.index === index)) throw new Error(`Cannot find document ${index + 1} of ${file}`);
  if (documents.length === 1) return null;
  const edited = format === 'json' ? withoutElement(text, index) : withoutYamlDocument(text, index);
  const left = parseText(edited, format).documents.map(printed);
  const wanted = documents.filter((one) => one.index !== index).map(printed);
  if (left.join('\n') !== wanted.join('\n')) throw new Error(`Cannot remove document ${index + 1} of ${file}: edit it by hand`);
  return edited;
}

function printed({ value }: { readonly value: unknown }): string {
  return JSON.stringify(value);
}

/** With the comma that is no longer needed, and the white space around it. */
function withoutElement(text: string, index: number): string {
  const spans = (parseTree(text)?.children ?? []).map(({ offset, length }) => ({ start: offset, end: offset + length }));
  const [before, own, next] = [spans[index - 1], spans[index], spans[index + 1]];
  const start = before?.end ?? own?.start ?? 0;
  const end = (before === undefined ? next?.start : own?.end) ?? start;
  return text.slice(0, start) + text.slice(end);
}

/** What stands before the first mark is a document only when it holds more than comments and directives. */
function withoutYamlDocument(text: string, index: number): string {
  const parts = text.split(/^(?=---(?:\s|$))/m);
  const isHead = !parts[0]?.startsWith('---') && !/^(?![ \t]*(?:#|\r?$)|%)/m.test(parts[0] ?? '');
  return parts.filter((_, at) => at !== (isHead ? index + 1 : index)).join('');
}
