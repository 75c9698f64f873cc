import { ApiRequests } from "./api-requests.ts";
import { KubectlOnServer } from "./kubectl-on-server.ts";
import { WebhookServer } from "./webhook-server.ts";

const configMapRule = {
  operations: ["CREATE", "UPDATE", "DELETE"],
  apiGroups: [""],
  apiVersions: ["v1"],
  resources: ["configmaps"],
};

/** An API server, a server with webhooks, and a namespace for each test. */
export class WebhookBench implements AsyncDisposable {
  readonly cluster: KubectlOnServer;
  readonly api: ApiRequests;
  readonly hooks: WebhookServer;
  /** The namespace of the test. */
  scope = "";
  #count = 0;

  private constructor(cluster: KubectlOnServer, hooks: WebhookServer) {
    this.cluster = cluster;
    this.api = new ApiRequests(cluster.server);
    this.hooks = hooks;
  }

  static async start(): Promise<WebhookBench> {
    await using starting = new AsyncDisposableStack();
    const cluster = starting.use(await KubectlOnServer.start());
    const hooks = await WebhookServer.start(["127.0.0.1", "localhost", "hook.default.svc"]);
    starting.move();
    return new WebhookBench(cluster, hooks);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hooks[Symbol.asyncDispose]();
    await this.cluster[Symbol.asyncDispose]();
  }

  /** Begins a test. */
  async enter(): Promise<void> {
    this.scope = `ns${++this.#count}`;
    await this.cluster.run(`create namespace ${this.scope}`);
  }

  /** Sets up webhooks that are about config maps in the namespace of the test unless they say otherwise. */
  async configure(kind: "Mutating" | "Validating", webhooks: readonly object[], name = this.scope): Promise<void> {
    const base = {
      rules: [configMapRule],
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": this.scope } },
    };
    await this.cluster.create({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: `${kind}WebhookConfiguration`,
      metadata: { name },
      webhooks: webhooks.map((webhook) => ({ ...base, ...webhook })),
    });
  }

  configMap(name: string, data: Record<string, string> = {}, labels: Record<string, string> = {}) {
    return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: this.scope, labels }, data };
  }

  /** The path of the config maps of the test. */
  maps(): string {
    return `/api/v1/namespaces/${this.scope}/configmaps`;
  }
}
