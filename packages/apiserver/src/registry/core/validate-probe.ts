import type {
  ExecAction,
  GRPCAction,
  HTTPGetAction,
  Lifecycle,
  LifecycleHandler,
  Probe,
  SleepAction,
  TCPSocketAction,
} from "@kube-ts/api/core/v1";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";
import type { IntOrString } from "@kube-ts/api/meta/v1";
import { httpHeaderNameErrors, portNameErrors, portNumberErrors } from "@kube-ts/api/names";
import { checkNonNegative, checkTexts, isBlank } from "../meta/validate-fields.ts";

interface Handler {
  exec?: ExecAction;
  httpGet?: HTTPGetAction;
  tcpSocket?: TCPSocketAction;
  grpc?: GRPCAction;
  sleep?: SleepAction;
}

const schemes = ["HTTP", "HTTPS"];

/** A container's probes and hooks; `graceSeconds` is what the pod allows for termination. */
export function checkProbesAndHooks(
  container: { livenessProbe?: Probe; readinessProbe?: Probe; startupProbe?: Probe; lifecycle?: Lifecycle },
  graceSeconds: number | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  if (lifecycle) checkLifecycle(lifecycle, graceSeconds, path.child("lifecycle"), errors);
  if (livenessProbe) checkSingleSuccessProbe(livenessProbe, graceSeconds, path.child("livenessProbe"), errors);
  if (readinessProbe) {
    const probePath = path.child("readinessProbe");
    checkProbe(readinessProbe, graceSeconds, probePath, errors);
    if (readinessProbe.terminationGracePeriodSeconds !== undefined) {
      const value = readinessProbe.terminationGracePeriodSeconds;
      const text = "must not be set for readinessProbes";
      errors.push(invalidField(probePath.child("terminationGracePeriodSeconds"), value, text));
    }
  }
  if (startupProbe) checkSingleSuccessProbe(startupProbe, graceSeconds, path.child("startupProbe"), errors);
}

/** A port given by its number or by its name. */
export function checkPortNumberOrName(port: IntOrString | undefined, path: FieldPath, errors: FieldError[]): void {
  if (typeof port === "string") checkTexts(portNameErrors(port), port, path, errors);
  else checkTexts(portNumberErrors(port ?? 0), port ?? 0, path, errors);
}

function checkSingleSuccessProbe(
  probe: Probe,
  graceSeconds: number | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  checkProbe(probe, graceSeconds, path, errors);
  if (probe.successThreshold !== 1) {
    errors.push(invalidField(path.child("successThreshold"), probe.successThreshold ?? 0, "must be 1"));
  }
}

const probeNumbers = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
] as const;

function checkProbe(probe: Probe, graceSeconds: number | undefined, path: FieldPath, errors: FieldError[]): void {
  checkHandler(probe, graceSeconds, path, errors);
  for (const field of probeNumbers) {
    const value = probe[field];
    if (value !== undefined && value < 0) checkNonNegative(value, path.child(field), errors);
  }
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0) {
    errors.push(invalidField(path.child("terminationGracePeriodSeconds"), grace, "must be greater than 0"));
  }
}

function checkLifecycle(
  lifecycle: Lifecycle,
  graceSeconds: number | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  for (const field of ["postStart", "preStop"] as const) {
    const handler: LifecycleHandler | undefined = lifecycle[field];
    if (handler) checkHandler(handler, graceSeconds, path.child(field), errors);
  }
}

function checkHandler(handler: Handler, graceSeconds: number | undefined, path: FieldPath, errors: FieldError[]): void {
  let handlers = 0;
  const isFirst = (field: keyof Handler): boolean => {
    handlers++;
    if (handlers > 1) errors.push(forbiddenField(path.child(field), "may not specify more than 1 handler type"));
    return handlers === 1;
  };
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (exec && isFirst("exec") && !exec.command?.length) {
    errors.push(requiredField(path.child("exec", "command"), ""));
  }
  if (httpGet && isFirst("httpGet")) checkHttpGet(httpGet, path.child("httpGet"), errors);
  if (tcpSocket && isFirst("tcpSocket")) {
    checkPortNumberOrName(tcpSocket.port, path.child("tcpSocket", "port"), errors);
  }
  if (grpc && isFirst("grpc")) checkPortNumberOrName(grpc.port, path.child("grpc", "port"), errors);
  if (sleep && isFirst("sleep")) checkSleep(sleep, graceSeconds, path.child("sleep"), errors);
  if (handlers === 0) errors.push(requiredField(path, "must specify a handler type"));
}

function checkHttpGet(action: HTTPGetAction, path: FieldPath, errors: FieldError[]): void {
  if (isBlank(action.path)) errors.push(requiredField(path.child("path"), ""));
  checkPortNumberOrName(action.port, path.child("port"), errors);
  const scheme = action.scheme ?? "";
  if (!schemes.includes(scheme)) errors.push(notSupportedField(path.child("scheme"), scheme, schemes));
  for (const header of action.httpHeaders ?? []) {
    checkTexts(httpHeaderNameErrors(header.name), header.name, path.child("httpHeaders"), errors);
  }
}

function checkSleep(sleep: SleepAction, graceSeconds: number | undefined, path: FieldPath, errors: FieldError[]): void {
  if (graceSeconds === undefined || (sleep.seconds >= 0 && sleep.seconds <= graceSeconds)) return;
  const text = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`;
  errors.push(invalidField(path, sleep.seconds, text));
}
