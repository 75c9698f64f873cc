import type { ContainerCreateOptions } from "dockerode";
import { isNotFound, runtimeErrorCode } from "../runtime-error.ts";
import type { DockerEngine } from "./engine.ts";
import { parseEngineTime } from "./engine-time.ts";

/**
 * Creates a container and answers its id. A container of the same name that never ran is what an interrupted
 * attempt left: it is replaced. One that ran is kept, and the call fails with code Conflict.
 */
export async function createNamed(
  engine: DockerEngine,
  options: ContainerCreateOptions,
  signal: AbortSignal,
): Promise<string> {
  const create = async () => {
    // The library takes the signal out of the object it is given.
    const created = await engine.call(
      (docker, abortSignal) => docker.createContainer({ ...options, abortSignal }),
      signal,
    );
    return created.id;
  };
  try {
    return await create();
  } catch (error) {
    if (runtimeErrorCode(error) !== "Conflict") throw error;
    if (!(await removeUnstarted(engine, options.name ?? "", signal))) throw error;
    return await create();
  }
}

async function removeUnstarted(engine: DockerEngine, name: string, signal: AbortSignal): Promise<boolean> {
  try {
    const found = await engine.call(
      (docker, abortSignal) => docker.getContainer(name).inspect({ abortSignal }),
      signal,
    );
    if (found.State.Running || parseEngineTime(found.State.StartedAt) !== undefined) return false;
    await removeForced(engine, found.Id, signal);
    return true;
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
}

/** Kills and removes a container with its anonymous volumes; success when it is gone. */
export async function removeForced(engine: DockerEngine, id: string, signal: AbortSignal): Promise<void> {
  try {
    await engine.call(
      (docker, abortSignal) => docker.getContainer(id).remove({ force: true, v: true, abortSignal }),
      signal,
    );
  } catch (error) {
    if (isNotFound(error)) return;
    // Somebody else is removing it: it will be gone, which the next look shows.
    if (error instanceof Error && error.message.includes("already in progress")) return;
    throw error;
  }
}

/** Kills a container without grace; success when it does not run or is gone. */
export async function killNow(engine: DockerEngine, id: string, signal: AbortSignal): Promise<void> {
  try {
    await engine.call((docker, abortSignal) => docker.getContainer(id).stop({ t: 0, abortSignal }), signal);
  } catch (error) {
    const notModified = (error as { cause?: { statusCode?: number } }).cause?.statusCode === 304;
    if (!isNotFound(error) && !notModified) throw error;
  }
}
