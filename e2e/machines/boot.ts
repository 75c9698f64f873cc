import { parseArgs } from "node:util";
import { Lab } from "./lab.ts";

/**
 * Boots machines by hand: `node e2e/machines/boot.ts [--ipv6] [--segments 2] cp-1 cp-2 worker-1:1`. A number after a
 * name is its segment. They are removed at Ctrl-C.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { ipv6: { type: "boolean", default: false }, segments: { type: "string", default: "1" } },
});
const ended = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
});
const machines = (positionals.length > 0 ? positionals : ["machine-1"]).map((word) => {
  const [name = "", segment = "0"] = word.split(":");
  return { name, segment: Number(segment) };
});
await using lab = await Lab.start({
  machines,
  network: { ipv6: values.ipv6, segments: values.segments === "2" ? 2 : 1 },
});
for (const { name, addresses, container } of lab.machines) {
  process.stdout.write(`${name} (${addresses.join(", ")}): docker exec -it ${container} bash\n`);
}
process.stdout.write("Ctrl-C removes them\n");
const alive = setInterval(() => undefined, 60_000);
await ended;
clearInterval(alive);
