import type { Secret } from "@kube-ts/api/core/v1";
import { RequestAuthenticator } from "../auth/authentication.ts";
import { ServiceAccountTokenIssuer } from "../auth/service-account-token-issuer.ts";
import { LegacyTokenTracker } from "../auth/service-accounts/legacy-token-tracker.ts";
import { ServiceAccountTokenAuthenticator } from "../auth/service-accounts/service-account-token-authenticator.ts";
import { KeySet, parseSigningKey, parseVerificationKeys } from "../auth/service-accounts/signing-keys.ts";
import { BootstrapTokens } from "../auth/tokens/bootstrap-token-authenticator.ts";
import { StaticTokens } from "../auth/tokens/static-token-file.ts";
import { anyTokenAuthenticator, forApiAudiences } from "../auth/tokens/token-authenticator.ts";
import type { TokenAuthenticator } from "../auth/tokens/token-authenticator.ts";
import { FrontProxyAuthenticator } from "../auth/front-proxy/front-proxy-authenticator.ts";
import { TrustedBy } from "../auth/x509/trusted-chain.ts";
import { X509Authenticator } from "../auth/x509/x509-authenticator.ts";
import type { ApiServerConfig } from "../config/server-config.ts";
import type { RegistrySet } from "../registry/registry-set.ts";
import type { ServerEnvironment } from "./environment.ts";

/** Who may come in, and the tokens that the server itself issues. */
export interface Authentication {
  readonly authenticator: RequestAuthenticator;
  readonly tokens: TokenAuthenticator;
  readonly issuer: ServiceAccountTokenIssuer;
  readonly keys: KeySet;
}

type Config = Pick<ApiServerConfig, "authentication" | "serviceAccounts">;

/** Puts the authenticators of the configuration together. Throws for keys and token files that do not parse. */
export function startAuthentication(
  config: Config,
  registries: RegistrySet,
  environment: ServerEnvironment,
): Authentication {
  const { verificationKeys } = config.serviceAccounts;
  const keys = new KeySet(verificationKeys.flatMap((pem) => parseVerificationKeys(pem, "--service-account-key-file")));
  const tokens = anyTokenAuthenticator(tokenAuthenticators(config, keys, registries, environment));
  return {
    authenticator: requestAuthenticator(config, tokens, environment),
    tokens,
    issuer: tokenIssuer(config, registries, environment),
    keys,
  };
}

/** What knows the users of bearer tokens, in the order in which they are asked. */
function tokenAuthenticators(
  { authentication: { staticTokens, bootstrapTokens }, serviceAccounts: { issuers, audiences } }: Config,
  keys: KeySet,
  registries: RegistrySet,
  { clock, log, background }: ServerEnvironment,
): TokenAuthenticator[] {
  const tracker = new LegacyTokenTracker(registries, clock, log);
  background.start((signal) => tracker.run(signal));
  const options = {
    issuers,
    keys,
    apiAudiences: audiences,
    onLegacyTokenUse: (secret: Secret) => tracker.used(secret),
  };
  return [
    ...(staticTokens === undefined
      ? []
      : [forApiAudiences(StaticTokens.parse(staticTokens, "--token-auth-file"), audiences)]),
    new ServiceAccountTokenAuthenticator(options, registries, clock),
    ...(bootstrapTokens ? [forApiAudiences(new BootstrapTokens(registries, clock), audiences)] : []),
  ];
}

/** Everything that tells who sent a request. */
function requestAuthenticator(
  { authentication: { requestHeader, clientCaPem, anonymous } }: Config,
  tokens: TokenAuthenticator,
  { clock }: ServerEnvironment,
): RequestAuthenticator {
  // Only where TLS trusts the authority of front proxies besides that of clients is there something to tell apart.
  const clientTrust = requestHeader && new TrustedBy(clientCaPem);
  return new RequestAuthenticator({
    ...(requestHeader && { frontProxy: new FrontProxyAuthenticator(requestHeader) }),
    certificates: clientCaPem === "" ? undefined : new X509Authenticator(clock, clientTrust),
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
