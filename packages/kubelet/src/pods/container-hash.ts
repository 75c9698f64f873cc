import type { Container, EphemeralContainer } from "@kube-ts/api/core/v1";

/**
 * What of a container's spec, when it changes, needs a new instance. All else is immutable or is applied to the
 * running one, so that a kubelet that knows more fields than its predecessor does not restart anything.
 */
export function containerHash(spec: Container | EphemeralContainer): string {
  return fnv1a32(JSON.stringify({ name: spec.name, image: spec.image ?? "" })).toString(16);
}

/** FNV-1a over the text's UTF-8 bytes. */
function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash ^= byte;
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
