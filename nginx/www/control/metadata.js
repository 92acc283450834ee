// What a picture says of itself: JSON in its text chunk, comment, XMP packet or description.

const utf8 = new TextDecoder();
const ESCAPES = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

/** By a format's first byte. */
const READERS = { 0x89: ofPNG, 0xff: ofJPEG, 0x47: ofGIF, 0x52: between(/<rdf:li xml:lang="x-default">([^<]*)</),
  0x3c: between(/<desc>([^<]*)</) };

/** An object; null if the file has none. @param file an ArrayBuffer */
export function metadataOf(file) {
  const bytes = new Uint8Array(file);
  try {
    return JSON.parse(READERS[bytes[0]](bytes));
  } catch {
    return null;
  }
}

/** An iTXt chunk: keyword, two bytes about compression, language, translated keyword, text. */
function ofPNG(bytes) {
  const view = new DataView(bytes.buffer);
  for (let at = 8; at < bytes.length; at += 12 + view.getUint32(at)) {
    if (utf8.decode(bytes.subarray(at + 4, at + 15)) !== "iTXtfakeai\0") continue;
    const chunk = bytes.subarray(at + 8, at + 8 + view.getUint32(at));
    return utf8.decode(chunk.subarray(chunk.indexOf(0, chunk.indexOf(0, 9) + 1) + 1));
  }
}

function ofJPEG(bytes) {
  const view = new DataView(bytes.buffer);
  for (let at = 2; bytes[at + 1] !== 0xda; at += 2 + view.getUint16(at + 2)) {
    if (bytes[at + 1] === 0xfe) return utf8.decode(bytes.subarray(at + 4, at + 2 + view.getUint16(at + 2)));
  }
}

/** A comment is pieces of at most 255 bytes, each after its length. */
function ofGIF(bytes) {
  for (let at = 13; at < bytes.length; at++) {
    if (bytes[at] !== 0x21 || bytes[at + 1] !== 0xfe) continue;
    const text = [];
    for (let piece = at + 2; bytes[piece]; piece += bytes[piece] + 1) text.push(...bytes.subarray(piece + 1, piece + 1 + bytes[piece]));
    return utf8.decode(Uint8Array.from(text));
  }
}

/** A text in XML. */
function between(pattern) {
  return (bytes) => pattern.exec(utf8.decode(bytes))[1].replace(/&#?(\w+);/g, (_, name) => ESCAPES[name] ?? String.fromCodePoint(name));
}
