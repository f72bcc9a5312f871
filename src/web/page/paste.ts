/** What the server takes at once, of the keys themselves and of a request with them. */
const MOST_BYTES = 64 * 1024;
const MOST_REQUEST = 240 * 1024;

/** Control characters grow in a request. */
export function isTooLong(keys: string): boolean {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  return bytes(keys) > MOST_BYTES || bytes(JSON.stringify(keys)) > MOST_REQUEST;
}
