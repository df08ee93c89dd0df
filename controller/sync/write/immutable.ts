import { groupOf, type ObjectRef } from '../../../synth/manifest.ts';
import type { ApiError } from '../../errors.ts';

const IMMUTABLE =
  /immutable|updates to .* are forbidden|updates may not change|may not (be changed|change) once set|may not be changed in an update|cannot change /;

/** Reasons for which a server refuses a value; a policy has its own words, and they may be any. */
const VALUE = ['FieldValueInvalid', 'FieldValueForbidden'];

/** What is lost with them is more than the object. */
const NEVER = ['/PersistentVolumeClaim', '/PersistentVolume', '/Namespace', 'apiextensions.k8s.io/CustomResourceDefinition'];

/** The causes of a refusal that are a change of what cannot change; any other invalid value is somebody's typing error. */
export function immutableCauses({ status, causes }: ApiError): ApiError['causes'] {
  if (status !== 422) return [];
  return causes.filter(({ reason = '', field, message = '' }) => field !== undefined && VALUE.includes(reason) && IMMUTABLE.test(message));
}

/** Whether an object of this kind may ever be deleted to be made anew. */
export function isRecreatable({ apiVersion, kind }: ObjectRef): boolean {
  return !NEVER.includes(`${groupOf(apiVersion)}/${kind}`);
}
