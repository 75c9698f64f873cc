import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubernetesVersion } from "@kube-ts/std/version";
import { run } from "../../deploy/local/command.ts";
import { debianPackages, programsOf } from "../../deploy/packages/debian-packages.ts";
import type { DebianPackage } from "../../deploy/packages/debian-packages.ts";
import { bundlePath } from "../../deploy/packages/program-wrapper.ts";
import { programs } from "../../deploy/packages/programs.ts";
import type { ProgramName } from "../../deploy/packages/programs.ts";
import { programDirectory } from "../../deploy/units/unit-files.ts";
import { root } from "../run-program.ts";
import { buildPackage } from "./build-package.ts";
import type { ExtraFile } from "./build-package.ts";
import { bundleProgram } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import { copyrightFile, libraryDirectories, readLibrary } from "./copyright.ts";
import { findNodeRuntime, ownArchitecture } from "./node-runtime.ts";
import type { Architecture, NodeRuntime } from "./node-runtime.ts";

/** The bundle of each program. */
export type Bundles = ReadonlyMap<ProgramName, Bundle>;

/** Bundles all programs of the packages. */
export async function bundlePrograms(onProgress?: (text: string) => void): Promise<Bundles> {
  const bundles = new Map<ProgramName, Bundle>();
  for (const program of programs) {
    const bundle = await bundleProgram(program);
    bundles.set(program.name, bundle);
    onProgress?.(`bundled ${program.name}: ${(bundle.code.length / 1e6).toFixed(1)} MB`);
  }
  return bundles;
}

export interface PackagesRequest {
  readonly bundles: Bundles;
  /** The directory for the packages; made when it is missing. */
  readonly output: string;
  /** Debian's revision: what follows the version of Kubernetes. */
  readonly revision: number;
  /** Left out, that of this machine. */
  readonly architecture?: Architecture;
  /** The time of all files, in seconds; that of the commit, where it is left out. */
  readonly sourceDateEpoch?: number;
}

/** Builds the Debian packages; answers their paths. The same commit makes the same bytes. */
export async function buildPackages(request: PackagesRequest): Promise<readonly string[]> {
  const { bundles, output, revision } = request;
  const runtime = findNodeRuntime(request.architecture ?? ownArchitecture());
  const build = { version: `${kubernetesVersion.slice(1)}-${revision}`, architecture: runtime.architecture };
  const epochSeconds = request.sourceDateEpoch ?? (await commitTime());
  mkdirSync(output, { recursive: true });
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
  bundles: Bundles,
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
async function commitTime(): Promise<number> {
  return Number(await run("git", ["-C", root, "log", "-1", "--format=%ct"]));
}
