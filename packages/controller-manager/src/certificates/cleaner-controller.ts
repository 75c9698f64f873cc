import { X509Certificate } from "node:crypto";
import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { nameOf, uidOf } from "@kube-ts/api/object";
import { certificateSigningRequests } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { obsolescence } from "./cleanup-plan.ts";
import { certificateController } from "./request-queue.ts";

const periodMs = 3_600_000;

/** Deletes requests that were answered long ago, and those that nobody answers. */
class CleanerController implements Controller {
  readonly #context: ControllerContext;
  readonly #requests: Informer<CertificateSigningRequest>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#requests = context.informers.informer(certificateSigningRequests);
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await this.#clean(signal);
        await this.#context.clock.sleep(periodMs, signal);
      }
    } catch (error) {
      if (!isAbort(error, signal)) throw error;
    }
  }

  async #clean(signal: AbortSignal): Promise<void> {
    const { client, clock, log } = this.#context;
    for (const request of this.#requests.list()) {
      const why = obsolescence(request, clock.now(), certificateEndMs);
      if (why === undefined || signal.aborted) continue;
      const name = nameOf(request);
      log.info("certificate signing request is cleaned up", { name, why });
      try {
        const preconditions = { uid: uidOf(request) };
        await client.resource(certificateSigningRequests).delete({ name }, { preconditions, signal });
      } catch (error) {
        if (isNotFound(error) || isConflict(error) || isAbort(error, signal)) continue;
        log.warn("certificate signing request could not be deleted", { name, error: errorFields(error) });
      }
    }
  }
}

/** When the request's certificate ends; undefined for one that cannot be read. */
function certificateEndMs({ status }: CertificateSigningRequest): number | undefined {
  try {
    return new X509Certificate(Buffer.from(status?.certificate ?? "", "base64")).validToDate.getTime();
  } catch {
    return undefined;
  }
}

export const cleanerController: ControllerDefinition = {
  name: "certificatesigningrequest-cleaner-controller",
  serviceAccount: certificateController,
  create: (context) => new CleanerController(context),
};
