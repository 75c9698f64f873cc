import { ApiError } from "@kube-ts/api/status-error";
import type { Session } from "../session/session.ts";
import { metadataOf, type ObjectReference } from "./object-reference.ts";
import { pathOf } from "./resource-mapper.ts";

/** Pause after a watch that ended without an answer. */
const retryMs = 200;

/**
 * Waits until the object with this uid is gone (an empty uid means any of that name); false when that takes longer
 * than `timeoutMs`. Users who may delete but not look see success at once.
 */
export async function waitForDeletion(
  session: Session,
  reference: ObjectReference,
  uid: string,
  timeoutMs: number,
): Promise<boolean> {
  const api = await session.api();
  const deadline = AbortSignal.timeout(Math.min(Math.ceil(timeoutMs), 0x7fff_ffff));
  const signal = AbortSignal.any([session.signal, deadline]);
  const { resource, namespace, name } = reference;
  try {
    for (;;) {
      const current = await api.json({ path: pathOf(resource, namespace, name), signal });
      const metadata = metadataOf(current);
      if (uid !== "" && metadata["uid"] !== uid) return true;
      const query = {
        fieldSelector: `metadata.name=${name}`,
        resourceVersion: String(metadata["resourceVersion"] ?? ""),
      };
      for await (const { type } of api.watch({ path: pathOf(resource, namespace), query, signal })) {
        if (type === "DELETED") return true;
        if (type === "ERROR") break;
      }
      await session.clock.sleep(retryMs, signal);
    }
  } catch (error) {
    if (error instanceof ApiError && (error.code === 404 || error.code === 403 || error.code === 405)) return true;
    if (deadline.aborted && !session.signal.aborted) return false;
    throw error;
  }
}
