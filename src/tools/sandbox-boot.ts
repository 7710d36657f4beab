/**
 * Runs as process 1 of a sandbox host, in its own network, mount, UTS, pid and cgroup namespaces. It puts up what a host has of its
 * own and then only reaps orphans. The new `/run` is filled aside and moved into place, because keys and config have to outlive it;
 * `mount -n`: without it libmount leaves a `/run/mount` on the machine. The engine's data is bound under `/run`, so that no mount
 * point has to be made there either. Root's home is a new one: bash would read the real one's `.bashrc` before every ssh command.
 *
 * $1 run directory, $2 store directory, $3 host name, $4 address, $5 engine directory or empty.
 */
export const sandboxBoot = String.raw`
set -e
run=$1 store=$2 name=$3 address=$4 engine=$5
read -r pid rest </proc/self/stat
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
[ -z "$engine" ] || path=$engine:$path
hostname "$name"
mount -n --make-rprivate /
umount -n -l -R /run/netns 2>/dev/null || :
mount -n -t proc proc /proc
mount -n -t sysfs sysfs /sys
mount -n -t cgroup2 cgroup2 /sys/fs/cgroup
for c in $(cat /sys/fs/cgroup/cgroup.controllers); do
  echo "+$c" >/sys/fs/cgroup/cgroup.subtree_control || :
done 2>/dev/null
mkdir -p "$run/fresh" "$store/docker" "$store/topo"
mount -n -t tmpfs -o mode=755 tmpfs "$run/fresh"
cd "$run/fresh"
mkdir sshd lock log engine sandbox
mkdir -m 700 root
(umask 077; cp "$run/host_key" sshd/; cp "$run/key.pub" sshd/authorized_keys; sed "s#^root:[^:]*:#root:*:#" /etc/shadow >sandbox/shadow)
cat >sshd/sshd_config <<E
ListenAddress $address
HostKey /run/sshd/host_key
AuthorizedKeysFile /run/sshd/authorized_keys
PidFile /run/sshd.pid
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UseDNS no
PrintMotd no
Subsystem sftp internal-sftp
SetEnv PATH=$path
E
echo "{}" >sandbox/daemon.json
echo "$path" >sandbox/path
sed "s#^\(root:[^:]*:[^:]*:[^:]*:[^:]*\):[^:]*:#\1:/run/root:#" /etc/passwd >sandbox/passwd
mount -n --bind sandbox/passwd /etc/passwd
mount -n --bind sandbox/shadow /etc/shadow
mount -n --bind "$store/docker" engine
echo "$pid" >"$run/pid.new"
mv "$run/pid.new" "$run/pid"
mount -n --bind "$store/topo" /var/lib/topo
cd /
mount -n --move "$run/fresh" /run
: >/run/sandbox/ready
set +e
while :; do sleep 2147483647 & wait $!; done
`;

/** Starts the engine in a sandbox. A PATH that begins with the engine's directory makes it find its own containerd and runc. */
export const sandboxEngine = String.raw`
cd /
rm -f /run/docker.pid
read -r PATH </run/sandbox/path
export PATH HOME=/run/root
setsid dockerd --config-file /run/sandbox/daemon.json -H unix:///run/docker.sock --data-root /run/engine \
  --exec-root /run/docker --pidfile /run/docker.pid </dev/null >/run/log/dockerd.log 2>&1 &
`;

/** Starts the ssh server in a sandbox; it goes to the background by itself once it listens. */
export const sandboxSshd = String.raw`
cd /
exec $(command -v sshd) -f /run/sshd/sshd_config -E /run/log/sshd.log </dev/null >/dev/null 2>&1
`;
