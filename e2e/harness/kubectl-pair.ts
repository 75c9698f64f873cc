import { adminKubeconfig } from "./kubeconfig.ts";
import { ours, upstream } from "./kubectl.ts";
import type { Kubectl } from "./kubectl.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { serverForTests } from "./server-for-tests.ts";

/** Ours and upstream's kubectl on a server of the test file's own, as its administrator; there when its tests run. */
export interface KubectlPair {
  readonly server: ServerUnderTest;
  readonly own: Kubectl;
  readonly theirs: Kubectl;
}

/** `prepare` runs before the tests, when the namespace `default` has its service account. */
export function kubectlPair(prepare: (pair: KubectlPair) => Promise<void> = async () => {}): KubectlPair {
  let kubectls: Pick<KubectlPair, "own" | "theirs"> | undefined;
  const started = () => {
    if (kubectls === undefined) throw new Error("the server is not started yet");
    return kubectls;
  };
  const server = serverForTests({
    prepare: async () => {
      const { directory } = server;
      const place = { kubeconfig: adminKubeconfig(server), home: directory, directory };
      kubectls = { own: ours(place), theirs: upstream(place) };
      await kubectls.own.run(["create", "serviceaccount", "default"]);
      await prepare(pair);
    },
  });
  const pair: KubectlPair = {
    server,
    get own() {
      return started().own;
    },
    get theirs() {
      return started().theirs;
    },
  };
  return pair;
}
