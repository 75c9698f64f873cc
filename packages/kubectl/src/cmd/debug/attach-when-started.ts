import type { ContainerStatus, Pod } from "@kube-ts/api/core/v1";
import { CommandError } from "../../command-line/command-error.ts";
import type { Session } from "../../session/session.ts";
import { runRemoteSession, usableTty, warnOfAttaching } from "../remote-session.ts";

export interface AttachOptions {
  readonly container: string;
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly quiet: boolean;
}

const retryMs = 250;

/** Attaches to a container as soon as it runs; of one that has ended already, the log is shown instead. */
export async function attachWhenStarted(session: Session, pod: Pod, options: AttachOptions): Promise<void> {
  const { name = "", namespace = "" } = pod.metadata;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
  const { container, stdin, quiet } = options;
  const { started, status } = await waitForStart(session, path, container);
  if (status.state?.terminated) {
    const { reason = "" } = status.state.terminated;
    if (!quiet) session.terminal.error(`warning: container ${container} ended already (${reason}): showing its log\n`);
    const log = await (await session.api()).stream({ path: `${path}/log`, query: { container }, accept: "*/*" });
    for await (const chunk of log) await session.terminal.write(chunk);
    return;
  }
  if (!quiet) warnOfAttaching(session);
  const tty = usableTty(session, options.tty, stdin);
  await runRemoteSession(session, started, { subresource: "attach", container, command: [], stdin, tty });
}

async function waitForStart(
  session: Session,
  path: string,
  container: string,
): Promise<{ started: Pod; status: ContainerStatus }> {
  const api = await session.api();
  for (;;) {
    const pod = (await api.json({ path })) as unknown as Pod;
    const status = statusOf(pod, container);
    if (status?.state?.running || status?.state?.terminated) return { started: pod, status };
    const { phase = "" } = pod.status ?? {};
    if (phase === "Succeeded" || phase === "Failed") {
      throw new CommandError(`cannot attach to container ${container}: the pod is ${phase}`);
    }
    await session.clock.sleep(retryMs, session.signal);
  }
}

function statusOf({ status = {} }: Pod, container: string): ContainerStatus | undefined {
  const { containerStatuses = [], ephemeralContainerStatuses = [], initContainerStatuses = [] } = status;
  return [...containerStatuses, ...ephemeralContainerStatuses, ...initContainerStatuses].find(
    ({ name }) => name === container,
  );
}
