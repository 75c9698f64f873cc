import type { Secret } from "@kube-ts/api/core/v1";
import type { Clock } from "@kube-ts/std/clock";
import type { Random } from "@kube-ts/std/random";
import { RequestAuthenticator } from "../auth/authentication.ts";
import { ServiceAccountTokenIssuer } from "../auth/service-account-token-issuer.ts";
import type { LegacyTokenTracker } from "../auth/service-accounts/legacy-token-tracker.ts";
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
import type { ObjectSource } from "../registry/object-source.ts";

/** Who may come in, and the tokens that the server itself issues. */
export interface Authentication {
  readonly authenticator: RequestAuthenticator;
  readonly tokens: TokenAuthenticator;
  readonly issuer: ServiceAccountTokenIssuer;
  readonly keys: KeySet;
}

/** Puts the authenticators of the configuration together. Throws for keys and token files that do not parse. */
export function buildAuthentication(
  config: ApiServerConfig,
  source: ObjectSource,
  tracker: LegacyTokenTracker,
  clock: Clock,
  random: Random,
): Authentication {
  const { serviceAccounts } = config;
  const keys = new KeySet(
    serviceAccounts.verificationKeys.flatMap((pem) => parseVerificationKeys(pem, "--service-account-key-file")),
  );
  const { issuers, audiences: apiAudiences } = serviceAccounts;
  const onLegacyTokenUse = (secret: Secret) => tracker.used(secret);
  const members: TokenAuthenticator[] = [
    new ServiceAccountTokenAuthenticator({ issuers, keys, apiAudiences, onLegacyTokenUse }, source, clock),
  ];
  if (config.staticTokens !== undefined) {
    members.unshift(forApiAudiences(StaticTokens.parse(config.staticTokens, "--token-auth-file"), apiAudiences));
  }
  if (config.bootstrapTokens) members.push(forApiAudiences(new BootstrapTokens(source, clock), apiAudiences));
  const tokens = anyTokenAuthenticator(members);
  const { requestHeader, clientCaPem } = config;
  // Only where TLS trusts the authority of front proxies besides that of clients is there something to tell apart.
  const clientTrust = requestHeader && new TrustedBy(clientCaPem);
  const certificates = clientCaPem === "" ? undefined : new X509Authenticator(clock, clientTrust);
  const frontProxy = requestHeader && new FrontProxyAuthenticator(requestHeader);
  const issuer = new ServiceAccountTokenIssuer(
    {
      issuer: issuers[0] ?? "",
      key: parseSigningKey(serviceAccounts.signingKey, "--service-account-signing-key-file"),
      apiAudiences,
      maxExpirationSeconds: serviceAccounts.maxExpirationSeconds,
      extendExpiration: serviceAccounts.extendExpiration,
    },
    source,
    clock,
    random,
  );
  return {
    authenticator: new RequestAuthenticator({
      ...(frontProxy && { frontProxy }),
      certificates,
      tokens,
      anonymous: config.anonymousAuth,
    }),
    tokens,
    issuer,
    keys,
  };
}
