import { createHash } from "node:crypto";
import type { Container, Pod, Probe, Volume, VolumeMount } from "@kube-ts/api/core/v1";
import { daemonFlags } from "../../cluster/daemon-flags.ts";
import type { DaemonPlan } from "../../cluster/daemon-flags.ts";
import { programs } from "../../packages/programs.ts";
import { daemonUnits, programDirectory } from "../../units/unit-files.ts";
import type { DaemonName } from "../../units/unit-files.ts";
import { auditDirectory, kubeconfigPath, pkiDirectory } from "../places.ts";

/** Tells the kubelet that what a pod reads at its start is not what it was. */
const inputsAnnotation = "kube-ts.io/inputs";
const authorities = "/etc/ssl/certs";

interface PodParts {
  readonly port: number;
  readonly cpu: string;
  readonly health: { readonly live: string; readonly ready: string };
  /** Directories and files of the machine, at the same place in the pod. */
  readonly reads: readonly Readonly<Record<"path" | "type", string>>[];
  readonly writes: readonly string[];
}

const directory = (path: string) => ({ path, type: "DirectoryOrCreate" });
const file = (path: string) => ({ path, type: "File" });
const always = { live: "/healthz", ready: "/healthz" };

function partsOf(daemon: DaemonName, { config, files }: DaemonPlan): PodParts {
  const extra = daemonUnits[daemon].extraCredentialDirectory;
  const credentials = extra === undefined ? [] : [directory(extra)];
  const common = [directory(pkiDirectory), directory(authorities), ...credentials];
  if (daemon === "kube-apiserver") {
    return {
      port: config.ports.apiServer,
      cpu: "250m",
      health: { live: "/livez", ready: "/readyz" },
      reads: [...common, file(files.apiServer.authentication), file(files.apiServer.auditPolicy)],
      writes: [auditDirectory],
    };
  }
  const isScheduler = daemon === "kube-scheduler";
  const kubeconfig = kubeconfigPath(isScheduler ? "scheduler.conf" : "controller-manager.conf");
  return {
    port: isScheduler ? 10_259 : 10_257,
    cpu: isScheduler ? "100m" : "200m",
    health: always,
    reads: isScheduler ? [file(kubeconfig)] : [...common, file(kubeconfig)],
    writes: [],
  };
}

/**
 * The pod of a daemon of the control plane, for the kubelet of its machine. It reads root's files, so that it is root with
 * no other rights. `inputs` is a digest of the files that it reads at its start.
 */
export function staticPod(daemon: DaemonName, plan: DaemonPlan, image: string, inputs: string): Pod {
  return withInputs(podOf(daemon, plan, image), inputs);
}

/**
 * The pod of a manifest, for other inputs. Its uid is a digest of all of it, so that a container tells whether it is of
 * this pod or of a former one.
 */
export function withInputs(pod: Pod, inputs: string): Pod {
  const { uid: _former, ...metadata } = pod.metadata;
  const annotations = { ...metadata.annotations, [inputsAnnotation]: inputs };
  const next = { ...pod, metadata: { ...metadata, annotations } };
  const uid = createHash("sha256").update(JSON.stringify(next)).digest("hex").slice(0, 32);
  return { ...next, metadata: { ...next.metadata, uid } };
}

/** What a manifest says of the files that the daemon reads. */
export function inputsOf({ metadata }: Pod): string | undefined {
  return metadata.annotations?.[inputsAnnotation];
}

function podOf(daemon: DaemonName, plan: DaemonPlan, image: string): Pod {
  const parts = partsOf(daemon, plan);
  const readable = parts.reads.map(({ path, type }) => volume(path, type, true));
  const writable = parts.writes.map((path) => volume(path, "DirectoryOrCreate", false));
  const all = [...readable, ...writable];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: daemon,
      namespace: "kube-system",
      labels: { component: daemon, tier: "control-plane" },
    },
    spec: {
      hostNetwork: true,
      priorityClassName: "system-node-critical",
      priority: 2_000_001_000,
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        container(
          daemon,
          plan,
          image,
          parts,
          all.map((one) => one.mount),
        ),
      ],
      volumes: all.map((one) => one.volume),
    },
  };
}

function container(
  daemon: DaemonName,
  plan: DaemonPlan,
  image: string,
  { port, cpu, health, writes }: PodParts,
  volumeMounts: VolumeMount[],
): Container {
  const program = programs.find(({ name }) => name === daemon);
  const node = [`${programDirectory}/node`, "--disable-warning=ExperimentalWarning", ...(program?.nodeFlags ?? [])];
  return {
    name: daemon,
    image,
    imagePullPolicy: "IfNotPresent",
    command: [...node, `${programDirectory}/${daemon}.mjs`, ...daemonFlags(daemon, plan)],
    env: Object.entries(program?.environment ?? {}).map(([name, value]) => ({ name, value })),
    resources: { requests: { cpu } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      // The directory may be a unit's user's, from before.
      capabilities: { drop: ["ALL"], ...(writes.length > 0 ? { add: ["DAC_OVERRIDE"] } : {}) },
    },
    startupProbe: { ...probe(port, health.live), failureThreshold: 24, periodSeconds: 5 },
    livenessProbe: { ...probe(port, health.live), failureThreshold: 8, periodSeconds: 10 },
    readinessProbe: { ...probe(port, health.ready), failureThreshold: 3, periodSeconds: 2 },
    volumeMounts,
  };
}

function probe(port: number, path: string): Probe {
  return { httpGet: { host: "127.0.0.1", port, path, scheme: "HTTPS" }, timeoutSeconds: 15 };
}

function volume(path: string, type: string, readOnly: boolean): { volume: Volume; mount: VolumeMount } {
  const name = path.slice(1).replaceAll(/[^a-z0-9]+/g, "-");
  return {
    volume: { name, hostPath: { path, type } },
    mount: { name, mountPath: path, readOnly },
  } as { volume: Volume; mount: VolumeMount };
}
