import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Followed, followFiles, keyPair } from '../../../../controller/adapters/followed-files.ts';
import { fakeClock } from '../../../support/fake-clock.ts';

let directory: string;
let followed: Followed<string> | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'followed-'));
});
afterEach(() => {
  followed?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const file = () => join(directory, 'file');

async function follow() {
  const clock = fakeClock();
  const lines: unknown[] = [];
  const line = (fields: { readonly reason?: unknown }) => lines.push(fields.reason ?? 'read');
  const read = ([text = '']: readonly string[]) => {
    if (text.startsWith('!')) throw new Error('Cannot use it');
    return text;
  };
  followed = await followFiles('file', [file()], read, { clock, log: { debug: line, info: line, warn: line, error: line } });
  const { now, follow: tell } = followed;
  const told: string[] = [];
  tell((value) => told.push(value));
  /** Time passes until so many lines are logged. */
  const until = (count: number) => expect.poll(() => clock.advance(1_000).then(() => lines.length)).toBe(count);
  return { clock, now, lines, told, until };
}

describe('A file that is followed', () => {
  it('is read anew when its text changes, however it was replaced', async () => {
    writeFileSync(file(), 'one');
    const { now, lines, told, until } = await follow();
    expect(now()).toBe('one');
    writeFileSync(file(), 'two');
    await until(1);
    writeFileSync(`${file()}.new`, 'three');
    renameSync(`${file()}.new`, file());
    await until(2);
    expect([now(), told, lines]).toEqual(['three', ['two', 'three'], ['read', 'read']]);
  });

  it.each([
    { reason: 'can’t be used', harm: () => writeFileSync(file(), '!'), says: 'Cannot use it. What was there before stays in force' },
    { reason: 'is gone', harm: () => rmSync(file()), says: expect.stringMatching(/^Cannot read .*file: ENOENT\. What was there before/) },
  ])('stays as it was when it $reason, and that is said once', async ({ harm, says }) => {
    writeFileSync(file(), 'one');
    const { clock, now, lines, until } = await follow();
    harm();
    await until(1);
    for (const _ of [1, 2, 3]) await clock.advance(1_000);
    expect([now(), lines]).toEqual(['one', [says]]);
    writeFileSync(file(), 'two');
    await until(2);
    expect(now()).toBe('two');
  });

  it.each([
    { reason: 'is not there', prepare: () => undefined, says: 'ENOENT' },
    { reason: 'can’t be used', prepare: () => writeFileSync(file(), '!'), says: 'Cannot use it' },
  ])('is an error when it $reason at the beginning', async ({ prepare, says }) => {
    prepare();
    await expect(follow()).rejects.toThrow(says);
  });
});

describe('keyPair', () => {
  it('takes a certificate with its key, and no other', async () => {
    const [one, two] = await Promise.all([generate([{ name: 'commonName', value: 'a' }]), generate([{ name: 'commonName', value: 'b' }])]);
    expect(keyPair([one.cert, one.private])).toEqual({ cert: one.cert, key: one.private });
    expect(() => keyPair([one.cert, two.private])).toThrow('Cannot use the certificate with the key');
    expect(() => keyPair(['no certificate', one.private])).toThrow('Cannot use the certificate with the key');
  });
});
