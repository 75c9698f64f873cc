import { isOverlay, routeMetric, routeProtocol } from "./host-state.ts";
import type { HostLink, HostRoute, HostState, PolicyRule } from "./host-state.ts";
import type { NetworkPlan, OverlayLink, PodRoute } from "./network-plan.ts";

/** A line for the batch mode of a tool of iproute2; `ip -6` where the family cannot be told from the line. */
export interface HostCommand {
  readonly tool: "ip" | "ip -6" | "bridge";
  readonly line: string;
}

/** What to do to the overlay device before anything else can be on it. */
export function planLinkChanges(
  link: OverlayLink | undefined,
  state: Pick<HostState, "links">,
): readonly HostCommand[] {
  if (!link) return [];
  const found = state.links.find(({ name }) => name === link.name);
  const fits = found && hasProperties(found, link);
  const commands = found && !fits ? [`link delete ${link.name}`] : [];
  if (!found || !fits) {
    const { name, id, port, local, device, mac, mtu } = link;
    const options = `id ${id} dstport ${port} local ${local} dev ${device} nolearning`;
    commands.push(`link add ${name} address ${mac} mtu ${mtu} type vxlan ${options}`);
    commands.push(`link set ${name} addrgenmode none up`);
  } else {
    if (found.mac !== link.mac) commands.push(`link set ${link.name} address ${link.mac}`);
    if (found.mtu !== link.mtu) commands.push(`link set ${link.name} mtu ${link.mtu}`);
    if (!found.up) commands.push(`link set ${link.name} up`);
  }
  return commands.map(ip);
}

function hasProperties({ vxlan }: HostLink, link: OverlayLink): boolean {
  if (!vxlan) return false;
  const { id, port, local, device, learning } = vxlan;
  return id === link.id && port === link.port && local === link.local && device === link.device && !learning;
}

/**
 * From what is on the host, where the overlay device is as wanted, to the plan. New ways come before old ones go, so
 * that packets find one at any moment. Nothing that is not ours is named.
 */
export function planHostChanges(plan: NetworkPlan, state: HostState): readonly HostCommand[] {
  return [
    ...addressChanges(plan.link, state),
    ...overlayEntries(plan, state),
    ...changedRoutes(plan, state).map((route) => ip(`route replace ${routeText(route)}`)),
    ...missing(plan.rules, state.rules, ruleText).map((rule) => ruleCommand("add", rule)),
    ...missing(state.rules, plan.rules, ruleText).map((rule) => ruleCommand("delete", rule)),
    ...staleRoutes(plan, state).map((route) => ip(`route delete ${routeText(route)}`)),
    ...staleOverlayEntries(plan, state),
    ...state.links
      .filter((link) => isOverlay(link) && link.name !== plan.link?.name)
      .map(({ name }) => ip(`link delete ${name}`)),
  ];
}

function addressChanges(link: OverlayLink | undefined, state: HostState): readonly HostCommand[] {
  if (!link) return [];
  const wanted = link.addresses.map(({ family, text }) => `${text}/${family === "IPv4" ? 32 : 128}`);
  const found = (state.links.find(({ name }) => name === link.name)?.addresses ?? []).map(
    ({ address, prefixLength }) => `${address}/${prefixLength}`,
  );
  return [
    ...missing(wanted, found, String).map((address) => {
      const noDetection = address.includes(":") ? " nodad" : "";
      return ip(`address add ${address} dev ${link.name}${noDetection}`);
    }),
    ...missing(found, wanted, String).map((address) => ip(`address delete ${address} dev ${link.name}`)),
  ];
}

const neighbourText = ({ address, mac }: { address: string; mac: string }) => `${address} lladdr ${mac}`;
const forwardingText = ({ mac, remote }: { mac: string; remote: string }) => `${mac} ${remote}`;

function overlayEntries({ link, neighbours, forwarding }: NetworkPlan, state: HostState): readonly HostCommand[] {
  if (!link) return [];
  const knownNeighbours = state.neighbours.get(link.name) ?? [];
  const knownForwarding = state.forwarding.get(link.name) ?? [];
  return [
    ...missing(neighbours, knownNeighbours, neighbourText).map((entry) =>
      ip(`neighbour replace ${neighbourText(entry)} dev ${link.name} nud permanent`),
    ),
    ...missing(forwarding, knownForwarding, forwardingText).map(({ mac, remote }): HostCommand => {
      return { tool: "bridge", line: `fdb replace ${mac} dev ${link.name} dst ${remote} self permanent` };
    }),
  ];
}

function staleOverlayEntries({ link, neighbours, forwarding }: NetworkPlan, state: HostState): readonly HostCommand[] {
  if (!link) return [];
  const staleNeighbours = missing(state.neighbours.get(link.name) ?? [], neighbours, ({ address }) => address);
  const known = state.forwarding.get(link.name) ?? [];
  const inPlace = new Set(known.map(forwardingText));
  const wanted = new Map(forwarding.map((entry) => [entry.mac, entry]));
  // The entry of a hardware address that goes elsewhere now was replaced; a second one would get a copy of each frame.
  const staleForwarding = missing(known, forwarding, forwardingText).filter(({ mac }) => {
    const entry = wanted.get(mac);
    return !entry || inPlace.has(forwardingText(entry));
  });
  return [
    ...staleNeighbours.map(({ address }) => ip(`neighbour delete ${address} dev ${link.name}`)),
    ...staleForwarding.map(({ mac, remote }): HostCommand => {
      return { tool: "bridge", line: `fdb delete ${mac} dev ${link.name} dst ${remote} self` };
    }),
  ];
}

type AnyRoute = PodRoute | HostRoute;

const routeKey = ({ table, destination }: AnyRoute) => `${table} ${destination}`;

function changedRoutes(plan: NetworkPlan, state: HostState): readonly PodRoute[] {
  return missing(plan.routes, ownRoutes(state), routeText);
}

function staleRoutes(plan: NetworkPlan, state: HostState): readonly HostRoute[] {
  return missing(ownRoutes(state), plan.routes, routeKey);
}

/** The routes that carry our mark and rank. */
function ownRoutes(state: HostState): readonly HostRoute[] {
  return state.routes.filter(({ protocol, metric }) => protocol === routeProtocol && metric === routeMetric);
}

function routeText({ table, destination, gateway, device, onlink }: AnyRoute): string {
  return [
    destination,
    ...(gateway === undefined ? [] : ["via", gateway]),
    ...(device === undefined ? [] : ["dev", device]),
    ...(onlink ? ["onlink"] : []),
    `table ${table} protocol ${routeProtocol} metric ${routeMetric}`,
  ].join(" ");
}

function ruleText({ source, table, priority }: PolicyRule): string {
  return `from ${source} lookup ${table} priority ${priority} protocol ${routeProtocol}`;
}

function ruleCommand(verb: "add" | "delete", rule: PolicyRule): HostCommand {
  return { tool: rule.family === "IPv4" ? "ip" : "ip -6", line: `rule ${verb} ${ruleText(rule)}` };
}

/** Those of the first that no one of the second has the same text as. */
function missing<T extends S, S>(wanted: readonly T[], found: readonly S[], text: (entry: S) => string): readonly T[] {
  const known = new Set(found.map(text));
  return wanted.filter((entry) => !known.has(text(entry)));
}

function ip(line: string): HostCommand {
  return { tool: "ip", line };
}
