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
chmod 666 /sys/module/netmap/emulator/*
while read -r name value; do echo "$value" >"/sys/module/netmap/parameters/$name"; done <"$here/parameters.txt"

mount -n -t tmpfs -o mode=755 tmpfs "$devices"
for device in /dev/*; do
  copy=$devices/${device##*/}
  if [ -L "$device" ]; then cp -P "$device" "$copy"
  elif [ -d "$device" ]; then mkdir "$copy"; mount -n --rbind "$device" "$copy"
  else : >"$copy"; mount -n --bind "$device" "$copy"; fi
done
# It only has to be there: the emulator needs none of what a real one does.
mknod -m 600 "$devices/netmap" c 1 3
mount -n --move "$devices" /dev

# Where every user of the machine looks for programs.
programs=$(mktemp -d)
mount -n -t tmpfs -o mode=755 tmpfs "$programs"
for program in /usr/local/sbin/*; do [ ! -e "$program" ] || cp -aP "$program" "$programs/"; done
printf '#!/bin/sh\nexec "%s" "%s/vale-ctl.js" "$@"\n' "$1" "$here" >"$programs/vale-ctl"
cat >"$programs/rmmod" <<'END'
#!/bin/sh
! grep -q '"device"' /sys/module/netmap/emulator/kernel.json || { echo 'rmmod: ERROR: Module netmap is in use' >&2; exit 1; }
rm /dev/netmap
END
cat >"$programs/modprobe" <<'END'
#!/bin/sh
mknod -m 600 /dev/netmap c 1 3
END
# Writes down what is done, and does nothing: not every machine has it.
cat >"$programs/ethtool" <<'END'
#!/bin/sh
[ "$1 $3 $4" = "-K tx off" ] || { echo "ethtool $*: not emulated" >>/sys/module/netmap/emulator/faults; exit 1; }
ip link show dev "$2" >/dev/null && echo "$2" >>/sys/module/netmap/emulator/whole
END
chmod 755 "$programs"/*
mount -n --move "$programs" /usr/local/sbin

ip=$(readlink -f "$(command -v ip)")
cp "$ip" /sys/module/netmap/emulator/ip
cp "$here/ip.sh" /sys/module/netmap/emulator/ip.sh
chmod 755 /sys/module/netmap/emulator/ip.sh
mount -n --bind /sys/module/netmap/emulator/ip.sh "$ip"
