import { readFile, writeFile } from "node:fs/promises";

/** Kernel settings of the current network namespace, by names such as `net/ipv4/ip_forward`. */
export interface Sysctl {
  /** The value without its line end. Rejects when there is no such setting. */
  read(name: string): Promise<string>;
  write(name: string, value: string): Promise<void>;
}

export const systemSysctl: Sysctl = {
  read: async (name) => (await readFile(`/proc/sys/${name}`, "utf8")).trim(),
  write: (name, value) => writeFile(`/proc/sys/${name}`, `${value}\n`),
};

/** Writes the value unless it is there already; answers whether it wrote. */
export async function ensureSysctl(sysctl: Sysctl, name: string, value: string): Promise<boolean> {
  if ((await sysctl.read(name)) === value) return false;
  await sysctl.write(name, value);
  return true;
}
