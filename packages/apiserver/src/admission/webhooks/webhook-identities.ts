import { resolveClientConfig } from "@kube-ts/client/client-config";
import { type Credentials, createCredentials } from "@kube-ts/client/credentials";
import type { Kubeconfig } from "@kube-ts/client/kubeconfig";
import { loadTlsMaterial } from "@kube-ts/client/tls-material";
import type { Clock } from "@kube-ts/std/clock";
import type { WebhookIdentities, WebhookIdentity } from "../../extensions/conversion/webhook-transport.ts";

type ClientTls = ReturnType<typeof resolveClientConfig>["tls"];

/** The users of a kubeconfig, named after the webhooks (`host:port`, `*.domain:port`, `*`) that know the server by them. */
export class KubeconfigIdentities implements WebhookIdentities {
  readonly #kubeconfig: Kubeconfig;
  readonly #clock: Clock;
  readonly #users = new Map<string, { readonly tls: ClientTls; readonly credentials: Credentials }>();

  constructor(kubeconfig: Kubeconfig, clock: Clock) {
    this.#kubeconfig = kubeconfig;
    this.#clock = clock;
  }

  async of(authority: string, signal: AbortSignal): Promise<WebhookIdentity | undefined> {
    const name = userNameFor(this.#kubeconfig, authority);
    if (name === undefined) return undefined;
    const user = this.#user(name);
    const headers: Record<string, string> = {};
    for (const [header, value] of Object.entries(await user.credentials.headers(signal))) {
      headers[header] = typeof value === "string" ? value : value.join(", ");
    }
    const { options, fingerprint } = await loadTlsMaterial(user.tls, user.credentials, signal);
    const { cert, key } = options;
    return { headers, fingerprint, ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
  }

  #user(name: string): { readonly tls: ClientTls; readonly credentials: Credentials } {
    const known = this.#users.get(name);
    if (known) return known;
    const { users = [] } = this.#kubeconfig;
    // Where to send requests is the webhook's own business: of the kubeconfig only the user counts.
    const config = resolveClientConfig({ users }, { user: name, server: "https://webhook.invalid" });
    const user = { tls: config.tls, credentials: createCredentials(config, this.#clock) };
    this.#users.set(name, user);
    return user;
  }
}

/** The most narrowly named user for a webhook; the one of the current context where none is named for it. */
export function userNameFor(kubeconfig: Kubeconfig, authority: string): string | undefined {
  const names = new Set((kubeconfig.users ?? []).map(({ name = "" }) => name));
  const candidates = [...namesOf(authority)];
  if (authority.endsWith(":443")) candidates.push(...namesOf(authority.slice(0, -":443".length)));
  const found = [...candidates, "*"].find((name) => names.has(name));
  if (found !== undefined) return found;
  const current = kubeconfig.contexts?.find(({ name }) => name === kubeconfig["current-context"]);
  const user = current?.context?.user;
  return user !== undefined && names.has(user) ? user : undefined;
}

/** The name itself, then `*.` with ever less of its end. */
function namesOf(authority: string): string[] {
  const parts = authority.split(".");
  return [authority, ...parts.slice(1).map((_, index) => `*.${parts.slice(index + 1).join(".")}`)];
}
