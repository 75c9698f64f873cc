import { spawnSync } from "node:child_process";

const askMs = 20_000;

/** What this machine's program is linked with, its loader among it: nothing for one that is linked statically. */
export function sharedLibraries(program: string): readonly string[] {
  const { stdout, stderr, error } = spawnSync("ldd", [program], { encoding: "utf8", timeout: askMs });
  if (error) throw new Error(`cannot ask ldd what ${program} is linked with`, { cause: error });
  if (/not a dynamic executable|statically linked/.test(stdout + stderr)) return [];
  const missing = /^\s*(\S+) => not found/m.exec(stdout)?.[1];
  if (missing !== undefined) throw new Error(`${program} needs ${missing}, which this machine does not have`);
  const paths = stdout.split("\n").flatMap((line) => /(?:=> |^\s+)(\/\S+) \(0x/.exec(line)?.[1] ?? []);
  if (paths.length === 0) throw new Error(`ldd does not say what ${program} is linked with: ${stdout}${stderr}`);
  return paths;
}
