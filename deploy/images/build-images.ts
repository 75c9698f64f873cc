import { CommandError, run } from "../local/command.ts";
import { demoImages, pauseImage } from "./recipes.ts";
import { buildImage, recipeDigest, recipeLabel } from "./root-filesystem.ts";
import type { ImageRecipe } from "./root-filesystem.ts";

/** Every image that a local cluster brings along. */
const localImages = [pauseImage, ...demoImages];

/** Builds the images that the engine does not have, or has as another recipe made them; answers their tags. */
export async function buildMissingImages(): Promise<readonly string[]> {
  const built: string[] = [];
  for (const recipe of localImages) {
    if (await isBuilt(recipe)) continue;
    await buildImage(recipe);
    built.push(recipe.tag);
  }
  return built;
}

async function isBuilt(recipe: ImageRecipe): Promise<boolean> {
  const format = `{{index .Config.Labels "${recipeLabel}"}}`;
  try {
    const digest = await run("docker", ["image", "inspect", "--format", format, recipe.tag]);
    return digest.trim() === recipeDigest(recipe);
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}
