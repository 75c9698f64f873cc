import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { after, before, describe, test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { localCluster } from "../deploy/local/layout.ts";
import { eventually } from "./harness/eventually.ts";
import { bothKubectls } from "./harness/kubectl.ts";
import type { Kubectl } from "./harness/kubectl.ts";
import { freshCluster } from "./harness/local-cluster.ts";
import { applied } from "./harness/manifest.ts";
import { fetchText } from "./harness/web.ts";

let cluster: AsyncDisposable;

before(async () => {
  cluster = await freshCluster();
});

after(async () => {
  await cluster[Symbol.asyncDispose]();
});

const image = "kube-ts/demo:v1";

const getPod = (kubectl: Kubectl, name: string) => kubectl.json<Pod>(["get", "pod", name]);
const exitCodeOf = ({ status }: Pod) => status?.containerStatuses?.[0]?.state?.terminated?.exitCode;

/** A pod that runs a shell command once. */
function shellPod(name: string, command: string, fields = ""): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 1
  containers:
  - {name: main, image: "${image}", command: [sh, -c, ${JSON.stringify(command)}]${fields}}
`;
}

const running = (kubectl: Kubectl, name: string) =>
  kubectl.run(["wait", "--for=condition=Ready", `pod/${name}`, "--timeout=60s"]);

for (const [index, kubectl] of bothKubectls().entries()) {
  const name = (what: string) => `${what}-${index}`;
  describe(`streams with ${kubectl.name}`, { concurrency: 3 }, () => {
    test("exec -it is a terminal: size, echo, interrupts, exit code", async () => {
      await using _pod = await applied(kubectl, shellPod(name("shell"), "sleep 3600"));
      await running(kubectl, name("shell"));
      using terminal = kubectl.terminal(["exec", "-it", name("shell"), "--", "sh"]);
      await terminal.asks("stty size", /\n33 101\r/);
      await terminal.asks("echo a$((6 * 7))z", /echo a\$\(\(6 \* 7\)\)z\r+\n[^]*a42z\r/);
      await terminal.resize({ rows: 40, columns: 120 });
      await terminal.asks("stty size", /\n40 120\r/);
      terminal.type("sleep 3600; echo ended with $?\r");
      await terminal.sees(/sleep 3600/);
      await terminal.asks("\u0003", /\^C/);
      await terminal.asks("echo b$((6 * 8))z", /b48z\r/);
      terminal.type("exit 5\r");
      assert.equal(await terminal.ended(), 5);
    });

    test("attach -it is the container's terminal", async () => {
      await using _pod = await applied(kubectl, shellPod(name("tty"), "exec sh", ", stdin: true, tty: true"));
      await running(kubectl, name("tty"));
      using terminal = kubectl.terminal(["attach", "-it", name("tty")]);
      await terminal.asks("stty size", /\n33 101\r/);
      await terminal.asks("echo a$((6 * 7))z", /a42z\r/);
      terminal.type("exit 3\r");
      assert.equal(await terminal.ended(), 0);
      const pod = await eventually(
        "the container's end shows",
        () => getPod(kubectl, name("tty")),
        (found) => exitCodeOf(found) !== undefined,
      );
      assert.equal(exitCodeOf(pod), 3);
    });

    test("attach -i gives input and shows all output until the container ends", async () => {
      const command = "read line; echo got $line; sleep 1; echo the end; echo an error >&2";
      const pod = shellPod(name("piped"), command, ", stdin: true, stdinOnce: true");
      await using _pod = await applied(kubectl, pod);
      await running(kubectl, name("piped"));
      const { code, stdout, stderr } = await kubectl.try(["attach", "-i", name("piped")], "a word\n");
      assert.deepEqual([code, stdout], [0, "got a word\nthe end\n"], stderr);
      assert.match(stderr, /an error/);
    });

    test("attach without input shows output", async () => {
      const command = "while [ ! -e /tmp/go ]; do sleep 0.2; done; echo gone";
      await using _pod = await applied(kubectl, shellPod(name("watched"), command));
      await running(kubectl, name("watched"));
      const attached = kubectl.try(["attach", name("watched")]);
      await kubectl.run(["exec", name("watched"), "--", "sh", "-c", "sleep 2; touch /tmp/go"]);
      const { code, stdout, stderr } = await attached;
      assert.deepEqual([code, stdout], [0, "gone\n"], stderr);
      assert.match(stderr, /^All commands and output from this session will be recorded in container logs, /);
      assert.match(stderr, /\nIf you don't see a command prompt, try pressing enter\.\n/);
    });

    test("run -it --rm is a terminal in a pod that goes away", async () => {
      const pod = name("once");
      const flags = [`--image=${image}`, "--restart=Never", "--rm", "-it", "--command"];
      using terminal = kubectl.terminal(["run", pod, ...flags, "--", "sh"]);
      await terminal.asks("echo a$((6 * 7))z", /a42z\r/);
      terminal.type("exit 4\r");
      assert.equal(await terminal.ended(), 4);
      assert.match((await kubectl.try(["get", "pod", pod])).stderr, /NotFound/);
    });

    test("run -i --rm reads its input to the end", async () => {
      const flags = [`--image=${image}`, "--restart=Never", "--rm", "-i", "--quiet", "--command"];
      const text = "line\n".repeat(20_000);
      const { code, stdout, stderr } = await kubectl.try(["run", name("count"), ...flags, "--", "wc", "-l"], text);
      assert.deepEqual([code, stdout.split("\n")[0]?.trim()], [0, "20000"], stderr);
    });

    test("port-forward says what it forwards, and ends with a connection that the pod refuses", async () => {
      const service = `---
apiVersion: v1
kind: Service
metadata: {name: ${name("target")}}
spec: {selector: {app: ${name("target")}}, ports: [{name: web, port: 80, targetPort: http}, {name: none, port: 81, targetPort: 9999}]}
`;
      const pod = shellPod(name("target"), "httpd -f -p 8080", ", ports: [{name: http, containerPort: 8080}]").replace(
        "metadata: {",
        `metadata: {labels: {app: ${name("target")}}, `,
      );
      await using _objects = await applied(kubectl, pod + service);
      await running(kubectl, name("target"));
      const forwarding = kubectl.start(["port-forward", `svc/${name("target")}`, ":web", ":81"]);
      const ended = new Promise<number | null>((resolve) => forwarding.once("close", resolve));
      let [said, complained] = ["", ""];
      forwarding.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
      forwarding.stderr.on("data", (chunk: Buffer) => (complained += chunk.toString()));
      await eventually(
        "four lines",
        async () => said,
        (text) => text.split("\n").length === 5,
      );
      const [, web = "", none = ""] =
        /^Forwarding from 127\.0\.0\.1:(\d+) -> 8080\nForwarding from \[::1\]:\1 -> 8080\nForwarding from 127\.0\.0\.1:(\d+) -> 9999\nForwarding from \[::1\]:\2 -> 9999\n$/.exec(
          said,
        ) ?? assert.fail(said);
      await fetchText("127.0.0.1", Number(web)).catch(() => {});
      const taken = await kubectl.try(["port-forward", name("target"), `${web}:8080`]);
      const inUse = (network: string, host: string) =>
        `unable to create listener: Error listen ${network} ${host}:${web}: bind: address already in use`;
      assert.deepEqual(taken, {
        code: 1,
        stdout: "",
        stderr: `Unable to listen on port ${web}: Listeners failed to create with the following errors: [${inUse("tcp4", "127.0.0.1")} ${inUse("tcp6", "[::1]")}]
error: unable to listen on any of the requested ports: [{${web} 8080}]
`,
      });
      await assert.rejects(fetchText("127.0.0.1", Number(none)));
      assert.equal(await ended, 1);
      assert.match(said, new RegExp(`\nHandling connection for ${web}\nHandling connection for ${none}\n$`));
      const refusal = String.raw`"Unhandled Error" err="an error occurred forwarding ${none} -> 9999: .+"`;
      assert.match(complained, new RegExp(`^E\\d{4} .+\\] ${refusal}\\nerror: lost connection to pod\\n$`));
    });

    test("logs -f ends with the container", async () => {
      const command = "for i in $(seq 5); do echo line $i; sleep 0.5; done; echo last >&2; exit 9";
      await using _pod = await applied(kubectl, shellPod(name("lines"), command));
      await eventually(
        "the container runs",
        async () => (await getPod(kubectl, name("lines"))).status?.phase !== "Pending",
      );
      const { code, stdout } = await kubectl.try(["logs", "-f", name("lines")]);
      assert.deepEqual([code, stdout], [0, "line 1\nline 2\nline 3\nline 4\nline 5\nlast\n"]);
      const tail = await kubectl.run(["logs", name("lines"), "--tail=2", "--timestamps"]);
      assert.match(tail, /^\d{4}-\S+Z line 5\n\d{4}-\S+Z last\n$/);
    });
  });
}

test("logs come in the messages of a WebSocket to who asks for one", async () => {
  const [kubectl] = bothKubectls() as [Kubectl];
  await using _pod = await applied(kubectl, shellPod("spoken", "echo container is alive; sleep 3600"));
  await running(kubectl, "spoken");
  const [protocol, frames] = await upgraded(
    "/api/v1/namespaces/default/pods/spoken/log?container=main",
    "binary.k8s.io",
  );
  // Binary frames: an empty one, the line, and the end with its code.
  const line = Buffer.from("container is alive\n");
  const expected = Buffer.concat([Buffer.from([0x82, 0, 0x82, line.length]), line, Buffer.from([0x88, 2, 0x03, 0xe8])]);
  assert.deepEqual([protocol, frames.toString("hex")], ["binary.k8s.io", expected.toString("hex")]);
});

/** The protocol that the API server agrees to, and all that it sends then. */
async function upgraded(path: string, protocol: string): Promise<[protocol: string | undefined, frames: Buffer]> {
  const { nodeIp, pkiDirectory } = localCluster();
  const file = (name: string) => readFileSync(join(pkiDirectory, name));
  const headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": Buffer.alloc(16).toString("base64"),
    "sec-websocket-protocol": protocol,
  };
  const identity = { ca: file("ca.crt"), cert: file("admin.crt"), key: file("admin.key") };
  const asked = get({ host: nodeIp, port: 6443, path, headers, ...identity, agent: false });
  const [answer, socket, head] = await new Promise<[IncomingMessage, Duplex, Buffer]>((resolve, reject) => {
    asked.on("upgrade", (...parts) => resolve(parts));
    asked.on("response", ({ statusCode }) => reject(new Error(`answered ${statusCode}`)));
    asked.on("error", reject);
  });
  const closing = Buffer.from([0x88, 2, 0x03, 0xe8]);
  let frames = head;
  if (!frames.includes(closing)) {
    for await (const chunk of socket) {
      frames = Buffer.concat([frames, chunk as Buffer]);
      if (frames.includes(closing)) break;
    }
  }
  socket.destroy();
  return [answer.headers["sec-websocket-protocol"], frames];
}
