#!/usr/bin/env node
import { main } from './program.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2));
// Whatever a command that has ended left open must not keep the process.
setTimeout(() => process.exit(), 100).unref();
