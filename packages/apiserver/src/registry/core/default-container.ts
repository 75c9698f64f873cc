import type {
  Container,
  EnvVar,
  LifecycleHandler,
  ObjectFieldSelector,
  Probe,
  ResourceFieldSelector,
} from "@kube-ts/api/core/v1";
import { canonicalQuantity } from "@kube-ts/api/quantity";
import { dropZeroFields } from "../meta/zero-fields.ts";
import { canonicalizeResources } from "./canonical-resources.ts";
import { isLatestImage } from "./image-tag.ts";

/** Defaults of a container of any kind. Pure, and free of what only the server has. */
export function defaultContainer(container: Container): void {
  dropZeroFields(container, containerZeroFields);
  container.imagePullPolicy ??= defaultPullPolicy(container.image ?? "");
  container.terminationMessagePath ??= "/dev/termination-log";
  container.terminationMessagePolicy ??= "File";
  container.resources ??= {};
  canonicalizeResources(container.resources.limits);
  canonicalizeResources(container.resources.requests);
  for (const port of container.ports ?? []) {
    dropZeroFields(port, portZeroFields);
    port.protocol ??= "TCP";
  }
  for (const variable of container.env ?? []) defaultEnvVar(variable);
  for (const mount of container.volumeMounts ?? []) dropZeroFields(mount, mountZeroFields);
  if (container.livenessProbe) defaultProbe(container.livenessProbe);
  if (container.readinessProbe) defaultProbe(container.readinessProbe);
  if (container.startupProbe) defaultProbe(container.startupProbe);
  if (container.lifecycle?.postStart) defaultHandler(container.lifecycle.postStart);
  if (container.lifecycle?.preStop) defaultHandler(container.lifecycle.preStop);
}

const containerZeroFields = [
  "image",
  "workingDir",
  "terminationMessagePath",
  "terminationMessagePolicy",
  "imagePullPolicy",
  "stdin",
  "stdinOnce",
  "tty",
] as const satisfies (keyof Container)[];
const portZeroFields = ["name", "hostPort", "protocol", "hostIP"] as const;
const mountZeroFields = ["readOnly", "subPath", "subPathExpr"] as const;
const probeZeroFields = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
] as const satisfies (keyof Probe)[];

export function defaultPullPolicy(image: string): "Always" | "IfNotPresent" {
  return isLatestImage(image) ? "Always" : "IfNotPresent";
}

export function defaultFieldRef(selector: ObjectFieldSelector): void {
  selector.apiVersion ||= "v1";
}

export function defaultResourceFieldRef(selector: ResourceFieldSelector): void {
  dropZeroFields(selector, ["containerName"]);
  selector.divisor = canonicalQuantity(selector.divisor ?? "0");
}

function defaultEnvVar(variable: EnvVar): void {
  if (variable.value === "") delete variable.value;
  const source = variable.valueFrom;
  if (source === undefined) return;
  if (source.fieldRef) defaultFieldRef(source.fieldRef);
  if (source.resourceFieldRef) defaultResourceFieldRef(source.resourceFieldRef);
  if (source.fileKeyRef) source.fileKeyRef.optional ??= false;
}

function defaultProbe(probe: Probe): void {
  dropZeroFields(probe, probeZeroFields);
  probe.timeoutSeconds ??= 1;
  probe.periodSeconds ??= 10;
  probe.successThreshold ??= 1;
  probe.failureThreshold ??= 3;
  if (probe.grpc) probe.grpc.service ??= "";
  defaultHandler(probe);
}

function defaultHandler(handler: Pick<LifecycleHandler, "httpGet" | "tcpSocket">): void {
  if (handler.tcpSocket) dropZeroFields(handler.tcpSocket, ["host"]);
  const request = handler.httpGet;
  if (request === undefined) return;
  dropZeroFields(request, ["path", "host", "scheme"]);
  request.path ??= "/";
  request.scheme ??= "HTTP";
}
