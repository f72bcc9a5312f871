// The same as `npm run seeds`, whose usage (--help) has the options: --framing shell,device runs the two callers alone.
await import("../seeds/run.ts");
