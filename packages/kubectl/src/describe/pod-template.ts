import type {
  Container,
  ContainerState,
  ContainerStatus,
  EnvVar,
  PodSpec,
  PodTemplateSpec,
  Probe,
  Volume,
} from "@kube-ts/api/core/v1";
import { Description } from "./description.ts";
import { localTime } from "./local-time.ts";

/** A pod template on its own, as rollout history shows it. */
export function describePodTemplate(template: unknown): string {
  const description = new Description();
  writePodTemplate(description, template as PodTemplateSpec);
  return description.toString();
}

export function writePodTemplate(description: Description, template: PodTemplateSpec | undefined): void {
  description.line(0, "Pod Template:");
  const { metadata = {}, spec } = template ?? {};
  const entries = Object.entries(metadata.labels ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) description.line(1, "Labels:\t<none>");
  for (const [index, [key, value]] of entries.entries())
    description.line(1, `${index === 0 ? "Labels:" : ""}\t${key}=${value}`);
  const annotations = Object.entries(metadata.annotations ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [index, [key, value]] of annotations.entries())
    description.line(1, `${index === 0 ? "Annotations:" : ""}\t${key}: ${value}`);
  if (!spec) return;
  if (spec.serviceAccountName) description.line(1, `Service Account:\t${spec.serviceAccountName}`);
  if (spec.initContainers?.length) writeContainers(description, 1, "Init Containers", spec.initContainers, undefined);
  writeContainers(description, 1, "Containers", spec.containers, undefined);
  writeVolumes(description, 1, spec.volumes);
  if (spec.topologySpreadConstraints?.length) {
    const texts = spec.topologySpreadConstraints.map(
      ({ topologyKey, whenUnsatisfiable, maxSkew }) =>
        `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded`,
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
  const tolerations = (spec.tolerations ?? []).map(({ key = "", operator, value = "", effect, tolerationSeconds }) => {
    let text = key + (value === "" ? "" : `=${value}`) + (effect ? `:${effect}` : "");
    if (operator === "Exists" && value === "") text += key === "" && !effect ? "op=Exists" : " op=Exists";
    return text + (tolerationSeconds === undefined ? "" : ` for ${tolerationSeconds}s`);
  });
  if (tolerations.length === 0) description.line(level, "Tolerations:\t<none>");
  for (const [index, text] of tolerations.toSorted().entries())
    description.line(level, `${index === 0 ? "Tolerations:" : ""}\t${text}`);
}

/** The containers of a pod or template; statuses add their state. */
export function writeContainers(
  description: Description,
  level: number,
  label: string,
  containers: readonly Container[] | undefined,
  statuses: readonly ContainerStatus[] | undefined,
): void {
  if (!containers?.length) {
    description.line(level, `${label}:\t<none>`);
    return;
  }
  description.line(level, `${label}:`);
  for (const container of containers) {
    description.line(level, ` ${container.name}:`);
    writeContainer(
      description,
      level + 2,
      container,
      statuses?.find(({ name }) => name === container.name),
    );
  }
}

function writeContainer(
  description: Description,
  level: number,
  container: Container,
  status: Partial<ContainerStatus> | undefined,
): void {
  const line = (text: string) => description.line(level, text);
  if (status) line(`Container ID:\t${status.containerID ?? ""}`);
  line(`Image:\t${container.image ?? ""}`);
  if (status) line(`Image ID:\t${status.imageID ?? ""}`);
  const ports = (container.ports ?? []).map(
    ({ containerPort, protocol = "TCP", name }) => `${containerPort}/${protocol}${name ? ` (${name})` : ""}`,
  );
  const hostPorts = (container.ports ?? []).map(
    ({ hostPort = 0, protocol = "TCP", name }) => `${hostPort}/${protocol}${name ? ` (${name})` : ""}`,
  );
  line(`${ports.length > 1 ? "Ports" : "Port"}:\t${ports.join(", ") || "<none>"}`);
  line(`${hostPorts.length > 1 ? "Host Ports" : "Host Port"}:\t${hostPorts.join(", ") || "<none>"}`);
  for (const [label, words] of [
    ["Command", container.command],
    ["Args", container.args],
  ] as const) {
    if (!words?.length) continue;
    line(`${label}:`);
    for (const word of words) for (const each of word.split("\n")) description.line(level + 1, each);
  }
  if (status) writeStatus(description, level, status);
  for (const [label, amounts] of [
    ["Limits", container.resources?.limits],
    ["Requests", container.resources?.requests],
  ] as const) {
    if (!amounts || Object.keys(amounts).length === 0) continue;
    line(`${label}:`);
    for (const name of Object.keys(amounts).toSorted()) description.line(level + 1, `${name}:\t${amounts[name] ?? ""}`);
  }
  for (const [label, probe] of [
    ["Liveness", container.livenessProbe],
    ["Readiness", container.readinessProbe],
    ["Startup", container.startupProbe],
  ] as const) {
    if (probe) line(`${label}:\t${probeText(probe)}`);
  }
  writeEnvironment(description, level, container);
  const mounts = container.volumeMounts ?? [];
  if (mounts.length === 0) line("Mounts:\t<none>");
  else line("Mounts:");
  for (const { name, mountPath, readOnly, subPath } of mounts.toSorted((a, b) =>
    a.mountPath < b.mountPath ? -1 : 1,
  )) {
    description.line(
      level + 1,
      `${mountPath} from ${name} (${readOnly ? "ro" : "rw"}${subPath ? `,path="${subPath}"` : ""})`,
    );
  }
}

function writeStatus(description: Description, level: number, status: Partial<ContainerStatus>): void {
  writeState(description, level, "State", status.state);
  if (status.lastState?.terminated) writeState(description, level, "Last State", status.lastState);
  description.line(level, `Ready:\t${status.ready ? "True" : "False"}`);
  description.line(level, `Restart Count:\t${status.restartCount ?? 0}`);
}

function writeState(description: Description, level: number, label: string, state: ContainerState | undefined): void {
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

function writeEnvironment(description: Description, level: number, container: Container): void {
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
  for (const variable of variables) description.line(level + 1, `${variable.name}:\t${variableText(variable)}`);
}

function variableText({ value = "", valueFrom }: EnvVar): string {
  if (valueFrom?.fieldRef) return ` (${valueFrom.fieldRef.apiVersion ?? "v1"}:${valueFrom.fieldRef.fieldPath})`;
  if (valueFrom?.resourceFieldRef) return ` (${valueFrom.resourceFieldRef.resource})`;
  for (const [kind, reference] of [
    ["secret", valueFrom?.secretKeyRef],
    ["config map", valueFrom?.configMapKeyRef],
  ] as const) {
    if (reference)
      return `<set to the key '${reference.key}' in ${kind} '${reference.name ?? ""}'>\tOptional: ${reference.optional ?? false}`;
  }
  return value.split("\n").join("\n");
}

export function writeVolumes(description: Description, level: number, volumes: readonly Volume[] | undefined): void {
  if (!volumes?.length) {
    description.line(level, "Volumes:\t<none>");
    return;
  }
  description.line(level, "Volumes:");
  for (const volume of volumes) {
    description.line(level, ` ${volume.name}:`);
    for (const text of volumeLines(volume)) description.line(level + 1, text);
  }
}

function volumeLines(volume: Volume): string[] {
  if (volume.hostPath) {
    return [
      "  Type:\tHostPath (bare host directory volume)",
      `  Path:\t${volume.hostPath.path}`,
      `  HostPathType:\t${volume.hostPath.type ?? ""}`,
    ];
  }
  if (volume.emptyDir) {
    return [
      "  Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)",
      `  Medium:\t${volume.emptyDir.medium ?? ""}`,
      `  SizeLimit:\t${volume.emptyDir.sizeLimit ?? "<unset>"}`,
    ];
  }
  if (volume.secret) {
    return [
      "  Type:\tSecret (a volume populated by a Secret)",
      `  SecretName:\t${volume.secret.secretName ?? ""}`,
      `  Optional:\t${volume.secret.optional ?? false}`,
    ];
  }
  if (volume.configMap) {
    return [
      "  Type:\tConfigMap (a volume populated by a ConfigMap)",
      `  Name:\t${volume.configMap.name ?? ""}`,
      `  Optional:\t${volume.configMap.optional ?? false}`,
    ];
  }
  if (volume.persistentVolumeClaim) {
    return [
      "  Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
      `  ClaimName:\t${volume.persistentVolumeClaim.claimName}`,
      `  ReadOnly:\t${volume.persistentVolumeClaim.readOnly ?? false}`,
    ];
  }
  if (volume.projected) {
    const sources = (volume.projected.sources ?? []).flatMap((source) => {
      if (source.secret)
        return [`  SecretName:\t${source.secret.name ?? ""}`, `  Optional:\t${source.secret.optional ?? false}`];
      if (source.downwardAPI) return ["  DownwardAPI:\ttrue"];
      if (source.configMap)
        return [
          `  ConfigMapName:\t${source.configMap.name ?? ""}`,
          `  Optional:\t${source.configMap.optional ?? false}`,
        ];
      return source.serviceAccountToken
        ? [`  TokenExpirationSeconds:\t${source.serviceAccountToken.expirationSeconds ?? 0}`]
        : [];
    });
    return ["  Type:\tProjected (a volume that contains injected data from multiple sources)", ...sources];
  }
  return ["  <unknown>"];
}
