#!/bin/sh
# Makes this mount namespace one of a machine with netmap: the module's parameters as a real one has them when it is loaded, /dev/netmap,
# and vale-ctl in the place of the emulator. Nothing of it is seen outside, and all of it goes with the namespace.
# usage: stand-in.sh NODE; then `/sys/module/netmap/holders/veth` may be made (a veth driver with netmap's patch), parameters be written.
set -eu
here=$(cd "${0%/*}" && pwd)
modules=$(mktemp -d)
devices=$(mktemp -d)

mount -n --bind /sys/module "$modules"
mount -n -t tmpfs -o mode=755 tmpfs /sys/module
for module in "$modules"/*; do ln -s "$module" /sys/module/; done
mkdir -p /sys/module/netmap/parameters /sys/module/netmap/holders /sys/module/netmap/emulator
chmod 1777 /sys/module/netmap/emulator
echo '{ "spaces": {} }' >/sys/module/netmap/emulator/kernel.json
: >/sys/module/netmap/emulator/faults
: >/sys/module/netmap/emulator/queues
chmod 666 /sys/module/netmap/emulator/*
while read -r name value mode; do
  echo "$value" >"/sys/module/netmap/parameters/$name"
  chmod "${mode:-644}" "/sys/module/netmap/parameters/$name"
done <"$here/parameters.txt"

mount -n -t tmpfs -o mode=755 tmpfs "$devices"
for device in /dev/*; do
  copy=$devices/${device##*/}
  if [ -L "$device" ]; then cp -P "$device" "$copy"
  elif [ -d "$device" ]; then mkdir "$copy"; mount -n --rbind "$device" "$copy"
  else : >"$copy"; mount -n --bind "$device" "$copy"; fi
done
# It only has to be there: the emulator needs none of what a real one does.
mknod -m 600 "$devices/netmap" c 10 124
mount -n --move "$devices" /dev

# Where every user of the machine looks for programs.
programs=$(mktemp -d)
mount -n -t tmpfs -o mode=755 tmpfs "$programs"
for program in /usr/local/sbin/*; do [ ! -e "$program" ] || cp -aP "$program" "$programs/"; done
printf '#!/bin/sh\nexec "%s" "%s/vale-ctl.js" "$@"\n' "$1" "$here" >"$programs/vale-ctl"
cat >"$programs/rmmod" <<'END'
#!/bin/sh
cd /sys/module/netmap
[ "$1" != veth ] || exec rmdir holders/veth
users=$(ls holders)
[ -z "$users" ] || { echo "rmmod: ERROR: Module netmap is in use by: $users" >&2; exit 1; }
! grep -q '"device"' emulator/kernel.json || { echo 'rmmod: ERROR: Module netmap is in use' >&2; exit 1; }
rm /dev/netmap
END
cat >"$programs/modprobe" <<'END'
#!/bin/sh
mknod -m 600 /dev/netmap c 10 124
END
cat >"$programs/lsmod" <<'END'
#!/bin/sh
cd /sys/module/netmap
users=$(ls holders)
uses=$(grep -o '"device"' emulator/kernel.json | wc -l)
echo 'Module                  Size  Used by'
echo "veth                   $([ -n "$users" ] && echo 40960 || echo 36864)  0"
echo "netmap                253952  $((uses + $(ls holders | wc -l)))${users:+ $users}"
END
chmod 755 "$programs"/*
mount -n --move "$programs" /usr/local/sbin

for program in ip tc; do
  place=$(readlink -f "$(command -v $program)")
  cp "$place" "/sys/module/netmap/emulator/$program"
  cp "$here/$program.sh" /sys/module/netmap/emulator/
  chmod 755 "/sys/module/netmap/emulator/$program.sh"
  mount -n --bind "/sys/module/netmap/emulator/$program.sh" "$place"
done
cp "$here/shown.sh" /sys/module/netmap/emulator/
