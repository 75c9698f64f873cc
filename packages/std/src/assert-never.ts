/** Closes a discriminated union: the compiler rejects a call that a new variant can reach. */
export function assertNever(value: never): never {
  throw new Error(`unreachable variant: ${JSON.stringify(value)}`);
}
