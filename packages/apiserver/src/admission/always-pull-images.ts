import type { Container, EphemeralContainer, Pod, Volume } from "@kube-ts/api/core/v1";
import { fieldErrorText, notSupportedField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { pods } from "@kube-ts/api/resource-types";
import { eachContainer } from "../registry/core/each-container.ts";
import { aggregate } from "../auth/tokens/token-authenticator.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";

const specPath = fieldPath("spec");

/** Has every image pulled anew, so that nobody uses those that others had the right to pull onto the node. */
export class AlwaysPullImages implements AdmissionPlugin {
  readonly name = "AlwaysPullImages";

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  admit(attributes: AdmissionAttributes): void {
    const pod = podWithImages(attributes);
    if (!pod) return;
    eachContainer(pod.spec, specPath, (container) => void (container.imagePullPolicy = "Always"));
    for (const { image } of pod.spec.volumes ?? []) if (image) image.pullPolicy = "Always";
  }

  validate(attributes: AdmissionAttributes): void {
    const pod = podWithImages(attributes);
    if (!pod) return;
    const problems: string[] = [];
    const check = (policy: string | undefined, path: string) => {
      if (policy !== "Always") problems.push(fieldErrorText(notSupportedField(path, policy ?? "", ["Always"])));
    };
    eachContainer(pod.spec, specPath, (container, path) =>
      check(container.imagePullPolicy, path.child("imagePullPolicy").toString()),
    );
    for (const [index, { image }] of (pod.spec.volumes ?? []).entries()) {
      if (image)
        check(image.pullPolicy, specPath.child("volumes").index(index).child("image", "pullPolicy").toString());
    }
    if (problems.length > 0) throw admissionForbidden(attributes, aggregate(problems));
  }
}

/** The pod of a write that brings images with it. */
function podWithImages(attributes: AdmissionAttributes): Pod | undefined {
  if (!isWriteOf(attributes, pods, ["", "ephemeralcontainers"])) return undefined;
  const pod = attributes.object as Pod | undefined;
  const old = attributes.operation === "UPDATE" ? (attributes.oldObject as Pod | undefined) : undefined;
  return pod && old && !bringsImages(pod, old) ? undefined : pod;
}

function bringsImages(pod: Pod, old: Pod): boolean {
  const before = new Set(imagesOf(old));
  return imagesOf(pod).some((image) => !before.has(image));
}

function imagesOf({ spec }: Pod): (string | undefined)[] {
  const containers: (Container | EphemeralContainer)[] = [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...(spec.ephemeralContainers ?? []),
  ];
  const volumes: readonly Volume[] = spec.volumes ?? [];
  return [...containers.map(({ image }) => image), ...volumes.map(({ image }) => image?.reference)];
}
