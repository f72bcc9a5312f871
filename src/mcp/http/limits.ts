/** What every server of ours over HTTP holds its connections to. */
export const LIMITS = {
  settings: {
    /** Sending the headers may take this long, and the whole request that long. */
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    /** Longer than proxies keep an idle connection, so that it is they who close it. */
    keepAliveTimeout: 75_000,
    /** How often connections are held against these times. */
    connectionsCheckingInterval: 2_000,
    maxHeaderSize: 16 * 1024,
  },
  headers: 100,
  /** Beyond them new ones are closed at once. */
  connections: 4_096,
} as const;
