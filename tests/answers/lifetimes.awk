# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every timeout to its end: a packet that comes one second, or one jiffy (4 ms), before the entry's end still finds it; one that
# comes then, or one jiffy later, does not.
# clock: exact
# tells: ctstate
# option: --sysctl net.netfilter.nf_conntrack_checksum=0

function wait_for(name, column, seconds,    start) {
	arm(name, "")
	start = name ~ /_stream$/ ? STREAM_AGE : 0
	ask(name, column)
	later(start + seconds, witness(name))
}

BEGIN {
	for (t = 1; t <= N_TIMEOUTS; t++) {
		seconds = DEFAULTS[TIMEOUTS[t]]
		wait_for(TIMEOUTS[t], "1 s before", seconds - 1)
		wait_for(TIMEOUTS[t], "4 ms before", seconds - 0.004)
		wait_for(TIMEOUTS[t], "then", seconds)
		wait_for(TIMEOUTS[t], "4 ms later", seconds + 0.004)
	}
	play()
}
