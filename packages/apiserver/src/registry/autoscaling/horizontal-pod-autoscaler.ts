import type { HorizontalPodAutoscaler } from "@kube-ts/api/autoscaling/v2";
import { horizontalPodAutoscalers } from "@kube-ts/api/resource-types";
import { defineResource } from "../resource-definition.ts";
import { autoscalerColumns } from "./autoscaler-columns.ts";
import { autoscalerV1 } from "./autoscaler-v1.ts";
import { defaultAutoscaler } from "./default-autoscaler.ts";
import { validateAutoscaler, validateAutoscalerStatusUpdate, validateAutoscalerUpdate } from "./validate-autoscaler.ts";

export const horizontalPodAutoscalerResource = defineResource<HorizontalPodAutoscaler>({
  type: horizontalPodAutoscalers,
  singular: "horizontalpodautoscaler",
  shortNames: ["hpa"],
  categories: ["all"],
  storagePrefix: "horizontalpodautoscalers",
  strategy: {
    defaults: defaultAutoscaler,
    prepareForCreate(autoscaler) {
      autoscaler.status = { desiredReplicas: 0 };
    },
    prepareForUpdate(autoscaler, old) {
      autoscaler.status = old.status ?? { desiredReplicas: 0 };
    },
    validateCreate: validateAutoscaler,
    validateUpdate: validateAutoscalerUpdate,
  },
  status: {
    prepareForUpdate(autoscaler, old) {
      autoscaler.spec = old.spec;
    },
    validateUpdate: validateAutoscalerStatusUpdate,
  },
  columns: autoscalerColumns,
  alternates: [autoscalerV1],
});
