import type { PodIdentity } from "./runtime.ts";

/** Images as the runtime keeps them. References are user input; ids are the runtime's (`sha256:…`). */
export interface ImageService {
  list(signal: AbortSignal): Promise<readonly RuntimeImage[]>;
  /** Undefined when the image is not present. Code InvalidImageName for a reference that cannot be parsed. */
  status(reference: string, signal: AbortSignal): Promise<RuntimeImage | undefined>;
  /**
   * Pulls and answers the image's id. Fails with ErrImagePull, RegistryUnavailable or InvalidImageName; gives up
   * when no byte arrived within the progress deadline.
   */
  pull(reference: string, options: PullOptions, signal: AbortSignal): Promise<string>;
  /** Removes every name of the image and the image. Success when it is gone; Conflict while in use. */
  remove(reference: string, signal: AbortSignal): Promise<void>;
  fsInfo(signal: AbortSignal): Promise<FilesystemInfo>;
  /** Keeps the image from being removed, and answers its files. A holder holds one image: the last one. */
  hold(imageId: string, holder: ImageHolder, signal: AbortSignal): Promise<ImageLayers>;
  /** What the holder holds; undefined for nothing. */
  holding(holder: ImageHolder, signal: AbortSignal): Promise<HeldImage | undefined>;
  /** Lets go of everything that the pod's volumes hold. */
  release(podUid: string, signal: AbortSignal): Promise<void>;
  /** The ids of all images that are held. */
  held(signal: AbortSignal): Promise<ReadonlySet<string>>;
}

/** A volume that shows an image. */
export interface ImageHolder {
  readonly pod: PodIdentity;
  readonly volume: string;
}

export interface HeldImage {
  readonly imageId: string;
  /** By digest, where the image has one. */
  readonly imageRef: string;
}

/** The files of an image, to be laid over one another. */
export interface ImageLayers extends HeldImage {
  /** Where the layers' paths begin. */
  readonly directory: string;
  /** The uppermost first. */
  readonly layers: readonly string[];
}

export interface RuntimeImage {
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly sizeBytes: number;
  /** The numeric user of the image's configuration, if numeric. */
  readonly uid: number | undefined;
  /** The user of the image's configuration when it is a name. */
  readonly username: string;
  /** Kept by the runtime's configuration: never collected. */
  readonly pinned: boolean;
}

export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly identityToken?: string;
  readonly registryToken?: string;
  readonly serverAddress?: string;
}

export interface PullProgress {
  readonly layersDone: number;
  readonly layersTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

export interface PullOptions {
  readonly auth?: RegistryAuth;
  readonly onProgress?: (progress: PullProgress) => void;
}

export interface FilesystemInfo {
  readonly mountpoint: string;
  readonly timestampMs: number;
  readonly capacityBytes: number;
  readonly availableBytes: number;
  /** What images take up. */
  readonly usedBytes: number;
  readonly inodesTotal: number;
  readonly inodesFree: number;
}
