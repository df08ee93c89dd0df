/** An analytics service: `GET /work?ms=N` takes so long, and `/metrics` tells the response times as a histogram. Prints its port. */
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Histogram, register } from 'prom-client';

const times = new Histogram({
  name: 'response_time_seconds',
  help: 'Time until a request was answered.',
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5],
});

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://here');
  if (pathname === '/metrics') return response.setHeader('content-type', register.contentType).end(await register.metrics());
  const done = times.startTimer();
  await pause(Number(searchParams.get('ms')));
  done();
  return response.end('done\n');
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
