import { formatImageReference, isImageId, parseImageReference, repositoryOf } from "../image-reference.ts";
import type { ImageReference } from "../image-reference.ts";

/** The parts of an inspected or listed image that name it. */
export interface NamedImage {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly RepoDigests?: readonly string[] | null;
}

const idPrefix = "sha256:";

/**
 * Whether the engine's answer is the image that was asked for. The engine also resolves names as prefixes of
 * ids (`beef` finds `sha256:beef…`), which must not pass for the image named so.
 */
export function isImageAskedFor(image: NamedImage, asked: string): boolean {
  if (isImageId(asked)) return image.Id === (asked.startsWith(idPrefix) ? asked : `${idPrefix}${asked}`);
  const reference = parseImageReference(asked);
  if (reference.digest !== undefined) {
    const wanted = formatImageReference({ ...reference, tag: undefined });
    return realNames(image.RepoDigests).some((name) => normalized(name) === wanted);
  }
  const wanted = formatImageReference(reference);
  return realNames(image.RepoTags).some((name) => normalized(name) === wanted);
}

/** What to give the engine's pull call. Without a tag it would pull every tag there is. */
export function pullSource(reference: ImageReference): { readonly fromImage: string; readonly tag: string } {
  // With both, the digest decides; the tag is only told to people.
  return { fromImage: repositoryOf(reference), tag: reference.digest ?? reference.tag ?? "latest" };
}

/** Without the engine's placeholders for unnamed images. */
export function realNames(names: readonly string[] | null | undefined): readonly string[] {
  return (names ?? []).filter((name) => !name.startsWith("<none>"));
}

function normalized(name: string): string {
  try {
    return formatImageReference(parseImageReference(name));
  } catch {
    // A name that the engine took and we would not: it equals nothing that we parsed.
    return name;
  }
}
