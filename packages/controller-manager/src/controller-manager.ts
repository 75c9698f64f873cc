import { hostname } from "node:os";
import type { Client } from "@kube-ts/client/client";
import type { ClientConfig } from "@kube-ts/client/client-config";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { DelegatedAccess } from "@kube-ts/client/delegated-access";
import { ApiEventRecorder } from "@kube-ts/client/event-recorder";
import { InformerFactory } from "@kube-ts/client/informer-factory";
import { runWhileLeading } from "@kube-ts/client/leader-election";
import { readPem } from "@kube-ts/client/tls-material";
import { createClient } from "@kube-ts/client/rest-client";
import { withoutManagedFields } from "@kube-ts/client/without-managed-fields";
import type { ClientOptions } from "@kube-ts/client/rest-client";
import type { DaemonContext } from "@kube-ts/std/daemon";
import { startServing } from "@kube-ts/std/serving";
import { loadServingTls } from "@kube-ts/std/serving-flags";
import { TaskGroup } from "@kube-ts/std/task-group";
import { kubernetesVersion } from "@kube-ts/std/version";
import type { ControllerManagerConfig } from "./config/controller-manager-config.ts";
import { controllers } from "./controllers.ts";
import type { Controller, ControllerDefinition } from "./framework/controller.ts";
import { selectControllers } from "./framework/controller-selection.ts";
import { requestRate } from "./framework/request-rate.ts";
import { ServiceAccountClient } from "./framework/service-account-client.ts";

const userAgent = `kube-controller-manager/${kubernetesVersion}`;

/** Runs the controllers while this process leads, until the signal aborts. */
export async function runControllerManager(given: ControllerManagerConfig, context: DaemonContext): Promise<void> {
  const { signal, log, clock, random, registry } = context;
  const selected = selectControllers(controllers, given.controllers);
  const clientConfig = await clientConfigFromFile(given.kubeconfig);
  const config = { ...given, rootCa: given.rootCa ?? (await readPem(clientConfig.tls.ca)) };
  await using client = createClient(clientConfig, clientOptions(config, context, userAgent));
  await using _serving = await serve(config, context);
  context.ready();
  const lead = (leading: AbortSignal) => runControllers(selected, config, clientConfig, client, context, leading);
  if (!config.leaderElection) {
    await lead(signal);
    return;
  }
  const { name, namespace, ...timing } = config.leaderElection;
  const identity = `${hostname()}_${random.uuid()}`;
  await runWhileLeading({ client, namespace, name, identity, ...timing, clock, random, log, registry }, signal, lead);
}

/** Serves health to everybody, and metrics to those whom the API server lets see them. */
async function serve(config: ControllerManagerConfig, context: DaemonContext): Promise<AsyncDisposable | null> {
  const { serving } = config;
  if (serving.port === 0) return null;
  const { clock, log, registry, zpages } = context;
  const tls = await loadServingTls(serving, clock.now());
  await using stack = new AsyncDisposableStack();
  const open = async (kubeconfig: string) =>
    stack.use(createClient(await clientConfigFromFile(kubeconfig), clientOptions(config, context, userAgent)));
  const access = new DelegatedAccess({
    authenticationClient: await open(config.authenticationKubeconfig),
    client: await open(config.authorizationKubeconfig),
    clock,
    log,
  });
  stack.use(
    await startServing({ host: serving.host, port: serving.port, tls, registry, zpages, log, authorize: access.check }),
  );
  return stack.move();
}

function clientOptions(config: ControllerManagerConfig, { clock, log }: DaemonContext, agent: string): ClientOptions {
  return { userAgent: agent, qps: config.qps, burst: config.burst, clock, log };
}

async function runControllers(
  selected: readonly ControllerDefinition[],
  config: ControllerManagerConfig,
  clientConfig: ClientConfig,
  client: Client,
  context: DaemonContext,
  signal: AbortSignal,
): Promise<void> {
  const { log, clock, random, registry } = context;
  const tasks = new TaskGroup(signal);
  const informers = new InformerFactory(client, { clock, random, log, transform: withoutManagedFields });
  await using clients = new AsyncDisposableStack();
  const created: { readonly name: string; readonly controller: Controller }[] = [];
  for (const definition of selected) {
    const own = await ownClient(definition, config, clientConfig, client, context, tasks);
    if (own !== client) clients.use(own);
    const controllerLog = log.child({ controller: definition.name });
    const events = new ApiEventRecorder({ client: own, component: definition.name, clock, random, log: controllerLog });
    tasks.start((inner) => events.run(inner));
    const controller = definition.create({
      informers,
      client: own,
      events,
      config,
      clock,
      random,
      log: controllerLog,
      metrics: registry,
    });
    created.push({ name: definition.name, controller });
  }
  tasks.start((inner) => informers.run(inner));
  await informers.waitForSync(tasks.signal);
  for (const { name, controller } of created) {
    log.info("starting controller", { controller: name });
    tasks.start((inner) => controller.run(inner));
  }
  await tasks.settled();
}

async function ownClient(
  definition: ControllerDefinition,
  config: ControllerManagerConfig,
  clientConfig: ClientConfig,
  shared: Client,
  context: DaemonContext,
  tasks: TaskGroup,
): Promise<Client> {
  const { serviceAccount: account, rateFactors } = definition;
  const { clock, log } = context;
  const rate = requestRate(config, rateFactors);
  if (!config.useServiceAccountCredentials || account === undefined) {
    return rateFactors ? createClient(clientConfig, { ...clientOptions(config, context, userAgent), ...rate }) : shared;
  }
  const options = { ...clientOptions(config, context, `${userAgent}/${account}`), ...rate };
  const own = await ServiceAccountClient.create(
    { issuer: shared, config: clientConfig, clientOptions: options, account, clock, log: log.child({ account }) },
    tasks.signal,
  );
  tasks.start((signal) => own.run(signal));
  return own;
}
