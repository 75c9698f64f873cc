import type {
  Container,
  ContainerPort,
  ContainerState,
  ContainerStatus,
  EnvVar,
  Pod,
  PodSpec,
  PodTemplateSpec,
  Probe,
  ResourceList,
} from "@kube-ts/api/core/v1";
import { formatLabelSelector } from "@kube-ts/api/selectors";
import { Description } from "./description.ts";
import { localTime } from "./local-time.ts";
import { writeVolumes } from "./volumes.ts";
import { fieldValue, resourceValue } from "./variable-values.ts";

/** A pod template on its own, as rollout history shows it. */
/** Its columns are apart by tabs. */
export function describePodTemplate(template: unknown): string {
  const description = new Description();
  writePodTemplate(description, template as PodTemplateSpec);
  return description.withTabs;
}

export function writePodTemplate(description: Description, template: PodTemplateSpec | undefined): void {
  description.line(0, "Pod Template:");
  const { metadata = {}, spec } = template ?? {};
  const entries = Object.entries(metadata.labels ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) description.line(1, "Labels:\t<none>");
  for (const [index, [key, value]] of entries.entries())
    description.line(index === 0 ? 1 : 0, `${index === 0 ? "Labels:" : ""}\t${key}=${value}`);
  const annotations = Object.entries(metadata.annotations ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [index, [key, value]] of annotations.entries())
    description.line(index === 0 ? 1 : 0, `${index === 0 ? "Annotations:" : ""}\t${key}: ${value}`);
  if (!spec) return;
  if (spec.serviceAccountName) description.line(1, `Service Account:\t${spec.serviceAccountName}`);
  if (spec.initContainers?.length) writeContainers(description, 1, "Init Containers", spec.initContainers, undefined);
  writeContainers(description, 1, "Containers", spec.containers, undefined);
  writeVolumes(description, 1, spec.volumes);
  if (spec.topologySpreadConstraints?.length) {
    const texts = spec.topologySpreadConstraints.map(
      ({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }) =>
        `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded${labelSelector ? ` for selector ${formatLabelSelector(labelSelector)}` : ""}`,
    );
    for (const [index, text] of texts.entries())
      description.line(1, `${index === 0 ? "Topology Spread Constraints:" : ""}\t${text}`);
  }
  if (spec.priorityClassName) description.line(1, `Priority Class Name:\t${spec.priorityClassName}`);
  writeScheduling(description, 1, spec);
}

export function writeScheduling(description: Description, level: number, spec: PodSpec): void {
  const selectors = Object.entries(spec.nodeSelector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .toSorted();
  if (selectors.length === 0) description.line(level, "Node-Selectors:\t<none>");
  for (const [index, text] of selectors.entries())
    description.line(level, `${index === 0 ? "Node-Selectors:" : ""}\t${text}`);
  const sorted = (spec.tolerations ?? []).toSorted((a, b) =>
    (a.key ?? "") < (b.key ?? "") ? -1 : (a.key ?? "") > (b.key ?? "") ? 1 : 0,
  );
  const tolerations = sorted.map(({ key = "", operator, value = "", effect, tolerationSeconds }) => {
    let text = key + (value === "" ? "" : `=${value}`) + (effect ? `:${effect}` : "");
    if (operator === "Exists" && value === "") text += key === "" && !effect ? "op=Exists" : " op=Exists";
    return text + (tolerationSeconds === undefined ? "" : ` for ${tolerationSeconds}s`);
  });
  if (tolerations.length === 0) description.line(level, "Tolerations:\t<none>");
  for (const [index, text] of tolerations.entries())
    description.line(level, `${index === 0 ? "Tolerations:" : ""}\t${text}`);
}

/** The containers of a pod or template; statuses add their state. */
export function writeContainers(
  description: Description,
  level: number,
  label: string,
  containers: readonly Container[] | undefined,
  statuses: readonly ContainerStatus[] | undefined,
  pod?: Pod,
): void {
  if (!containers?.length) {
    description.line(level, `${label}:\t<none>`);
    return;
  }
  description.line(level, `${label}:`);
  for (const container of containers) {
    description.line(1, `${level > 0 ? " " : ""}${container.name}:`);
    const status = statuses?.find(({ name }) => name === container.name);
    writeContainer(description, container, status, pod);
  }
}

/** How far in the fields of a container stand. */
const level = 2;

function writeContainer(
  description: Description,
  container: Container,
  status: Partial<ContainerStatus> | undefined,
  pod: Pod | undefined,
): void {
  const line = (text: string) => description.line(level, text);
  if (status) line(`Container ID:\t${status.containerID ?? ""}`);
  line(`Image:\t${container.image ?? ""}`);
  if (status) line(`Image ID:\t${status.imageID ?? ""}`);
  writePorts(description, container);
  writeSeccompProfile(description, container);
  writeLines(
    description,
    "Command",
    container.command?.flatMap((word) => word.split("\n")),
  );
  writeLines(
    description,
    "Args",
    container.args?.flatMap((word) => word.split("\n")),
  );
  if (status) writeStatus(description, status);
  writeLines(description, "Limits", amountLines(container.resources?.limits));
  writeLines(description, "Requests", amountLines(container.resources?.requests));
  if (container.livenessProbe) line(`Liveness:\t${probeText(container.livenessProbe)}`);
  if (container.readinessProbe) line(`Readiness:\t${probeText(container.readinessProbe)}`);
  if (container.startupProbe) line(`Startup:\t${probeText(container.startupProbe)}`);
  writeEnvironment(description, container, pod);
  writeMounts(description, container);
}

/** A title with lines below it; nothing without lines. */
function writeLines(description: Description, title: string, lines: readonly string[] = []): void {
  if (lines.length === 0) return;
  description.line(level, `${title}:`);
  for (const each of lines) description.line(level + 1, each);
}

function writePorts(description: Description, { ports = [] }: Container): void {
  const texts = (numberOf: (port: ContainerPort) => number) =>
    ports
      .map((port) => `${numberOf(port)}/${port.protocol ?? "TCP"}${port.name ? ` (${port.name})` : ""}`)
      .join(", ") || "<none>";
  const ending = ports.length > 1 ? "s" : "";
  description.line(level, `Port${ending}:\t${texts(({ containerPort }) => containerPort)}`);
  description.line(level, `Host Port${ending}:\t${texts(({ hostPort = 0 }) => hostPort)}`);
}

function writeSeccompProfile(description: Description, { securityContext }: Container): void {
  const profile = securityContext?.seccompProfile;
  if (profile) description.line(level, `SeccompProfile:\t${profile.type}`);
  if (profile?.localhostProfile) description.line(level + 1, `LocalhostProfile:\t${profile.localhostProfile}`);
}

function amountLines(amounts: ResourceList = {}): string[] {
  return Object.keys(amounts)
    .toSorted()
    .map((name) => `${name}:\t${amounts[name] ?? ""}`);
}

function writeMounts(description: Description, { volumeMounts = [], volumeDevices = [] }: Container): void {
  if (volumeMounts.length === 0) description.line(level, "Mounts:\t<none>");
  const mounts = volumeMounts.toSorted((a, b) => (a.mountPath < b.mountPath ? -1 : 1));
  const mountLines = mounts.map(({ name, mountPath, readOnly, subPath }) => {
    const path = subPath ? `,path="${subPath}"` : "";
    return `${mountPath} from ${name} (${readOnly ? "ro" : "rw"}${path})`;
  });
  writeLines(description, "Mounts", mountLines);
  const devices = volumeDevices.toSorted((a, b) => (a.devicePath < b.devicePath ? -1 : 1));
  const deviceLines = devices.map(({ name, devicePath }) => `${devicePath} from ${name}`);
  writeLines(description, "Devices", deviceLines);
}

function writeStatus(description: Description, status: Partial<ContainerStatus>): void {
  writeState(description, "State", status.state);
  if (status.lastState?.terminated) writeState(description, "Last State", status.lastState);
  description.line(level, `Ready:\t${status.ready ? "True" : "False"}`);
  description.line(level, `Restart Count:\t${status.restartCount ?? 0}`);
}

function writeState(description: Description, label: string, state: ContainerState | undefined): void {
  const line = (text: string) => description.line(level + 1, text);
  if (state?.running) {
    description.line(level, `${label}:\tRunning`);
    line(`Started:\t${localTime(state.running.startedAt)}`);
  } else if (state?.terminated) {
    const { reason, message, exitCode, signal, startedAt, finishedAt } = state.terminated;
    description.line(level, `${label}:\tTerminated`);
    if (reason) line(`Reason:\t${reason}`);
    if (message) line(`Message:\t${message}`);
    line(`Exit Code:\t${exitCode ?? 0}`);
    if (signal) line(`Signal:\t${signal}`);
    line(`Started:\t${localTime(startedAt)}`);
    line(`Finished:\t${localTime(finishedAt)}`);
  } else {
    description.line(level, `${label}:\tWaiting`);
    if (state?.waiting?.reason) line(`Reason:\t${state.waiting.reason}`);
  }
}

function probeText(probe: Probe): string {
  const {
    timeoutSeconds = 0,
    periodSeconds = 0,
    initialDelaySeconds = 0,
    successThreshold = 0,
    failureThreshold = 0,
  } = probe;
  const attributes = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #success=${successThreshold} #failure=${failureThreshold}`;
  if (probe.exec) return `exec [${(probe.exec.command ?? []).join(" ")}] ${attributes}`;
  if (probe.httpGet) {
    const { scheme = "HTTP", host = "", port, path = "" } = probe.httpGet;
    return `http-get ${scheme.toLowerCase()}://${host}:${port}${path} ${attributes}`;
  }
  if (probe.tcpSocket) return `tcp-socket ${probe.tcpSocket.host ?? ""}:${probe.tcpSocket.port} ${attributes}`;
  if (probe.grpc) return `grpc <pod>:${probe.grpc.port} ${probe.grpc.service ?? ""} ${attributes}`;
  return `unknown ${attributes}`;
}

function writeEnvironment(description: Description, container: Container, pod: Pod | undefined): void {
  for (const source of container.envFrom ?? []) {
    if (source === container.envFrom?.[0]) description.line(level, "Environment Variables from:");
    const [kind, reference] = source.configMapRef ? ["ConfigMap", source.configMapRef] : ["Secret", source.secretRef];
    const prefix = source.prefix ? ` with prefix '${source.prefix}'` : "";
    description.line(
      level + 1,
      `${reference?.name ?? ""}\t${kind}${prefix}\tOptional: ${reference?.optional ?? false}`,
    );
  }
  const variables = container.env ?? [];
  if (variables.length === 0) description.line(level, "Environment:\t<none>");
  else description.line(level, "Environment:");
  for (const variable of variables) {
    const [first = "", ...more] = variableText(variable, container, pod).split("\n");
    description.line(level + 1, `${variable.name}:\t${first}`);
    for (const text of more) description.line(level + 1, `\t${text}`);
  }
}

function variableText({ value = "", valueFrom }: EnvVar, container: Container, pod: Pod | undefined): string {
  if (valueFrom?.fieldRef) {
    const { apiVersion = "v1", fieldPath } = valueFrom.fieldRef;
    return `${pod ? fieldValue(pod, fieldPath) : ""} (${apiVersion}:${fieldPath})`;
  }
  if (valueFrom?.resourceFieldRef) {
    const { resource } = valueFrom.resourceFieldRef;
    return `${resourceValue(container, valueFrom.resourceFieldRef)} (${resource})`;
  }
  for (const [kind, reference] of [
    ["in secret", valueFrom?.secretKeyRef],
    ["of config map", valueFrom?.configMapKeyRef],
  ] as const) {
    if (reference)
      return `<set to the key '${reference.key}' ${kind} '${reference.name ?? ""}'>\tOptional: ${reference.optional ?? false}`;
  }
  return value.split("\n").join("\n");
}
