export { JsonPath, JsonPathError, printValue, relaxedPath } from "@kube-ts/api/json-path/json-path";
