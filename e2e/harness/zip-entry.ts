import { inflateRawSync } from "node:zlib";

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const deflated = 8;

/** One file of a zip archive, unpacked. Throws when the archive has no such file. */
export function unzipEntry(archive: Buffer, name: string): Buffer {
  let at = archive.readUInt32LE(findEndOfDirectory(archive) + 16);
  while (archive.readUInt32LE(at) === directoryEntry) {
    const method = archive.readUInt16LE(at + 10);
    const packedSize = archive.readUInt32LE(at + 20);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const headerAt = archive.readUInt32LE(at + 42);
    const entryName = archive.toString("utf8", at + 46, at + 46 + (nameLength ?? 0));
    if (entryName === name) {
      const dataAt = headerAt + 30 + archive.readUInt16LE(headerAt + 26) + archive.readUInt16LE(headerAt + 28);
      const packed = archive.subarray(dataAt, dataAt + packedSize);
      return method === deflated ? inflateRawSync(packed) : Buffer.from(packed);
    }
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
  }
  throw new Error(`the archive has no ${name}`);
}

function findEndOfDirectory(archive: Buffer): number {
  for (let at = archive.length - 22; at >= 0; at -= 1) if (archive.readUInt32LE(at) === endOfDirectory) return at;
  throw new Error("not a zip archive");
}
