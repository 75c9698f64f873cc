import type { Secret } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { HotHistogram } from "@kube-ts/std/hot-metrics";
import { Counter, type Registry } from "@kube-ts/std/metrics";
import { processHost } from "@kube-ts/std/process-host";
import { RequestAuthenticator } from "../auth/authentication.ts";
import type { Authenticator } from "../auth/authenticator.ts";
import { CountedAuthenticator } from "../auth/counted-authenticator.ts";
import { FrontProxyAuthenticator } from "../auth/front-proxy/front-proxy-authenticator.ts";
import { JwtAuthenticators } from "../auth/jwt/jwt-authenticators.ts";
import { ReloadMetrics } from "../auth/reload/reload-metrics.ts";
import { followFile } from "../auth/reload/watched-file.ts";
import { ServiceAccountTokenIssuer } from "../auth/service-account-token-issuer.ts";
import { LegacyTokenTracker } from "../auth/service-accounts/legacy-token-tracker.ts";
import {
  ServiceAccountTokenAuthenticator,
  type TokenUse,
} from "../auth/service-accounts/service-account-token-authenticator.ts";
import { KeySet, parseSigningKey, parseVerificationKeys } from "../auth/service-accounts/signing-keys.ts";
import { BootstrapTokens } from "../auth/tokens/bootstrap-token-authenticator.ts";
import { CachedTokens } from "../auth/tokens/cached-tokens.ts";
import { StaticTokens } from "../auth/tokens/static-token-file.ts";
import { TokenCacheMetrics } from "../auth/tokens/token-cache-metrics.ts";
import { anyTokenAuthenticator, forApiAudiences } from "../auth/tokens/token-authenticator.ts";
import type { TokenAuthenticator } from "../auth/tokens/token-authenticator.ts";
import { HttpsReviewWebhook, webhookConfig } from "../auth/webhook/review-webhook.ts";
import { TokenWebhook } from "../auth/webhook/token-webhook.ts";
import { ClientAuthorities } from "../auth/x509/client-authorities.ts";
import { X509Authenticator } from "../auth/x509/x509-authenticator.ts";
import type { TokenWebhookConfig } from "../config/authentication.ts";
import type { ApiServerConfig } from "../config/server-config.ts";
import { structuredAuthentication } from "../config/structured-authentication.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import type { ServerEnvironment } from "./environment.ts";

/** Who may come in, and the tokens that the server itself issues. */
export interface Authentication {
  readonly authenticator: Authenticator;
  readonly tokens: TokenAuthenticator;
  readonly issuer: ServiceAccountTokenIssuer;
  readonly keys: KeySet;
  /** Whose client certificates count; TLS has to ask for theirs. */
  readonly authorities: ClientAuthorities;
}

type Config = Pick<ApiServerConfig, "authentication" | "serviceAccounts">;

/**
 * Puts the authenticators of the configuration together and follows the files that may change. Rejects for keys, token
 * files and kubeconfigs that cannot be used.
 */
export async function startAuthentication(
  config: Config,
  registries: RegistrySet,
  environment: ServerEnvironment,
): Promise<Authentication> {
  const { verificationKeys } = config.serviceAccounts;
  const keys = new KeySet(verificationKeys.flatMap((pem) => parseVerificationKeys(pem, "--service-account-key-file")));
  const cacheMetrics = new TokenCacheMetrics(environment.metrics, environment.clock);
  const tokens = anyTokenAuthenticator(await tokenAuthenticators(config, keys, registries, cacheMetrics, environment));
  const authorities = startAuthorities(config, environment);
  return {
    authenticator: new CountedAuthenticator(
      requestAuthenticator(config, tokens, authorities, environment),
      environment.metrics,
      environment.clock,
    ),
    tokens,
    issuer: tokenIssuer(config, registries, environment),
    keys,
    authorities,
  };
}

/** What knows the users of bearer tokens, in the order in which they are asked. */
async function tokenAuthenticators(
  config: Config,
  keys: KeySet,
  registries: RegistrySet,
  cacheMetrics: TokenCacheMetrics,
  environment: ServerEnvironment,
): Promise<TokenAuthenticator[]> {
  const { staticTokens, bootstrapTokens, tokenWebhook, jwt } = config.authentication;
  const { issuers, audiences } = config.serviceAccounts;
  const { clock, log, background } = environment;
  const tracker = new LegacyTokenTracker(registries, clock, log);
  background.start((signal) => tracker.run(signal));
  const options = {
    issuers,
    keys,
    apiAudiences: audiences,
    onLegacyTokenUse: (secret: Secret) => tracker.used(secret),
    onUse: tokenUseCounter(environment.metrics),
    cacheMetrics,
  };
  return [
    ...(staticTokens === undefined
      ? []
      : [forApiAudiences(StaticTokens.parse(staticTokens, "--token-auth-file"), audiences)]),
    new ServiceAccountTokenAuthenticator(options, registries, clock),
    ...(bootstrapTokens ? [forApiAudiences(new BootstrapTokens(registries, clock), audiences)] : []),
    ...(jwt.authenticators.length > 0 || jwt.file ? [startJwt(config, cacheMetrics, environment)] : []),
    ...(tokenWebhook ? [await webhookTokens(tokenWebhook, audiences, cacheMetrics, environment)] : []),
  ];
}

/** Counts the uses of tokens of service accounts, under upstream's names. */
function tokenUseCounter(registry: Registry): (use: TokenUse) => void {
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] });
  const counters: Readonly<Record<TokenUse, Counter>> = {
    valid: counter("serviceaccount_valid_tokens_total", "Uses of bound tokens before they were to be renewed."),
    stale: counter("serviceaccount_stale_tokens_total", "Uses of bound tokens after they were to be renewed."),
    legacy: counter("serviceaccount_legacy_tokens_total", "Uses of tokens that live in secrets."),
    "auto-generated": counter(
      "serviceaccount_legacy_auto_token_uses_total",
      "Uses of tokens in secrets that were made for each account.",
    ),
    manual: counter(
      "serviceaccount_legacy_manual_token_uses_total",
      "Uses of tokens in secrets that somebody asked for.",
    ),
    invalidated: counter(
      "serviceaccount_invalid_legacy_auto_token_uses_total",
      "Uses of tokens in secrets that have been marked invalid.",
    ),
  };
  return (use) => counters[use].inc();
}

/** The issuers of signed tokens, exchanged when their file changes. */
function startJwt(
  { authentication: { jwt }, serviceAccounts }: Config,
  cacheMetrics: TokenCacheMetrics,
  environment: ServerEnvironment,
): JwtAuthenticators {
  const { background, clock, log, metrics } = environment;
  const { issuers, audiences: apiAudiences } = serviceAccounts;
  const { algorithms, file, anonymous } = jwt;
  const authenticators = new JwtAuthenticators({ apiAudiences, algorithms, clock, log, cacheMetrics });
  authenticators.replace(jwt.authenticators);
  background.start((signal) => authenticators.run(signal));
  if (file) {
    const onChange = new ReloadMetrics("authentication", metrics, clock).counting((content) => {
      const changed = structuredAuthentication(content, file.path, issuers);
      if (!semanticEqual(changed.anonymous, anonymous)) {
        throw new Error("anonymous: Forbidden: changed from initial configuration file");
      }
      authenticators.replace(changed.authenticators);
    });
    background.start((signal) => followFile({ ...file, clock, log, onChange }, signal));
  }
  return authenticators;
}

const webhookTimeoutMs = 30_000;

async function webhookTokens(
  { kubeconfigFile, version, cacheMs }: TokenWebhookConfig,
  apiAudiences: readonly string[],
  metrics: TokenCacheMetrics,
  { clock, random }: ServerEnvironment,
): Promise<TokenAuthenticator> {
  const connection = await webhookConfig(kubeconfigFile, processHost.env);
  const webhook = new HttpsReviewWebhook(connection, { clock, random, timeoutMs: webhookTimeoutMs });
  const tokens = new TokenWebhook(webhook, { version, apiAudiences });
  return new CachedTokens(tokens, { clock, successMs: cacheMs, failureMs: cacheMs, metrics });
}

/** The authorities of client certificates; their files are followed. */
function startAuthorities(
  { authentication: { clientCaPem, requestHeader, authorityFiles } }: Config,
  { background, clock, log }: ServerEnvironment,
): ClientAuthorities {
  const authorities = new ClientAuthorities(clientCaPem, requestHeader?.caPem ?? "");
  const follow = (path: string, content: string, onChange: (pem: string) => void) => {
    if (path === "") return;
    background.start((signal) => followFile({ path, content, clock, log, onChange }, signal));
  };
  follow(authorityFiles.client, clientCaPem, (pem) => authorities.replaceClients(pem));
  follow(authorityFiles.requestHeader, authorities.frontProxyPem, (pem) => authorities.replaceFrontProxies(pem));
  return authorities;
}

const hour = 3_600;
const day = 24 * hour;
/** Seconds: half an hour to a year. */
const remainingBuckets = [
  0,
  hour / 2,
  hour,
  2 * hour,
  6 * hour,
  12 * hour,
  ...[1, 2, 4, 7, 30, 90, 180, 360].map((days) => days * day),
];

/** Everything that tells who sent a request. */
function requestAuthenticator(
  { authentication: { requestHeader, clientCaPem, anonymous } }: Config,
  tokens: TokenAuthenticator,
  authorities: ClientAuthorities,
  { clock, metrics }: ServerEnvironment,
): RequestAuthenticator {
  const remaining = new HotHistogram({
    name: "apiserver_client_certificate_expiration_seconds",
    help: "How long the certificates that requests come with are still valid, in seconds.",
    labelNames: [],
    registry: metrics,
    buckets: remainingBuckets,
  }).with();
  const onCertificate = (remainingMs: number) => remaining.observe(remainingMs / 1_000);
  const clientTrust = { authorities: authorities.clients, isShared: requestHeader !== undefined };
  return new RequestAuthenticator({
    ...(requestHeader && { frontProxy: new FrontProxyAuthenticator(requestHeader, authorities.frontProxies) }),
    certificates: clientCaPem === "" ? undefined : new X509Authenticator(clock, clientTrust, onCertificate),
    tokens,
    anonymous,
  });
}

function tokenIssuer(
  { serviceAccounts }: Config,
  registries: RegistrySet,
  { clock, random }: ServerEnvironment,
): ServiceAccountTokenIssuer {
  const { issuers, audiences, signingKey, maxExpirationSeconds, extendExpiration } = serviceAccounts;
  return new ServiceAccountTokenIssuer(
    {
      issuer: issuers[0] ?? "",
      key: parseSigningKey(signingKey, "--service-account-signing-key-file"),
      apiAudiences: audiences,
      maxExpirationSeconds,
      extendExpiration,
    },
    registries,
    clock,
    random,
  );
}
