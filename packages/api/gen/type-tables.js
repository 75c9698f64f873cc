import table0 from "./meta/v1.types.json" with { type: "json" };
import table1 from "./core/v1.types.json" with { type: "json" };
import table2 from "./admission/v1.types.json" with { type: "json" };
import table3 from "./admissionregistration/v1.types.json" with { type: "json" };
import table4 from "./apiextensions/v1.types.json" with { type: "json" };
import table5 from "./apiregistration/v1.types.json" with { type: "json" };
import table6 from "./apps/v1.types.json" with { type: "json" };
import table7 from "./authentication/v1.types.json" with { type: "json" };
import table8 from "./authorization/v1.types.json" with { type: "json" };
import table9 from "./autoscaling/v1.types.json" with { type: "json" };
import table10 from "./autoscaling/v2.types.json" with { type: "json" };
import table11 from "./batch/v1.types.json" with { type: "json" };
import table12 from "./certificates/v1.types.json" with { type: "json" };
import table13 from "./coordination/v1.types.json" with { type: "json" };
import table14 from "./discovery/v1.types.json" with { type: "json" };
import table15 from "./events/v1.types.json" with { type: "json" };
import table16 from "./flowcontrol/v1.types.json" with { type: "json" };
import table17 from "./networking/v1.types.json" with { type: "json" };
import table18 from "./node/v1.types.json" with { type: "json" };
import table19 from "./policy/v1.types.json" with { type: "json" };
import table20 from "./rbac/v1.types.json" with { type: "json" };
import table21 from "./resource/v1.types.json" with { type: "json" };
import table22 from "./scheduling/v1.types.json" with { type: "json" };
import table23 from "./storage/v1.types.json" with { type: "json" };

export const typeTables = {
  "meta/v1": table0,
  "core/v1": table1,
  "admission/v1": table2,
  "admissionregistration/v1": table3,
  "apiextensions/v1": table4,
  "apiregistration/v1": table5,
  "apps/v1": table6,
  "authentication/v1": table7,
  "authorization/v1": table8,
  "autoscaling/v1": table9,
  "autoscaling/v2": table10,
  "batch/v1": table11,
  "certificates/v1": table12,
  "coordination/v1": table13,
  "discovery/v1": table14,
  "events/v1": table15,
  "flowcontrol/v1": table16,
  "networking/v1": table17,
  "node/v1": table18,
  "policy/v1": table19,
  "rbac/v1": table20,
  "resource/v1": table21,
  "scheduling/v1": table22,
  "storage/v1": table23,
};
