import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { Credentials } from "./authenticator.ts";
import { webSocketToken } from "./websocket-token.ts";
import { presentedCertificate } from "./x509/client-certificate.ts";

/** Everything in the request that says who sent it. */
export function credentialsOf(request: IncomingMessage): Credentials {
  const { socket } = request;
  return {
    ...(socket instanceof TLSSocket ? certificateOf(socket) : { certificate: undefined }),
    ...tokenOf(request),
    headers: () => request.headersDistinct,
    path: () => pathOf(request),
  };
}

type CertificateParts = "certificate" | "certificateProblem" | "rejectedCertificate" | "chain";

function certificateOf(socket: TLSSocket): Pick<Credentials, CertificateParts> {
  const presented = presentedCertificate(socket);
  if (presented.kind === "none") return { certificate: undefined };
  const { certificate } = presented;
  const chain = () => socket.getPeerCertificate(true);
  if (presented.kind === "verified") return { certificate, chain };
  const { problem } = presented;
  return { certificate: undefined, certificateProblem: problem, rejectedCertificate: certificate, chain };
}

function pathOf({ url = "/" }: IncomingMessage): string {
  const question = url.indexOf("?");
  return question < 0 ? url : url.slice(0, question);
}

function tokenOf(request: IncomingMessage): Pick<Credentials, "token" | "tokenProblem"> {
  const token = bearerToken(request.headers.authorization);
  if (token !== undefined) return { token };
  if (request.headers.upgrade?.toLowerCase() !== "websocket") return { token: undefined };
  const inProtocol = webSocketToken(request.headers["sec-websocket-protocol"]);
  if (inProtocol.kind === "token") return { token: inProtocol.token };
  return inProtocol.kind === "none" ? { token: undefined } : { token: undefined, tokenProblem: inProtocol.problem };
}

/** The token of an `Authorization: Bearer …` header; other schemes are not ours to judge. */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const [scheme = "", token = ""] = authorization.trim().split(" ");
  return scheme.toLowerCase() === "bearer" && token !== "" ? token : undefined;
}
