import type { Deployment } from "@kube-ts/api/apps/v1";
import type { Pod, Service } from "@kube-ts/api/core/v1";
import { eventually } from "./eventually.ts";
import type { Kubectl } from "./kubectl.ts";

/** A deployment of the demo web server and a service for it, as a newcomer would write them. */
export function webManifest(name: string, image = "kube-ts/demo:v1"): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 3
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
      - name: web
        image: ${image}
        ports:
        - containerPort: 8080
        readinessProbe:
          httpGet: {path: /, port: 8080}
          periodSeconds: 1
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  type: NodePort
  selector: {app: ${name}}
  ports:
  - port: 80
    targetPort: 8080
`;
}

/** The pods of an app, without those that are on their way out. */
export async function livePods(kubectl: Kubectl, app: string): Promise<Pod[]> {
  const { items } = await kubectl.json<{ items: Pod[] }>(["get", "pods", "-l", `app=${app}`]);
  return items.filter(({ metadata }) => !metadata.deletionTimestamp);
}

/** Waits until exactly so many pods run and are ready. */
export function waitForReady(kubectl: Kubectl, app: string, count: number): Promise<Pod[]> {
  const isReady = ({ status }: Pod) =>
    status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True");
  return eventually(
    `${count} ready pods of ${app}`,
    () => livePods(kubectl, app),
    (pods) => pods.length === count && pods.every((pod) => isReady(pod)),
    120_000,
  );
}

/** Where the service answers. */
export async function serviceAddress(kubectl: Kubectl, name: string): Promise<{ clusterIp: string; nodePort: number }> {
  const { spec } = await kubectl.json<Service>(["get", "service", name]);
  return { clusterIp: spec.clusterIP ?? "", nodePort: spec.ports?.[0]?.nodePort ?? 0 };
}

export function getDeployment(kubectl: Kubectl, name: string): Promise<Deployment> {
  return kubectl.json<Deployment>(["get", "deployment", name]);
}

/** The host names that answer within some requests. */
export async function answeringHosts(ask: () => Promise<string>, requests: number): Promise<Set<string>> {
  const hosts = new Set<string>();
  for (let count = 0; count < requests; count += 1) hosts.add((await ask()).split(" ")[1] ?? "");
  return hosts;
}
