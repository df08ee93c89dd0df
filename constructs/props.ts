/** Properties of a construct as its document's schema takes them, which nobody changes afterwards. */
export type ReadonlyDeep<T> = T extends readonly (infer Item)[]
  ? readonly ReadonlyDeep<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> }
    : T;

/** A schema of `constructs/spec`, as far as it is needed here. */
interface Schema<Output> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: Output }
    | { success: false; error: { issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] } };
}

/**
 * Code and documents enter by one door: the schema of the document.
 * @param what for the message, `task 'redis'`
 * @throws Error that names every property that is wrong
 */
export function parseProps<Output>(schema: Schema<Output>, what: string, props: unknown): Output {
  const parsed = schema.safeParse(props);
  if (parsed.success) return parsed.data;
  throw cannotMake(
    what,
    parsed.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`)),
  );
}

export function cannotMake(what: string, problems: readonly string[]): Error {
  return new Error(`Cannot make ${what}: ${problems.join('; ')}`);
}
