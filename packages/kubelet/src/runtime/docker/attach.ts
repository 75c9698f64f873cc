import type { Duplex } from "node:stream";
import type { ProcessStreams } from "../runtime.ts";
import type { DockerEngine } from "./engine.ts";
import { connectStreams } from "./process-streams.ts";

/** Connects the streams with a container's main process until its output ends or the signal aborts. */
export async function attach(
  engine: DockerEngine,
  containerId: string,
  streams: ProcessStreams,
  signal: AbortSignal,
): Promise<void> {
  const connection = await engine.stream(
    (docker) =>
      docker.getContainer(containerId).attach({
        stream: true,
        hijack: true,
        stdin: streams.stdin !== undefined,
        stdout: streams.stdout !== undefined,
        stderr: streams.stderr !== undefined,
      }),
    signal,
  );
  await connectStreams(
    connection as Duplex,
    streams,
    (size) =>
      engine.call(
        (docker, abortSignal) =>
          docker.getContainer(containerId).resize({ h: size.height, w: size.width, abortSignal }),
        signal,
      ),
    signal,
  );
}
