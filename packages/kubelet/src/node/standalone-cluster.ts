import type { Node, Pod, PodStatus } from "@kube-ts/api/core/v1";
import { aborted } from "@kube-ts/std/abort";
import type { Logger } from "@kube-ts/std/log";
import type { EventLevel } from "../pods/pod-events.ts";
import type { ServiceAccountToken } from "../volumes/token-source.ts";
import type { Cluster, KubeletEvents } from "./cluster.ts";

/** A node without an API server: it runs static pods and tells its log. */
export function standaloneCluster(node: Node, log: Logger): Cluster {
  const absent = () => Promise.reject(new Error("this kubelet has no API server"));
  return {
    objects: { configMap: absent, secret: absent },
    tokens: {
      token: () => Promise.reject<ServiceAccountToken>(new Error("this kubelet has no API server")),
      release: () => undefined,
    },
    claims: { claim: absent, volume: absent },
    events: loggedEvents(log),
    node: () => node,
    services: () => [],
    runtimeHandler: absent,
    podsKnown: () => true,
    publish: (_pod: Pod, _status: PodStatus) => undefined,
    deletePod: () => Promise.resolve(),
    forget: () => undefined,
    showStatics: () => undefined,
    nodeChanged: () => undefined,
    run: (_workers, signal) => aborted(signal),
  };
}

function loggedEvents(log: Logger): KubeletEvents {
  const write = (subject: string | undefined, level: EventLevel, reason: string, message: string) =>
    log.info("event", { subject, level, reason, message });
  return {
    pod: ({ metadata }, level, reason, message) => write(metadata.name, level, reason, message),
    container: ({ metadata }, fieldPath, level, reason, message) =>
      write(`${metadata.name} ${fieldPath}`, level, reason, message),
    node: (level, reason, message) => write("node", level, reason, message),
  };
}
