import { describe } from 'vitest';
import { have } from '../support/parts.ts';
import { repositoryContract } from './repository.contract.ts';
import { KINDS, SSHD } from './repository-places.ts';

const GET_SSHD = "install Debian's package openssh-server";
if (SSHD === undefined && process.env.CI === 'true') throw new Error(`Missing in CI: sshd (${GET_SSHD})`);

for (const kind of KINDS) {
  const runs = have('git') && (SSHD !== undefined || !kind.name.startsWith('ssh'));
  describe.skipIf(!runs)(`Repository: ${kind.name}`, () => repositoryContract(kind));
}
