import type { RemoteFiles } from "./contract.ts";

/** What a transfer needs of either side: the files of a host, or those here that the operator allows. */
export type MovableFiles = Pick<
  RemoteFiles,
  | "window"
  | "replaces"
  | "stat"
  | "lstat"
  | "readlink"
  | "list"
  | "open"
  | "rename"
  | "hardlink"
  | "set"
  | "remove"
  | "mkdir"
>;
