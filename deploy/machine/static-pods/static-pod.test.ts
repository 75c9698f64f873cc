import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { formatYaml, parseYaml } from "@kube-ts/std/yaml";
import { parseClusterConfig } from "../../cluster/cluster-config.ts";
import { staticPodDaemons } from "../machine-daemons.ts";
import { machinePlan } from "../machine-plan.ts";
import { machineFiles } from "../places.ts";
import { inputsOf, staticPod, withInputs } from "./static-pod.ts";

const config = parseClusterConfig(`
apiVersion: deploy.kube-ts.io/v1
kind: Cluster
controlPlane: {mode: static-pods}
machines: [{name: one, roles: [etcd, control-plane, worker], addresses: [192.0.2.1]}]
flags: {kube-apiserver: {audit-log-maxage: "7"}}
`);
const [machine] = config.machines;
assert.ok(machine);
const plan = {
  ...machinePlan(config, machine, { initialCluster: "", state: "new" }),
  files: machineFiles({
    machine,
    resolvConf: "/etc/resolv.conf",
    controlPlane: "static-pods",
    isEncrypting: true,
    trusted: {
      ca: "/etc/kubernetes/pki/ca.crt",
      "etcd/ca": "/etc/kubernetes/pki/etcd/ca.crt",
      "front-proxy-ca": "/etc/kubernetes/pki/front-proxy-ca.crt",
    },
  }),
};

/** Files of the machine that the command line names. */
const filesIn = (command: readonly string[]) =>
  command.flatMap((word) => /^--[a-z-]+=(\/(?:etc|var|run)\/.*)$/.exec(word)?.[1] ?? []);

for (const daemon of staticPodDaemons) {
  test(`${daemon}: every file that it is told of is mounted, for reading unless it is its log`, () => {
    const [container] = staticPod(daemon, plan, "image:v1", "digest").spec?.containers ?? [];
    const mounts = container?.volumeMounts ?? [];
    const files = filesIn(container?.command ?? []);
    assert.ok(files.length > 0);
    for (const path of files) {
      const mount = mounts.find(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`));
      assert.ok(mount, `${path} is not mounted`);
      assert.equal(mount.readOnly, !path.startsWith("/var/log/"), path);
      assert.ok(!path.startsWith("/run/credentials"), path);
    }
    assert.deepEqual(container?.securityContext?.capabilities?.drop, ["ALL"]);
    assert.equal(container?.livenessProbe?.httpGet?.host, "127.0.0.1");
  });
}

test("another digest of what it reads, or another image, is another pod", () => {
  const uid = (image: string, digest: string) => staticPod("kube-scheduler", plan, image, digest).metadata.uid;
  assert.match(uid("image:v1", "a") ?? "", /^[0-9a-f]{32}$/);
  assert.equal(uid("image:v1", "a"), uid("image:v1", "a"));
  assert.notEqual(uid("image:v1", "a"), uid("image:v1", "b"));
  assert.notEqual(uid("image:v1", "a"), uid("image:v2", "a"));
});

test("a manifest that is read and told of other inputs is the one that would be made anew", () => {
  for (const daemon of staticPodDaemons) {
    const written = formatYaml(staticPod(daemon, plan, "image:v1", "a"));
    const refreshed = withInputs(parseYaml(written) as Pod, "b");
    assert.equal(inputsOf(refreshed), "b");
    assert.equal(formatYaml(refreshed), formatYaml(staticPod(daemon, plan, "image:v1", "b")));
  }
});

test("names of volumes are unique", () => {
  for (const daemon of staticPodDaemons) {
    const names = staticPod(daemon, plan, "image:v1", "").spec?.volumes?.map(({ name }) => name) ?? [];
    assert.equal(new Set(names).size, names.length);
  }
});
