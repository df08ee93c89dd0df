import { cpus } from 'node:os';
import { have } from '../support/parts.ts';
import { benchApply, benchScale } from './apply.ts';
import { benchClusters } from './clusters.ts';
import { benchCompss } from './compss.ts';
import { benchDecisions } from './decisions.ts';
import { benchJudge } from './judge.ts';
import { benchMany } from './many.ts';
import { benchPage } from './page.ts';
import { benchReaction } from './reaction.ts';
import { type Figure, printFigures } from './report.ts';
import { benchRest } from './rest.ts';
import { benchSettled } from './settled.ts';
import { benchStart } from './start.ts';
import { benchSynth } from './synth.ts';
import { benchWriters } from './writers.ts';

const BENCHES: Readonly<Record<string, () => Promise<Figure[]>>> = {
  start: benchStart,
  synth: benchSynth,
  clusters: benchClusters,
  many: benchMany,
  decisions: benchDecisions,
  writers: benchWriters,
  rest: benchRest,
  ...(have('chromium') ? { page: benchPage } : {}),
  ...(have('control plane') ? { compss: benchCompss, apply: benchApply, scale: benchScale, settled: benchSettled } : {}),
  ...(have('prometheus') ? { judge: benchJudge } : {}),
  ...(have('control plane', 'prometheus', 'pushgateway') ? { reaction: benchReaction } : {}),
};

const wanted = process.argv.slice(2);
const figures: Figure[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length === 0 || wanted.includes(name)) figures.push(...(await bench()));
}
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n\n${printFigures(figures)}`);
