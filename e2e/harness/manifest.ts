import type { Kubectl } from "./kubectl.ts";

/** Applies a manifest; what it made is deleted when the answer is disposed. */
export async function applied(kubectl: Kubectl, manifest: string): Promise<AsyncDisposable> {
  await kubectl.run(["apply", "-f", "-"], manifest);
  return {
    [Symbol.asyncDispose]: async () => {
      await kubectl.run(["delete", "-f", "-", "--ignore-not-found", "--wait=false"], manifest);
    },
  };
}
