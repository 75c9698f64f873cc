/** What is known of an image when it is decided what goes. Times are milliseconds since the epoch. */
export interface ImageRecord {
  readonly id: string;
  readonly sizeBytes: number;
  readonly firstDetectedMs: number;
  /** When a container with it was last seen. */
  readonly lastUsedMs: number;
  readonly inUse: boolean;
  readonly pinned: boolean;
}

export interface ImageGcPolicy {
  /** Percent of the image file system that may be filled before images go. */
  readonly highThresholdPercent: number;
  /** Percent to which it is brought back then. */
  readonly lowThresholdPercent: number;
  readonly minAgeMs: number;
  /** Unused for longer, an image goes whatever the file system has left; 0 for never. */
  readonly maxUnusedAgeMs: number;
}

export interface ImageFilesystem {
  readonly capacityBytes: number;
  readonly availableBytes: number;
}

export interface ImageGcPlan {
  /** In this order. */
  readonly remove: readonly ImageRecord[];
  /** Those of them that go because nobody used them for too long. */
  readonly expired: ReadonlySet<ImageRecord>;
  /** What the file system needs back; 0 when it is filled too little. */
  readonly bytesWanted: number;
}

/** Which images to remove now: first those unused for too long, then the least recently used until enough is free. */
export function planImageGc(
  images: readonly ImageRecord[],
  filesystem: ImageFilesystem,
  policy: ImageGcPolicy,
  nowMs: number,
): ImageGcPlan {
  const { capacityBytes, availableBytes } = filesystem;
  const usedPercent = capacityBytes > 0 ? 100 - Math.floor((availableBytes * 100) / capacityBytes) : 0;
  const bytesWanted =
    usedPercent >= policy.highThresholdPercent
      ? Math.max(0, Math.floor((capacityBytes * (100 - policy.lowThresholdPercent)) / 100) - availableBytes)
      : 0;
  const removable = removableImages(images).filter((image) => nowMs - image.firstDetectedMs >= policy.minAgeMs);
  const expired = removable.filter(
    (image) => policy.maxUnusedAgeMs > 0 && nowMs - lastNeededMs(image) > policy.maxUnusedAgeMs,
  );
  let freed = expired.reduce((sum, image) => sum + image.sizeBytes, 0);
  const remove = [...expired];
  for (const image of removable) {
    if (freed >= bytesWanted) break;
    if (expired.includes(image)) continue;
    remove.push(image);
    freed += image.sizeBytes;
  }
  return { remove, expired: new Set(expired), bytesWanted };
}

/** What may go at all, least recently used first: for when space is needed whatever the policy says. */
export function removableImages(images: readonly ImageRecord[]): ImageRecord[] {
  return images
    .filter((image) => !image.inUse && !image.pinned)
    .sort((left, right) => left.lastUsedMs - right.lastUsedMs || left.firstDetectedMs - right.firstDetectedMs);
}

function lastNeededMs(image: ImageRecord): number {
  return Math.max(image.lastUsedMs, image.firstDetectedMs);
}
