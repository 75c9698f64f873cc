import table0 from "./meta/v1.types.json" with { type: "json" };
import table1 from "./core/v1.types.json" with { type: "json" };
import table2 from "./apps/v1.types.json" with { type: "json" };
import table3 from "./authentication/v1.types.json" with { type: "json" };
import table4 from "./authorization/v1.types.json" with { type: "json" };
import table5 from "./autoscaling/v1.types.json" with { type: "json" };
import table6 from "./batch/v1.types.json" with { type: "json" };
import table7 from "./coordination/v1.types.json" with { type: "json" };
import table8 from "./discovery/v1.types.json" with { type: "json" };
import table9 from "./events/v1.types.json" with { type: "json" };
import table10 from "./policy/v1.types.json" with { type: "json" };
import table11 from "./rbac/v1.types.json" with { type: "json" };
import table12 from "./scheduling/v1.types.json" with { type: "json" };

export const typeTables = {
  "meta/v1": table0,
  "core/v1": table1,
  "apps/v1": table2,
  "authentication/v1": table3,
  "authorization/v1": table4,
  "autoscaling/v1": table5,
  "batch/v1": table6,
  "coordination/v1": table7,
  "discovery/v1": table8,
  "events/v1": table9,
  "policy/v1": table10,
  "rbac/v1": table11,
  "scheduling/v1": table12,
};
