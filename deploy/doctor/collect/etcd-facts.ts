import { request } from "node:https";
import type { EtcdFacts } from "../machine-view.ts";
import type { SubjectEtcd } from "../subject.ts";
import { readText } from "./read-file.ts";

const timeoutMs = 5_000;
const maxAnswerBytes = 1024 * 1024;
/** etcd's own default. */
const defaultQuotaBytes = 2 * 2 ** 30;

/** Asks etcd's HTTP gateway how it is, with a client's certificate. Rejects when it does not answer. */
export async function etcdFacts(etcd: SubjectEtcd, quotaBytes = defaultQuotaBytes): Promise<EtcdFacts> {
  const own = new URL(`https://127.0.0.1:${etcd.port}`);
  const [status, list, alarm] = await Promise.all([
    ask(etcd, own, "/v3/maintenance/status", {}),
    ask(etcd, own, "/v3/cluster/member/list", {}),
    ask(etcd, own, "/v3/maintenance/alarm", { action: "GET" }),
  ]);
  return {
    version: String(status["version"] ?? ""),
    hasLeader: Number(status["leader"] ?? 0) !== 0,
    sizeBytes: Number(status["dbSize"] ?? 0),
    quotaBytes,
    members: await Promise.all(records(list["members"]).map((member) => memberFacts(etcd, member))),
    alarms: records(alarm["alarms"]).map((one) => String(one["alarm"])),
  };
}

async function memberFacts(
  etcd: SubjectEtcd,
  { name = "", clientURLs }: Readonly<Record<string, unknown>>,
): Promise<EtcdFacts["members"][number]> {
  const urls = (Array.isArray(clientURLs) ? clientURLs : []).map(String);
  const answers = urls.map((url) => ask(etcd, new URL(url), "/v3/maintenance/status", {}));
  const hasAnswered = await Promise.any(answers).then(
    () => true,
    () => false,
  );
  // A member has no name until it has started for the first time.
  return { name: String(name), isStarted: name !== "", hasAnswered };
}

function records(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? (value as readonly Record<string, unknown>[]) : [];
}

function ask(
  etcd: SubjectEtcd,
  { hostname, port }: URL,
  path: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  const tls = { ca: readText(etcd.ca), cert: readText(etcd.cert), key: readText(etcd.key) };
  return new Promise((resolve, reject) => {
    const host = hostname.replace(/^\[|\]$/g, "");
    const options = { host, port, path, method: "POST", timeout: timeoutMs, ...tls };
    const question = request(options, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (text.length > maxAnswerBytes) question.destroy(new Error("etcd says too much"));
      });
      response.on("end", () => {
        try {
          resolve(JSON.parse(text) as Record<string, unknown>);
        } catch (error) {
          reject(new Error("etcd answers something else than JSON", { cause: error }));
        }
      });
    });
    question.on("error", reject);
    question.on("timeout", () => question.destroy(new Error("etcd does not answer")));
    question.end(JSON.stringify(body));
  });
}
