import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import type { ConfigMap, Node } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf, objectKey } from "@kube-ts/api/object";
import { certificateSigningRequests, configMaps, nodes } from "@kube-ts/api/resource-types";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import { permissionReview } from "../certificates/approval-plan.ts";
import { approve, isPermitted } from "../certificates/automatic-approval.ts";
import { certificateQueue } from "../certificates/request-queue.ts";
import { isDecided, isIssued } from "../certificates/request-state.ts";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { judge } from "./approval-plan.ts";
import { type ClusterMachines, clusterMachines } from "./cluster-machines.ts";

const configuration = { namespace: "kube-system", name: "kube-ts-config" };
const workers = 2;

/**
 * Approves what machines of a cluster ask for besides their identity: certificates of their kubelets' servers, and
 * those of the clients that run beside a kubelet. What it does not approve is left to others.
 */
class NodeCertificateApprover implements Controller {
  readonly #context: ControllerContext;
  readonly #requests: Informer<CertificateSigningRequest>;
  readonly #nodes: Informer<Node>;
  readonly #configuration: Informer<ConfigMap>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#requests = context.informers.informer(certificateSigningRequests);
    this.#nodes = context.informers.informer(nodes);
    this.#configuration = context.informers.informer(configMaps, {
      selection: { namespace: configuration.namespace, fieldSelector: `metadata.name=${configuration.name}` },
    });
    this.#queue = certificateQueue(context);
    const enqueue = (request: CertificateSigningRequest) => {
      if (!isDecided(request)) this.#queue.add(keyOf(request));
    };
    this.#requests.subscribe({ added: enqueue, updated: (_old, request) => enqueue(request) });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, workers, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const request = this.#requests.get(key);
    if (!request || isDecided(request) || isIssued(request)) return;
    const { parseCertificateRequest } = await import("../certificates/certificate-request.ts");
    const names = () => parseCertificateRequest(request.spec.request).names;
    const judgement = judge(request, names, { nodes: this.#nodes.list(), machines: this.#machines() });
    if (judgement.kind === "ignore") return;
    const { client } = this.#context;
    if (judgement.kind === "approve") return approve(client, request, judgement.message, signal);
    if (judgement.kind === "ask") {
      const review = permissionReview(request, judgement.subresource, judgement.name);
      if (await isPermitted(client, review, signal)) return approve(client, request, judgement.message, signal);
    }
    const reason = judgement.kind === "leave" ? judgement.reason : "subject access review was not approved";
    // Addresses, configuration and roles change, and nothing else would bring the key back.
    throw new Error(`certificate signing request ${goQuote(nameOf(request))} is not approved: ${reason}`);
  }

  #machines(): ClusterMachines | undefined {
    const map = this.#configuration.get(objectKey(configuration.namespace, configuration.name));
    return map && clusterMachines(map);
  }
}

export const nodeCertificateApprover: ControllerDefinition = {
  name: "node-certificate-approving-controller",
  serviceAccount: "node-certificate-approver",
  offByDefault: true,
  create: (context) => new NodeCertificateApprover(context),
};
