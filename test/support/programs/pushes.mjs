/** A job without a port: does work that takes `ms` again and again, and pushes how long each took. `pushes.mjs GATEWAY METRIC MS` */
import { setTimeout as pause } from 'node:timers/promises';

const [gateway, metric, ms] = process.argv.slice(2);

for (;;) {
  const startMs = performance.now();
  await pause(Number(ms));
  const seconds = (performance.now() - startMs) / 1000;
  await fetch(`${gateway}/metrics/job/reports`, { method: 'POST', body: `# TYPE ${metric} gauge\n${metric} ${seconds}\n` });
}
