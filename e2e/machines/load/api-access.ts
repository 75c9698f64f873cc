import { Agent, request } from "node:https";
import { parseKubeconfig } from "@kube-ts/client/kubeconfig";

/** What a client of a cluster needs, as PEM. */
export interface ApiAccess {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface ApiAnswer {
  readonly code: number;
  readonly text: string;
}

/** The credentials in the text of a kubeconfig such as /etc/kubernetes/admin.conf. */
export function accessOf(kubeconfig: string): ApiAccess {
  const { clusters = [], users = [] } = parseKubeconfig(kubeconfig, "admin.conf");
  const text = (data: string | undefined) => Buffer.from(data ?? "", "base64").toString();
  return {
    ca: text(clusters[0]?.cluster?.["certificate-authority-data"]),
    cert: text(users[0]?.user?.["client-certificate-data"]),
    key: text(users[0]?.user?.["client-key-data"]),
  };
}

/** One client of one API server, without any library that would try again. Rejects when there is no answer in time. */
export class ApiClient {
  readonly server: string;
  readonly #agent: Agent;

  /** `server` is a URL. */
  constructor(server: string, access: ApiAccess) {
    this.server = server;
    this.#agent = new Agent({ ...access, keepAlive: true, maxSockets: 4 });
  }

  ask(method: string, path: string, body?: unknown, timeoutMs = 3_000): Promise<ApiAnswer> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const headers =
      payload === undefined ? {} : { "Content-Type": type, "Content-Length": Buffer.byteLength(payload).toString() };
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const outgoing = request(
        new URL(path, this.server),
        { method, headers, agent: this.#agent, signal },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          answer.on("error", reject);
          answer.on("end", () => resolve({ code: answer.statusCode ?? 0, text }));
        },
      );
      outgoing.on("error", reject);
      outgoing.end(payload);
    });
  }

  /** The parsed answer. Rejects for anything but success. */
  async json<T>(method: string, path: string, body?: unknown, timeoutMs?: number): Promise<T> {
    const { code, text } = await this.ask(method, path, body, timeoutMs);
    if (code < 200 || code > 299) throw new Error(`${method} ${this.server}${path}: ${code}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  }

  close(): void {
    this.#agent.destroy();
  }
}
