import type { ExtensionPointName } from "../config/config-kind.ts";
import type { ProfilePlan } from "../config/profile-plan.ts";
import type { EventInterest } from "../framework/cluster-event.ts";
import { Framework, type ProfilePlugins } from "../framework/framework.ts";
import type { SchedulerMetrics } from "../framework/metrics.ts";
import type { EnqueueExtensions, FilterRunner, Plugin, PluginHandle } from "../framework/plugin.ts";
import { PointTimer } from "../framework/point-timer.ts";
import { RequeueRules } from "../queue/requeue-rules.ts";
import { pluginFactories } from "./registry.ts";

/** Makes the plugins of a profile, each once, and puts them together. */
export function createFramework(
  plan: ProfilePlan,
  handle: Omit<PluginHandle, "filters">,
  metrics: SchedulerMetrics | undefined,
): Framework {
  const cell: { framework: Framework | undefined } = { framework: undefined };
  const filters = lateFilters(cell);
  const made = new Map<string, Plugin>();
  const pluginNamed = (name: string): Plugin => {
    let plugin = made.get(name);
    if (plugin) return plugin;
    const factory = Object.hasOwn(pluginFactories, name) ? pluginFactories[name] : undefined;
    if (!factory) throw new Error(`plugin ${name} has no factory`);
    plugin = factory(plan.args, { ...handle, filters }, metrics);
    made.set(name, plugin);
    return plugin;
  };
  // The plan names plugins only where they take part, so each has the methods of its extension point.
  const at = <P extends Plugin>(point: ExtensionPointName) =>
    plan.points[point].map(({ name }) => pluginNamed(name) as unknown as P);
  const [queueSort] = at<ProfilePlugins["queueSort"]>("queueSort");
  if (!queueSort) throw new Error(`profile ${plan.schedulerName} has no queue sort plugin`);
  const plugins: ProfilePlugins = {
    queueSort,
    preEnqueue: at("preEnqueue"),
    preFilter: at("preFilter"),
    filter: at("filter"),
    postFilter: at("postFilter"),
    preScore: at("preScore"),
    score: plan.points.score.map(({ name, weight }) => ({
      plugin: pluginNamed(name) as unknown as ProfilePlugins["score"][number]["plugin"],
      weight,
    })),
    reserve: at("reserve"),
    permit: at("permit"),
    preBind: at("preBind"),
    bind: at("bind"),
    postBind: at("postBind"),
  };
  cell.framework = new Framework({
    schedulerName: plan.schedulerName,
    plugins,
    rules: rulesOf(made.values(), handle),
    percentageOfNodesToScore: plan.percentageOfNodesToScore,
    snapshot: handle.snapshot,
    nominated: handle.nominated,
    timer: new PointTimer(plan.schedulerName, metrics),
  });
  return cell.framework;
}

/** Preemption asks the filters of the framework that it is part of. */
function lateFilters(cell: { readonly framework: Framework | undefined }): FilterRunner {
  const framework = () => {
    if (!cell.framework) throw new Error("the filters are asked before the profile is complete");
    return cell.framework;
  };
  return {
    filterWithNominated: (state, pod, node) => framework().filterWithNominated(state, pod, node),
    preFilterAddPod: (state, pod, added, node) => framework().preFilterAddPod(state, pod, added, node),
    preFilterRemovePod: (state, pod, removed, node) => framework().preFilterRemovePod(state, pod, removed, node),
  };
}

function rulesOf(plugins: Iterable<Plugin>, { log }: Pick<PluginHandle, "log">): RequeueRules {
  const interests = new Map<string, readonly EventInterest[]>();
  for (const plugin of plugins) {
    if ("eventsToRegister" in plugin) interests.set(plugin.name, (plugin as EnqueueExtensions).eventsToRegister());
  }
  return new RequeueRules(interests, (plugin, error) => log.warn("queueing hint failed", { plugin, error }));
}
