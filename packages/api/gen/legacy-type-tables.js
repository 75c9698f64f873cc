import table0 from "./admissionregistration/v1beta1.types.json" with { type: "json" };
import table1 from "./apiregistration/v1beta1.types.json" with { type: "json" };
import table2 from "./apps/v1beta2.types.json" with { type: "json" };
import table3 from "./apps/v1beta1.types.json" with { type: "json" };
import table4 from "./authentication/v1beta1.types.json" with { type: "json" };
import table5 from "./authorization/v1beta1.types.json" with { type: "json" };
import table6 from "./batch/v1beta1.types.json" with { type: "json" };
import table7 from "./certificates/v1beta1.types.json" with { type: "json" };
import table8 from "./coordination/v1beta1.types.json" with { type: "json" };
import table9 from "./discovery/v1beta1.types.json" with { type: "json" };
import table10 from "./events/v1beta1.types.json" with { type: "json" };
import table11 from "./networking/v1beta1.types.json" with { type: "json" };
import table12 from "./extensions/v1beta1.types.json" with { type: "json" };
import table13 from "./flowcontrol/v1beta3.types.json" with { type: "json" };
import table14 from "./flowcontrol/v1beta2.types.json" with { type: "json" };
import table15 from "./flowcontrol/v1beta1.types.json" with { type: "json" };
import table16 from "./node/v1beta1.types.json" with { type: "json" };
import table17 from "./node/v1alpha1.types.json" with { type: "json" };
import table18 from "./policy/v1beta1.types.json" with { type: "json" };
import table19 from "./rbac/v1beta1.types.json" with { type: "json" };
import table20 from "./rbac/v1alpha1.types.json" with { type: "json" };
import table21 from "./scheduling/v1beta1.types.json" with { type: "json" };
import table22 from "./storage/v1beta1.types.json" with { type: "json" };
import table23 from "./storage/v1alpha1.types.json" with { type: "json" };

export const typeTables = {
  "admissionregistration/v1beta1": table0,
  "apiregistration/v1beta1": table1,
  "apps/v1beta2": table2,
  "apps/v1beta1": table3,
  "authentication/v1beta1": table4,
  "authorization/v1beta1": table5,
  "batch/v1beta1": table6,
  "certificates/v1beta1": table7,
  "coordination/v1beta1": table8,
  "discovery/v1beta1": table9,
  "events/v1beta1": table10,
  "networking/v1beta1": table11,
  "extensions/v1beta1": table12,
  "flowcontrol/v1beta3": table13,
  "flowcontrol/v1beta2": table14,
  "flowcontrol/v1beta1": table15,
  "node/v1beta1": table16,
  "node/v1alpha1": table17,
  "policy/v1beta1": table18,
  "rbac/v1beta1": table19,
  "rbac/v1alpha1": table20,
  "scheduling/v1beta1": table21,
  "storage/v1beta1": table22,
  "storage/v1alpha1": table23,
};
