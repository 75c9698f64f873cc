import type { Container, EphemeralContainer, Pod } from "@kube-ts/api/core/v1";
import type { RuntimeImage } from "../runtime/image-service.ts";

/** Makes images present. */
export interface ImageProvider {
  /**
   * The image of the container, pulled if its policy asks for that. Tells users of it by events. Throws a `StartError`
   * when the image cannot be had now.
   */
  ensure(
    pod: Pod,
    container: Container | EphemeralContainer,
    fieldPath: string,
    signal: AbortSignal,
  ): Promise<RuntimeImage>;
}

/** The cgroups of pods. */
export interface PodCgroups {
  /** Makes the pod's cgroup and sets its limits; may be called again. Answers its path for the runtime. */
  ensure(pod: Pod, signal: AbortSignal): Promise<string>;
  /** Ends what is left in the pod's cgroup and removes it. Success when there is none. */
  remove(podUid: string, signal: AbortSignal): Promise<void>;
}
