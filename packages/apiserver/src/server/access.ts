import type { KubeObject } from "@kube-ts/api/object";
import type { ClusterRoleBinding, RoleBinding } from "@kube-ts/api/rbac/v1";
import { HotCounter } from "@kube-ts/std/hot-metrics";
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
  const rbac = new RbacAuthorizer(source);
  const node = await NodeAuthorizer.open(source, nodeRules, environment.stop);
  const build = authorizerBuilder(builtInAuthorizers(config, node, rbac), environment);
  const configured = new ConfiguredAuthorizers(await build(config.authorizers));
  followAuthorizers(config, environment, async (authorizers) => configured.replace(await build(authorizers)));
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

type BuiltInAuthorizers = ReadonlyMap<AuthorizationMode, ListingAuthorizer>;

/** What was not configured at start needs a start. */
function builtInAuthorizers(
  { modes, policies = [] }: AuthorizationConfig,
  node: NodeAuthorizer,
  rbac: RbacAuthorizer,
): BuiltInAuthorizers {
  const all: readonly (readonly [AuthorizationMode, ListingAuthorizer])[] = [
    ["AlwaysAllow", alwaysAllow],
    ["AlwaysDeny", alwaysDeny],
    ["Node", node],
    ["RBAC", rbac],
    ["ABAC", new AbacAuthorizer(policies)],
  ];
  return new Map(all.filter(([mode]) => mode.startsWith("Always") || modes.includes(mode)));
}

/** Makes the authorizers that a configuration asks for, each counted. */
function authorizerBuilder(
  builtIn: BuiltInAuthorizers,
  environment: ServerEnvironment,
): (authorizers: readonly CompiledAuthorizer[]) => Promise<ListingAuthorizer[]> {
  const decisions = new HotCounter({
    name: "apiserver_authorization_decisions_total",
    help: "Decisions by the authorizer that made them.",
    labelNames: ["type", "name", "decision"],
    registry: environment.metrics,
  });
  const webhookMetrics = new AuthorizationWebhookMetrics(environment.metrics);
  const authorizerOf = async (authorizer: CompiledAuthorizer): Promise<ListingAuthorizer> => {
    const { type, name } = authorizer;
    if (type === "Webhook") return webhookAuthorizer(name, authorizer.webhook, webhookMetrics, environment);
    const known = builtIn.get(type);
    if (known) return known;
    throw new Error(`authorizer type ${type} is not allowed if it was not enabled at initial server startup`);
  };
  const counted = async (authorizer: CompiledAuthorizer): Promise<ListingAuthorizer> => {
    const { type, name } = authorizer;
    return new CountedAuthorizer(await authorizerOf(authorizer), { type, name }, decisions);
  };
  return (authorizers) => Promise.all(authorizers.map(counted));
}

/** Has the authorizers replaced when their file changes, where they come from one. */
function followAuthorizers(
  { file }: AuthorizationConfig,
  { background, clock, log, metrics }: ServerEnvironment,
  replace: (authorizers: readonly CompiledAuthorizer[]) => Promise<void>,
): void {
  if (!file) return;
  const onChange = new ReloadMetrics("authorization", metrics, clock).counting((content) =>
    replace(authorizersOfFile(content, file.path)),
  );
  background.start((signal) => followFile({ ...file, clock, log, onChange }, signal));
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
