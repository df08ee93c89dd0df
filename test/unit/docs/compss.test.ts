import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { parseGrants } from '../../../controller/gateway/access/tokens.ts';
import { readAnswer } from '../../support/compss-master.ts';
import { EDGE, type RestWorld, restWorld } from '../../support/rest.ts';

const text = readFileSync(join(fileURLToPath(new URL('../../..', import.meta.url)), 'docs/compss.md'), 'utf8');
const blocks = (language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, block = '']) => block);
const [workflow, answer, template] = blocks('json').map((block) => JSON.parse(block));

/** The elements of an XML document, outer ones first. @throws Error when one isn't ended. */
function elementsOf(xml: string): readonly string[] {
  const names: string[] = [];
  const open: string[] = [];
  for (const [, end, name = '', attributes = '', empty] of xml.matchAll(/<([/?]?)([A-Za-z]+)((?:\s+[\w.]+="[^"<&]*")*)\s*([/?]?)>/g)) {
    if (end === '?') continue;
    if (end === '/') {
      if (open.pop() !== name) throw new Error(`Unexpected </${name}>${attributes}`);
    } else {
      names.push(name);
      if (empty !== '/') open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`Not ended: ${open.join(', ')}`);
  if (/[<>&]/.test(xml.replaceAll(/<[^<>&]*>/g, ''))) throw new Error('Something is no element');
  return names;
}

describe('docs/compss.md', () => {
  let open: RestWorld | undefined;
  afterEach(() => open?.stop());

  it('has a workflow and a template that are taken, and the answer has what it says', async () => {
    open = await restWorld({ 'infrastructures/edge.yaml': EDGE, 'qos/deadlines.json': JSON.stringify(template) });
    const posted = await open.call('POST', '/docks/tasks-compss', workflow);
    expect(posted).toMatchObject({ status: 200, json: { task: { id: 'compss_app', agreementId: 'compss_app_DeadlinesMissed_1' } } });
    const got = await open.call('GET', '/docks/class/tasks/compss_app');
    expect(readAnswer(got.json)).toMatchObject({ resp: answer.resp, task: { id: answer.task.id, pods: [] } });
    expect(got.json.method).toBe(answer.method);
    expect(readAnswer(answer).task?.pods).toHaveLength(1);
  });

  it('has a grant for masters that show no token', () => {
    expect(blocks('yaml').flatMap(parseGrants)).toMatchObject([{ scope: 'write', docks: ['class'] }]);
  });

  it('has files that are well-formed, and name one resource', () => {
    const files = blocks('xml');
    expect(files.map((xml) => elementsOf(xml)[0])).toEqual(['ResourcesList', 'Project']);
    expect(files.map((xml) => /<ComputeNode Name="(.*?)"/.exec(xml)?.[1])).toEqual(['rotterdam', 'rotterdam']);
    for (const broken of ['<a><b></a></b>', '<a>', '<a>1 < 2</a>', '<a>x & y</a>']) expect(() => elementsOf(broken)).toThrow();
  });
});
