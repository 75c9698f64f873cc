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
