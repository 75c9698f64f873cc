import type { MetricSpec as MetricSpecV1, MetricStatus as MetricStatusV1 } from "@kube-ts/api/autoscaling/v1";
import type { MetricSpec, MetricStatus, MetricTarget, MetricValueStatus } from "@kube-ts/api/autoscaling/v2";

// Each metric has one of the fields that are converted here; what is left out in one version is in the other, too,
// but for amounts that autoscaling/v1 has no way to leave out, which are zero there.

const zero = "0";

export function metricToV1({ type, object, pods, resource, containerResource, external }: MetricSpec): MetricSpecV1 {
  return {
    type,
    ...(object && {
      object: {
        target: object.describedObject,
        metricName: object.metric.name,
        targetValue: object.target.value ?? zero,
        ...optional("selector", object.metric.selector),
        ...optional("averageValue", object.target.averageValue),
      },
    }),
    ...(pods && {
      pods: {
        metricName: pods.metric.name,
        targetAverageValue: pods.target.averageValue ?? zero,
        ...optional("selector", pods.metric.selector),
      },
    }),
    ...(resource && { resource: { name: resource.name, ...resourceTargetToV1(resource.target) } }),
    ...(containerResource && {
      containerResource: {
        name: containerResource.name,
        ...resourceTargetToV1(containerResource.target),
        container: containerResource.container,
      },
    }),
    ...(external && {
      external: {
        metricName: external.metric.name,
        ...optional("metricSelector", external.metric.selector),
        ...optional("targetValue", external.target.value),
        ...optional("targetAverageValue", external.target.averageValue),
      },
    }),
  };
}

export function metricFromV1({ type, object, pods, resource, containerResource, external }: MetricSpecV1): MetricSpec {
  return {
    type,
    ...(object && {
      object: {
        describedObject: object.target,
        target: {
          type: object.averageValue === undefined ? "Value" : "AverageValue",
          value: object.targetValue,
          ...optional("averageValue", object.averageValue),
        },
        metric: { name: object.metricName, ...optional("selector", object.selector) },
      },
    }),
    ...(pods && {
      pods: {
        metric: { name: pods.metricName, ...optional("selector", pods.selector) },
        target: { type: "AverageValue", averageValue: pods.targetAverageValue },
      },
    }),
    ...(resource && { resource: { name: resource.name, target: resourceTargetFromV1(resource) } }),
    ...(containerResource && {
      containerResource: {
        name: containerResource.name,
        target: resourceTargetFromV1(containerResource),
        container: containerResource.container,
      },
    }),
    ...(external && {
      external: {
        metric: { name: external.metricName, ...optional("selector", external.metricSelector) },
        target: {
          type: external.targetValue === undefined ? "AverageValue" : "Value",
          ...optional("value", external.targetValue),
          ...optional("averageValue", external.targetAverageValue),
        },
      },
    }),
  };
}

export function readingToV1({
  type,
  object,
  pods,
  resource,
  containerResource,
  external,
}: MetricStatus): MetricStatusV1 {
  return {
    type,
    ...(object && {
      object: {
        target: object.describedObject,
        metricName: object.metric.name,
        currentValue: object.current.value ?? zero,
        ...optional("selector", object.metric.selector),
        ...optional("averageValue", object.current.averageValue),
      },
    }),
    ...(pods && {
      pods: {
        metricName: pods.metric.name,
        currentAverageValue: pods.current.averageValue ?? zero,
        ...optional("selector", pods.metric.selector),
      },
    }),
    ...(resource && { resource: { name: resource.name, ...resourceReadingToV1(resource.current) } }),
    ...(containerResource && {
      containerResource: {
        name: containerResource.name,
        ...resourceReadingToV1(containerResource.current),
        container: containerResource.container,
      },
    }),
    ...(external && {
      external: {
        metricName: external.metric.name,
        ...optional("metricSelector", external.metric.selector),
        currentValue: external.current.value ?? zero,
        ...optional("currentAverageValue", external.current.averageValue),
      },
    }),
  };
}

export function readingFromV1({
  type,
  object,
  pods,
  resource,
  containerResource,
  external,
}: MetricStatusV1): MetricStatus {
  return {
    type,
    ...(object && {
      object: {
        metric: { name: object.metricName, ...optional("selector", object.selector) },
        current: { value: object.currentValue, ...optional("averageValue", object.averageValue) },
        describedObject: object.target,
      },
    }),
    ...(pods && {
      pods: {
        metric: { name: pods.metricName, ...optional("selector", pods.selector) },
        current: { averageValue: pods.currentAverageValue },
      },
    }),
    ...(resource && { resource: { name: resource.name, current: resourceReadingFromV1(resource) } }),
    ...(containerResource && {
      containerResource: {
        name: containerResource.name,
        current: resourceReadingFromV1(containerResource),
        container: containerResource.container,
      },
    }),
    ...(external && {
      external: {
        metric: { name: external.metricName, ...optional("selector", external.metricSelector) },
        current: { value: external.currentValue, ...optional("averageValue", external.currentAverageValue) },
      },
    }),
  };
}

function resourceTargetToV1({ averageUtilization, averageValue }: MetricTarget) {
  return {
    ...optional("targetAverageUtilization", averageUtilization),
    ...optional("targetAverageValue", averageValue),
  };
}

function resourceTargetFromV1(source: {
  readonly targetAverageUtilization?: number;
  readonly targetAverageValue?: string;
}): MetricTarget {
  return {
    type: source.targetAverageUtilization === undefined ? "AverageValue" : "Utilization",
    ...optional("averageValue", source.targetAverageValue),
    ...optional("averageUtilization", source.targetAverageUtilization),
  };
}

function resourceReadingToV1({ averageUtilization, averageValue }: MetricValueStatus) {
  return { ...optional("currentAverageUtilization", averageUtilization), currentAverageValue: averageValue ?? zero };
}

function resourceReadingFromV1(source: {
  readonly currentAverageUtilization?: number;
  readonly currentAverageValue: string;
}): MetricValueStatus {
  return {
    averageValue: source.currentAverageValue,
    ...optional("averageUtilization", source.currentAverageUtilization),
  };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]?: V });
}
