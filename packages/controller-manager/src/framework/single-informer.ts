import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { InformerFactory } from "@kube-ts/client/informer-factory";
import type { Informer, InformerOptions } from "@kube-ts/client/informer";
import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import type { TaskGroup } from "@kube-ts/std/task-group";
import type { ControllerContext } from "./controller.ts";

/** An informer of one controller's own, for a resource that may be served today and not tomorrow. */
export interface SingleInformer {
  readonly informer: Informer<KubeObject>;
  stop(): void;
}

/** Runs an informer with the controller's own client until it is stopped or the tasks end. */
export function startSingleInformer(
  { client, clock, random, log }: ControllerContext,
  type: ResourceType,
  options: InformerOptions<KubeObject>,
  tasks: TaskGroup,
): SingleInformer {
  const factory = new InformerFactory(client, { clock, random, log });
  const informer = factory.informer<KubeObject>(type, options);
  const stop = new AbortController();
  tasks.start(async (signal) => {
    const either = AbortSignal.any([signal, stop.signal]);
    await factory.run(either).catch((error: unknown) => {
      if (!isAbort(error, either)) {
        log.error("resource monitor failed", { resource: type.plural, error: errorFields(error) });
      }
      if (!either.aborted) throw error;
    });
  });
  return { informer, stop: () => stop.abort(new Error("resource is no longer watched")) };
}
