import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AdaptationSpec, adaptationSpec } from '../../constructs/spec/adaptation.ts';
import type { TaskDecision } from '../../controller/adaptation/decide.ts';
import { DecisionWriter, type Outcome, type Tip } from '../../controller/adaptation/writer.ts';
import { type Desired, DesiredState } from '../../controller/desired.ts';
import type { Log, Repository } from '../../controller/ports.ts';
import { openBare } from './bare-repository.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { run } from './parts.ts';

/** One controller's way of writing decisions: its own clone, nothing judged. */
export interface Writing {
  readonly writer: DecisionWriter;
  readonly repository: Repository;
  readonly clock: FakeClock;
  /** Events of the log, `<event> <task or condition>`. */
  readonly said: readonly string[];
  /** What is in force, as of the branch's tip. */
  look(): Promise<Desired>;
  /** Looks, decides these replicas where they differ and nothing waits, and writes that; looks again when the branch moved. */
  tick(wanted: Readonly<Record<string, number>>): Promise<Outcome>;
  /** Looks, decides nothing, and tidies up, as a controller does then. */
  idle(): Promise<void>;
  /** Writes decisions on what was looked at last, whatever has happened since. */
  write(wanted: Readonly<Record<string, number>>): Promise<Outcome>;
}

export async function startWriting(
  folder: string,
  location: string,
  { settings = {}, clock = fakeClock() }: { readonly settings?: Partial<AdaptationSpec>; readonly clock?: FakeClock } = {},
): Promise<Writing> {
  const repository = await openBare(folder, location, { clock });
  const state = new DesiredState(repository, 'city');
  const said: string[] = [];
  const tell = (fields: Readonly<Record<string, unknown>>, event: string) =>
    void said.push(`${event} ${fields.task ?? fields.condition ?? ''}`.trim());
  const log: Log = { debug: tell, info: tell, warn: tell, error: tell };
  const nothing = () => undefined;
  const writer = new DecisionWriter({
    repository,
    environment: 'city',
    clock,
    log,
    readFile: state.readFile,
    decided: nothing,
    refused: nothing,
  });
  let desired: Desired | undefined;
  const look = async () => {
    desired = await state.at(await repository.head());
    await writer.look(tipOf(desired, settings));
    return desired;
  };
  const write = (wanted: Readonly<Record<string, number>>) => {
    if (desired === undefined) throw new Error('Look first');
    const decisions = Object.entries(wanted).flatMap(([task, to]) => decisionOn(desired as Desired, writer, task, to));
    return writer.write(tipOf(desired, settings), decisions);
  };
  return {
    writer,
    repository,
    clock,
    said,
    look,
    write,
    async idle() {
      await look();
      await writer.tidy();
    },
    async tick(wanted) {
      await look();
      const outcome = await write(wanted);
      if (outcome.kind === 'moved') await look();
      return outcome;
    },
  };
}

function tipOf({ tip, history }: Desired, settings: Partial<AdaptationSpec>): Tip {
  return { revision: tip, history, settings: { ...adaptationSpec.parse({}), ...settings } };
}

function decisionOn({ tip, inForce }: Desired, writer: DecisionWriter, name: string, to: number): TaskDecision[] {
  const task = inForce?.environment.tasks.get(name);
  const from = task?.spec.replicas;
  if (task === undefined || from === undefined || from === to || writer.waitsFor(task.id) !== undefined) return [];
  const reason = 'misses 1, promised < 1';
  const evidence = { value: 1, limit: 1, at: '2026-01-01T00:00:00.000Z', source: 'prometheus', consumed: {} };
  const about = { environment: 'city', task: task.id, agreement: `${task.id}_each`, guarantee: 'misses' };
  const record = { id: `${tip.slice(0, 7)}-${name}-${to}`, ...about, from, to, evidence, reason };
  return [{ task: task.id, decision: { kind: 'scale', from, to, reason }, record, proposals: [] }];
}

/** A person with a clone of their own. */
export interface Human {
  git(...args: string[]): string;
  /** Fetches main and goes on from there; then writes files below environments/city (null removes one), commits and pushes. */
  push(files: Readonly<Record<string, string | null>>): string;
}

export function createHuman(folder: string, location: string): Human {
  const tree = join(folder, 'human');
  run('git', ['clone', '--quiet', location, tree]);
  const identity = ['-c', 'user.name=Engineer', '-c', 'user.email=engineer@city.example'];
  const git = (...args: string[]) => run('git', ['-C', tree, ...identity, ...args]).trim();
  return {
    git,
    push(files) {
      git('fetch', '--quiet', 'origin');
      git('reset', '--quiet', '--hard', 'origin/main');
      for (const [path, text] of Object.entries(files)) {
        const file = join(tree, 'environments/city', path);
        mkdirSync(dirname(file), { recursive: true });
        if (text === null) rmSync(file);
        else writeFileSync(file, text);
      }
      git('add', '--all');
      git('commit', '--quiet', '--message', 'Change the city');
      git('push', '--quiet', 'origin', 'HEAD:main');
      return git('rev-parse', 'HEAD');
    },
  };
}
