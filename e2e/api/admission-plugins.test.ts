import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { ConfigMap, Pod, PodSpec } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { Status } from "@kube-ts/api/meta/v1";
import { type ServerUnderTest, startServer } from "../../bench/api-server-process.ts";
import { type ApiAnswer, ApiRequests } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { WebhookServer } from "../harness/webhook-server.ts";

// Plugins that are off by default, and their configuration, on a server that has them on.

const enabled = [
  "AlwaysPullImages",
  "DenyServiceExternalIPs",
  "EventRateLimit",
  "ExtendedResourceToleration",
  "ImagePolicyWebhook",
  "LimitPodHardAntiAffinityTopology",
  "NamespaceAutoProvision",
  "NodeRestriction",
  "OwnerReferencesPermissionEnforcement",
  "PodNodeSelector",
  "PodTolerationRestriction",
];

let server: ServerUnderTest;
let api: ApiRequests;
let hooks: WebhookServer;
/** What the image webhook was asked, and by whom. */
const reviews: { readonly authorization: string | undefined; readonly images: readonly string[] }[] = [];
const running = new AsyncDisposableStack();

before(async () => {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-admission-"));
  running.defer(() => rmSync(directory, { recursive: true }));
  hooks = running.use(await WebhookServer.start());
  answerImageReviews();
  const kubeconfig = join(directory, "kubeconfig.json");
  writeFileSync(kubeconfig, JSON.stringify(webhookKubeconfig()));
  const config = join(directory, "admission.json");
  writeFileSync(config, JSON.stringify(configuration(kubeconfig)));
  const args = [`--enable-admission-plugins=${enabled.join(",")}`, `--admission-control-config-file=${config}`];
  server = running.use(await startServer(args));
  api = new ApiRequests(server);
  assert.equal((await api.ask("POST", "/api/v1/namespaces", { body: { metadata: { name: "ns" } } })).code, 201);
  await account("ns");
});

after(() => running.disposeAsync());

function answerImageReviews(): void {
  hooks.onRaw("/images", (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const review = JSON.parse(Buffer.concat(chunks).toString()) as {
        readonly spec: { readonly containers: readonly { readonly image: string }[] };
      };
      const images = review.spec.containers.map(({ image }) => image);
      reviews.push({ authorization: request.headers.authorization, images });
      const allowed = !images.some((image) => image.startsWith("bad"));
      const status = { allowed, ...(!allowed && { reason: "not signed" }) };
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ kind: "ImageReview", apiVersion: "imagepolicy.k8s.io/v1alpha1", status }));
    });
  });
}

function webhookKubeconfig(): object {
  const { url, caBundle } = hooks.config("/images");
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "images", cluster: { server: url, "certificate-authority-data": caBundle } }],
    users: [
      { name: "server", user: { token: "for-images" } },
      { name: `127.0.0.1:${hooks.port}`, user: { token: "for-webhooks" } },
    ],
    contexts: [{ name: "images", context: { cluster: "images", user: "server" } }],
    "current-context": "images",
  };
}

function configuration(kubeconfig: string): object {
  const configured = (name: string, document: object) => ({ name, configuration: document });
  const kind = (apiVersion: string, name: string, fields: object) => ({ apiVersion, kind: name, ...fields });
  return kind("apiserver.config.k8s.io/v1", "AdmissionConfiguration", {
    plugins: [
      configured("ImagePolicyWebhook", { imagePolicy: { kubeConfigFile: kubeconfig } }),
      configured(
        "EventRateLimit",
        kind("eventratelimit.admission.k8s.io/v1alpha1", "Configuration", {
          limits: [{ type: "Namespace", qps: 1, burst: 3 }],
        }),
      ),
      configured("PodNodeSelector", { podNodeSelectorPluginConfig: { ns: "pool=blue,disk=ssd" } }),
      configured(
        "ValidatingAdmissionWebhook",
        kind("apiserver.config.k8s.io/v1", "WebhookAdmissionConfiguration", { kubeConfigFile: kubeconfig }),
      ),
    ],
  });
}

async function account(namespace: string): Promise<void> {
  const made = await api.ask("POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, {
    body: { metadata: { name: "default" } },
  });
  assert.equal(made.code, 201);
}

function pod(name: string, spec: Partial<PodSpec> = {}): Pod {
  return { metadata: { name }, spec: { containers: [{ name: "c", image: "good" }], ...spec } };
}

const createPod = (body: Pod) => api.ask("POST", "/api/v1/namespaces/ns/pods", { body });
const parsed = <T extends KubeObject>({ code, text }: ApiAnswer): T => {
  assert.ok(code < 300, text);
  return JSON.parse(text) as T;
};
const messageOf = ({ text }: ApiAnswer) => (JSON.parse(text) as Status).message ?? "";

suite("pods", () => {
  test("images are pulled anew and have to be allowed, in containers that are added later, too", async () => {
    const made = parsed<Pod>(await createPod(pod("pulled")));
    assert.equal(made.spec.containers[0]?.imagePullPolicy, "Always");
    assert.deepEqual(reviews[0], { authorization: "Bearer for-images", images: ["good"] });
    assert.equal(
      messageOf(await createPod(pod("unsigned", { containers: [{ name: "c", image: "bad" }] }))),
      'pods "unsigned" is forbidden: image policy webhook backend denied one or more images: not signed',
    );
    const add = (image: string) =>
      api.ask("PATCH", "/api/v1/namespaces/ns/pods/pulled/ephemeralcontainers", {
        headers: { "Content-Type": "application/strategic-merge-patch+json" },
        body: JSON.stringify({ spec: { ephemeralContainers: [{ name: "e", image, imagePullPolicy: "Never" }] } }),
      });
    assert.match(messageOf(await add("bad-debugger")), /denied one or more images: not signed/);
    const debugged = parsed<Pod>(await add("debugger"));
    assert.equal(debugged.spec.ephemeralContainers?.[0]?.imagePullPolicy, "Always");
  });

  test("go to the nodes that the namespace names and tolerate what keeps devices free", async () => {
    const annotations = {
      "scheduler.alpha.kubernetes.io/node-selector": "pool=blue",
      "scheduler.alpha.kubernetes.io/defaultTolerations": '[{"key":"team","operator":"Exists","effect":"NoSchedule"}]',
    };
    const patched = await api.ask("PATCH", "/api/v1/namespaces/ns", {
      headers: { "Content-Type": "application/merge-patch+json" },
      body: JSON.stringify({ metadata: { annotations } }),
    });
    assert.equal(patched.code, 200);
    const resources = { requests: { "example.com/gpu": "1" }, limits: { "example.com/gpu": "1" } };
    const containers = [{ name: "c", image: "good", resources }];
    const made = await eventually(
      "the selector",
      async () =>
        parsed<Pod>(await api.ask("POST", "/api/v1/namespaces/ns/pods?dryRun=All", { body: pod("d", { containers }) })),
      ({ spec }) => spec.nodeSelector !== undefined,
    );
    assert.deepEqual(made.spec.nodeSelector, { pool: "blue" });
    const keys = made.spec.tolerations?.map(({ key }) => key);
    assert.ok(keys?.includes("team") && keys.includes("example.com/gpu"), String(keys));
    assert.match(
      messageOf(await createPod(pod("red", { nodeSelector: { pool: "red" } }))),
      /pod node label selector conflicts with its namespace node label selector/,
    );
    assert.match(
      messageOf(await createPod(pod("zone", { nodeSelector: { zone: "a" } }))),
      /pod node label selector labels conflict with its namespace whitelist/,
    );
  });

  test("keep others away from no more than their node", async () => {
    const term = { labelSelector: {}, topologyKey: "topology.kubernetes.io/zone" };
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    assert.match(
      messageOf(await createPod(pod("alone", { affinity }))),
      /affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey topology.kubernetes.io\/zone but only key kubernetes.io\/hostname is allowed/,
    );
  });

  test("hear from their binding where their node is", async () => {
    const labels = { "topology.kubernetes.io/zone": "z", "topology.kubernetes.io/region": "r" };
    assert.equal((await api.ask("POST", "/api/v1/nodes", { body: { metadata: { name: "n", labels } } })).code, 201);
    parsed(await createPod(pod("bound")));
    const binding = { metadata: { name: "bound" }, target: { kind: "Node", name: "n" } };
    const path = "/api/v1/namespaces/ns/pods/bound";
    await eventually(
      "the node",
      () => api.ask("GET", "/api/v1/nodes/n?resourceVersion=0"),
      ({ code }) => code === 200,
    );
    assert.equal((await api.ask("POST", `${path}/binding`, { body: binding })).code, 201);
    assert.deepEqual((await api.json<Pod>("GET", path)).metadata.labels, labels);
  });
});

suite("other objects", () => {
  test("services take no external addresses", async () => {
    const service = (externalIPs: string[]) => ({
      metadata: { name: "s" },
      spec: { externalIPs, ports: [{ port: 80 }] },
    });
    const path = "/api/v1/namespaces/ns/services";
    assert.equal(
      messageOf(await api.ask("POST", path, { body: service(["1.2.3.4"]) })),
      'services "s" is forbidden: Use of external IPs is denied by admission control.',
    );
    assert.equal((await api.ask("POST", path, { body: service([]) })).code, 201);
    const patched = await api.ask("PATCH", `${path}/s`, {
      headers: { "Content-Type": "application/merge-patch+json" },
      body: JSON.stringify({ spec: { externalIPs: ["1.2.3.4"] } }),
    });
    assert.equal(patched.code, 403);
  });

  test("events come in as fast as they may", async () => {
    const event = (index: number) => ({
      metadata: { name: `e${index}` },
      involvedObject: { kind: "Pod", namespace: "ns", name: "p" },
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => api.ask("POST", "/api/v1/namespaces/ns/events", { body: event(index) })),
    );
    const refused = answers.filter(({ code }) => code === 429);
    assert.ok(refused.length >= 10, `${refused.length} refused`);
    assert.ok(answers.some(({ code }) => code === 201));
    assert.match(messageOf(refused[0] as ApiAnswer), /limit reached on type Namespace for key ns/);
  });

  test("namespaces come into being with what is in them", async () => {
    const made = await api.ask("POST", "/api/v1/namespaces/fresh/configmaps", { body: { metadata: { name: "c" } } });
    assert.equal(made.code, 201, made.text);
    assert.equal((await api.ask("GET", "/api/v1/namespaces/fresh")).code, 200);
  });

  test("who may not delete an object does not say who owns it", async () => {
    const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["create", "get", "update", "patch"] }];
    const rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/ns";
    const role = await api.ask("POST", `${rbac}/roles`, { body: { metadata: { name: "writer" }, rules } });
    assert.equal(role.code, 201);
    const subjects = [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "writer" }];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "writer" };
    const bound = await api.ask("POST", `${rbac}/rolebindings`, {
      body: { metadata: { name: "writer" }, roleRef, subjects },
    });
    assert.equal(bound.code, 201);
    const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid: "1" };
    const write = (metadata: object) =>
      api.ask("POST", "/api/v1/namespaces/ns/configmaps", {
        body: { metadata },
        headers: { "Impersonate-User": "writer" },
      });
    await eventually(
      "the role",
      () => write({ name: "plain" }),
      ({ code }) => code === 201 || code === 409,
    );
    assert.match(
      messageOf(await write({ name: "owned", ownerReferences: [owner] })),
      /cannot set an ownerRef on a resource you can't delete/,
    );
    const mine = await api.ask("POST", "/api/v1/namespaces/ns/configmaps", {
      body: { metadata: { name: "mine", ownerReferences: [{ ...owner, blockOwnerDeletion: true }] } },
    });
    assert.equal(parsed<ConfigMap>(mine).metadata.ownerReferences?.length, 1);
  });

  test("webhooks know the server by the user that the configuration names for them", async () => {
    let authorization: string | undefined;
    hooks.onRaw("/identity", (request, response) => {
      authorization = request.headers.authorization;
      response.statusCode = 500;
      response.end();
    });
    const rule = { operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["secrets"] };
    const webhook = {
      name: "identity.example.com",
      clientConfig: hooks.config("/identity"),
      rules: [rule],
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      failurePolicy: "Ignore",
    };
    const made = await api.ask("POST", "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", {
      body: { metadata: { name: "identity" }, webhooks: [webhook] },
    });
    assert.equal(made.code, 201, made.text);
    const secret = { metadata: { generateName: "s-" } };
    await eventually("the call", async () => {
      await api.ask("POST", "/api/v1/namespaces/ns/secrets", { body: secret });
      return authorization;
    });
    assert.equal(authorization, "Bearer for-webhooks");
  });
});

suite("secrets and devices", () => {
  const account = "/api/v1/namespaces/ns/serviceaccounts";

  test("no route leads a pod to a secret that its account does not list", async () => {
    const annotations = { "kubernetes.io/enforce-mountable-secrets": "true" };
    const body = { metadata: { name: "limited", annotations }, secrets: [{ name: "listed" }] };
    assert.equal((await api.ask("POST", account, { body })).code, 201);
    const from = (name: string) => ({ envFrom: [{ secretRef: { name } }] });
    const env = [{ name: "E", valueFrom: { secretKeyRef: { name: "other", key: "k" } } }];
    const routes: Partial<PodSpec>[] = [
      { containers: [{ name: "c", image: "good", env }] },
      { containers: [{ name: "c", image: "good", ...from("other") }] },
      { initContainers: [{ name: "i", image: "good", ...from("other") }] },
      { volumes: [{ name: "v", secret: { secretName: "other" } }] },
      { volumes: [{ name: "v", projected: { sources: [{ secret: { name: "other" } }] } }] },
      { volumes: [{ name: "v", csi: { driver: "d", nodePublishSecretRef: { name: "other" } } }] },
      { imagePullSecrets: [{ name: "other" }] },
    ];
    for (const [index, route] of routes.entries()) {
      const refused = await createPod(pod(`route${index}`, { serviceAccountName: "limited", ...route }));
      assert.equal(refused.code, 403, JSON.stringify(route));
      assert.match(messageOf(refused), /is not allowed because service account limited does not reference that/);
    }
    const containers = [{ name: "c", image: "good", ...from("listed") }];
    parsed(await createPod(pod("listed", { serviceAccountName: "limited", containers })));
    const added = await api.ask("PATCH", "/api/v1/namespaces/ns/pods/listed/ephemeralcontainers", {
      headers: { "Content-Type": "application/strategic-merge-patch+json" },
      body: JSON.stringify({ spec: { ephemeralContainers: [{ name: "e", image: "good", ...from("other") }] } }),
    });
    assert.match(messageOf(added), /ephemeral container e with envFrom referencing secret.secretName="other" is not/);
  });

  test("a node's mirror pods have nothing of the API", async () => {
    const name = "mirrors";
    const made = parsed(await api.ask("POST", "/api/v1/nodes", { body: { metadata: { name } } }));
    const owner = { apiVersion: "v1", kind: "Node", name, uid: made.metadata.uid, controller: true };
    const annotations = { "kubernetes.io/config.mirror": "x" };
    const headers = { "Impersonate-User": `system:node:${name}`, "Impersonate-Group": "system:nodes" };
    const mirror = (id: string, spec: Partial<PodSpec>, of: object = owner) =>
      api.ask("POST", "/api/v1/namespaces/fresh/pods", {
        headers,
        body: { ...pod(id, { nodeName: name, ...spec }), metadata: { name: id, annotations, ownerReferences: [of] } },
      });
    const refusals: readonly [Partial<PodSpec>, RegExp][] = [
      [{ volumes: [{ name: "v", secret: { secretName: "s" } }] }, /can not create pods that reference secrets/],
      [{ volumes: [{ name: "v", projected: { sources: [{ secret: { name: "s" } }] } }] }, /reference secrets/],
      [{ imagePullSecrets: [{ name: "s" }] }, /reference secrets/],
      [{ resourceClaims: [{ name: "gpu", resourceClaimName: "theirs" }] }, /reference resourceclaims/],
      [{ serviceAccountName: "default" }, /reference a service account/],
      [{ nodeName: "n" }, /can only create pods with spec.nodeName set to itself/],
    ];
    for (const [spec, message] of refusals) assert.match(messageOf(await mirror("refused", spec)), message);
    assert.equal((await mirror("allowed", {})).code, 201);
  });
});

suite("a server that is told nonsense does not start", () => {
  const program = join(import.meta.dirname, "..", "..", "packages", "apiserver", "bin", "kube-apiserver");
  const start = (...args: string[]) => {
    const { status, stderr, stdout } = spawnSync(program, args, { encoding: "utf8", timeout: 60_000 });
    assert.notEqual(status, 0);
    return stderr + stdout;
  };
  /** All that is needed to start but for what the test adds. */
  const enough = () => [
    "--etcd-servers=http://127.0.0.1:1",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-signing-key-file=${server.ca}`,
  ];

  test("about plugins", () => {
    assert.match(
      start(...enough(), "--enable-admission-plugins=Nonsense"),
      /enable-admission-plugins plugin "Nonsense" is unknown/,
    );
    assert.match(
      start(...enough(), "--disable-admission-plugins=Nonsense"),
      /disable-admission-plugins plugin "Nonsense" is unknown/,
    );
  });

  test("about their configuration", () => {
    assert.match(
      start(...enough(), "--admission-control-config-file=/nowhere"),
      /unable to read admission control configuration from "\/nowhere"/,
    );
  });
});
