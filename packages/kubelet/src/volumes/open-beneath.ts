import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** Opens the file itself and gives no access to it; Node has no name for the flag. */
const openPath = 0o10000000;
const walk = openPath | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const readNow = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** A path that leads out of the directory in which it must stay. */
export class OutsideError extends Error {
  override readonly name = "OutsideError";
}

export interface HeldPath extends AsyncDisposable {
  readonly handle: FileHandle;
}

/**
 * Opens what lies at `path` in a directory for reading. Links inside are resolved first; the opening then goes step by
 * step from the directory's own descriptor and follows none, so that a link which appears meanwhile makes it fail.
 */
export async function openBeneath(directory: string, path: string): Promise<HeldPath> {
  const root = await realpath(directory);
  return walkFrom(root, partsBelow(root, await realpath(join(root, path))), (parent, name) =>
    open(entry(parent, name), readNow),
  );
}

/** Walks from `root` through directories to the last part, which `openLast` opens. Follows no link. */
export async function walkFrom(
  root: string,
  parts: readonly string[],
  openLast: (parent: FileHandle, name: string) => Promise<FileHandle>,
  openParent: (parent: FileHandle, name: string) => Promise<FileHandle> = openDirectory,
): Promise<HeldPath> {
  const last = parts.at(-1);
  let handle = await open(root, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    for (const name of parts.slice(0, -1)) handle = await replace(handle, await openParent(handle, name));
    if (last !== undefined) handle = await replace(handle, await openLast(handle, last));
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { handle, [Symbol.asyncDispose]: () => handle.close() };
}

export function openDirectory(parent: FileHandle, name: string): Promise<FileHandle> {
  return open(entry(parent, name), walk);
}

/** A name in an open directory, whatever becomes of the directory's own name. */
export function entry(parent: FileHandle, name: string): string {
  return `/proc/self/fd/${parent.fd}/${name}`;
}

/** Opens whatever has the name, a link included, without access to its content. */
export function openAsPath(parent: FileHandle, name: string): Promise<FileHandle> {
  return open(entry(parent, name), openPath | constants.O_NOFOLLOW);
}

/** The real path as far as it exists, which must stay inside the root, and the rest as written, in parts. */
export async function resolveBeneath(root: string, path: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let at = join(root, path); ; at = dirname(at)) {
    const real = await realpath(at).catch((error: unknown) => {
      if (!hasCode(error, "ENOENT")) throw error;
      return undefined;
    });
    if (real !== undefined) return [...partsBelow(root, real), ...missing];
    missing.unshift(at.slice(at.lastIndexOf("/") + 1));
  }
}

function partsBelow(root: string, real: string): readonly string[] {
  if (real !== root && !real.startsWith(root === "/" ? root : `${root}/`))
    throw new OutsideError(`${real} is outside of ${root}`);
  return relative(root, real)
    .split("/")
    .filter((part) => part !== "");
}

async function replace(old: FileHandle, fresh: FileHandle): Promise<FileHandle> {
  await old.close();
  return fresh;
}

/** Whether the error is one of these of the operating system's. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(String((error as { readonly code?: unknown }).code));
}
