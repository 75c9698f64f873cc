import { type FieldError, duplicateField, invalidField, requiredField } from "@kube-ts/api/field-error";
import { parseCertificates } from "../x509/trusted-chain.ts";
import type { JwtAuthenticatorConfig } from "./authentication-configuration.ts";

type Issuer = NonNullable<JwtAuthenticatorConfig["issuer"]>;

/** What is wrong with an issuer, in upstream's words. */
export function issuerErrors(issuer: Issuer, path: string, disallowedIssuers: readonly string[]): FieldError[] {
  const { url = "", discoveryURL = "", certificateAuthority = "", egressSelectorType = "" } = issuer;
  return [
    ...(url === "" ? [requiredField(`${path}.url`)] : urlErrors(url, `${path}.url`, disallowedIssuers)),
    ...(discoveryURL === "" ? [] : discoveryErrors(url, discoveryURL, `${path}.discoveryURL`)),
    ...audienceErrors(issuer, path),
    ...(certificateAuthority === "" ? [] : authorityErrors(certificateAuthority, `${path}.certificateAuthority`)),
    ...(egressSelectorType === ""
      ? []
      : [invalidField(`${path}.egressSelectorType`, egressSelectorType, "egress selector is not supported")]),
  ];
}

function discoveryErrors(url: string, discoveryUrl: string, path: string): FieldError[] {
  const same = url !== "" && withoutSlashes(url) === withoutSlashes(discoveryUrl);
  return [
    ...(same ? [invalidField(path, discoveryUrl, "discoveryURL must be different from URL")] : []),
    ...urlErrors(discoveryUrl, path, []),
  ];
}

function withoutSlashes(url: string): string {
  return url.replace(/\/+$/, "");
}

function urlErrors(text: string, path: string, disallowed: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  const fail = (detail: string) => void errors.push(invalidField(path, text, detail));
  if (disallowed.includes(text)) {
    fail(`URL must not overlap with disallowed issuers: [${disallowed.toSorted().join(" ")}]`);
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1];
  if (scheme?.toLowerCase() !== "https") {
    fail("URL scheme must be https");
    return errors;
  }
  const url = URL.parse(text);
  if (!url) {
    fail(`parse ${JSON.stringify(text)}: invalid URL`);
    return errors;
  }
  if (url.username !== "" || url.password !== "") fail("URL must not contain a username or password");
  if (url.search !== "") fail("URL must not contain a query");
  if (url.hash !== "") fail("URL must not contain a fragment");
  return errors;
}

function audienceErrors({ audiences = [], audienceMatchPolicy = "" }: Issuer, path: string): FieldError[] {
  if (audiences.length === 0) {
    return [requiredField(`${path}.audiences`, `at least one ${path}.audiences is required`)];
  }
  const errors: FieldError[] = [];
  for (const [index, audience] of audiences.entries()) {
    if (audience === "") errors.push(requiredField(`${path}.audiences[${index}]`));
    if (audiences.indexOf(audience) < index) errors.push(duplicateField(`${path}.audiences[${index}]`, audience));
  }
  const at = `${path}.audienceMatchPolicy`;
  if (audiences.length > 1 && audienceMatchPolicy !== "MatchAny") {
    const detail = "audienceMatchPolicy must be MatchAny for multiple audiences";
    errors.push(invalidField(at, audienceMatchPolicy, detail));
  }
  if (audiences.length === 1 && audienceMatchPolicy !== "" && audienceMatchPolicy !== "MatchAny") {
    const detail = "audienceMatchPolicy must be empty or MatchAny for single audience";
    errors.push(invalidField(at, audienceMatchPolicy, detail));
  }
  return errors;
}

function authorityErrors(pem: string, path: string): FieldError[] {
  const problem = certificatesProblem(pem);
  return problem === undefined ? [] : [invalidField(path, "<omitted>", problem)];
}

function certificatesProblem(pem: string): string | undefined {
  try {
    return parseCertificates(pem).length > 0 ? undefined : "data does not contain any valid RSA or ECDSA certificates";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
