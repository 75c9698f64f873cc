import { formatCidr, formatIpAddress, parseCidr, parseIpAddress } from "@kube-ts/std/ip-address";
import type { IpFamily } from "@kube-ts/std/ip-address";
import { mainTable, routeProtocol } from "../plan/host-state.ts";
import type {
  ForwardingEntry,
  HostAddress,
  HostLink,
  HostRoute,
  Neighbour,
  PolicyRule,
  VxlanProperties,
} from "../plan/host-state.ts";

/** What a tool of iproute2 prints with `-json`: an array of objects. */
type Entry = Readonly<Record<string, unknown>>;

/** Reads `-json` output; a tool that has nothing to say may print nothing. */
export function parseEntries(text: string): readonly Entry[] {
  if (text.trim() === "") return [];
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new TypeError("ip did not print an array");
  return value.filter((entry): entry is Entry => typeof entry === "object" && entry !== null);
}

/** Reads `ip -N -json -details address show`. */
export function parseLinks(text: string): readonly HostLink[] {
  return parseEntries(text).map((entry) => {
    const flags = listOf(entry["flags"]);
    const vxlan = vxlanOf(entry["linkinfo"]);
    return {
      name: textOf(entry["ifname"]),
      mtu: numberOf(entry["mtu"]),
      mac: textOf(entry["address"]),
      up: flags.includes("UP"),
      addresses: listOf(entry["addr_info"]).flatMap(addressOf),
      ...(vxlan ? { vxlan } : {}),
    };
  });
}

function vxlanOf(linkinfo: unknown): VxlanProperties | undefined {
  const info = recordOf(linkinfo);
  if (info["info_kind"] !== "vxlan") return undefined;
  const data = recordOf(info["info_data"]);
  return {
    id: numberOf(data["id"]),
    port: numberOf(data["port"]),
    local: canonical(textOf(data["local"]) || textOf(data["local6"])),
    device: textOf(data["link"]),
    learning: data["learning"] === true,
  };
}

function addressOf(value: unknown): readonly HostAddress[] {
  const { local, prefixlen, scope } = recordOf(value);
  const address = parseIpAddress(textOf(local));
  if (!address || isLinkScope(scope)) return [];
  return [{ family: address.family, address: formatIpAddress(address), prefixLength: numberOf(prefixlen) }];
}

/** By name, or by number where numbers are asked for. */
function isLinkScope(scope: unknown): boolean {
  return scope === "link" || scope === "253";
}

/** Reads `ip -N -json -4 route show table all`, or `-6`: unicast routes only. */
export function parseRoutes(text: string, family: IpFamily): readonly HostRoute[] {
  return parseEntries(text).flatMap((entry) => {
    const { type, dst, gateway, dev, table, protocol, metric, flags } = entry;
    // Unicast is not named, or by its number.
    if (type !== undefined && type !== "1" && type !== "unicast") return [];
    const destination = rangeOf(textOf(dst), family);
    if (destination === undefined) return [];
    const severalHops = entry["nexthops"] !== undefined || entry["via"] !== undefined;
    return [
      {
        family,
        table: table === undefined ? mainTable : numberOf(table),
        protocol: numberOf(protocol),
        metric: numberOf(metric),
        destination,
        ...(gateway === undefined ? {} : { gateway: canonical(textOf(gateway)) }),
        ...(dev === undefined || severalHops ? {} : { device: textOf(dev) }),
        onlink: listOf(flags).includes("onlink"),
      },
    ];
  });
}

/** Reads `ip -N -json -4 rule show`, or `-6`: those with our mark. */
export function parseRules(text: string, family: IpFamily): readonly PolicyRule[] {
  return parseEntries(text).flatMap(({ priority, src, srclen, table, protocol }) => {
    if (numberOf(protocol) !== routeProtocol) return [];
    const length = srclen === undefined ? (family === "IPv4" ? 32 : 128) : numberOf(srclen);
    const source = rangeOf(`${textOf(src)}/${length}`, family);
    if (source === undefined) return [];
    return [{ family, source, table: numberOf(table), priority: numberOf(priority) }];
  });
}

/** Reads `ip -json neighbour show nud permanent dev …`. */
export function parseNeighbours(text: string): readonly Neighbour[] {
  return parseEntries(text).flatMap(({ dst, lladdr }) => {
    const address = parseIpAddress(textOf(dst));
    return address ? [{ family: address.family, address: formatIpAddress(address), mac: textOf(lladdr) }] : [];
  });
}

/** Reads `bridge -json fdb show dev …` of a vxlan device. */
export function parseForwarding(text: string): readonly ForwardingEntry[] {
  return parseEntries(text).flatMap(({ mac, dst }) =>
    dst === undefined ? [] : [{ mac: textOf(mac), remote: canonical(textOf(dst)) }],
  );
}

function rangeOf(text: string, family: IpFamily): string | undefined {
  if (text === "default") return family === "IPv4" ? "0.0.0.0/0" : "::/0";
  const single = family === "IPv4" ? "/32" : "/128";
  const cidr = parseCidr(text.includes("/") ? text : text + single);
  return cidr && formatCidr(cidr);
}

function canonical(text: string): string {
  const address = parseIpAddress(text);
  return address ? formatIpAddress(address) : text;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Numbers come as such, or as text where the tool may know a name. */
function numberOf(value: unknown): number {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : 0;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function recordOf(value: unknown): Entry {
  return typeof value === "object" && value !== null ? (value as Entry) : {};
}
