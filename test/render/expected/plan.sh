#!/bin/sh
# What topo would do for "two-sites", by hand, as root, in this order:
#   on this machine  sh plan.sh this-machine
#   on tera          sh plan.sh tera
# It needs no copy on a host: ssh HOST sudo sh -s NAME <plan.sh does the same. A host needs curl, for its engine.
# Values of environments are not in here: a branch asks for them by name, as in VALUE=... sh plan.sh NAME
# A later topo up makes the containers that have such values once more: it cannot tell what they were given.

set -eu
socket=${DOCKER_SOCKET:-/var/run/docker.sock}

# engine METHOD PATH [STATUS]...: one Engine API call with stdin as its body; a STATUS beside 2xx means "already so".
engine() {
  method=$1 path=$2
  shift 2
  answer=$(curl -sS -w '\n%{http_code}' --unix-socket "$socket" -X "$method" \
    -H "Content-Type: ${CONTENT_TYPE:-application/json}" --data-binary @- "http://docker$path")
  status=${answer##*
}
  case $answer in *'"errorDetail"'*) status=error ;; esac # a transfer that failed half way was a 200 when it began
  for accepted in 200 201 202 204 "$@"; do [ "$status" != "$accepted" ] || return 0; done
  printf '%s %s: %s\n' "$method" "$path" "$answer" >&2
  return 1
}

# netns CONTAINER: the path of its network namespace.
netns() {
  curl -sS --unix-socket "$socket" "http://docker/containers/$1/json" | sed -n 's/.*"SandboxKey":"\([^"]*\)".*/\1/p'
}

# script NAME ARGUMENT...: one of the constant scripts at the end.
script() {
  eval "text=\$script_$(printf %s "$1" | tr - _)"
  sh -c "$text" "$@"
}

# json TEXT: as the inside of a JSON string.
json() {
  printf '%s' "$1" | sed 's/[\\"]/\\&/g' | awk '{ printf "%s%s", (NR > 1 ? "\\n" : ""), $0 }'
}


# ready CONTAINER healthy|completed SECONDS: waits until it is; fails where it can't come to that any more.
ready() {
  left=$3
  while [ "$left" -gt 0 ]; do
    state=$(curl -sS --unix-socket "$socket" "http://docker/containers/$1/json")
    case $2:$state in
    healthy:*'"Health":{"Status":"healthy"'*) return 0 ;;
    healthy:*'"Health":{"Status":"unhealthy"'* | healthy:*'"Status":"exited"'*) break ;;
    completed:*'"Status":"exited"'*'"ExitCode":0,'*) return 0 ;;
    completed:*'"Status":"exited"'*) break ;;
    esac
    sleep 1
    left=$((left - 1))
  done
  printf '%s is not %s\n' "$1" "$2" >&2
  return 1
}


# hook CONTAINER: runs what stdin says, as the body of an exec, in a container; fails where that does.
hook() {
  post() { curl -sS --unix-socket "$socket" -X POST -H 'Content-Type: application/json' --data-binary @- "http://docker$1"; }
  id=$(post "/containers/$1/exec" | sed -n 's/.*"Id":"\([0-9a-f]*\)".*/\1/p')
  echo '{"Detach":false}' | post "/exec/$id/start"
  case $(curl -sS --unix-socket "$socket" "http://docker/exec/$id/json") in *'"ExitCode":0,'*) return 0 ;; esac
  printf 'a command failed in %s\n' "$1" >&2
  return 1
}

steps() {
case "${1:-}" in
this-machine)

# #1 create container shop/n1: not there yet
# add a namespace
ip netns add 'a b' </dev/null
;;
tera)
: "${HOOK:?}"
: "${PLAIN:?}"
: "${shop_db_PASSWORD:?}"
: "${shop_web_PASSWORD:?}"

# #2 create container shop/web: not there yet (after #1)
# create the container
engine POST '/containers/create?name=shop-web-1' <<EOF
{
  "Image": "nginx",
  "Env": [
    "PASSWORD=$(json "$shop_web_PASSWORD")",
    "PLAIN=$(json "$PLAIN")"
  ],
  "Cmd": [
    "sh",
    "-c",
    "echo \`date\` \$HOME \\\\"
  ]
}
EOF

# #3 create container shop/db: not there yet
# create the container
engine POST '/containers/create?name=shop-web-1' <<EOF
{
  "Image": "nginx",
  "Env": [
    "PASSWORD=$(json "$shop_db_PASSWORD")"
  ],
  "Cmd": [
    "sh",
    "-c",
    "echo \`date\` \$HOME \\\\"
  ]
}
EOF

# #4 create container shop/n4: not there yet
# add an address
nsenter --net="$(netns shop-web-1)" ip -batch - <<'EOF'
address add 10.0.0.1/24 dev eth1
EOF
# put the rules
script rules DOCKER-USER 'it'\''s' </dev/null
# record it
install -D -m 0644 /dev/stdin /var/lib/topo/x/applied.json <<'EOF_'
{}
EOF
EOF_
# write the key
# /var/lib/topo/x/key (mode 0600) holds private data: `topo up` writes it
# copy /run/secrets/a into web
# FILES: a directory with the content of web/run/secrets/a
root=$(mktemp -d) && chmod 755 "$root"
install -D -o 5 -g 0 -m 0440 "${FILES:?}"/web/run/secrets/a "$root"/secrets/a
tar -C "$root" -c . | CONTENT_TYPE=application/x-tar engine PUT '/containers/web/archive?path=%2Frun'
rm -r "$root"
# make the image
root=$(mktemp -d) && mkdir "$root/bin" && cp "$(command -v busybox)" "$root/bin/busybox"
for applet in $(busybox --list); do [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"; done
tar -C "$root" -c . | CONTENT_TYPE=application/x-tar engine POST '/images/create?fromSrc=-&repo=topo%2Fbusybox'
rm -r "$root"
# web is to be healthy
ready web healthy 2 || :
# run in web: init
hook web <<EOF
{
  "Cmd": [
    "init"
  ],
  "Env": [
    "HOOK=$(json "$HOOK")"
  ]
}
EOF
# start it
engine POST /containers/x/start 304 </dev/null
;;
*) echo 'usage: sh plan.sh this-machine | tera' >&2; exit 1 ;;
esac
}

script_rules='echo "$1" "$2"'

steps "$@"
