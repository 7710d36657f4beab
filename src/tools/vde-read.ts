import { NO_VDE } from '../core/index.js';
import type { VdeInventory, VdePlug, VdeSwitch } from '../core/index.js';
import { parseVdePorts, parseVdeSwitch } from './vde-answers.js';
import { vdePlugStem, vdeSwitchStem } from './vde-notes.js';
import { TALK } from './vde-shell.js';

/**
 * Shell function `vde`: the switches and plugs that topo runs for `$topology`, dead ones included, by their notes; what the switches say;
 * and on what switches of others listen. Every line begins with a word that says what it is; after `ask SOCKET` come answers until `asked`.
 */
export const VDE_READER = `${TALK}
vde() {
  command -v vde_switch >/dev/null || return 0
  awk '$4 == "00010000" && sub(/\\/ctl$/, "", $8) { print "listens " $8 }' /proc/net/unix
  [ -d "/run/topo/$topology/vde" ] || return 0
  cd "/run/topo/$topology/vde" || return
  grep -sH '' *.switch *.plug | sed 's/^/note /'
  for file in *.switch; do
    read -r dir 2>/dev/null <"$file" && stat -c 'socket %a %G %n' "$dir/ctl" 2>/dev/null
  done
  pids=$(grep -slxE 'vde_switch|vde_plug2tap' /proc/[0-9]*/comm | sed 's,/comm$,,')
  if [ -n "$pids" ]; then
    grep -saHz '' $(printf '%s/cmdline ' $pids) | tr '\\0' '\\n' | sed 's/^/word /'
    grep -sH '^iff:' $(printf '%s/fdinfo/* ' $pids) | sed 's/^/tap /'
  fi
  for mgmt in $(sed -sn 2p *.switch *.plug 2>/dev/null | sort -u); do
    [ -S "$mgmt" ] || continue
    echo "ask $mgmt"
    for words in port/showinfo fstp/showinfo port/allprint vlan/allprint; do
      talk "$mgmt" "$words" 2>/dev/null || break
    done
    echo asked
  done
}`;

/** What that function printed, of a topology. Sorted by name. */
export function parseVde(text: string, topology: string): VdeInventory {
  const lines = text.split('\n');
  const answers = answersOf(lines);
  const notes = notesOf(lines);
  const processes = processesOf(lines);
  const sockets = new Map(
    wordsOf(lines, 'socket').map(([mode = '', group = '', ...path]) => [
      path.join(' '),
      { mode: parseInt(mode, 8), group },
    ]),
  );
  const switches = [...notes].flatMap(([file, [directory = '', management = '']]): readonly VdeSwitch[] => {
    const name = /^(.+)\.switch$/.exec(file)?.[1];
    if (name === undefined) return [];
    const pid = processes.find(p => p.words.includes(`${vdeSwitchStem(topology, name)}.pid`))?.pid;
    const says = pid === undefined ? undefined : parseVdeSwitch(answers.get(management) ?? []);
    const socket = sockets.get(`${directory}/ctl`);
    const live = { ...(pid !== undefined && { pid }), ...(says && { says }), ...(socket && { socket }) };
    return [{ topology, name, directory, management, ...live }];
  });
  const plugs = [...notes].flatMap(([file, [directory = '']]): readonly VdePlug[] => {
    const key = /^plug\.(.+)\.plug$/.exec(file)?.[1];
    if (key === undefined) return [];
    const process = processes.find(p => p.words.includes(`${vdePlugStem(topology, key)}.pid`));
    const live = process && { pid: process.pid, ...(process.tap !== '' && { tap: process.tap }) };
    return [{ topology, key, directory, ...live }];
  });
  return {
    ...NO_VDE,
    switches,
    plugs,
    directories: wordsOf(lines, 'listens').map(words => words.join(' ')),
    ports: Object.fromEntries([...answers].map(([socket, said]) => [socket, parseVdePorts(said)])),
  };
}

function wordsOf(lines: readonly string[], first: string): readonly (readonly string[])[] {
  return lines.filter(line => line.startsWith(`${first} `)).map(line => line.split(' ').slice(1));
}

/** The lines of each note by its file's name, in the order of names. */
function notesOf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const notes = new Map<string, string[]>();
  for (const words of wordsOf(lines, 'note')) {
    const [, file = '', line = ''] = /^([^:]*):(.*)$/.exec(words.join(' ')) ?? [];
    notes.set(file, [...(notes.get(file) ?? []), line]);
  }
  return new Map([...notes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Process {
  readonly pid: number;
  readonly words: readonly string[];
  /** The device whose other end it is; empty where that is gone. */
  readonly tap: string;
}

function processesOf(lines: readonly string[]): readonly Process[] {
  const taps = new Map(
    lines.flatMap(line => {
      const [, pid, tap = ''] = /^tap \/proc\/(\d+)\/fdinfo\/\d+:iff:\s*(\S*)/.exec(line) ?? [];
      return pid === undefined ? [] : [[pid, tap] as const];
    }),
  );
  const words = new Map<string, string[]>();
  for (const line of lines) {
    const [, pid, word = ''] = /^word \/proc\/(\d+)\/cmdline:(.*)$/.exec(line) ?? [];
    if (pid !== undefined) words.set(pid, [...(words.get(pid) ?? []), word]);
  }
  return [...words].map(([pid, all]) => ({ pid: Number(pid), words: all, tap: taps.get(pid) ?? '' }));
}

/** By management socket, the lines that were answered there. */
function answersOf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const answers = new Map<string, string[]>();
  let open: string[] | undefined;
  for (const line of lines) {
    if (line.startsWith('ask ')) answers.set(line.slice('ask '.length), (open = []));
    else if (line === 'asked') open = undefined;
    else open?.push(line);
  }
  return answers;
}
