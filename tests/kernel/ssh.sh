#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ssh.sh: `ctreplay verify --kernel-command 'ssh ...'` as docs/verify.md shows it, to a server of this test's own: on a port of this
# machine, with keys that are thrown away. Prints TAP. Needs what verify needs, and OpenSSH; skips aloud without, or where that
# server lets nobody in.

. "$(dirname "$0")/../tap"
need ctreplay
PATH=$PATH:/usr/sbin:/sbin
sshd=$(command -v sshd) && command -v ssh ssh-keygen >/dev/null || skip_all "OpenSSH's sshd, ssh and ssh-keygen are not there"
server=
stop() {
	[ -z "$server" ] || kill "$server" 2>/dev/null
	rm -rf "$work"
}
trap stop EXIT
need_kernel

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
[ -n "$server" ] ||
	skip_all "a server of our own lets nobody in: $(tail -n 1 "$work/ssh.log" "$work/sshd.log" 2>/dev/null | tr '\n' ' ')"

report() { tell "$1" "$2" "$work/output"; }
# verify COMMAND OPTION...: its output in $work/output
verify() {
	command=$1
	shift
	"$ctreplay" verify --kernel-command "$command" "$@" >"$work/output" 2>&1 </dev/null
}

mkdir "$work/lab" && cp "$source/captures/reject/capture.pcap" "$source/captures/reject/rules" "$work/lab" && cd "$work/lab" || exit 99
options=$(cat "$source/captures/reject/host")

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

finish
