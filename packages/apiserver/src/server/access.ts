import type { KubeObject } from "@kube-ts/api/object";
import type { ClusterRoleBinding, RoleBinding } from "@kube-ts/api/rbac/v1";
import { processHost } from "@kube-ts/std/process-host";
import { AbacAuthorizer } from "../auth/abac/abac-authorizer.ts";
import {
  type Authorization,
  ConfiguredAuthorizers,
  type ListingAuthorizer,
  alwaysAllow,
  alwaysDeny,
} from "../auth/authorization.ts";
import type { AuthorizationMode, CompiledAuthorizer, CompiledWebhook } from "../auth/compile-authorization.ts";
import { CountedAuthorizer } from "../auth/counted-authorizer.ts";
import { NodeAuthorizer } from "../auth/node/node-authorizer.ts";
import { OutcomeCounter } from "../auth/outcome-counter.ts";
import { EscalationGuard } from "../auth/rbac/escalation-guard.ts";
import { RbacAuthorizer } from "../auth/rbac/rbac-authorizer.ts";
import { ReloadMetrics } from "../auth/reload/reload-metrics.ts";
import { followFile } from "../auth/reload/watched-file.ts";
import { HttpsReviewWebhook, webhookConfig } from "../auth/webhook/review-webhook.ts";
import { WebhookAuthorizer } from "../auth/webhook/webhook-authorizer.ts";
import { AuthorizationWebhookMetrics, type RoundTripResult } from "../auth/webhook/webhook-metrics.ts";
import { nodeRules } from "../bootstrap/rbac/node-rules.ts";
import { type AuthorizationConfig, authorizersOfFile } from "../config/authorization.ts";
import type { ObjectSource } from "../registry/object-source.ts";
import type { RegistryHooks } from "../registry/write-request.ts";
import type { ServerEnvironment } from "./environment.ts";

/** Who may do what, and the check that nobody grants more than they hold. */
export interface Access extends Authorization, Disposable {
  readonly guard: EscalationGuard;
}

/** Builds the authorizers of the configuration, and follows its file; call it when the caches are ready. */
export async function startAccess(
  config: AuthorizationConfig,
  source: ObjectSource,
  environment: ServerEnvironment,
): Promise<Access> {
  const { background, clock, log, metrics } = environment;
  const rbac = new RbacAuthorizer(source);
  const node = await NodeAuthorizer.open(source, nodeRules, environment.stop);
  // What was not configured at start needs a start.
  const builtIn = new Map<AuthorizationMode, ListingAuthorizer>(
    [
      ["AlwaysAllow", alwaysAllow] as const,
      ["AlwaysDeny", alwaysDeny] as const,
      ["Node", node] as const,
      ["RBAC", rbac] as const,
      ["ABAC", new AbacAuthorizer(config.policies ?? [])] as const,
    ].filter(([mode]) => mode.startsWith("Always") || config.modes.includes(mode)),
  );
  const decisions = new OutcomeCounter(
    "apiserver_authorization_decisions_total",
    "Decisions by the authorizer that made them.",
    ["type", "name", "decision"],
    metrics,
  );
  const webhookMetrics = new AuthorizationWebhookMetrics(metrics);
  const authorizerOf = async (authorizer: CompiledAuthorizer): Promise<ListingAuthorizer> => {
    const { type, name } = authorizer;
    if (type === "Webhook") return webhookAuthorizer(name, authorizer.webhook, webhookMetrics, environment);
    const known = builtIn.get(type);
    if (known) return known;
    throw new Error(`authorizer type ${type} is not allowed if it was not enabled at initial server startup`);
  };
  const build = (authorizers: readonly CompiledAuthorizer[]) =>
    Promise.all(
      authorizers.map(async (authorizer) => {
        const { type, name } = authorizer;
        return new CountedAuthorizer(await authorizerOf(authorizer), { type, name }, decisions);
      }),
    );
  const configured = new ConfiguredAuthorizers(await build(config.authorizers));
  const { file } = config;
  if (file) {
    const onChange = new ReloadMetrics("authorization", metrics, clock).counting(async (content) => {
      configured.replace(await build(authorizersOfFile(content, file.path)));
    });
    background.start((signal) => followFile({ ...file, clock, log, onChange }, signal));
  }
  return {
    authorizer: configured,
    resolvers: [configured],
    guard: new EscalationGuard(rbac, configured),
    [Symbol.dispose]: () => {
      rbac[Symbol.dispose]();
      node[Symbol.dispose]();
    },
  };
}

async function webhookAuthorizer(
  name: string,
  { kubeconfigFile, timeoutMs, ...options }: CompiledWebhook,
  metrics: AuthorizationWebhookMetrics,
  { clock, random, log }: ServerEnvironment,
): Promise<ListingAuthorizer> {
  const connection = await webhookConfig(kubeconfigFile, processHost.env);
  const onAttempt = (result: RoundTripResult, ms: number) => metrics.called(name, result, ms);
  const webhook = new HttpsReviewWebhook(connection, { clock, random, timeoutMs, onAttempt });
  return new WebhookAuthorizer({ name, webhook, clock, log, metrics, ...options });
}

const group = "rbac.authorization.k8s.io";

/** The hooks that check grants before roles and bindings are stored. `guard` is asked for at each write. */
export function escalationHooks(guard: () => EscalationGuard): Map<string, RegistryHooks<KubeObject>> {
  const role = (resource: "roles" | "clusterroles"): RegistryHooks<KubeObject> => ({
    beforeWrite: async (object, old, { context, signal }) => {
      await guard().checkRole(resource, object, old, context.user, signal);
      return undefined;
    },
  });
  const binding = (resource: "rolebindings" | "clusterrolebindings"): RegistryHooks<KubeObject> => ({
    beforeWrite: async (object, old, { context, signal }) => {
      const previous = old as RoleBinding | undefined;
      await guard().checkBinding(resource, object as RoleBinding | ClusterRoleBinding, previous, context.user, signal);
      return undefined;
    },
  });
  return new Map([
    [`${group}/roles`, role("roles")],
    [`${group}/clusterroles`, role("clusterroles")],
    [`${group}/rolebindings`, binding("rolebindings")],
    [`${group}/clusterrolebindings`, binding("clusterrolebindings")],
  ]);
}
