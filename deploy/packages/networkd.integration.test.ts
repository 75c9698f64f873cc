import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { run } from "../local/command.ts";
import { debianPackages } from "./debian-packages.ts";
import { packageFiles } from "./package-files.ts";

const networkd = "/lib/systemd/systemd-networkd";
const isThere = [networkd, "/usr/bin/networkctl", "/usr/bin/dbus-daemon"].every((path) => existsSync(path));

/**
 * In network and mount namespaces of its own: a link that systemd-networkd looks after, a route and a rule that it did not
 * make, and then a change of the link's settings. Without udev, networkd waits for that where it may change /sys.
 */
const script = `set -e
mount --make-rprivate /
mount -t sysfs -o ro sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/systemd/netif/links /run/systemd/network /run/systemd/networkd.conf.d /run/dbus
chown -R systemd-network /run/systemd/netif
cat >/run/bus.conf <<END
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/>
<allow send_type="method_call"/><allow send_type="signal"/><allow receive_type="method_call"/><allow receive_type="signal"/>
<allow receive_type="method_return"/><allow receive_type="error"/>
<allow send_requested_reply="true" send_type="method_return"/><allow send_requested_reply="true" send_type="error"/>
</policy></busconfig>
END
network() { printf '[Match]\\nName=lan0\\n[Network]\\nAddress=%s/24\\n' "$1" >/run/systemd/network/10-lan0.network; }
until_address() { until ip address show lan0 | grep -q "$1/"; do sleep 0.1; done; }
ip link add lan0 type veth peer name lan1
ip link set lan0 up
ip link set lan1 up
network 10.98.0.2
[ -z "$SETTINGS" ] || printf '%s' "$SETTINGS" >/run/systemd/networkd.conf.d/10-kube-ts.conf
dbus-daemon --config-file=/run/bus.conf --nofork --nopidfile &
bus=$!
until [ -S /run/dbus/system_bus_socket ]; do sleep 0.1; done
${networkd} >/run/networkd.log 2>&1 &
daemon=$!
trap 'kill $daemon $bus' EXIT
trap 'exit 1' TERM
until_address 10.98.0.2
ip -6 route add fd00:99::/64 dev lan0 protocol 107
ip rule add from 10.99.0.0/24 lookup main priority 5000 protocol 107
network 10.98.0.3
until networkctl reload; do sleep 0.1; done
networkctl reconfigure lan0
until_address 10.98.0.3
ip -6 route | grep -o fd00:99::/64 || true
ip rule | grep -o 10.99.0.0/24 || true
`;

/** The foreign route and rule that are left when networkd has configured a link again. */
async function left(settings: string): Promise<readonly string[]> {
  const inNamespaces = ["unshare", "--net", "--mount", "sh", "-c", script];
  const output = await run("env", [`SETTINGS=${settings}`, "timeout", "--kill-after=2", "30", ...inNamespaces], 40_000);
  return output.split("\n").filter((line) => line === "fd00:99::/64" || line === "10.99.0.0/24");
}

test(
  "systemd-networkd leaves alone what the pod network has made",
  { skip: !isThere && "no systemd-networkd" },
  async () => {
    const node = debianPackages.find(({ name }) => name === "kube-ts-node");
    assert.ok(node);
    const file = packageFiles(node).find(({ path }) => path === "/usr/lib/systemd/networkd.conf.d/10-kube-ts.conf");
    assert.ok(file);
    assert.deepEqual(await left(file.content), ["fd00:99::/64", "10.99.0.0/24"]);
    assert.deepEqual(await left(""), [], "without the settings they would be gone");
  },
);
