import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadEnvironment } from '../../synth/load.ts';
import type { Manifest } from '../../synth/manifest.ts';
import type { SourceFile } from '../../synth/source.ts';
import { synthesize } from '../../synth/synthesize.ts';
import { renderFiles } from '../../synth/write.ts';
import { inTurn, median, ms, ratio } from './measure.ts';
import type { Figure } from './report.ts';

/** Documents → constructs → YAML files, against the same objects written as YAML without any of it. */
export async function benchSynth(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [clusters, services, runs] of [
    [100, 10, 5],
    [1_000, 10, 1],
  ] as const) {
    const files = documents(clusters, services);
    const plain = [...synthesize(loadEnvironment('fleet', files)).values()].map((manifests) => structuredClone(manifests)) as Manifest[][];
    const directory = mkdtempSync(join(tmpdir(), 'rotterdam-bench-'));
    const { a, b } = await inTurn(
      runs,
      () => write(directory, renderFiles(loadEnvironment('fleet', files))),
      () =>
        write(
          directory,
          new Map(plain.map((objects, index) => [`plain/${index}.yaml`, objects.map((object) => stringify(object)).join('---\n')])),
        ),
    );
    rmSync(directory, { recursive: true });
    figures.push({
      what: `synth of ${clusters} clusters × ${services} services, documents parsed included`,
      figure: ms(median(a)),
      against: 'the same plain objects written by `yaml`',
      floor: ms(median(b)),
      ratio: ratio(median(a) / median(b)),
      how: `median of ${runs}, in turn, in process`,
    });
  }
  return figures;
}

function write(directory: string, files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    const file = join(directory, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
}

function documents(clusters: number, services: number): readonly SourceFile[] {
  const file = (path: string, document: object): SourceFile => {
    const content = Buffer.from(JSON.stringify(document));
    return { path: `environments/fleet/${path}.json`, id: path, kind: 'file', size: content.length, content };
  };
  const native = (kind: string, name: string, spec: object) => ({ apiVersion: 'rotterdam.dev/v1alpha1', kind, metadata: { name }, spec });
  return Array.from({ length: clusters }, (_, cluster) => [
    file(`infrastructures/c${cluster}`, native('Infrastructure', `c${cluster}`, { type: 'kubernetes', defaultDock: 'edge' })),
    ...Array.from({ length: services }, (_, service) => {
      const name = `c${cluster}-s${service}`;
      const containers = [{ image: 'nginx', ports: [{ containerPort: 80 }], env: [{ name: 'SERVICE', value: name }] }];
      return file(`tasks/${name}`, native('Task', name, { infrastructure: `c${cluster}`, replicas: 2, containers }));
    }),
  ]).flat();
}
