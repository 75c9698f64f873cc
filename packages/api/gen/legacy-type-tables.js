import table0 from "./admissionregistration/v1beta1.types.json" with { type: "json" };
import table1 from "./apiextensions/v1beta1.types.json" with { type: "json" };
import table2 from "./apiregistration/v1beta1.types.json" with { type: "json" };
import table3 from "./apps/v1beta2.types.json" with { type: "json" };
import table4 from "./apps/v1beta1.types.json" with { type: "json" };
import table5 from "./authentication/v1beta1.types.json" with { type: "json" };
import table6 from "./authorization/v1beta1.types.json" with { type: "json" };
import table7 from "./batch/v1beta1.types.json" with { type: "json" };
import table8 from "./certificates/v1beta1.types.json" with { type: "json" };
import table9 from "./coordination/v1beta1.types.json" with { type: "json" };
import table10 from "./discovery/v1beta1.types.json" with { type: "json" };
import table11 from "./events/v1beta1.types.json" with { type: "json" };
import table12 from "./networking/v1beta1.types.json" with { type: "json" };
import table13 from "./extensions/v1beta1.types.json" with { type: "json" };
import table14 from "./flowcontrol/v1beta3.types.json" with { type: "json" };
import table15 from "./flowcontrol/v1beta2.types.json" with { type: "json" };
import table16 from "./flowcontrol/v1beta1.types.json" with { type: "json" };
import table17 from "./node/v1beta1.types.json" with { type: "json" };
import table18 from "./node/v1alpha1.types.json" with { type: "json" };
import table19 from "./policy/v1beta1.types.json" with { type: "json" };
import table20 from "./rbac/v1beta1.types.json" with { type: "json" };
import table21 from "./rbac/v1alpha1.types.json" with { type: "json" };
import table22 from "./scheduling/v1beta1.types.json" with { type: "json" };
import table23 from "./storage/v1beta1.types.json" with { type: "json" };
import table24 from "./storage/v1alpha1.types.json" with { type: "json" };

export const typeTables = {
  "admissionregistration/v1beta1": table0,
  "apiextensions/v1beta1": table1,
  "apiregistration/v1beta1": table2,
  "apps/v1beta2": table3,
  "apps/v1beta1": table4,
  "authentication/v1beta1": table5,
  "authorization/v1beta1": table6,
  "batch/v1beta1": table7,
  "certificates/v1beta1": table8,
  "coordination/v1beta1": table9,
  "discovery/v1beta1": table10,
  "events/v1beta1": table11,
  "networking/v1beta1": table12,
  "extensions/v1beta1": table13,
  "flowcontrol/v1beta3": table14,
  "flowcontrol/v1beta2": table15,
  "flowcontrol/v1beta1": table16,
  "node/v1beta1": table17,
  "node/v1alpha1": table18,
  "policy/v1beta1": table19,
  "rbac/v1beta1": table20,
  "rbac/v1alpha1": table21,
  "scheduling/v1beta1": table22,
  "storage/v1beta1": table23,
  "storage/v1alpha1": table24,
};
