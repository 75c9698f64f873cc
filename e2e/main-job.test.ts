import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import { run } from "../deploy/local/command.ts";
import { localCluster } from "../deploy/local/layout.ts";
import { eventually } from "./harness/eventually.ts";
import { bothKubectls } from "./harness/kubectl.ts";
import type { Kubectl } from "./harness/kubectl.ts";
import { freshCluster } from "./harness/local-cluster.ts";
import { fetchText, RequestLoad } from "./harness/web.ts";
import {
  answeringHosts,
  getDeployment,
  livePods,
  serviceAddress,
  waitForReady,
  webManifest,
} from "./harness/workload.ts";

let cluster: AsyncDisposable;

before(async () => {
  cluster = await freshCluster();
});

after(async () => {
  await cluster[Symbol.asyncDispose]();
});

const containerIdOf = (pod: Pod) => (pod.status?.containerStatuses?.[0]?.containerID ?? "").replace("docker://", "");
const uidsOf = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.uid ?? "").sort();
const restartsOf = (pod: Pod) => pod.status?.containerStatuses?.[0]?.restartCount ?? 0;

for (const kubectl of bothKubectls()) {
  const app = kubectl.name === "kubectl" ? "web-own" : "web-upstream";
  describe(`the main job with ${kubectl.name}`, () => {
    test("a deployment and a service come up from a file", async () => {
      await kubectl.run(["apply", "-f", "-"], webManifest(app));
      await kubectl.run(["rollout", "status", `deployment/${app}`, "--timeout=120s"]);
      await waitForReady(kubectl, app, 3);
    });

    test("the cluster IP, the node port and the DNS name answer, spread over all replicas", async () => {
      const { clusterIp, nodePort } = await serviceAddress(kubectl, app);
      await eventually(
        "all replicas answer",
        () => answeringHosts(() => fetchText(clusterIp, 80), 60),
        (hosts) => hosts.size === 3,
      );
      const { nodeIp } = localCluster();
      await eventually(
        "all replicas answer at the node port",
        () => answeringHosts(() => fetchText(nodeIp, nodePort), 60),
        (hosts) => hosts.size === 3,
      );
      const client = `client-${app}`;
      await kubectl.run(["run", client, "--image=kube-ts/demo:v1", "--restart=Never"]);
      await kubectl.run(["wait", "--for=condition=Ready", `pod/${client}`, "--timeout=60s"]);
      for (const url of [`http://${clusterIp}`, `http://${app}.default.svc.cluster.local`, `http://${app}`]) {
        const ask = (...words: string[]) => kubectl.run(["exec", client, "--", ...words]);
        assert.match(await ask("wget", "-qO-", url), /^v1 /, url);
        assert.match(await ask("wget", "-T", "20", "-qO-", url), /^v1 /, url);
      }
      const request = `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc ${app} 80`;
      assert.match(await kubectl.run(["exec", client, "--", "sh", "-c", request]), /^v1 /m);
      await kubectl.run(["delete", "pod", client, "--now"]);
    });

    test("session affinity keeps a client at one replica", async () => {
      const { clusterIp, nodePort } = await serviceAddress(kubectl, app);
      const hostsOf = (address: string, port: number) => answeringHosts(() => fetchText(address, port), 30);
      const setAffinity = (kind: string) =>
        kubectl.run(["patch", "service", app, "-p", JSON.stringify({ spec: { sessionAffinity: kind } })]);
      await setAffinity("ClientIP");
      for (const [address, port] of [
        [clusterIp, 80],
        [localCluster().nodeIp, nodePort],
      ] as const) {
        await eventually(
          `one replica answers at ${address}`,
          () => hostsOf(address, port),
          (hosts) => hosts.size === 1,
        );
      }
      await setAffinity("None");
      await eventually(
        "all replicas answer again",
        () => hostsOf(clusterIp, 80),
        (hosts) => hosts.size === 3,
      );
    });

    test("it scales up and down", async () => {
      await kubectl.run(["scale", `deployment/${app}`, "--replicas=5"]);
      await waitForReady(kubectl, app, 5);
      await kubectl.run(["scale", `deployment/${app}`, "--replicas=1"]);
      await waitForReady(kubectl, app, 1);
      await kubectl.run(["scale", `deployment/${app}`, "--replicas=3"]);
      await waitForReady(kubectl, app, 3);
    });

    test("a rolling update under load fails no request, and rolls back", async () => {
      const { clusterIp } = await serviceAddress(kubectl, app);
      const load = new RequestLoad(() => fetchText(clusterIp, 80));
      await kubectl.run(["set", "image", `deployment/${app}`, "web=kube-ts/demo:v2"]);
      await kubectl.run(["rollout", "status", `deployment/${app}`, "--timeout=180s"]);
      const asked = load.count;
      const failures = await load.stop();
      assert.deepEqual(failures, [], `${failures.length} of ${asked} requests failed`);
      assert.ok(asked > 20, `only ${asked} requests were made`);
      await eventually(
        "only the new version answers",
        () => fetchText(clusterIp, 80),
        (text) => text.startsWith("v2 "),
      );
      await kubectl.run(["rollout", "undo", `deployment/${app}`]);
      await kubectl.run(["rollout", "status", `deployment/${app}`, "--timeout=180s"]);
      await eventually(
        "the old version answers again",
        () => fetchText(clusterIp, 80),
        (text) => text.startsWith("v1 "),
      );
      assert.equal(
        (await getDeployment(kubectl, app)).metadata.annotations?.["deployment.kubernetes.io/revision"],
        "3",
      );
    });

    test("a rollout pauses, resumes, restarts, tells its history and goes back to any revision", async () => {
      const rollout = (...args: string[]) => kubectl.run(["rollout", ...args]);
      const deployment = `deployment/${app}`;
      const before = await livePods(kubectl, app);
      await rollout("pause", deployment);
      await kubectl.run(["set", "image", deployment, "web=kube-ts/demo:v2"]);
      assert.match((await kubectl.try(["rollout", "restart", deployment])).stderr, /can't restart paused deployment/);
      const observed = await eventually(
        "the controller has seen the pause",
        () => getDeployment(kubectl, app),
        ({ metadata, status }) => status?.observedGeneration === metadata.generation,
      );
      assert.equal(observed.status?.updatedReplicas ?? 0, 0);
      assert.deepEqual(uidsOf(await livePods(kubectl, app)), uidsOf(before));
      await rollout("resume", deployment);
      await rollout("status", deployment, "--timeout=180s");
      await rollout("restart", deployment);
      await rollout("status", deployment, "--timeout=180s");
      const restarted = await waitForReady(kubectl, app, 3);
      assert.ok(restarted.every(({ metadata }) => !uidsOf(before).includes(metadata.uid ?? "")));
      // The second image's replica set is used again: its revision 2 has become 4.
      assert.match(await rollout("history", deployment), /REVISION +CHANGE-CAUSE\n3 .*\n4 .*\n5 /);
      assert.match(await rollout("history", deployment, "--revision=3"), /kube-ts\/demo:v1/);
      await rollout("undo", deployment, "--to-revision=3");
      await rollout("status", deployment, "--timeout=180s");
      assert.match((await getDeployment(kubectl, app)).spec?.template.spec?.containers[0]?.image ?? "", /:v1$/);
    });

    test("a deleted pod is replaced", async () => {
      const [victim] = await waitForReady(kubectl, app, 3);
      await kubectl.run(["delete", "pod", victim?.metadata.name ?? "", "--wait=false"]);
      const pods = await waitForReady(kubectl, app, 3);
      assert.ok(pods.every(({ metadata }) => metadata.uid !== victim?.metadata.uid));
    });

    test("a killed container comes back with its restart counted", async () => {
      const [victim] = await waitForReady(kubectl, app, 3);
      assert.ok(victim);
      await run("docker", ["kill", containerIdOf(victim)]);
      const name = victim.metadata.name ?? "";
      const restarted = await eventually(
        "the container is restarted",
        async () => (await livePods(kubectl, app)).find(({ metadata }) => metadata.name === name),
        (pod) =>
          pod !== undefined &&
          restartsOf(pod) === restartsOf(victim) + 1 &&
          containerIdOf(pod) !== containerIdOf(victim),
      );
      assert.equal(restarted?.metadata.uid, victim.metadata.uid);
      await waitForReady(kubectl, app, 3);
    });

    test("logs, exec and port-forward reach the pod", async () => {
      const [pod] = await waitForReady(kubectl, app, 3);
      const name = pod?.metadata.name ?? "";
      assert.match(await kubectl.run(["logs", name]), /serving v1 on port 8080/);
      await followsLogs(kubectl, name);
      assert.equal((await kubectl.run(["exec", name, "--", "hostname"])).trim(), name);
      assert.equal(await kubectl.run(["exec", "-i", name, "--", "cat"], "through the pipe"), "through the pipe");
      const failing = await kubectl.try(["exec", name, "--", "sh", "-c", "exit 7"]);
      assert.equal(failing.code, 7);
      await forwardsPorts(kubectl, name);
    });

    test("it goes away", async () => {
      await kubectl.run(["delete", "-f", "-"], webManifest(app));
      await eventually(
        "no pod is left",
        () => livePods(kubectl, app),
        (pods) => pods.length === 0,
      );
    });
  });
}

async function followsLogs(kubectl: Kubectl, pod: string): Promise<void> {
  const following = kubectl.start(["logs", "-f", pod]);
  try {
    let text = "";
    following.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await kubectl.run(["exec", pod, "--", "sh", "-c", "echo a late line >/proc/1/fd/1"]);
    await eventually(
      "the late line is followed",
      () => text,
      (seen) => seen.includes("a late line"),
    );
  } finally {
    following.kill();
  }
}

async function forwardsPorts(kubectl: Kubectl, pod: string): Promise<void> {
  const forwarding = kubectl.start(["port-forward", `pod/${pod}`, ":8080"]);
  try {
    let text = "";
    forwarding.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const port = await eventually(
      "port-forward listens",
      () => Number(/127\.0\.0\.1:(\d+)/.exec(text)?.[1] ?? 0),
      (found) => found > 0,
    );
    assert.equal(await fetchText("127.0.0.1", port), `v1 ${pod}`);
  } finally {
    forwarding.kill();
  }
}

describe("probes", () => {
  const [kubectl] = bothKubectls() as [Kubectl];
  const manifest = `apiVersion: v1
kind: Pod
metadata: {name: probed, labels: {app: probed}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: web
    image: kube-ts/demo:v1
    readinessProbe: {exec: {command: [test, "!", -e, /tmp/unready]}, periodSeconds: 1, failureThreshold: 1}
    livenessProbe: {exec: {command: [test, "!", -e, /tmp/dead]}, periodSeconds: 1, failureThreshold: 1}
---
apiVersion: v1
kind: Service
metadata: {name: probed}
spec:
  selector: {app: probed}
  ports: [{port: 80, targetPort: 8080}]
`;
  const readyEndpoints = async () => {
    const { items } = await kubectl.json<{ items: EndpointSlice[] }>([
      "get",
      "endpointslices",
      "-l",
      "kubernetes.io/service-name=probed",
    ]);
    return items.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready).length;
  };

  test("failing readiness takes the endpoint out, and recovery brings it back", async () => {
    await kubectl.run(["apply", "-f", "-"], manifest);
    await eventually("the endpoint is ready", readyEndpoints, (count) => count === 1);
    const { clusterIp } = await serviceAddress(kubectl, "probed");
    await eventually("the service answers", () => fetchText(clusterIp, 80));
    await kubectl.run(["exec", "probed", "--", "touch", "/tmp/unready"]);
    await eventually("the endpoint is out", readyEndpoints, (count) => count === 0);
    await eventually("the service refuses", () =>
      fetchText(clusterIp, 80).then(
        () => false,
        () => true,
      ),
    );
    await kubectl.run(["exec", "probed", "--", "rm", "/tmp/unready"]);
    await eventually("the endpoint is back", readyEndpoints, (count) => count === 1);
  });

  test("failing liveness restarts the container", async () => {
    await kubectl.run(["exec", "probed", "--", "touch", "/tmp/dead"]);
    await eventually(
      "the container is restarted",
      () => kubectl.json<Pod>(["get", "pod", "probed"]),
      (pod) => restartsOf(pod) === 1,
    );
    await kubectl.run(["delete", "-f", "-"], manifest);
  });
});
