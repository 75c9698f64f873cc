import type { CommandResult } from "./kubectl.ts";

/** Without what differs from run to run: times, versions, made-up names, and the padding after them. */
export function comparable({ code, stdout, stderr }: CommandResult): CommandResult {
  const steady = (text: string) =>
    text
      .replace(/\b\d+[smhdy](?:\d+[smhdy])?\b/g, "AGE")
      .replace(/(debugger-|node-debugger-node1-)\w{5}/g, "$1X")
      .replace(/(CreationTimestamp: +).*/g, "$1X")
      .replace(/ {2,}/g, "  ")
      .replace(
        /(uid: |resourceVersion: |creationTimestamp: |"uid": ?|"resourceVersion": ?|"creationTimestamp": ?|restartedAt":|time: )"?[^",\n]+"?/g,
        "$1X",
      );
  return { code, stdout: steady(stdout), stderr: steady(stderr) };
}
