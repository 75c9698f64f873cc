import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { kubernetesVersion } from "@kube-ts/std/version";
import { run } from "../deploy/local/command.ts";
import { debianPackages, programsOf } from "../deploy/packages/debian-packages.ts";
import type { DebianPackage } from "../deploy/packages/debian-packages.ts";
import { bundlePath } from "../deploy/packages/program-wrapper.ts";
import { programs } from "../deploy/packages/programs.ts";
import { programDirectory } from "../deploy/units/unit-files.ts";
import { buildPackage } from "./package/build-package.ts";
import type { ExtraFile } from "./package/build-package.ts";
import { bundleProgram } from "./package/bundle.ts";
import type { Bundle } from "./package/bundle.ts";
import { copyrightFile, libraryDirectories, readLibrary } from "./package/copyright.ts";
import { findNodeRuntime } from "./package/node-runtime.ts";
import type { Architecture, NodeRuntime } from "./package/node-runtime.ts";
import { root } from "./run-program.ts";

/**
 * Builds the Debian packages:
 *
 *     npm run package -- [--output DIRECTORY] [--revision N] [--arch amd64|arm64]
 *
 * The same commit makes the same bytes. SOURCE_DATE_EPOCH stands in where there is no repository.
 */
const { values: options } = parseArgs({
  options: {
    output: { type: "string", default: join(root, "dist") },
    revision: { type: "string", default: "1" },
    arch: { type: "string" },
  },
});
if (!/^[0-9]+$/.test(options.revision)) throw new Error(`--revision is a number, not ${options.revision}`);
if (options.arch !== undefined && options.arch !== "amd64" && options.arch !== "arm64") {
  throw new Error(`--arch is amd64 or arm64, not ${options.arch}`);
}

const start = performance.now();
const paths = await buildAll(options.output, options.revision, options.arch);
for (const path of paths) say(`${basename(path)}  ${(statSync(path).size / 1e6).toFixed(1)} MB`);
say(`${paths.length} packages in ${((performance.now() - start) / 1000).toFixed(0)} s: ${options.output}`);

async function buildAll(output: string, revision: string, arch: Architecture | undefined): Promise<readonly string[]> {
  const runtime = findNodeRuntime(arch);
  const build = { version: `${kubernetesVersion.slice(1)}-${revision}`, architecture: runtime.architecture };
  const epochSeconds = await sourceTime();
  mkdirSync(output, { recursive: true });
  const bundles = new Map<string, Bundle>();
  for (const program of programs) {
    const bundle = await bundleProgram(program);
    bundles.set(program.name, bundle);
    say(`bundled ${program.name}: ${(bundle.code.length / 1e6).toFixed(1)} MB`);
  }
  const built: string[] = [];
  for (const declared of debianPackages) {
    const stage = mkdtempSync(join(tmpdir(), "kube-ts-package-"));
    try {
      const extraFiles = extraFilesOf(declared, bundles, runtime);
      built.push(await buildPackage({ declared, build, extraFiles, epochSeconds }, stage, output));
    } finally {
      rmSync(stage, { recursive: true, force: true });
    }
  }
  return built;
}

/** Code, Node.js, and under which terms both may be used. */
function extraFilesOf(
  { name, machineDependent }: DebianPackage,
  bundles: ReadonlyMap<string, Bundle>,
  runtime: NodeRuntime,
): readonly ExtraFile[] {
  const own = programsOf(name).flatMap((program) => {
    const bundle = bundles.get(program.name);
    return bundle ? [{ program, bundle }] : [];
  });
  const code = own.flatMap(({ program, bundle }) => [
    { path: bundlePath(program.name), mode: 0o644, content: bundle.code },
    { path: `${bundlePath(program.name)}.map`, mode: 0o644, content: bundle.sourceMap },
  ]);
  const libraries = libraryDirectories(own.flatMap(({ bundle }) => bundle.modules)).map(readLibrary);
  const documents = `/usr/share/doc/${name}`;
  const copyright = {
    path: `${documents}/copyright`,
    mode: 0o644,
    content: copyrightFile(libraries, machineDependent),
  };
  if (!machineDependent) return [...code, copyright];
  return [
    ...code,
    copyright,
    { path: `${documents}/LICENSE.nodejs`, mode: 0o644, content: { copyOf: runtime.license } },
    { path: `${programDirectory}/node`, mode: 0o755, content: { copyOf: runtime.program } },
  ];
}

/** The time of the commit that is packaged, in seconds. */
async function sourceTime(): Promise<number> {
  const given = process.env["SOURCE_DATE_EPOCH"];
  const text = given ?? (await run("git", ["-C", root, "log", "-1", "--format=%ct"]));
  const seconds = Number(text.trim());
  if (!Number.isSafeInteger(seconds) || seconds <= 0) throw new Error(`not a time in seconds: ${text.trim()}`);
  return seconds;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
