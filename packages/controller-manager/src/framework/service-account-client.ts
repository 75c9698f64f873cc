import type { TokenRequest } from "@kube-ts/api/authentication/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { serviceAccounts } from "@kube-ts/api/resource-types";
import { isAlreadyExists, isNotFound } from "@kube-ts/api/status-error";
import type { Client, RawRequest, ResourceClient } from "@kube-ts/client/client";
import type { ClientConfig } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import type { ClientOptions } from "@kube-ts/client/rest-client";
import type { Clock } from "@kube-ts/std/clock";
import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";

const namespace = "kube-system";
const tokenSeconds = 3_600;
/** A token is replaced when this part of its lifetime has passed. */
const renewAfter = 0.8;
const retryMs = 5_000;

export interface ServiceAccountClientOptions {
  /** Creates the account and its tokens. */
  readonly issuer: Client;
  /** Where the server is; its own credentials are left out. */
  readonly config: ClientConfig;
  readonly clientOptions: ClientOptions;
  readonly account: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A client that acts as a service account of kube-system, with a short-lived token that is kept fresh. */
export class ServiceAccountClient implements Client {
  readonly #options: ServiceAccountClientOptions;
  #current: Client;

  private constructor(options: ServiceAccountClientOptions, current: Client) {
    this.#options = options;
    this.#current = current;
  }

  /** Makes the account if need be, and the first token. */
  static async create(options: ServiceAccountClientOptions, signal: AbortSignal): Promise<ServiceAccountClient> {
    return new ServiceAccountClient(options, await withNewToken(options, signal));
  }

  /** Replaces the token in time until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    let waitMs = tokenSeconds * renewAfter * 1_000;
    try {
      for (;;) {
        await clock.sleep(waitMs, signal);
        waitMs = await this.#renew(signal).then(
          () => tokenSeconds * renewAfter * 1_000,
          (error: unknown) => {
            log.warn("service account token could not be renewed", { error: errorFields(error) });
            return retryMs;
          },
        );
      }
    } catch (error) {
      if (!isAbort(error, signal)) throw error;
    }
  }

  resource<T extends KubeObject>(type: ResourceType<T>): ResourceClient<T> {
    const latest = () => this.#current.resource(type);
    return {
      get: (...args) => latest().get(...args),
      list: (...args) => latest().list(...args),
      watch: (...args) => latest().watch(...args),
      create: (...args) => latest().create(...args),
      update: (...args) => latest().update(...args),
      updateStatus: (...args) => latest().updateStatus(...args),
      patch: (...args) => latest().patch(...args),
      delete: (...args) => latest().delete(...args),
      deleteCollection: (...args) => latest().deleteCollection(...args),
      getSubresource: (...args) => latest().getSubresource(...args),
      createSubresource: (...args) => latest().createSubresource(...args),
      updateSubresource: (...args) => latest().updateSubresource(...args),
    };
  }

  raw(request: RawRequest) {
    return this.#current.raw(request);
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#current[Symbol.asyncDispose]();
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const previous = this.#current;
    this.#current = await withNewToken(this.#options, signal);
    await previous[Symbol.asyncDispose]();
  }
}

async function withNewToken(options: ServiceAccountClientOptions, signal: AbortSignal): Promise<Client> {
  const { issuer, config, clientOptions, account } = options;
  const { cert: _cert, key: _key, ...tls } = config.tls;
  const token = await requestToken(issuer, account, signal);
  return createClient({ ...config, tls, auth: { kind: "token", token } }, clientOptions);
}

async function requestToken(issuer: Client, name: string, signal: AbortSignal): Promise<string> {
  const accounts = issuer.resource(serviceAccounts);
  const request: TokenRequest = {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: {},
    spec: { audiences: [], expirationSeconds: tokenSeconds },
  };
  const issue = () => accounts.createSubresource<TokenRequest>({ namespace, name }, "token", request, { signal });
  const issued = await issue().catch(async (error: unknown) => {
    if (!isNotFound(error)) throw error;
    await accounts.create({ metadata: { namespace, name } }, { signal }).catch((problem: unknown) => {
      if (!isAlreadyExists(problem)) throw problem;
    });
    return issue();
  });
  if (!issued.status?.token) throw new Error(`no token was issued for service account ${name}`);
  return issued.status.token;
}
