/**
 * Functions of postgres whose effects no transaction holds back, where the login has the rights for them: a belt against
 * mistakes beside the transaction, which is the server's own (a name can be written in ways that are not seen here).
 */
export const EFFECTS =
  /\b(?:pg_(?:terminate_backend|cancel_backend|reload_conf|rotate_logfile\w*|switch_(?:wal|xlog)|promote|create_restore_point|(?:create|drop|copy|advance)_\w*replication_\w+|replication_\w+|logical_\w+|wal_replay_\w+|(?:start|stop)_backup|backup_(?:start|stop)|file_(?:write|unlink|rename|sync)|stat_\w*reset\w*)|lo_(?:export|import)|dblink\w*)\b/i;

/** Words of a statement that writes a file of the server's, however it is written. */
export const FILES = /\b(?:outfile|dumpfile)\b/i;

export function refusedWord(text: string, words: RegExp): string | undefined {
  const word = words.exec(text)?.[0];
  return word === undefined
    ? undefined
    : `${word} has effects that reading must not have (the word counts wherever it is written)`;
}
