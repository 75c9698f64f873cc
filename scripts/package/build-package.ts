import { createHash } from "node:crypto";
import {
  copyFileSync,
  lutimesSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { controlFile } from "../../deploy/packages/control-file.ts";
import type { PackageBuild } from "../../deploy/packages/control-file.ts";
import type { DebianPackage } from "../../deploy/packages/debian-packages.ts";
import { maintainerScripts } from "../../deploy/packages/maintainer-scripts.ts";
import { packageDirectories, packageFiles } from "../../deploy/packages/package-files.ts";
import { run } from "../../deploy/local/command.ts";

/** A file of a package that is not one of our texts. */
export interface ExtraFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string | { readonly copyOf: string };
}

export interface PackageInput {
  readonly declared: DebianPackage;
  readonly build: PackageBuild;
  readonly extraFiles: readonly ExtraFile[];
  /** The time of all its files, in seconds: the same input makes the same bytes. */
  readonly epochSeconds: number;
}

/** zstd at this level takes a tenth of the time of xz, and a tenth more space. */
const compression = ["-Zzstd", "-z9", "--threads-max=1"];

/** Builds a Debian package; answers its path. `stage` is an empty directory for its tree. */
export async function buildPackage(input: PackageInput, stage: string, output: string): Promise<string> {
  const { declared, build, extraFiles, epochSeconds } = input;
  for (const file of [...packageFiles(declared), ...extraFiles]) put(stage, file);
  const directories = Object.entries(packageDirectories(declared)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [path] of directories) mkdirSync(join(stage, path), { recursive: true });
  ordinaryDirectories(stage);
  for (const [path, mode] of directories) chmodSync(join(stage, path), mode);
  const sums = checksums(stage);
  mkdirSync(join(stage, "DEBIAN"));
  chmodSync(join(stage, "DEBIAN"), 0o755);
  const control = (path: string, content: string, mode = 0o644) =>
    put(stage, { path: `/DEBIAN/${path}`, content, mode });
  control("control", controlFile(declared, build, sums.bytes));
  control("md5sums", sums.text);
  for (const [name, text] of Object.entries(maintainerScripts(declared))) control(name, text, 0o755);
  setTimes(stage, epochSeconds);
  const architecture = declared.machineDependent ? build.architecture : "all";
  const path = join(output, `${declared.name}_${build.version}_${architecture}.deb`);
  const environment = `SOURCE_DATE_EPOCH=${epochSeconds}`;
  await run("env", [environment, "dpkg-deb", "--root-owner-group", ...compression, "--build", stage, path], 300_000);
  return path;
}

function put(stage: string, { path, mode, content }: ExtraFile): void {
  const target = join(stage, path);
  mkdirSync(dirname(target), { recursive: true });
  if (typeof content === "string") writeFileSync(target, content);
  else copyFileSync(content.copyOf, target);
  chmodSync(target, mode);
}

/** Whatever the umask is here. */
function ordinaryDirectories(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) ordinaryDirectories(join(directory, entry.name));
  }
}

/** The files below a directory, by their names' order, without the leading slash. */
function filesBelow(directory: string, prefix = ""): readonly string[] {
  return readdirSync(directory, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = prefix + entry.name;
      return entry.isDirectory() ? filesBelow(join(directory, entry.name), `${path}/`) : [path];
    });
}

function checksums(stage: string): { readonly text: string; readonly bytes: number } {
  let bytes = 0;
  const lines = filesBelow(stage).map((path) => {
    bytes += statSync(join(stage, path)).size;
    return `${createHash("md5")
      .update(readFileSync(join(stage, path)))
      .digest("hex")}  ${path}\n`;
  });
  return { text: lines.join(""), bytes };
}

function setTimes(directory: string, epochSeconds: number): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) setTimes(path, epochSeconds);
    else lutimesSync(path, epochSeconds, epochSeconds);
  }
  lutimesSync(directory, epochSeconds, epochSeconds);
}
