import { succeeds } from "../local/command.ts";
import { demoImages, pauseImage } from "./recipes.ts";
import { buildImage } from "./root-filesystem.ts";

/** Every image that a local cluster brings along. */
const localImages = [pauseImage, ...demoImages];

/** Builds the images that the engine does not have; answers their tags. */
export async function buildMissingImages(): Promise<readonly string[]> {
  const built: string[] = [];
  for (const recipe of localImages) {
    if (await succeeds("docker", ["image", "inspect", recipe.tag])) continue;
    await buildImage(recipe);
    built.push(recipe.tag);
  }
  return built;
}
