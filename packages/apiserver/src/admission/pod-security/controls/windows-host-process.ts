import type { CheckedPod, Control, Violation } from "../control.ts";
import { setters } from "../wording.ts";

/** No container runs as a process of the Windows host. */
export const windowsHostProcess: Control = {
  id: "windowsHostProcess",
  level: "baseline",
  versions: [{ since: 0, check }],
};

function check({ spec, containers }: CheckedPod): Violation | undefined {
  const isPod = spec.securityContext?.windowsOptions?.hostProcess === true;
  const bad = containers.filter(({ securityContext }) => securityContext?.windowsOptions?.hostProcess);
  if (!isPod && bad.length === 0) return undefined;
  const who = setters(
    isPod,
    bad.map(({ name }) => name),
  );
  return { reason: "hostProcess", detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` };
}
