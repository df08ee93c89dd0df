import pino from 'pino';
import type { Log } from '../ports.ts';

/**
 * JSON lines on standard error, one event per outcome; readable lines when that is a terminal.
 * @param level pino's: debug, info, warn, error or silent.
 */
export function createLog(options: { readonly pretty: boolean; readonly level?: string }): Log {
  const level = options.level ?? 'info';
  const logger = options.pretty
    ? pino({
        level,
        transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' } },
      })
    : pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
  return {
    debug: (fields, event) => logger.debug(fields, event),
    info: (fields, event) => logger.info(fields, event),
    warn: (fields, event) => logger.warn(fields, event),
    error: (fields, event) => logger.error(fields, event),
  };
}
