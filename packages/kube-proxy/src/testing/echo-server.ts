import { createSocket } from "node:dgram";
import { createServer } from "node:http";

/** Answers HTTP and UDP on all addresses with its name and the address it was called from: `NAME PORT`. */
const [name = "", portText = "8080", host = "::"] = process.argv.slice(2);
const port = Number(portText);
const plain = (address: string | undefined) => (address ?? "").replace("::ffff:", "");

createServer((request, response) => {
  response.end(JSON.stringify({ name, client: plain(request.socket.remoteAddress) }));
}).listen(port, host, () => {
  const udp = createSocket(host.includes(":") ? "udp6" : "udp4");
  udp.on("message", (_message, from) => {
    udp.send(JSON.stringify({ name, client: plain(from.address) }), from.port, from.address);
  });
  udp.bind(port, host, () => process.stdout.write("ready\n"));
});
