/**
 * The path of what topo writes down of a VDE switch of a topology on its host, less the ending; goes with a reboot, as the switch does.
 * Sockets of topo's own choice have it, too.
 */
export function vdeSwitchStem(topology: string, name: string): string {
  return `${vdeDirectory(topology)}/${name}`;
}

/** The same of a plug, by what tells it from others. No switch has a name with a dot. */
export function vdePlugStem(topology: string, key: string): string {
  return `${vdeDirectory(topology)}/plug.${key}`;
}

function vdeDirectory(topology: string): string {
  return `/run/topo/${topology}/vde`;
}
