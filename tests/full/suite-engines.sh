#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A suite of 2,000 cases divided among the workers of engines that exist: GNU parallel, and a Slurm of one node that this
# script starts on ports of its own. What the parts say, joined, is what one process says; and when one worker is killed
# half-way, the merge says which cases were not run, and fails. The recipes are those of docs/suites.md, word for word.
# The worker to be killed waits in a case whose capture is a pipe that nobody writes: how fast the machine is does not matter.
# Prints TAP; skips aloud what is not here.

. "$(dirname "$0")/../tap"
need ctreplay
daemons=
stop_daemons() {
	for daemon in $daemons; do kill "$daemon" 2>/dev/null; done
	for daemon in $daemons; do wait "$daemon" 2>/dev/null; done
	daemons=
}
trap 'stop_daemons; rm -rf "$work"' EXIT
cd "$work" || exit 99
mkdir bin suites run
ln -s "$ctreplay" bin/ctreplay
PATH=$work/bin:$PATH:/usr/sbin:/sbin; export PATH

N_CASES=2000
SLOW_CASE=1003		# of part 3 of 8: its 126th
PATIENCE=60		# seconds until something that takes one is given up

# until COMMAND...: false when it does not become true
until_true() {
	tries=$((PATIENCE * 10))
	while ! "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

# The recipe in docs/suites.md behind the line that begins with these words
recipe() {
	awk -v words="$1" 'index($0, words) == 1 { found = 1 } /^```$/ && inside { exit } inside { print } found && /^```sh$/ { inside = 1 }' \
		"$source/docs/suites.md"
}

# 2,000 cases, a file for each hundred
i=0
while [ $i -lt $N_CASES ]; do
	{
		printf '{ "rules": "%s", "local": "192.168.1.2", "cases": [\n' "$source/rules/dns.rules"
		first=$((i + 1))
		while :; do
			i=$((i + 1))
			capture=$source/captures/dns-timeout.pcap
			[ $i -ne $SLOW_CASE ] || capture=../slow.pcap
			packet=$((i % 9 + 1))
			case $packet in 1|5) in=;; *) in=eth0;; esac
			printf '%s{ "name": "case %d", "capture": "%s", "expect": [ { "packets": %d, "in": "%s" } ] }\n' \
				"$([ $i -eq $first ] || echo ', ')" $i "$capture" $packet "$in"
			[ $((i % 100)) -ne 0 ] || break
		done
		echo '] }'
	} >"suites/$(printf %04d $i).json"
done
use_file() { rm -f slow.pcap; cp "$source/captures/dns-timeout.pcap" slow.pcap; }
use_pipe() { rm -f slow.pcap; mkfifo slow.pcap; }

use_file
ctreplay test suites --jobs 4 >whole
tell $? "$N_CASES cases in four processes: $(tail -n 1 whole)"

# Part 3 has told what it could before it waits in the slow case.
part_waits() { [ "$(cat $1 2>/dev/null | grep -c '"kind":"case"')" -eq $(((SLOW_CASE - 1) / 8)) ]; }
# Of part 3, the slow case and those behind it
n_missing=$((N_CASES / 8 - (SLOW_CASE - 1) / 8))
says_missing() { grep -q ": $((N_CASES - n_missing)) passed, 0 failed, $n_missing not run\$" merged; }

# --- GNU parallel -----------------------------------------------------------------------------

by_parallel() { recipe 'With GNU parallel' | sed 's/parallel /parallel --will-cite -j 4 /' >recipe && [ -s recipe ] && sh recipe; }

# kill_worker WORDS: the process that began so, here
kill_worker() {
	for process in /proc/[0-9]*; do
		[ "$(readlink "$process/cwd" 2>/dev/null)" = "$work" ] &&
			tr '\0' ' ' 2>/dev/null <"$process/cmdline" | grep -q "^$1" && kill -KILL "${process#/proc/}" && return 0
	done
	return 1
}

if command -v parallel >/dev/null 2>&1 && [ -r /proc/self/cmdline ]; then
	by_parallel >merged && cmp whole merged
	tell $? "GNU parallel on four workers says the same"
	use_pipe
	by_parallel >merged 2>said &
	engine=$!
	until_true part_waits results.3 && kill_worker 'ctreplay test suites --shard 3/8 '
	tell $? "one of the workers is killed in the middle"
	wait $engine
	[ $? -eq 1 ] && says_missing
	tell $? "which is noticed: $(tail -n 1 merged)"
	use_file
else
	skip "GNU parallel" "parallel, or /proc, is not here"
fi

# --- Slurm ------------------------------------------------------------------------------------

write_configuration() { # PORT
	mkdir -p "$work/slurm/state" "$work/slurm/spool" && cat >"$SLURM_CONF" <<-CONF
		ClusterName=ctreplay
		SlurmctldHost=$host(127.0.0.1)
		SlurmctldPort=$1
		SlurmdPort=$(($1 + 1))
		AuthType=auth/none
		CredType=cred/none
		SlurmUser=$user
		SlurmdUser=$user
		StateSaveLocation=$work/slurm/state
		SlurmdSpoolDir=$work/slurm/spool
		SlurmctldPidFile=$work/slurm/slurmctld.pid
		SlurmdPidFile=$work/slurm/slurmd.pid
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		SwitchType=switch/none
		MpiDefault=none
		SchedulerType=sched/builtin
		SelectType=select/cons_tres
		SelectTypeParameters=CR_CPU
		ReturnToService=2
		SlurmdParameters=config_overrides
		NodeName=$host NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
		PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
	CONF
}
is_idle() { [ "$(sinfo --noheader --format=%T 2>/dev/null)" = idle ]; }
# Two free ports are guessed: a port that is taken ends the daemon, and another is tried.
start_slurm() {
	host=$(hostname -s 2>/dev/null || hostname)
	user=$(id -un)
	SLURM_CONF=$work/slurm.conf; export SLURM_CONF
	for try in 1 2 3; do
		write_configuration $((20000 + ($$ * 7 + try * 1000) % 10000)) || return 1
		slurmctld -D -f "$SLURM_CONF" >slurmctld.log 2>&1 &
		daemons="$daemons $!"
		slurmd -D -f "$SLURM_CONF" -N "$host" >slurmd.log 2>&1 &
		daemons="$daemons $!"
		until_true is_idle && return 0
		stop_daemons
	done
	return 1
}

by_slurm() { recipe 'As a job array of Slurm' >recipe && [ -s recipe ] && sh recipe; }
job_waits() { part_waits 'results.*.3'; }

if ! command -v slurmctld >/dev/null 2>&1 || ! command -v slurmd >/dev/null 2>&1 || ! command -v sbatch >/dev/null 2>&1; then
	skip "Slurm" "slurmctld, slurmd or sbatch is not here"
elif ! start_slurm; then
	skip "Slurm" "it does not start here: $(grep -h -m 1 -i 'error\|fatal' slurmctld.log slurmd.log | head -n 1)"
else
	rm -f results.*
	by_slurm >merged && cmp whole merged
	tell $? "a job array of eight tasks says the same"
	[ "$(cat results.*.? | grep -c '"kind":"end"')" -eq 8 ]
	tell $? "each of its parts is whole"
	rm -f results.*
	use_pipe
	by_slurm >merged 2>said &
	engine=$!
	until_true job_waits && job=$(squeue --noheader --states=running --format=%F | head -n 1) && scancel --signal=KILL "${job}_3"
	tell $? "one task of the array is killed in the middle"
	wait $engine
	[ $? -eq 1 ] && says_missing
	tell $? "which is noticed: $(tail -n 1 merged)"
fi
finish
