import { request } from "node:http";
import type { EngineFacts } from "../machine-view.ts";

const timeoutMs = 5_000;

export interface EngineAnswer extends EngineFacts {
  readonly rootDirectory: string;
}

/** What the engine on the socket says of itself. Rejects when none answers. */
export async function engineFacts(socketPath: string): Promise<EngineAnswer> {
  const info = await ask(socketPath, "/info");
  const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  return {
    version: String(info["ServerVersion"] ?? ""),
    storageDriver: String(info["Driver"] ?? ""),
    cgroupDriver: String(info["CgroupDriver"] ?? ""),
    securityOptions: texts(info["SecurityOptions"]),
    warnings: texts(info["Warnings"]),
    rootDirectory: String(info["DockerRootDir"] ?? "/var/lib/docker"),
  };
}

function ask(socketPath: string, path: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const question = request({ socketPath, path, timeout: timeoutMs }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
        } catch (error) {
          reject(new Error("the engine answers something else than JSON", { cause: error }));
        }
      });
    });
    question.on("error", reject);
    question.on("timeout", () => question.destroy(new Error("the engine does not answer")));
    question.end();
  });
}
