#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ssh.sh: `ctreplay verify --kernel-command 'ssh ...'` as docs/verify.md shows it, to a server of this test's own: on a port of this
# machine, with keys that are thrown away. Prints TAP. Needs what verify needs, and OpenSSH; skips aloud without, or where that
# server lets nobody in.

set -u
LC_ALL=C; export LC_ALL

top=$(cd "$(dirname "$0")/../.." && pwd) || exit 99
ctreplay=${CTREPLAY:-$PWD/ctreplay}
ctreplay=$(cd "$(dirname "$ctreplay")" && pwd)/${ctreplay##*/}
[ -x "$ctreplay" ] || { echo "Bail out! there is no program at $ctreplay"; exit 99; }
PATH=$PATH:/usr/sbin:/sbin
sshd=$(command -v sshd) && command -v ssh ssh-keygen >/dev/null || { echo "1..0 # SKIP OpenSSH's sshd, ssh and ssh-keygen are not there"; exit 0; }
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
server=
stop() {
	[ -z "$server" ] || kill "$server" 2>/dev/null
	rm -rf "$work"
}
trap stop EXIT
trap 'exit 99' HUP INT TERM

"$ctreplay" verify -r "$top/captures/dns-timeout.pcap" "$top/rules/dns.rules" >"$work/output" 2>&1
[ $? -ne 3 ] || { echo "1..0 # SKIP $(head -n 1 "$work/output")"; exit 0; }

ssh-keygen -q -t ed25519 -N '' -f "$work/host" && ssh-keygen -q -t ed25519 -N '' -f "$work/user" || exit 99
cp "$work/user.pub" "$work/authorized"
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd	# where it locks itself up

# start PORT: false when the server does not answer there
start() {
	cat >"$work/sshd_config" <<CONFIG
Port $1
ListenAddress 127.0.0.1
HostKey $work/host
AuthorizedKeysFile $work/authorized
PidFile none
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
CONFIG
	cat >"$work/ssh_config" <<CONFIG
Host judge
  HostName 127.0.0.1
  Port $1
  User $(id -un)
  IdentityFile $work/user
  IdentitiesOnly yes
  UserKnownHostsFile $work/known
  StrictHostKeyChecking accept-new
  BatchMode yes
  ConnectTimeout 5
  LogLevel ERROR
CONFIG
	"$sshd" -D -e -f "$work/sshd_config" 2>"$work/sshd.log" &
	server=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		kill -0 "$server" 2>/dev/null || return 1
		ssh -F "$work/ssh_config" judge true 2>"$work/ssh.log" </dev/null && return 0
		sleep 0.2
	done
	kill "$server"
	return 1
}
port=$((20000 + $$ % 20000))
for try in 0 1 2; do
	! start $((port + try)) || break
	server=
done
if [ -z "$server" ]; then
	echo "1..0 # SKIP a server of our own lets nobody in: $(tail -n 1 "$work/ssh.log" "$work/sshd.log" 2>/dev/null | tr '\n' ' ')"
	exit 0
fi

number=0
failed=0
# report STATUS NAME
report() {
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		sed 's/^/# /' "$work/output"
		failed=1
	fi
}
# verify COMMAND OPTION...: its output in $work/output
verify() {
	command=$1
	shift
	"$ctreplay" verify --kernel-command "$command" "$@" >"$work/output" 2>&1 </dev/null
}

mkdir "$work/lab" && cp "$top/captures/reject/capture.pcap" "$top/captures/reject/rules" "$work/lab" && cd "$work/lab" || exit 99
options=$(cat "$top/captures/reject/host")

# shellcheck disable=SC2086 # one option a word
verify "ssh -F $work/ssh_config judge cd $work/lab \"&&\"" -r capture.pcap rules $options --snapshot each && grep -q '^agreement' "$work/output"
report $? "a kernel behind ssh: agreement"

mkdir "$work/there" && cp capture.pcap "$work/there" && sed 's/-j REJECT .*/-j DROP/' rules >"$work/there/rules"
# shellcheck disable=SC2086 # one option a word
verify "ssh -F $work/ssh_config judge cd $work/there \"&&\"" -r capture.pcap rules $options
[ $? -eq 1 ] && grep -q '^DIFFERENCES' "$work/output"
report $? "other rules there: the difference is seen"

# shellcheck disable=SC2086 # one option a word
verify "ssh -F $work/ssh_config judge cd $work/nowhere \"&&\"" -r capture.pcap rules $options
[ $? -eq 3 ] && grep -q 'its answers ended too soon' "$work/output" && grep -q nowhere "$work/output"
report $? "no such folder there: said, status 3"

# shellcheck disable=SC2086 # one option a word
verify "ssh -F $work/ssh_config -p 1 judge" -r capture.pcap rules $options
[ $? -eq 3 ] && grep -q 'Connection refused' "$work/output"
report $? "no server there: said, status 3"

echo "1..$number"
exit $failed
