/** Lets packets with loopback addresses be routed; without it a node port on 127.0.0.1 leads nowhere. */
export const routeLocalnet = "net/ipv4/conf/all/route_localnet";
