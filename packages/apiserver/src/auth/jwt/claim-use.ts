import { type Expr, operators } from "@kube-ts/api/cel/ast";

/** Whether the expression reads `claims.<name>` or `claims.?<name>` anywhere. */
export function selectsClaim(expr: Expr, name: string): boolean {
  return isSelection(expr, name) || childrenOf(expr).some((child) => selectsClaim(child, name));
}

function isSelection(expr: Expr, name: string): boolean {
  if (expr.kind === "select") return isClaims(expr.operand) && expr.field === name;
  if (expr.kind !== "call" || expr.fn !== operators.optionalSelect) return false;
  const [operand, field] = expr.args;
  return operand !== undefined && isClaims(operand) && field?.kind === "literal" && field.value === name;
}

function isClaims(expr: Expr): boolean {
  return expr.kind === "ident" && expr.name === "claims";
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "literal":
    case "ident":
      return [];
    case "select":
      return [expr.operand];
    case "call":
      return expr.target ? [expr.target, ...expr.args] : expr.args;
    case "list":
      return expr.elements;
    case "map":
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case "struct":
      return expr.fields.map(({ value }) => value);
    case "comprehension":
      return [expr.range, expr.accuInit, expr.condition, expr.step, expr.result];
  }
}
