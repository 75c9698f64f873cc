import { programDirectory } from "../units/unit-files.ts";
import type { Program, ProgramName } from "./programs.ts";

/** Where the compiled form of a program's code is kept, made by root when the package is installed. */
export function compileCacheDirectory(program: ProgramName): string {
  return `/var/cache/kube-ts/${program}`;
}

/** The file of a program's code. */
export function bundlePath(program: ProgramName): string {
  return `${programDirectory}/${program}.mjs`;
}

/** What `/usr/bin/<name>` is: the program on the packages' own Node.js. */
export function programWrapper({ name, nodeFlags, environment, isCompiled }: Program): string {
  const variables = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
  if (isCompiled) variables.unshift(`NODE_COMPILE_CACHE="\${NODE_COMPILE_CACHE-${compileCacheDirectory(name)}}"`);
  const settings = variables.length > 0 ? `export ${variables.join(" ")}\n` : "";
  const flags = ["--disable-warning=ExperimentalWarning", ...nodeFlags];
  return `#!/bin/sh
${settings}exec ${programDirectory}/node ${flags.join(" ")} ${bundlePath(name)} "$@"
`;
}
