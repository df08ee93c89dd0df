import { groupOf, type ObjectRef } from '../../synth/manifest.ts';
import type { ApiError } from '../errors.ts';

const IMMUTABLE =
  /immutable|updates to .* are forbidden|updates may not change|may not (be changed|change) once set|may not be changed in an update|cannot change /;

/** What is lost with them is more than the object. */
const NEVER = ['/PersistentVolumeClaim', '/PersistentVolume', '/Namespace', 'apiextensions.k8s.io/CustomResourceDefinition'];

/** The causes of a refusal that are a change of what cannot change; any other invalid value is somebody's typing error. */
export function immutableCauses({ status, causes }: ApiError): ApiError['causes'] {
  return status === 422 ? causes.filter(({ message = '' }) => IMMUTABLE.test(message)) : [];
}

/** Whether an object of this kind may ever be deleted to be made anew. */
export function isRecreatable({ apiVersion, kind }: ObjectRef): boolean {
  return !NEVER.includes(`${groupOf(apiVersion)}/${kind}`);
}
