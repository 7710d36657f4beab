import { commandLine } from './command-line.js';

/** Ends call $1 of the connection that this runs on, and all that it started; $2 is this script. */
const END = `if [ "$(id -u)" != 0 ] && sudo -n true 2>/dev/null; then
  exec sudo -n env SSH_CONNECTION="$SSH_CONNECTION" sh -c "$2" sh "$1" "$2"
fi
for p in /proc/[0-9]*; do
  grep -qzx "TOPO_CALL=$1" "$p/environ" && grep -qzxF "SSH_CONNECTION=$SSH_CONNECTION" "$p/environ" && kill -KILL "\${p#/proc/}"
done 2>/dev/null`;

/**
 * The line for a login shell that ends a call of the same connection. To close its session would only close its input and
 * output, and OpenSSH passes on no signal to the commands of root.
 */
export function endingLine(call: string): string {
  return commandLine('kill', ['sh', '-c', END, 'sh', call, END]);
}
