export type {
  APIService,
  APIServiceCondition,
  APIServiceConditionType,
  APIServiceList,
  APIServiceSpec,
  APIServiceStatus,
  ConditionStatus,
  ServiceReference,
} from "./v1.ts";
