import type { Machine } from "./machine.ts";

const filler = ".filled";

/**
 * Fills a disk that the machine has for a directory (`disks` of its specification) to the last block; answers how many
 * bytes that took. Throws for a directory without a disk of its own, since that would fill this computer's.
 */
export async function fillDisk(machine: Machine, path: string): Promise<number> {
  const [mounted = "", kind = ""] = (
    await machine.attempt(`findmnt --noheadings --raw --output TARGET,SOURCE '${path}'`)
  ).stdout
    .trim()
    .split(" ");
  if (mounted !== path || !kind.startsWith("/dev/loop")) {
    throw new Error(`${machine.name}: ${path} has no disk of its own; give it one with \`disks\``);
  }
  const free = (await machine.run(`df --output=avail --block-size=1 '${path}' | tail -n 1`)).trim();
  // A file system needs some of its free space for itself: what fallocate leaves, or refuses, is written.
  const fill = [
    `fallocate --length ${free} ${path}/${filler} 2>/dev/null`,
    `dd if=/dev/zero of=${path}/${filler} bs=64k oflag=append conv=notrunc 2>/dev/null`,
    `dd if=/dev/zero of=${path}/${filler} bs=512 oflag=append conv=notrunc 2>/dev/null`,
    "sync",
  ];
  await machine.run(fill.join("; "));
  return Number((await machine.run(`stat --format %s ${path}/${filler}`)).trim());
}

/** Takes the filling away. */
export async function emptyDisk(machine: Machine, path: string): Promise<void> {
  await machine.run(`rm -f '${path}/${filler}' && sync`);
}
