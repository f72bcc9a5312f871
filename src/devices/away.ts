/**
 * Command lines that may lead from one device to another, as most platforms write them; a profile adds its own (`away`).
 * RE2, case is ignored. What is wrongly among them costs a new login, what is missing may give a secret away.
 */
const WRAPPERS =
  "(?:(?:do|run|exec|execute|local|sudo|please|nice|time|vrf \\S+|(?:run )?bash(?: -c)?|ip netns exec \\S+)\\s+)*";
const BEGINS = `(?i)(?:^|[;&|]\\s*)["']?\\s*${WRAPPERS}["']?`;

export const LEADS_AWAY: readonly string[] = [
  `${BEGINS}/?(?:ssh[26]?|slogin|plink|dbclient|stelnet[46]?|tel(?:n(?:et?)?)?[46]?|tn3270|rlogin|rsh|rcmd|rconsole|vprsh|mosh|mdconnect)(?:\\s|$)`,
  `${BEGINS}(?:con(?:n(?:e(?:ct?)?)?)?|sess(?:i(?:on?)?)?|att(?:a(?:ch?)?)?|resu(?:me?)?|reconnect|switchto|console)(?:\\s|$)`,
  `${BEGINS}(?:pad|x28|lat|cu|tip|minicom|picocom|screen|virsh\\s+console|docker\\s+exec|kubectl\\s+exec|lxc-attach)(?:\\s|$)`,
  `${BEGINS}(?:remote\\s+login|remote-login|ha\\s+manage|failover\\s+exec|(?:service|hw)-module\\s.*\\bsession)(?:\\s|$)`,
  `${BEGINS}request\\s+(?:session|login|routing-engine\\s+login|chassis\\s.*\\blogin|vmhost\\s+console)(?:\\s|$)`,
  `${BEGINS}(?:start\\s+shell\\s+pfe|/util\\s+ssh)(?:\\s|$)`,
  // To another member, a card, a guest: `execute switch-controller ssh`, `oap connect`, `peer telnet`, `virtual-service connect`.
  `${BEGINS}(?:exe(?:c(?:u(?:te?)?)?)?|oap|peer|virtual-service|app-hosting|wlan)\\s+(?:[\\w-]+\\s+){0,3}(?:ssh|telnet|connect|console|manage|exec-console)(?:\\s|$)`,
  "(?i)^\\s*[:/]?(?:system|tool)(?:\\s+|\\s*/\\s*)(?:ssh|telnet|mac-telnet|serial-terminal|romon\\s*/?\\s*ssh)(?:\\s|$)",
  "(?i)^\\s*[:/]?container(?:\\s+|\\s*/\\s*)shell(?:\\s|$)",
];

/** Rows by which the device itself says that the way to the other one is over. */
export const COMES_BACK: readonly string[] = [
  "(?i)^\\[?Connection to \\S+ closed(?: by (?:foreign|remote) host)?\\.?\\]?$",
  "(?i)^Connection closed by (?:foreign|remote) host\\.?$",
  "(?i)^rlogin: connection closed\\.?$",
  "(?i)^(?:Info: )?The connection was closed by the remote host\\.?$",
  "(?i)^Connection to \\S+ port \\d+ closed\\b",
];

/** Rows by which it says that it never got there. */
export const NEVER_LEFT: readonly string[] = [
  "(?i)^% ?(?:Connection refused|Connection timed out|Destination unreachable|Unknown (?:command|host)|Invalid|Incomplete|Ambiguous|Bad IP|Unrecognized|No connections? open)",
  "(?i)^(?:ssh|telnet): (?:connect to |could not resolve|unable to connect|can't connect)",
  "(?i)^(?:unknown command|syntax error|command not found|Error: Unrecognized command)",
];

/** First rows of a session on something else, and the questions it begins with. */
export const LOGIN_ROWS: readonly string[] = [
  "(?i)^Trying \\S+.*\\bOpen\\b",
  "(?i)^Connected to \\S+",
  "(?i)^Escape character is ",
  "(?i)^Entering (?:line|character|console) mode",
  "(?i)^Warning: Permanently added ",
  "(?i)^The authenticity of host ",
  "(?i)^Attaching to ",
  "(?i)^\\[?Resuming connection \\d+ to ",
  "(?i)^Remote connection to \\S.* established",
  "^SSH-(?:1\\.99|2\\.0)-",
];

export const LOGIN_QUESTIONS: readonly string[] = [
  "(?i)^(?:\\S+ )?(?:user ?name|login(?: as| name)?|user)\\s*:\\s*$",
  "(?i)^(?:.* )?\\S+@\\S+'s password:\\s*$",
  "(?i)continue connecting",
  "(?i)^Please enter (?:login|user) ?name\\b.*:\\s*$",
];
