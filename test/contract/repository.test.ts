import { describe } from 'vitest';
import { have } from '../support/parts.ts';
import { branchContract, remoteContract, secretContract } from './repository.contract.ts';
import { contentContract } from './repository-content.contract.ts';
import { useRepository } from './repository-context.ts';
import { watchContract, workTreeContract } from './repository-local.contract.ts';
import { KINDS } from './repository-places.ts';

for (const kind of KINDS) {
  const runs = have('git') && (kind.name !== 'ssh' || have('sshd'));
  describe.skipIf(!runs)(`Repository: ${kind.name}`, () => {
    const context = useRepository(kind);
    branchContract(context, kind.name === 'ssh' ? 1 : 3);
    if (!kind.local) remoteContract(context);
    if (kind.asks) secretContract(context);
    if (kind.local) watchContract(context);
    if (kind.checkedOut) workTreeContract(context);
    // What ssh reads is a clone like the others, and each connection of it takes a third of a second.
    if (kind.name !== 'ssh') contentContract(context);
  });
}
