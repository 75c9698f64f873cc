/**
 * What the Docker Engine of a machine is told. Pods get their network from CNI: the engine needs no bridge and no packet
 * filter rules of its own. Containers outlive the engine.
 */
const wanted: Readonly<Record<string, unknown>> = {
  bridge: "none",
  ip6tables: false,
  iptables: false,
  "live-restore": true,
};

/** Of containers that are nobody's pods; the kubelet rotates those of pods itself. */
const logging: Readonly<Record<string, unknown>> = {
  "log-driver": "json-file",
  "log-opts": { "max-file": "3", "max-size": "10m" },
};

/**
 * `/etc/docker/daemon.json` with what machines need: what is there stays, logging is added where nobody has decided on
 * it. Answers the same text when nothing is missing. Throws for a file that is no object.
 */
export function dockerSettings(text: string | undefined): string {
  const found = text === undefined || text.trim() === "" ? {} : parsed(text);
  const next = {
    ...("log-driver" in found || "log-opts" in found ? {} : logging),
    ...found,
    ...wanted,
  };
  if (text !== undefined && hasAll(found, next)) return text;
  return `${JSON.stringify(next, undefined, 2)}\n`;
}

function hasAll(found: Readonly<Record<string, unknown>>, next: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(next).every(([key, value]) => JSON.stringify(found[key]) === JSON.stringify(value));
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  const file = "/etc/docker/daemon.json";
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  throw new Error(`${file} is no JSON object`);
}
