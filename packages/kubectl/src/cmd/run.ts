import type { Pod } from "@kube-ts/api/core/v1";
import { isRecord } from "@kube-ts/std/config-schema";
import { waitForDeletion } from "../builder/wait-for-deletion.ts";
import { CommandError, ExitCodeError, ExitStatus, UsageError } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { parseDryRun } from "../command-line/dry-run.ts";
import { booleanFlag, durationFlag, repeatedFlag, stringFlag } from "../command-line/flag.ts";
import { dryRunFlag, fieldManagerFlag, fileFlags } from "../command-line/shared-flags.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import { deleteObject, deletionFlags, endlessWaitMs } from "../builder/delete-object.ts";
import { causeOf, recordFlag, withAnnotations } from "../builder/change-cause.ts";
import { withGenerated } from "../builder/last-applied.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import { overrideFlags, withOverrides } from "./merge-overrides.ts";
import { runRemoteSession, usableTty, warnOfAttaching } from "./remote-session.ts";

const flags = {
  ...outputFlags,
  ...dryRunFlag,
  ...recordFlag,
  ...fieldManagerFlag("kubectl-run"),
  annotations: repeatedFlag("Annotations to apply to the pod."),
  attach: booleanFlag(
    "If true, wait for the Pod to start running, and then attach to the Pod as if 'kubectl attach ...' were called.",
  ),
  command: booleanFlag(
    "If true and extra arguments are present, use them as the 'command' field in the container, rather than the 'args' field which is the default.",
  ),
  env: repeatedFlag("Environment variables to set in the container."),
  expose: booleanFlag("If true, create a ClusterIP service associated with the pod. Requires `--port`."),
  ...deletionFlags,
  ...fileFlags,
  "detach-keys": stringFlag("The keys that end the session and leave the container as it is.", {
    default: "ctrl-p,ctrl-q",
  }),
  image: stringFlag("The image for the container to run."),
  "image-pull-policy": stringFlag("The image pull policy for the container."),
  labels: stringFlag("Comma separated labels to apply to the pod. Will override previous values.", { short: "l" }),
  "leave-stdin-open": booleanFlag(
    "If the pod is started in interactive mode or with stdin, leave stdin open after the first attach completes.",
  ),
  ...overrideFlags("merge"),
  "pod-running-timeout": durationFlag("The length of time to wait until at least one pod is running", {
    default: 60_000,
  }),
  port: stringFlag("The port that this container exposes."),
  privileged: booleanFlag("If true, run the container in privileged mode."),
  quiet: booleanFlag("If true, suppress prompt messages.", { short: "q" }),
  restart: stringFlag("The restart policy for this Pod. Legal values [Always, OnFailure, Never].", {
    default: "Always",
  }),
  "save-config": booleanFlag("If true, the configuration of current object will be saved in its annotation."),
  rm: booleanFlag("If true, delete the pod after it exits. Only valid when attaching to the container."),
  stdin: booleanFlag("Keep stdin open on the container in the pod, even if nothing is attached.", { short: "i" }),
  tty: booleanFlag("Allocate a TTY for the container in the pod.", { short: "t" }),
} as const;

/** Flags of deletions that say nothing about a pod that this command makes. */
const refused = ["filename", "kustomize", "recursive"] as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage:
    'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  description: "Create and run a particular image in a pod.",
  examples: "  # Start a nginx pod\n  kubectl run nginx --image=nginx",
  flags,
  run,
});

async function run(session: Session, invocation: Invocation<typeof flags>): Promise<void> {
  const { flags: values, positional } = invocation;
  const unusable = refused.find((name) => invocation.changed(name));
  if (unusable) throw new UsageError(`--${unusable} cannot be used with run, which makes its pod from flags`);
  if (!invocation.changed("image")) throw new CommandError('required flag(s) "image" not set');
  const [name] = positional;
  if (name === undefined || invocation.dashIndex === 0) throw new UsageError("NAME is required for run");
  const attach = invocation.changed("attach") ? values.attach : values.attach || values.stdin || values.tty;
  if (values.tty && !values.stdin) throw new UsageError("-i/--stdin is required for containers with -t/--tty=true");
  if (values.rm && !attach) throw new UsageError("--rm should only be used for attached containers");
  if (values.expose && values.port === "") throw new UsageError("--port must be set when exposing a service");
  checkValues(values);
  const dryRun = parseDryRun(session.terminal, values["dry-run"]);
  if (attach && dryRun !== "none")
    throw new UsageError(
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    );
  const print = await createResultPrinter(values, dryRun, { keepOrder: true });
  const built = withOverrides(podOf(name, values, positional.slice(1)), "Pod", values);
  const { name: namespace, explicit } = await session.namespace();
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  const body = {
    ...built,
    metadata: {
      ...(isRecord(built["metadata"]) ? built["metadata"] : {}),
      ...((explicit || dryRun !== "client") && { namespace }),
    },
  };
  const query = { fieldManager: values["field-manager"], dryRun: dryRun === "server" ? "All" : undefined };
  const api = await session.api();
  if (values.expose) {
    const service = serviceOf(name, values.port);
    const exposed =
      dryRun === "client"
        ? service
        : await api.json({ method: "POST", path: `${path}/services`, query, body: service });
    await session.terminal.write(print(exposed, "created"));
  }
  const saved = values["save-config"] ? withGenerated(body) : body;
  const sent = withAnnotations(saved, causeOf(values, session.commandLine));
  const pod = dryRun === "client" ? body : await api.json({ method: "POST", path: `${path}/pods`, query, body: sent });
  const separator = values.expose && values.output === "yaml" ? "---\n" : "";
  if (!attach) return session.terminal.write(separator + print(pod, "created"));
  await attachTo(session, pod as unknown as Pod, values);
}

function podOf(name: string, values: Values, rest: readonly string[]): JsonObject {
  if (!["Always", "OnFailure", "Never"].includes(values.restart))
    throw new UsageError(`invalid restart policy: ${values.restart}`);
  const env = values.env.map((pair) => {
    const equals = pair.indexOf("=");
    if (equals < 1) throw new CommandError(`invalid env: ${pair}`);
    return { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
  const labels =
    values.labels === "" ? { run: name } : Object.fromEntries(values.labels.split(",").map((pair) => labelOf(pair)));
  const annotations = Object.fromEntries(
    values.annotations.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const),
  );
  return {
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name, labels, ...(values.annotations.length > 0 && { annotations }) },
    spec: {
      containers: [
        {
          name,
          image: values.image,
          ...(rest.length > 0 && (values.command ? { command: rest } : { args: rest })),
          ...(values.port !== "" && { ports: [{ containerPort: Number(values.port) }] }),
          ...(env.length > 0 && { env }),
          resources: {},
          ...(values["image-pull-policy"] !== "" && { imagePullPolicy: values["image-pull-policy"] }),
          ...(values.privileged && { securityContext: { privileged: true } }),
          ...(values.stdin && { stdin: true }),
          ...(values.stdin && !values["leave-stdin-open"] && { stdinOnce: true }),
          ...(values.tty && { tty: true }),
        },
      ],
      restartPolicy: values.restart,
      dnsPolicy: "ClusterFirst",
    },
    status: {},
  };
}

function labelOf(pair: string): [string, string] {
  const [key = "", value, rest] = pair.split("=");
  if (value === undefined || rest !== undefined) throw new CommandError(`unexpected label spec: ${pair}`);
  return [key, value];
}

/** Throws for values that cannot be meant, as upstream does before it asks the server. */
function checkValues({ image, port, "image-pull-policy": policy }: Values): void {
  if (image === "") throw new CommandError("--image is required");
  const reference =
    /^(?:[\w.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@[\w+.-]+:[0-9a-fA-F]{32,})?$/;
  if (!reference.test(image)) {
    throw new CommandError(`Invalid image name ${JSON.stringify(image)}: invalid reference format`);
  }
  if (!["", "Always", "IfNotPresent", "Never"].includes(policy)) {
    throw new UsageError(`invalid image pull policy: ${policy}`);
  }
  if (port !== "" && !/^[-+]?\d+$/.test(port)) {
    throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`);
  }
}

function serviceOf(name: string, port: string): JsonObject {
  const ports = [{ protocol: "TCP", port: Number(port), targetPort: Number(port) }];
  return {
    kind: "Service",
    apiVersion: "v1",
    metadata: { name },
    spec: { ports, selector: { run: name } },
    status: { loadBalancer: {} },
  };
}

const retryMs = 250;

async function attachTo(session: Session, created: Pod, values: Values): Promise<void> {
  const { name = "", namespace = "", uid = "" } = created.metadata;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
  const api = await session.api();
  const container = created.spec?.containers[0]?.name ?? "";
  try {
    const pod = await waitUntilStarted(session, path, values["pod-running-timeout"]);
    const running = pod.status?.phase === "Running";
    if (running) {
      if (!values.quiet) warnOfAttaching(session);
      const tty = usableTty(session, values.tty, values.stdin);
      await runRemoteSession(session, pod, {
        subresource: "attach",
        container,
        command: [],
        stdin: values.stdin,
        tty,
        detachKeys: values["detach-keys"],
      });
    } else {
      for await (const chunk of await api.stream({ path: `${path}/log`, query: { container }, accept: "*/*" }))
        await session.terminal.write(chunk);
    }
    await reportExit(session, path, container, values);
  } finally {
    if (values.rm) {
      const resource = await (await session.mapper()).resolve("pods");
      const graceSeconds = values.force && values["grace-period"] < 0 ? 0 : values["grace-period"];
      await deleteObject(session, { resource, namespace, name }, { cascade: values.cascade, graceSeconds });
      if (!values.quiet)
        await session.terminal.write(`pod ${JSON.stringify(name)} deleted from ${namespace} namespace\n`);
      const boundMs = values.timeout || (values.wait ? endlessWaitMs : values["pod-running-timeout"]);
      await waitForDeletion(session, { resource, namespace, name }, uid, boundMs);
    }
  }
}

async function waitUntilStarted(session: Session, path: string, timeoutMs: number): Promise<Pod> {
  const api = await session.api();
  const signal = AbortSignal.any([session.signal, AbortSignal.timeout(timeoutMs)]);
  for (;;) {
    const pod = (await api.json({ path })) as unknown as Pod;
    const phase = pod.status?.phase;
    const ready = pod.status?.containerStatuses?.some(({ state }) => state?.running !== undefined);
    if ((phase === "Running" && ready) || phase === "Succeeded" || phase === "Failed") return pod;
    await session.clock.sleep(retryMs, signal).catch((cause: unknown) => {
      if (session.signal.aborted) throw cause;
      throw new CommandError("timed out waiting for the condition", { cause });
    });
  }
}

/** With a restart policy of Never the command's exit code becomes the program's. */
async function reportExit(session: Session, path: string, container: string, values: Values): Promise<void> {
  if (values.restart !== "Never" || values["leave-stdin-open"]) return;
  const api = await session.api();
  const signal = AbortSignal.any([session.signal, AbortSignal.timeout(values["pod-running-timeout"])]);
  for (;;) {
    const pod = (await api.json({ path })) as unknown as Pod;
    const ended = pod.status?.containerStatuses?.find(({ name }) => name === container)?.state?.terminated;
    if (ended) {
      const { exitCode } = ended;
      if (exitCode !== 0)
        throw exitCode === undefined
          ? new ExitStatus(1)
          : new ExitCodeError(
              `pod ${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""} terminated (${ended.reason ?? "Error"})`,
              exitCode,
            );
      return;
    }
    await session.clock.sleep(retryMs, signal);
  }
}
