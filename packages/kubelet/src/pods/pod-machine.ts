import type { Container, Pod } from "@kube-ts/api/core/v1";
import type { RuntimeImage } from "../runtime/image-service.ts";

/** Makes images present. */
export interface ImageProvider {
  /**
   * The image, pulled if its policy asks for that. Tells users of it by events, of the container that `fieldPath` names
   * or else of the pod. Throws a `StartError` when the image cannot be had now.
   */
  ensure(
    pod: Pod,
    wanted: Pick<Container, "image" | "imagePullPolicy">,
    fieldPath: string | undefined,
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
