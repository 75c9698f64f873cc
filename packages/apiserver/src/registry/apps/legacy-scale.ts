import type { ScaleStatus, Scale as LegacyScale } from "@kube-ts/api/apps/v1beta2";
import type { Scale } from "@kube-ts/api/autoscaling/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { ScaleVersion } from "../resource-definition.ts";

/** The Scale that a legacy version had of its own: its selector is a map, and a text where that does not do. */
export function legacyScale(group: string, version: string): ScaleVersion {
  return {
    type: { group, version, kind: "Scale" },
    fromScale(scale): LegacyScale {
      const { replicas = 0, selector = "" } = scale.status ?? {};
      const labels = equalities(selector);
      const status: ScaleStatus = {
        replicas,
        ...(labels && { selector: labels }),
        ...(selector !== "" && { targetSelector: selector }),
      };
      return { ...scale, apiVersion: `${group}/${version}`, status };
    },
    toScale(object: KubeObject): Scale {
      const { status, ...scale } = object as LegacyScale;
      const { replicas = 0, targetSelector: selector = "" } = status ?? {};
      return { ...scale, apiVersion: "autoscaling/v1", status: { replicas, ...(selector !== "" && { selector }) } };
    },
  };
}

/** The labels of a selector that asks for nothing but equality; undefined for any other. */
function equalities(selector: string): Record<string, string> | undefined {
  if (!/^[^=!,()<> ]+=[^=!,()<> ]*(,[^=!,()<> ]+=[^=!,()<> ]*)*$/.test(selector)) return undefined;
  return Object.fromEntries(selector.split(",").map((term) => term.split("=") as [string, string]));
}
