import { createHash } from "node:crypto";
import { createReadStream, realpathSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "@kube-ts/std/run-program";
import { kubernetesVersion } from "@kube-ts/std/version";
import { buildImage } from "../../images/root-filesystem.ts";
import type { ImageFile, ImageRecipe } from "../../images/root-filesystem.ts";
import { sharedLibraries } from "../../images/shared-libraries.ts";
import { programDirectory } from "../../units/unit-files.ts";
import { staticPodDaemons } from "../machine-daemons.ts";

const askMs = 20_000;
const controlPlaneRepository = "kube-ts/control-plane";

/**
 * An image of the control plane's programs, made of what the packages have installed on this machine. Its tag has their
 * digest: other programs are another image.
 */
export async function controlPlaneImage(): Promise<ImageRecipe> {
  const node = join(programDirectory, "node");
  const programs = [node, ...staticPodDaemons.map((daemon) => join(programDirectory, `${daemon}.mjs`))];
  const copied = [...programs, ...sharedLibraries(node)];
  return {
    tag: `${controlPlaneRepository}:${kubernetesVersion}-${(await digestOf(copied)).slice(0, 12)}`,
    files: copied.map((path): ImageFile => ({ path, content: { copyOf: realpathSync(path) }, mode: 0o755 })),
    changes: ['ENV PATH="/bin"'],
  };
}

/** Builds the image unless the engine has it; answers whether it was built. */
export async function ensureImage(recipe: ImageRecipe, signal: AbortSignal): Promise<boolean> {
  const command = ["docker", "image", "inspect", "--format={{.Id}}", recipe.tag];
  const isThere = await runProgram({ command, timeoutMs: askMs }, signal).then(
    () => true,
    () => false,
  );
  signal.throwIfAborted();
  if (!isThere) await buildImage(recipe);
  return !isThere;
}

async function digestOf(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) {
    hash.update(`${path}\0`);
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  }
  return hash.digest("hex");
}
